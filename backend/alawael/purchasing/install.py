from datetime import datetime

from alawael.core.install import on_install
from alawael.core.unit_of_work import unit_of_work
from alawael.purchasing.preferences import open_purchasing_series


@on_install
def install(at: datetime) -> None:
    """The series that the documents of purchasing take their numbers from."""
    unit_of_work(open_purchasing_series)()
