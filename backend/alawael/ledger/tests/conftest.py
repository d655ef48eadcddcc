import pytest

from testing.ledger import open_books


@pytest.fixture
def books(db):
    """The Saudi chart and the open year 2026."""
    open_books()


@pytest.fixture
def count_queries():
    """`with count_queries() as counted:` then `len(counted)`."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return lambda: CaptureQueriesContext(connection)
