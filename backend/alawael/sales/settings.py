"""How the company sells, and the series its documents take their numbers from."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.claims import change
from alawael.core.numbering import open_series, take_number
from alawael.core.unit_of_work import unit_of_work
from alawael.sales.models import SalesSettings

#: Key and prefix of each kind of document.
SERIES = {
    "sales_order": "SO",
    "shipment": "SHP",
    "customer_return": "RET",
}


@unit_of_work
def open_sales() -> None:
    """Make sure that series and settings exist; later starts change nothing."""
    for key in SERIES:
        open_series(key)
    if not SalesSettings.objects.filter(key="main").exists():
        SalesSettings.objects.create(key="main")


def next_number(series: str) -> str:
    """The next number of a kind of document, such as SO-000001."""
    return f"{SERIES[series]}-{take_number(series):06d}"


@unit_of_work
def edit_sales_settings(
    changes: Mapping[str, Any], *, expected_version: int | None = None, by: Actor, at: datetime
) -> SalesSettings:
    """Change how the company sells; what was promised before keeps its own terms."""
    open_sales()
    settings = SalesSettings.objects.get(key="main")
    differences = audit.difference(settings, changes)
    change(settings, expected_version=expected_version, **changes)
    audit.record(settings, "sales_settings.edited", by=by, at=at, changes=differences)
    return settings
