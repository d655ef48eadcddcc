"""The places that every company has: where goods come from and go to, and the way between."""

from typing import NamedTuple

from alawael.core.claims import insert_missing
from alawael.core.errors import Text
from alawael.core.numbering import open_series
from alawael.core.search_text import searchable
from alawael.stock.costing import SERIES
from alawael.stock.models import Location, LocationKind, LocationType, Warehouse

#: Series of the whole domain, opened at the start so that taking a number never inserts.
ALL_SERIES = (SERIES, "stock_adjustment", "stock_transfer", "stock_count")


class _Virtual(NamedTuple):
    type: LocationType
    code: str
    name: Text


VIRTUAL = (
    _Virtual(LocationType.SUPPLIER, "SUPPLIERS", Text("Suppliers", "الموردون")),
    _Virtual(LocationType.CUSTOMER, "CUSTOMERS", Text("Customers", "العملاء")),
    _Virtual(LocationType.ADJUSTMENT, "ADJUSTMENTS", Text("Adjustments", "التسويات")),
    _Virtual(LocationType.IN_TRANSIT, "IN-TRANSIT", Text("In transit", "في الطريق")),
)
QUALITY_NAME = Text("Quality area", "منطقة الفحص")


def open_stock() -> None:
    """Make sure that the virtual places and the number series exist. Call it inside a unit."""
    for key in ALL_SERIES:
        open_series(key)
    there = set(Location.objects.filter(kind=LocationKind.VIRTUAL).values_list("type", flat=True))
    insert_missing(
        [
            a_location(kind=LocationKind.VIRTUAL, type=type, code=code, name=name)
            for type, code, name in VIRTUAL
            if type not in there
        ]
    )


def a_location(
    *,
    kind: str,
    type: str,
    code: str,
    name: Text,
    warehouse: Warehouse | None = None,
    parent: Location | None = None,
    count_every_days: int | None = None,
) -> Location:
    """An unsaved location that can be found by its code and names."""
    return Location(
        warehouse=warehouse,
        parent=parent,
        kind=kind,
        type=type,
        code=code,
        code_folded=folded(code),
        name_en=name.en,
        name_ar=name.ar,
        count_every_days=count_every_days,
        search_text=searchable(code, name.en, name.ar),
    )


def folded(code: str) -> str:
    """How codes of places are compared: without regard to case."""
    return code.strip().casefold()
