"""Every test that touches data runs on the engine that ALAWAEL_TEST_ENGINE names.

Tests commit for real (no enclosing transaction), because the unit of work is part of what is
tested; each starts from an empty database.
"""

from collections.abc import Iterator

import pytest
from django.db import connection

from testing import emptying

pytest_plugins = ["testing.cast", "testing.invoicing"]


@pytest.fixture(scope="session")
def _database(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield


@pytest.fixture
def db(_database: None) -> Iterator[None]:
    """An empty database, on either engine."""
    yield
    emptying.empty_what_was_written()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What touches no data is the same on every engine; it runs once, with SQLite."""
    if connection.vendor != "mongodb":
        return
    without_data = [item for item in items if "db" not in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=without_data)
    items[:] = [item for item in items if "db" in getattr(item, "fixturenames", ())]
