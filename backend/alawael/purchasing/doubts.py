"""What deserves a second look before goods come in; nothing of it forbids anything."""

from datetime import date
from typing import Any

from alawael.core.errors import FieldError, Text
from alawael.purchasing.models import Receipt, ReceiptLine
from alawael.stock import queries as stock
from alawael.stock.lots import folded
from alawael.stock.models import Lot

_EXPIRED = Text(
    "Lot {lot} of {sku} expired on {day}: it can be received, but neither picked nor sold.",
    "انتهت صلاحية التشغيلة {lot} من {sku} في {day}: يمكن استلامها، ولا يمكن تجميعها ولا بيعها.",
)
_DATELESS = Text(
    "Lot {lot} of {sku} is known without an expiry date, though {sku} can expire.",
    "التشغيلة {lot} من {sku} مسجّلة بلا تاريخ انتهاء، مع أن للصنف {sku} صلاحية.",
)


def doubts_about(receipt: Receipt, *, on: date) -> list[FieldError]:
    """The lots on a draft that have expired on this day, or whose last day nobody knows.

    Of a lot that is known already its own date counts: nobody types it again.
    """
    lines = list(receipt.lines.exclude(lot_code="").select_related("product").order_by("position"))
    if not lines:
        return []
    places = list(receipt.lines.order_by("position").values_list("pk", flat=True))
    items = stock.stock_items(line.product_id for line in lines)
    known = _known_lots(lines)
    found = []
    for line in lines:
        lot = known.get((line.product_id, folded(line.lot_code))) or _typed_lot(line)
        if doubt := _doubt(lot, can_expire=items[line.product_id].has_expiry, on=on):
            code, text = doubt
            facts = {"lot": line.lot_code, "sku": line.product.sku, "day": lot.expires_on}
            pointer = f"/lines/{places.index(line.pk)}/expires_on"
            found.append(FieldError(pointer, code, _filled(text, facts)))
    return found


def _doubt(lot: Lot, *, can_expire: bool, on: date) -> tuple[str, Text] | None:
    if lot.is_expired(on):
        return "expired", _EXPIRED
    # Without a date a new lot is refused: see ExpiryRequired.
    if can_expire and lot.expires_on is None and not lot._state.adding:
        return "no_expiry", _DATELESS
    return None


def _known_lots(lines: list[ReceiptLine]) -> dict[tuple[object, str], Lot]:
    rows = stock.lots().filter(
        product_id__in=[line.product_id for line in lines],
        code_folded__in=[folded(line.lot_code) for line in lines],
    )
    return {(lot.product_id, lot.code_folded): lot for lot in rows}


def _typed_lot(line: ReceiptLine) -> Lot:
    return Lot(product_id=line.product_id, code=line.lot_code, expires_on=line.expires_on)


def _filled(text: Text, facts: dict[str, Any]) -> Text:
    return Text(text.within("en", facts), text.within("ar", facts))
