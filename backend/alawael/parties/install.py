"""What an empty database needs before its first party: the series of codes."""

from datetime import datetime

from alawael.core.install import on_install
from alawael.core.numbering import open_series
from alawael.core.unit_of_work import unit_of_work
from alawael.parties.services import PARTY_NUMBERS


@on_install
def open_party_series(at: datetime) -> None:
    unit_of_work(open_series)(PARTY_NUMBERS)
