from datetime import datetime

from alawael.core.actors import SYSTEM
from alawael.core.clock import business_day
from alawael.core.install import on_install
from alawael.ledger import queries
from alawael.ledger.chart_services import install_chart
from alawael.ledger.period_services import open_years_of


@on_install
def install_books(at: datetime) -> None:
    """An empty company gets the Saudi chart and this year's months. Later starts change nothing."""
    if queries.has_no_accounts():
        install_chart(by=SYSTEM, at=at)
    if queries.has_no_fiscal_years():
        open_years_of([business_day(at)], by=SYSTEM, at=at)
