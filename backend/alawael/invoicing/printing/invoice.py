"""What an invoice or note shows on paper (VAT regulations, Article 53(5) to (8)), in words."""

from decimal import Decimal
from typing import Any

from alawael.core.money import plain, round_quantity
from alawael.invoicing.document import (
    RIYAL,
    DocumentLine,
    InvoiceDocument,
    InvoiceType,
    Kind,
    VatCategory,
)
from alawael.invoicing.printing.typesetting import (
    day,
    money,
    number,
    party,
    percent,
    price,
    riyadh_time,
    typeset,
)
from alawael.invoicing.qr import document_qr, svg
from alawael.invoicing.vat import LineAmounts, TaxSubtotal, Totals, totals

TITLES = {
    (Kind.INVOICE, InvoiceType.STANDARD): ("Tax Invoice", "فاتورة ضريبية"),
    (Kind.INVOICE, InvoiceType.SIMPLIFIED): ("Simplified Tax Invoice", "فاتورة ضريبية مبسطة"),
    (Kind.ADVANCE, InvoiceType.STANDARD): ("Tax Invoice", "فاتورة ضريبية"),
    (Kind.ADVANCE, InvoiceType.SIMPLIFIED): ("Simplified Tax Invoice", "فاتورة ضريبية مبسطة"),
    (Kind.CREDIT_NOTE, InvoiceType.STANDARD): ("Credit Note", "إشعار دائن"),
    (Kind.CREDIT_NOTE, InvoiceType.SIMPLIFIED): ("Simplified Credit Note", "إشعار دائن مبسط"),
    (Kind.DEBIT_NOTE, InvoiceType.STANDARD): ("Debit Note", "إشعار مدين"),
    (Kind.DEBIT_NOTE, InvoiceType.SIMPLIFIED): ("Simplified Debit Note", "إشعار مدين مبسط"),
}
TREATMENTS = {
    VatCategory.STANDARD: ("Standard rate", "النسبة الأساسية"),
    VatCategory.ZERO_RATED: ("Zero-rated", "خاضع للنسبة الصفرية"),
    VatCategory.EXEMPT: ("Exempt", "معفى من الضريبة"),
    VatCategory.OUT_OF_SCOPE: ("Not subject to VAT", "غير خاضع للضريبة"),
}


def invoice_pdf(document: InvoiceDocument, *, xml: bytes | None = None) -> bytes:
    """The document in Arabic and English on A4; `xml` is put inside (PDF/A-3)."""
    data = invoice_data(document, totals(document))
    return typeset("invoice.typ", data, made_at=document.issued_at, attachment=xml)


def invoice_data(document: InvoiceDocument, sums: Totals) -> dict[str, Any]:
    title_en, title_ar = TITLES[document.kind, document.type]
    return {
        "title": {"en": title_en, "ar": title_ar},
        "subtitle": _subtitle(document),
        "number": document.number,
        "seller": party(document.seller),
        "buyer": party(document.buyer) if document.buyer.legal_name else None,
        "facts": _facts(document),
        "note": _note(document),
        "qr": svg(document_qr(document, sums)),
        "currency": document.currency,
        "has_discounts": any(line.discount for line in sums.lines),
        "lines": [
            _line(number, line, amounts)
            for number, (line, amounts) in enumerate(
                zip(document.lines, sums.lines, strict=True), start=1
            )
        ],
        "vat": [_subtotal(subtotal) for subtotal in sums.subtotals],
        "explanations": _explanations(document),
        "totals": _totals(document, sums),
        "riyals": _riyals(document, sums),
        "adjustments": [
            {"en": adjustment.reason_en, "ar": adjustment.reason_ar}
            for adjustment in document.adjustments
            if adjustment.reason_en or adjustment.reason_ar
        ],
        "advances": [
            {
                "number": advance.number,
                "on": riyadh_time(advance.issued_at)[:10],
                "taxable": money(advance.taxable),
                "vat": money(advance.vat),
            }
            for advance in document.advances
        ],
        "terms": {"en": document.payment_terms_en, "ar": document.payment_terms_ar},
        "pay_into": _pay_into(document),
        "notes": {"en": document.notes_en, "ar": document.notes_ar},
    }


def _pay_into(document: InvoiceDocument) -> list[dict[str, str]]:
    account = document.pay_into
    if account is None:
        return []
    facts = [
        ("Bank", "البنك", account.bank_name),
        ("Account name", "اسم الحساب", account.holder or document.seller.legal_name),
        ("IBAN", "الآيبان", _in_fours(account.iban)),
        ("BIC / SWIFT", "رمز السويفت", account.bic),
    ]
    return [{"en": en, "ar": ar, "value": value} for en, ar, value in facts if value]


def _in_fours(iban: str) -> str:
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def _subtitle(document: InvoiceDocument) -> dict[str, str] | None:
    if document.kind == Kind.ADVANCE:
        return {"en": "Advance payment", "ar": "دفعة مقدمة"}
    if document.is_self_billed:
        return {"en": "Self-billed", "ar": "فوترة ذاتية"}
    return None


def _facts(document: InvoiceDocument) -> list[dict[str, str]]:
    rate = f"1 {document.currency} = {plain(document.exchange_rate)} {RIYAL}"
    facts = [
        ("Number", "الرقم", document.number),
        ("Issued (Riyadh time)", "تاريخ الإصدار (توقيت الرياض)", riyadh_time(document.issued_at)),
        ("Date of supply", "تاريخ التوريد", day(document.supplied_on)),
        ("End of supply", "نهاية التوريد", day(document.supply_ended_on)),
        ("Due date", "تاريخ الاستحقاق", day(document.due_on)),
        ("Your order", "رقم طلبكم", document.order_reference),
        ("Currency", "العملة", document.currency if document.currency != RIYAL else ""),
        ("Exchange rate", "سعر الصرف", rate if document.currency != RIYAL else ""),
    ]
    return [{"en": en, "ar": ar, "value": value} for en, ar, value in facts if value]


def _note(document: InvoiceDocument) -> dict[str, Any] | None:
    if not document.is_note:
        return None
    return {
        "originals": [
            {"number": original.number, "on": day(original.issued_on)}
            for original in document.originals
        ],
        "reason_en": document.reason.text_en if document.reason else "",
        "reason_ar": document.reason.text_ar if document.reason else "",
    }


def _line(position: int, line: DocumentLine, amounts: LineAmounts) -> dict[str, str]:
    unit_price = amounts.unit_price
    if amounts.price_quantity != 1:
        unit_price = round_quantity(unit_price / amounts.price_quantity)
    return {
        "position": str(position),
        "en": line.name_en,
        "ar": line.name_ar,
        "sku": line.sku,
        "quantity": number(line.quantity),
        "unit_en": line.unit_en,
        "unit_ar": line.unit_ar,
        "price": price(unit_price),
        "discount": money(amounts.discount) if amounts.discount else "–",
        "net": money(amounts.net),
        "rate": _rate(line.vat_category, line.vat_rate),
        "vat": money(amounts.vat),
        "total": money(amounts.total),
    }


def _rate(category: VatCategory, rate: Decimal) -> str:
    return percent(rate) if category in (VatCategory.STANDARD, VatCategory.ZERO_RATED) else "–"


def _subtotal(subtotal: TaxSubtotal) -> dict[str, str]:
    treatment_en, treatment_ar = TREATMENTS[subtotal.category]
    return {
        "en": treatment_en,
        "ar": treatment_ar,
        "rate": percent(subtotal.rate) if subtotal.category == VatCategory.STANDARD else "",
        "taxable": money(subtotal.taxable),
        "vat": money(subtotal.vat),
        "vat_sar": money(subtotal.vat_sar),
    }


def _explanations(document: InvoiceDocument) -> list[dict[str, str]]:
    """Why part of the supply does not carry the standard rate, each reason once."""
    reasons = {
        (line.exemption_code, line.exemption_text_en, line.exemption_text_ar): line.vat_category
        for line in document.lines
        if line.exemption_code or line.exemption_text_en or line.exemption_text_ar
    }
    return [
        {"category": category.value, "code": code, "en": en, "ar": ar}
        for (code, en, ar), category in reasons.items()
    ]


def _totals(document: InvoiceDocument, sums: Totals) -> list[dict[str, Any]]:
    rows = []
    if sums.discounts or sums.charges:
        rows.append(("Sum of lines", "مجموع البنود", sums.lines_net))
    if sums.discounts:
        rows.append(("Discounts", "الخصومات", -sums.discounts))
    if sums.charges:
        rows.append(("Charges", "رسوم إضافية", sums.charges))
    rows += [
        ("Total excluding VAT", "الإجمالي غير شامل الضريبة", sums.taxable),
        ("VAT", "ضريبة القيمة المضافة", sums.vat),
    ]
    final = ("Total including VAT", "الإجمالي شامل الضريبة", sums.total)
    if sums.prepaid or sums.rounding:
        rows.append(final)
        if sums.prepaid:
            rows.append(("Advances invoiced", "دفعات مقدمة مفوترة", -sums.prepaid))
        if sums.rounding:
            rows.append(("Rounding", "فرق التقريب", sums.rounding))
        final = ("Amount due", "المبلغ المستحق", sums.payable)
    if document.kind == Kind.CREDIT_NOTE and final[0] == "Amount due":
        final = ("Amount credited", "المبلغ الدائن", sums.payable)
    rows.append(final)
    return [{"en": en, "ar": ar, "amount": money(amount)} for en, ar, amount in rows]


def _riyals(document: InvoiceDocument, sums: Totals) -> list[dict[str, str]]:
    if document.currency == RIYAL:
        return []
    rows = (
        ("Total excluding VAT", "الإجمالي غير شامل الضريبة", sums.taxable_sar),
        ("VAT", "ضريبة القيمة المضافة", sums.vat_sar),
        ("Total including VAT", "الإجمالي شامل الضريبة", sums.total_sar),
    )
    return [{"en": en, "ar": ar, "amount": money(amount)} for en, ar, amount in rows]
