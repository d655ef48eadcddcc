"""Time-ordered ids, made by the program and the same on both engines (RFC 9562, UUIDv7)."""

from uuid import UUID

from uuid_utils import compat


def new_id() -> UUID:
    """A UUIDv7; later calls in one process sort after earlier ones."""
    return compat.uuid7()
