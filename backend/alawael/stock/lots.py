"""Lots and serial numbers: what was made together, and where each of it went."""

from datetime import date, datetime

from alawael.catalog.models import Product
from alawael.core.claims import insert_missing
from alawael.core.errors import Refusal, Text
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.stock import queries
from alawael.stock.models import Lot, Tracking
from alawael.stock.refusals import LotNotKept


class ExpiryRequired(Refusal):
    code = "expiry_required"
    message = Text(
        "{sku} can expire. Enter the expiry date of lot {lot}.",
        "للصنف {sku} تاريخ صلاحية. أدخل تاريخ انتهاء التشغيلة {lot}.",
    )


class ExpiryDiffers(Refusal):
    code = "expiry_differs"
    message = Text(
        "Lot {lot} of {sku} expires on {day}. Use that date, or another lot code.",
        "تنتهي صلاحية التشغيلة {lot} من {sku} في {day}. استخدم هذا التاريخ أو رمز تشغيلة آخر.",
    )


def folded(code: str) -> str:
    """How lot codes are compared: without regard to case."""
    return code.strip().casefold()


@unit_of_work
def find_or_make_lot(product: Product, code: str, *, expires_on: date | None, at: datetime) -> Lot:
    """The lot or serial number of a product with this code; made when it is new.

    `at` is when it was first seen. Raises LotNotKept when the product is not kept by lots,
    ExpiryRequired for a new lot of goods that expire, ExpiryDiffers when the lot is known with
    another date.
    """
    item = queries.stock_item(product)
    if item.tracking == Tracking.NONE:
        raise LotNotKept(sku=product.sku, lot=code)
    found = queries.lot_by_code(product, code)
    if found is not None:
        if expires_on is not None and expires_on != found.expires_on:
            day = found.expires_on.isoformat() if found.expires_on else "—"
            raise ExpiryDiffers(sku=product.sku, lot=found.code, day=day)
        return found
    if item.has_expiry and expires_on is None:
        raise ExpiryRequired(sku=product.sku, lot=code)
    lot = Lot(
        product=product,
        code=code.strip(),
        code_folded=folded(code),
        is_serial=item.tracking == Tracking.SERIAL,
        expires_on=expires_on,
        search_text=searchable(code, product.sku),
    )
    insert_missing([lot])
    return lot
