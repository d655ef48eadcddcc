"""From what somebody typed to complete lines of a transfer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import prefetch_related_objects

from alawael.catalog import queries as catalog
from alawael.catalog import units
from alawael.catalog.models import Product, ProductKind
from alawael.core.errors import FieldError, Invalid, Refusal, Text
from alawael.core.search_text import searchable
from alawael.stock.models import NOTHING, Location, Lot, StockTransfer, StockTransferLine


@dataclass(frozen=True)
class TransferLine:
    """A line as it was typed. The unit left out is the stock unit."""

    product_id: UUID
    quantity: Decimal
    unit_id: UUID | None = None
    lot_id: UUID | None = None
    source_location_id: UUID | None = None
    destination_location_id: UUID | None = None


def fill_lines(transfer: StockTransfer, lines: Sequence[TransferLine]) -> list[StockTransferLine]:
    """Unsaved lines, complete. Raises Invalid naming every line that cannot be."""
    products = catalog.products_by_id({line.product_id for line in lines})
    prefetch_related_objects(list(products.values()), "units__unit")
    lots = Lot.objects.in_bulk([line.lot_id for line in lines if line.lot_id])
    places = Location.objects.in_bulk(
        [
            place
            for line in lines
            for place in (line.source_location_id, line.destination_location_id)
            if place
        ]
    )
    errors: list[FieldError] = []
    filled = []
    for index, line in enumerate(lines):
        product = products.get(line.product_id)
        if product is None or product.kind != ProductKind.GOODS:
            errors.append(_wrong(index, "product_id", _NOT_GOODS))
            continue
        errors += _wrong_places(index, line, transfer, places)
        errors += _wrong_lot(index, line, product, lots)
        quantity, no_quantity = _in_stock_units(index, line, product)
        errors += no_quantity
        filled.append(
            StockTransferLine(
                transfer=transfer,
                position=index + 1,
                product=product,
                lot_id=line.lot_id,
                unit_id=line.unit_id or product.unit_id,
                unit_quantity=line.quantity,
                quantity=quantity,
                source_location_id=line.source_location_id,
                destination_location_id=line.destination_location_id,
            )
        )
    if errors:
        raise Invalid(errors=errors)
    return filled


_NOT_GOODS = ("not_goods", Text("Choose goods from the catalog.", "اختر بضاعة من دليل المنتجات."))
NOT_THERE = (
    "not_in_warehouse",
    Text("Choose a place in this warehouse.", "اختر موقعًا داخل هذا المستودع."),
)
_SAME_PLACE = ("same_place", Text("Choose another place.", "اختر موقعًا آخر."))
_NO_PLACE = ("missing", Text("Say where it goes to.", "حدد الموقع الذي تُنقل إليه البضاعة."))
NO_SUCH_LOT = (
    "unknown_lot",
    Text("This product has no such lot.", "لا توجد لهذا المنتج تشغيلة كهذه."),
)
_NOT_SELLABLE = (
    "not_sellable",
    Text(
        "Goods under quality control do not leave their warehouse.",
        "لا تغادر البضاعة الخاضعة للفحص مستودعها.",
    ),
)


def _wrong(index: int, name: str, fault: tuple[str, Text]) -> FieldError:
    code, message = fault
    return FieldError(f"/lines/{index}/{name}", code, message)


def _wrong_places(
    index: int, line: TransferLine, transfer: StockTransfer, places: Mapping[UUID, Location]
) -> list[FieldError]:
    errors = []
    ends = (
        ("source_location_id", line.source_location_id, transfer.source_id),
        ("destination_location_id", line.destination_location_id, transfer.destination_id),
    )
    for name, place_id, warehouse_id in ends:
        if place_id is None:
            continue
        place = places.get(place_id)
        if place is None or place.warehouse_id != warehouse_id or not place.is_active:
            errors.append(_wrong(index, name, NOT_THERE))
        elif not transfer.is_within and not place.is_sellable:
            errors.append(_wrong(index, name, _NOT_SELLABLE))
    if transfer.is_within and line.destination_location_id is None:
        errors.append(_wrong(index, "destination_location_id", _NO_PLACE))
    elif line.source_location_id and line.source_location_id == line.destination_location_id:
        errors.append(_wrong(index, "destination_location_id", _SAME_PLACE))
    return errors


def _wrong_lot(
    index: int, line: TransferLine, product: Product, lots: Mapping[UUID, Lot]
) -> list[FieldError]:
    if line.lot_id is None:
        return []
    lot = lots.get(line.lot_id)
    is_wrong = lot is None or lot.product_id != product.pk
    return [_wrong(index, "lot_id", NO_SUCH_LOT)] if is_wrong else []


def _in_stock_units(
    index: int, line: TransferLine, product: Product
) -> tuple[Decimal, list[FieldError]]:
    if line.quantity <= 0:
        message = Text("Enter more than 0.", "أدخل أكثر من صفر.")
        return NOTHING, [FieldError(f"/lines/{index}/quantity", "not_positive", message)]
    known = units.measures(product)
    stock = known[product.unit_id]
    typed = known.get(line.unit_id or product.unit_id)
    if typed is None:
        message = Text("The product is not kept in this unit.", "لا يُعامل المنتج بهذه الوحدة.")
        return NOTHING, [FieldError(f"/lines/{index}/unit_id", "no_such_unit", message)]
    try:
        return units.convert(units.exactly(line.quantity, typed.unit), typed, stock), []
    except Refusal as refusal:
        said = Text(refusal.sentence("en"), refusal.sentence("ar"))
        return NOTHING, [FieldError(f"/lines/{index}/quantity", refusal.code, said)]


def search_text_of(transfer: StockTransfer, lines: Iterable[StockTransferLine]) -> str:
    return searchable(
        transfer.number,
        transfer.reference,
        transfer.source.code,
        transfer.destination.code,
        *(line.product.sku for line in lines),
    )
