import pytest

from alawael.core import engine
from alawael.core.engine import NoTransactions


def test_both_engines_of_the_tests_have_transactions(db):
    engine.require_transactions()


def test_a_lone_mongodb_server_is_refused(monkeypatch):
    """What a standalone server answers to `hello`; the driver is the outside of the house."""

    class Standalone:
        @staticmethod
        def command(_):
            return {"isWritablePrimary": True, "ok": 1.0}

    class Connection:
        vendor = "mongodb"

        @staticmethod
        def get_database():
            return Standalone

    monkeypatch.setattr(engine, "connection", Connection)

    with pytest.raises(NoTransactions, match="no replica set"):
        engine.require_transactions()
