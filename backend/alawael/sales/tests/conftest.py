import pytest

from testing.sales import open_for_sales


@pytest.fixture
def store(shop: None) -> None:
    """A company with books that sells from one warehouse; orders stay open until closed."""
    open_for_sales(closes_by_itself=False)
