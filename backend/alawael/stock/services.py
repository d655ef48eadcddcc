"""What can happen to warehouses, their places, how products are kept, and the settings of stock.

Goods are moved in moving.py, set aside in reserving.py, put right in adjusting.py.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from alawael.catalog.models import Product, ProductKind
from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.claims import change, insert_missing
from alawael.core.errors import Refusal, Text, one_error
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.stock import queries
from alawael.stock.models import (
    NOTHING,
    CostState,
    Location,
    LocationKind,
    LocationType,
    StockBalance,
    StockItem,
    StockSettings,
    Tracking,
    Warehouse,
)
from alawael.stock.places import QUALITY_NAME, a_location, folded
from alawael.stock.refusals import NotGoods


class PlaceCodeTaken(Refusal):
    code = "place_code_taken"
    message = Text(
        "The code {taken} belongs to another warehouse or place. Choose another one.",
        "الرمز {taken} مستخدم لمستودع أو موقع آخر. اختر رمزًا آخر.",
    )


class PlaceNotEmpty(Refusal):
    code = "place_not_empty"
    message = Text(
        "There are goods in {location}. Move them out first.",
        "توجد بضاعة في {location}. انقلها أولًا.",
    )


class PlaceHasPlaces(Refusal):
    code = "place_has_places"
    message = Text(
        "There are places in use below {location}. Deactivate them first.",
        "توجد مواقع مستخدمة ضمن {location}. عطّلها أولًا.",
    )


class PlaceIsGiven(Refusal):
    code = "place_is_given"
    message = Text(
        "{location} belongs to its warehouse or to the program and stays as it is.",
        "الموقع {location} جزء من المستودع أو من البرنامج ولا يُغيَّر بهذه الطريقة.",
    )


class StillNegative(Refusal):
    code = "stock_still_negative"
    message = Text(
        "More was issued from {warehouse} than was received. Enter the missing receipts first.",
        "صُرف من {warehouse} أكثر مما استُلم. أدخل سندات الاستلام الناقصة أولًا.",
    )


class StillHeld(Refusal):
    code = "product_still_held"
    message = Text(
        "{sku} is in stock. Costing and tracking can only change while nothing is held.",
        "الصنف {sku} موجود في المخزون. لا تتغير طريقة التكلفة أو التتبع إلا عند خلوّه.",
    )


@unit_of_work
def create_warehouse(values: Mapping[str, Any], *, by: Actor, at: datetime) -> Warehouse:
    """Open a warehouse with its root and its quality area. Raises PlaceCodeTaken, Invalid."""
    warehouse = Warehouse(**values)
    _require_name(warehouse)
    warehouse.code_folded = folded(warehouse.code)
    warehouse.search_text = _warehouse_words(warehouse)
    name = Text(warehouse.name_en, warehouse.name_ar)
    root = a_location(
        kind=LocationKind.ROOT,
        type=LocationType.INTERNAL,
        code=warehouse.code,
        name=name,
        warehouse=warehouse,
    )
    quality = a_location(
        kind=LocationKind.ZONE,
        type=LocationType.QUALITY,
        code=f"{warehouse.code}-QC",
        name=QUALITY_NAME,
        warehouse=warehouse,
        parent=root,
    )
    _refuse_taken_codes(root, quality)
    insert_missing([warehouse])
    insert_missing([root, quality])
    audit.record(warehouse, "warehouse.created", by=by, at=at, changes={"code": warehouse.code})
    return warehouse


@unit_of_work
def update_warehouse(
    warehouse: Warehouse,
    changes: Mapping[str, Any],
    *,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Warehouse:
    """Rename, move or close a warehouse; its code stays.

    Raises PlaceNotEmpty when it is closed with goods in it, StillNegative when it shall become
    strict while more was issued than received.
    """
    differences = audit.difference(warehouse, changes)
    after = _copy_with(warehouse, changes)
    _require_name(after)
    if "is_active" in differences and not after.is_active:
        _require_empty(Q(location__warehouse=warehouse), warehouse.code)
    if "allows_negative" in differences and not after.allows_negative:
        below = StockBalance.objects.filter(location__warehouse=warehouse, on_hand__lt=NOTHING)
        if below.exists():
            raise StillNegative(warehouse=warehouse.code)
    change(
        warehouse,
        expected_version=expected_version,
        **changes,
        search_text=_warehouse_words(after),
    )
    names = {"name_en": after.name_en, "name_ar": after.name_ar}
    Location.objects.filter(warehouse=warehouse, kind=LocationKind.ROOT).update(
        **names,
        is_active=after.is_active,
        search_text=searchable(after.code, *names.values()),
        version=F("version") + 1,
    )
    if "is_active" in differences:
        _close_or_open_bins(warehouse, is_active=after.is_active)
    audit.record(warehouse, "warehouse.changed", by=by, at=at, changes=differences)
    return warehouse


@unit_of_work
def create_location(
    parent: Location, values: Mapping[str, Any], *, by: Actor, at: datetime
) -> Location:
    """Add a zone or a bin below a place of a warehouse. Raises PlaceCodeTaken, PlaceIsGiven."""
    if parent.warehouse is None or parent.kind == LocationKind.BIN:
        raise PlaceIsGiven(location=parent.code)
    named = {name: value for name, value in values.items() if name not in ("name_en", "name_ar")}
    location = a_location(
        name=Text(values.get("name_en", ""), values.get("name_ar", "")),
        warehouse=parent.warehouse,
        parent=parent,
        **named,
    )
    _refuse_taken_codes(location)
    insert_missing([location])
    facts = {"code": location.code, "warehouse": parent.warehouse.code}
    audit.record(location, "location.created", by=by, at=at, changes=facts)
    return location


@unit_of_work
def update_location(
    location: Location,
    changes: Mapping[str, Any],
    *,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Location:
    """Rename a zone or bin, count it oftener, or take it out of use.

    Raises PlaceNotEmpty, PlaceHasPlaces, PlaceCodeTaken, and PlaceIsGiven for a root or a place of
    the program: there only how often it is counted can change.
    """
    differences = audit.difference(location, changes)
    is_given = location.kind in (LocationKind.ROOT, LocationKind.VIRTUAL)
    if is_given and not set(differences) <= {"count_every_days", "next_count_on"}:
        raise PlaceIsGiven(location=location.code)
    after = _copy_with(location, changes)
    after.code_folded = folded(after.code)
    if after.code_folded != location.code_folded:
        _refuse_taken_codes(after)
    if "is_active" in differences and not after.is_active:
        if location.children.filter(is_active=True).exists():
            raise PlaceHasPlaces(location=location.code)
        _require_empty(Q(location=location), location.code)
    change(
        location,
        expected_version=expected_version,
        **changes,
        code_folded=after.code_folded,
        search_text=searchable(after.code, after.name_en, after.name_ar),
    )
    audit.record(location, "location.changed", by=by, at=at, changes=differences)
    return location


@unit_of_work
def keep_product(
    product: Product,
    changes: Mapping[str, Any],
    *,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> StockItem:
    """Say how a product is costed, tracked and inspected.

    Costing and tracking change only while nothing is held (StillHeld); goods can expire only when
    they are kept by lot. Raises NotGoods for services.
    """
    if product.kind != ProductKind.GOODS:
        raise NotGoods(sku=product.sku)
    item = queries.stock_item(product)
    differences = audit.difference(item, changes)
    after = _copy_with(item, changes)
    if after.has_expiry and after.tracking == Tracking.NONE:
        raise one_error(
            "/has_expiry",
            "expiry_needs_lots",
            Text(
                "Only goods kept by lot or serial number have an expiry date.",
                "تاريخ الصلاحية متاح فقط لما يُتابع بالتشغيلات أو بالأرقام التسلسلية.",
            ),
        )
    if not {"costing", "tracking"}.isdisjoint(differences):
        _require_not_held(product)
    if item._state.adding:
        after.product = product
        insert_missing([after])
        item = after
    else:
        change(item, expected_version=expected_version, **changes)
    audit.record(item, "stock_item.changed", by=by, at=at, changes=differences)
    return item


@unit_of_work
def change_settings(
    changes: Mapping[str, Any],
    *,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> StockSettings:
    """Freeze stock up to a day, or say what needs a second pair of eyes."""
    settings = queries.stock_settings()
    differences = audit.difference(settings, changes)
    if settings._state.adding:
        settings = _copy_with(settings, changes)
        insert_missing([settings])
    else:
        change(settings, expected_version=expected_version, **changes)
    audit.record(settings, "stock_settings.changed", by=by, at=at, changes=differences)
    return settings


def _close_or_open_bins(warehouse: Warehouse, *, is_active: bool) -> None:
    """Zones and bins close with their warehouse; opened again, those open that closed with it."""
    inside = Location.objects.filter(warehouse=warehouse).exclude(kind=LocationKind.ROOT)
    if is_active:
        inside.filter(closed_with_warehouse=True).update(
            is_active=True, closed_with_warehouse=False, version=F("version") + 1
        )
    else:
        inside.filter(is_active=True).update(
            is_active=False, closed_with_warehouse=True, version=F("version") + 1
        )


def _require_name(warehouse: Warehouse) -> None:
    if not (warehouse.name_en or warehouse.name_ar):
        raise one_error(
            "/name_en",
            "name_missing",
            Text("Enter a name in English or Arabic.", "أدخل اسمًا بالعربية أو الإنجليزية."),
        )


def _refuse_taken_codes(*wanted: Location) -> None:
    codes = [location.code_folded for location in wanted]
    taken = Location.objects.filter(code_folded__in=codes).first()
    if taken is not None:
        raise PlaceCodeTaken(taken=taken.code)


def _require_empty(where: Q, code: str) -> None:
    if StockBalance.objects.filter(where).exclude(on_hand=NOTHING).exists():
        raise PlaceNotEmpty(location=code)


def _require_not_held(product: Product) -> None:
    # A receipt that runs beside this writes the same row, so one of the two starts again.
    held = CostState.objects.filter(product=product)
    held.update(version=F("version") + 1)
    rows = StockBalance.objects.filter(product=product).exclude(on_hand=NOTHING)
    if held.exclude(quantity=NOTHING).exists() or rows.exists():
        raise StillHeld(sku=product.sku)


def _warehouse_words(warehouse: Warehouse) -> str:
    return searchable(
        warehouse.code,
        warehouse.name_en,
        warehouse.name_ar,
        warehouse.address_en,
        warehouse.address_ar,
    )


def _copy_with(record: Any, changes: Mapping[str, Any]) -> Any:
    after = type(record)(
        **{field.attname: getattr(record, field.attname) for field in record._meta.fields}
    )
    for name, value in changes.items():
        setattr(after, name, value)
    return after
