"""Every test that touches data runs on the engine that ALAWAEL_TEST_ENGINE names.

Tests commit for real (no enclosing transaction), because the unit of work is part of what is
tested; each starts from an empty database.
"""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection

pytest_plugins = ["testing.cast", "testing.invoicing"]


@pytest.fixture(scope="session")
def _database(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield


@pytest.fixture
def db(_database: None) -> Iterator[None]:
    """An empty database, on either engine."""
    yield
    _empty_every_table()


def _empty_every_table() -> None:
    tables = [model._meta.db_table for model in apps.get_models()]
    if connection.vendor == "mongodb":
        for name in tables:
            connection.database[name].delete_many({})  # type: ignore[attr-defined]
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF")
        for name in set(tables) & set(connection.introspection.table_names(cursor)):
            cursor.execute(f'DELETE FROM "{name}"')  # noqa: S608 - our own table names
        cursor.execute("PRAGMA foreign_keys=ON")
