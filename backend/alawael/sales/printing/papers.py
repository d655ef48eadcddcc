"""What quotations, order confirmations, delivery slips and pick lists show, in words."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from alawael.core.money import plain
from alawael.invoicing.paperwork import details_of
from alawael.invoicing.printing.typesetting import day, money, number, party, price, riyadh_time
from alawael.parties.models import Company
from alawael.sales import queries
from alawael.sales.models import SalesOrder, SalesOrderLine, SalesOrderState, Shipment, ShipmentLine
from alawael.sales.printing.typesetting import typeset
from alawael.stock.reserving import reserved_of_lines

_NUMBER = ("#", "م")
_ITEM = ("Item", "الصنف")
_QUANTITY = ("Quantity", "الكمية")
_UNIT = ("Unit", "الوحدة")
_QUOTE = ("Quotation", "عرض سعر")
_ORDER = ("Order Confirmation", "تأكيد طلب")


def delivery_slip_pdf(shipment: Shipment, *, company: Company, made_at: datetime) -> bytes:
    """What travels with the goods; without prices, with a place to sign."""
    lines = [line for line in queries.shipment_lines(shipment) if line.quantity > 0]
    rows = [
        [str(position), _about(line.order_line), number(line.quantity), _unit_of(line)]
        for position, line in enumerate(lines, 1)
    ]
    columns = [
        _column(_NUMBER), _column(_ITEM, wide=True), _column(_QUANTITY, left=False), _column(_UNIT),
    ]  # fmt: skip
    signatures = [
        ("Received by", "استلمه"),
        ("Date", "التاريخ"),
        ("Signature", "التوقيع"),
    ]
    return _paper(
        ("Delivery Slip", "سند تسليم"),
        shipment,
        columns,
        rows,
        facts=_shipment_facts(shipment, made_at),
        company=company,
        made_at=made_at,
        signatures=signatures,
    )


def pick_list_pdf(shipment: Shipment, *, company: Company, made_at: datetime) -> bytes:
    """What to take from which place, in the order of the places."""
    lines = queries.shipment_lines(shipment)
    held = reserved_of_lines(line.pk for line in lines)
    picks = [(row, line) for line in lines for row in held[line.pk]]
    picks.sort(key=lambda pick: (pick[0].location.code_folded, pick[1].position))
    rows = [
        [
            row.location.code,
            _about(line.order_line),
            _lot(row.lot.code, row.lot.expires_on) if row.lot else "–",
            number(row.quantity),
            _unit_of(line),
            "☐",
        ]
        for row, line in picks
    ]
    columns = [
        _column(("Place", "الموقع")),
        _column(_ITEM, wide=True),
        _column(("Lot / serial", "التشغيلة / الرقم التسلسلي")),
        _column(_QUANTITY, left=False),
        _column(_UNIT),
        _column(("Picked", "تم الالتقاط")),
    ]
    return _paper(
        ("Pick List", "قائمة التقاط"),
        shipment,
        columns,
        rows,
        facts=_shipment_facts(shipment, made_at),
        company=company,
        made_at=made_at,
        signatures=[("Picked by", "التقطه"), ("Checked by", "راجعه")],
    )


def order_pdf(order: SalesOrder, *, company: Company, made_at: datetime) -> bytes:
    """The quotation, or the confirmation of an order, with prices and totals."""
    lines = queries.order_lines(order)
    discounted = any(line.discount for line in lines)
    columns = [
        _column(_NUMBER),
        _column(_ITEM, wide=True),
        _column(_QUANTITY, left=False),
        _column(_UNIT),
        _column(("Unit price", "سعر الوحدة"), left=False),
        *([_column(("Discount", "الخصم"), left=False)] if discounted else []),
        _column(("Total excl. VAT", "غير شامل الضريبة"), left=False),
        _column(("VAT", "الضريبة"), left=False),
    ]
    rows = [
        [
            str(line.position),
            _about(line),
            number(line.quantity),
            _pair(line.unit_en, line.unit_ar),
            price(line.unit_price),
            *([money(line.discount)] if discounted else []),
            money(line.net),
            f"{plain(line.tax_rate)}%",
        ]
        for line in lines
    ]
    return _paper(
        _QUOTE if order.state in _OFFERED else _ORDER,
        order,
        columns,
        rows,
        facts=_order_facts(order, made_at),
        company=company,
        made_at=made_at,
        totals=_totals(order),
        notes=(order.notes_en, order.notes_ar),
    )


_OFFERED = (SalesOrderState.DRAFT, SalesOrderState.QUOTED, SalesOrderState.EXPIRED)


def _paper(
    title: tuple[str, str],
    document: Shipment | SalesOrder,
    columns: list[dict[str, Any]],
    rows: list[list[Any]],
    *,
    facts: Sequence[tuple[str, str, str]],
    company: Company,
    made_at: datetime,
    totals: Sequence[dict[str, str]] = (),
    notes: tuple[str, str] = ("", ""),
    signatures: Sequence[tuple[str, str]] = (),
) -> bytes:
    data = {
        "title": {"en": title[0], "ar": title[1]},
        "subtitle": None,
        "number": document.number or "",
        "seller": party(details_of(company)),
        "buyer": party(details_of(document.customer)),
        "facts": [{"en": en, "ar": ar, "value": value} for en, ar, value in facts if value],
        "columns": columns,
        "rows": rows,
        "totals": list(totals),
        "notes": {"en": notes[0], "ar": notes[1]},
        "signatures": [{"en": en, "ar": ar} for en, ar in signatures],
    }
    return typeset(data, made_at=made_at)


def _shipment_facts(shipment: Shipment, made_at: datetime) -> list[tuple[str, str, str]]:
    order = shipment.order
    return [
        ("Number", "الرقم", shipment.number or ""),
        ("Order", "أمر البيع", order.number or ""),
        ("Your order", "رقم طلبكم", order.reference),
        ("From warehouse", "من مستودع", shipment.warehouse.code),
        ("Shipped", "تاريخ الشحن", day(shipment.shipped_on)),
        ("Carrier", "الناقل", shipment.carrier),
        ("Tracking number", "رقم التتبع", shipment.tracking_number),
        ("Printed (Riyadh time)", "تاريخ الطباعة (توقيت الرياض)", riyadh_time(made_at)),
    ]


def _order_facts(order: SalesOrder, made_at: datetime) -> list[tuple[str, str, str]]:
    revision = str(order.revision) if order.revision > 1 else ""
    return [
        ("Number", "الرقم", order.number or ""),
        ("Revision", "المراجعة", revision),
        ("Date", "التاريخ", day(order.ordered_on)),
        ("Valid until", "صالح حتى", day(order.expires_on)),
        ("Promised for", "موعد التسليم", day(order.promised_on)),
        ("Your order", "رقم طلبكم", order.reference),
        ("Currency", "العملة", order.currency),
        ("Printed (Riyadh time)", "تاريخ الطباعة (توقيت الرياض)", riyadh_time(made_at)),
    ]


def _totals(order: SalesOrder) -> list[dict[str, str]]:
    rows: list[tuple[str, str, Decimal]] = [
        ("Total excluding VAT", "الإجمالي غير شامل الضريبة", order.net),
        ("VAT", "ضريبة القيمة المضافة", order.vat),
        ("Total including VAT", "الإجمالي شامل الضريبة", order.total),
    ]
    return [{"en": en, "ar": ar, "amount": money(amount)} for en, ar, amount in rows]


def _column(name: tuple[str, str], *, wide: bool = False, left: bool = True) -> dict[str, Any]:
    return {"en": name[0], "ar": name[1], "wide": wide, "left": left}


def _about(line: SalesOrderLine) -> dict[str, str]:
    return {"en": line.name_en, "ar": line.name_ar, "sku": line.sku}


def _unit_of(line: ShipmentLine) -> dict[str, str]:
    unit = line.order_line.stock_unit
    return _pair(unit.name_en, unit.name_ar)


def _pair(en: str, ar: str) -> dict[str, str]:
    return {"en": en, "ar": ar, "sku": ""}


def _lot(code: str, expires_on: Any) -> str:
    return f"{code} · {day(expires_on)}" if expires_on else code
