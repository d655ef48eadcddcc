from datetime import datetime

from alawael.core.install import on_install
from alawael.core.unit_of_work import unit_of_work
from alawael.stock.places import open_stock


@on_install
def install(_: datetime) -> None:
    """The places outside, and the series that posting takes its numbers from."""
    unit_of_work(open_stock)()
