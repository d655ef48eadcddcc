"""Whether the database can keep what the program promises."""

from typing import Any

from django.db import connection


class NoTransactions(Exception):
    """MongoDB alone, outside a replica set or sharded cluster, has no transactions."""

    def __init__(self) -> None:
        super().__init__(
            "The MongoDB server is no replica set and no sharded cluster, so it has no "
            "transactions and could lose half of a change. Start it with --replSet and run "
            "rs.initiate(), or use MongoDB Atlas."
        )


def has_transactions() -> bool:
    """True on SQLite, and on MongoDB in a replica set or behind mongos."""
    if connection.vendor != "mongodb":
        return True
    hello: dict[str, Any] = connection.get_database().command("hello")  # type: ignore[attr-defined]
    return "setName" in hello or hello.get("msg") == "isdbgrid"


def require_transactions() -> None:
    """Raise NoTransactions rather than work without them."""
    if not has_transactions():
        raise NoTransactions()
