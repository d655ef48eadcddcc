"""What a purchase order shows on paper, in words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from alawael.core.money import plain
from alawael.invoicing.document import RIYAL
from alawael.invoicing.paperwork import details_of
from alawael.invoicing.printing.typesetting import day, money, number, party, price
from alawael.parties.models import Company
from alawael.purchasing.models import PurchaseOrder, PurchaseOrderLine, PurchaseOrderState
from alawael.purchasing.printing.typesetting import typeset
from alawael.stock.models import Warehouse

_TITLES = {
    PurchaseOrderState.DRAFT: ("Purchase Order, Draft", "أمر شراء، مسودة"),
    PurchaseOrderState.PENDING_APPROVAL: ("Purchase Order, Not Approved", "أمر شراء غير معتمد"),
    PurchaseOrderState.CANCELLED: ("Purchase Order, Cancelled", "أمر شراء ملغى"),
}
_TITLE = ("Purchase Order", "أمر شراء")


def purchase_order_pdf(
    order: PurchaseOrder,
    lines: Sequence[PurchaseOrderLine],
    *,
    company: Company,
    made_at: datetime,
) -> bytes:
    """The order in Arabic and English on A4; one that binds nobody says so in its title."""
    title_en, title_ar = _TITLES.get(PurchaseOrderState(order.state), _TITLE)
    data = {
        "title": {"en": title_en, "ar": title_ar},
        "subtitle": None,
        "number": order.number or "",
        "seller": party(details_of(company)),
        "supplier": party(details_of(order.supplier)),
        "ship_to": _place(order.warehouse) if order.warehouse else None,
        "facts": _facts(order),
        "columns": _columns(),
        "rows": [_row(line) for line in lines],
        "totals": _totals(order),
        "notes": {"en": order.notes_en, "ar": order.notes_ar},
    }
    return typeset(data, made_at=made_at)


def _place(warehouse: Warehouse) -> dict[str, str]:
    return {
        "en": ", ".join(filter(None, (warehouse.name_en, warehouse.address_en))),
        "ar": "، ".join(filter(None, (warehouse.name_ar, warehouse.address_ar))),
    }


def _facts(order: PurchaseOrder) -> list[dict[str, str]]:
    is_foreign = order.currency != RIYAL
    rate = f"1 {order.currency} = {plain(order.exchange_rate)} {RIYAL}"
    facts = [
        ("Number", "الرقم", order.number or ""),
        ("Revision", "المراجعة", str(order.revision) if order.revision else ""),
        ("Date", "التاريخ", day(order.ordered_on)),
        ("Expected", "موعد التوريد", day(order.expected_on)),
        ("Your reference", "مرجعكم", order.reference),
        ("Currency", "العملة", order.currency if is_foreign else ""),
        ("Exchange rate", "سعر الصرف", rate if is_foreign else ""),
    ]
    return [{"en": en, "ar": ar, "value": value} for en, ar, value in facts if value]


def _columns() -> list[dict[str, Any]]:
    named = [
        ("#", "م", True, False),
        ("Item", "الصنف", True, True),
        ("Quantity", "الكمية", False, False),
        ("Unit", "الوحدة", True, False),
        ("Unit price", "سعر الوحدة", False, False),
        ("Discount", "الخصم", False, False),
        ("VAT", "الضريبة", False, False),
        ("Total excl. VAT", "غير شامل الضريبة", False, False),
    ]
    return [{"en": en, "ar": ar, "left": left, "wide": wide} for en, ar, left, wide in named]


def _row(line: PurchaseOrderLine) -> list[Any]:
    codes = " · ".join(filter(None, (line.supplier_sku, line.sku)))
    return [
        str(line.position),
        {"en": line.name_en, "ar": line.name_ar, "code": codes},
        number(line.typed_quantity),
        {"en": line.unit_en, "ar": line.unit_ar, "code": ""},
        price(line.unit_price),
        money(line.discount) if line.discount else "–",
        f"{plain(line.tax_rate)}%",
        money(line.net),
    ]


def _totals(order: PurchaseOrder) -> list[dict[str, Any]]:
    rows = [
        ("Total excluding VAT", "الإجمالي غير شامل الضريبة", order.net),
        ("VAT", "ضريبة القيمة المضافة", order.vat),
        (f"Total ({order.currency})", f"الإجمالي ({order.currency})", order.total),
    ]
    return [{"en": en, "ar": ar, "amount": money(amount)} for en, ar, amount in rows]
