"""What the law wants on an invoice before it may be posted (VAT regulations, Article 53; ZATCA)."""

import re
from collections.abc import Iterator

from alawael.core.errors import FieldError, Text
from alawael.invoicing.document import (
    Address,
    DocumentLine,
    InvoiceDocument,
    InvoiceType,
    Kind,
    VatCategory,
)

_VAT_NUMBER = re.compile(r"3[0-9]{13}3")
_REQUIRED = Text("This is required on the invoice.", "هذا مطلوب في الفاتورة.")
_REQUIRED_ARABIC = Text(
    "The invoice must carry this in Arabic.", "يجب أن يظهر هذا في الفاتورة باللغة العربية."
)
_WRONG_VAT_NUMBER = Text(
    "A VAT number has 15 digits, the first and the last a 3.",
    "يتكون الرقم الضريبي من 15 رقمًا، أولها وآخرها 3.",
)
_FOUR_DIGITS = Text("Write four digits.", "اكتب أربعة أرقام.")
_FIVE_DIGITS = Text("Write five digits.", "اكتب خمسة أرقام.")
_NOT_NEGATIVE = Text(
    "Figures are positive on every document; a credit note gives money back.",
    "الأرقام موجبة في كل مستند، والإشعار الدائن هو الذي يعيد المبلغ.",
)
_DISCOUNT_TOO_HIGH = Text(
    "The discount is more than the line is worth.", "الخصم أكبر من قيمة البند."
)
_NO_VAT_NUMBER_ON_EXPORT = Text(
    "An export invoice cannot carry a Saudi VAT number of the buyer.",
    "لا يمكن أن تحمل فاتورة التصدير رقمًا ضريبيًا سعوديًا للمشتري.",
)
_BUYER_UNKNOWN = Text(
    "Give the buyer's VAT number or another number that identifies the buyer.",
    "أدخل الرقم الضريبي للمشتري أو رقمًا آخر يعرّف به.",
)
_EXPORT_IS_STANDARD = Text(
    "Exports need a standard tax invoice.", "التصدير يتطلب فاتورة ضريبية عادية."
)


def problems(document: InvoiceDocument) -> list[FieldError]:
    """Everything that is missing or malformed for this kind and type of document; empty is good."""
    return [FieldError(pointer, code, message) for pointer, code, message in _problems(document)]


_Problem = tuple[str, str, Text]


def _problems(document: InvoiceDocument) -> Iterator[_Problem]:
    yield from _seller_problems(document)
    if document.type == InvoiceType.STANDARD:
        yield from _buyer_problems(document)
    elif document.is_export:
        yield "/type", "export_is_standard", _EXPORT_IS_STANDARD
    yield from _supply_problems(document)
    if not document.lines:
        yield "/lines", "required", _REQUIRED
    for position, line in enumerate(document.lines):
        yield from _line_problems(f"/lines/{position}", line)
    for position, adjustment in enumerate(document.adjustments):
        if adjustment.amount < 0:
            yield f"/adjustments/{position}/amount", "negative", _NOT_NEGATIVE


def _seller_problems(document: InvoiceDocument) -> Iterator[_Problem]:
    seller = document.seller
    if not seller.name_ar.strip():
        yield "/seller/name_ar", "required", _REQUIRED_ARABIC
    if not _VAT_NUMBER.fullmatch(seller.vat_number):
        yield "/seller/vat_number", "wrong_vat_number", _WRONG_VAT_NUMBER
    yield from _address_problems("/seller/address", seller.address)


def _buyer_problems(document: InvoiceDocument) -> Iterator[_Problem]:
    buyer = document.buyer
    if not buyer.legal_name:
        yield "/buyer/name", "required", _REQUIRED
    if document.is_export and buyer.vat_number:
        yield "/buyer/vat_number", "vat_number_on_export", _NO_VAT_NUMBER_ON_EXPORT
    elif buyer.vat_number and not _VAT_NUMBER.fullmatch(buyer.vat_number):
        yield "/buyer/vat_number", "wrong_vat_number", _WRONG_VAT_NUMBER
    elif not buyer.vat_number and not buyer.other_id and not document.is_export:
        yield "/buyer/vat_number", "buyer_unknown", _BUYER_UNKNOWN
    yield from _address_problems("/buyer/address", buyer.address)


def _address_problems(pointer: str, address: Address) -> Iterator[_Problem]:
    """A Saudi address is a national address; abroad, street and city are enough."""
    wanted = {
        "street": address.street_ar or address.street_en,
        "city": address.city_ar or address.city_en,
    }
    if address.country == "SA":
        wanted["district"] = address.district_ar or address.district_en
        if not re.fullmatch("[0-9]{4}", address.building_no):
            yield f"{pointer}/building_no", "four_digits", _FOUR_DIGITS
        if not re.fullmatch("[0-9]{5}", address.postal_code):
            yield f"{pointer}/postal_code", "five_digits", _FIVE_DIGITS
    for name, text in wanted.items():
        if not text.strip():
            yield f"{pointer}/{name}", "required", _REQUIRED


def _supply_problems(document: InvoiceDocument) -> Iterator[_Problem]:
    if (
        document.kind == Kind.INVOICE
        and document.type == InvoiceType.STANDARD
        and not document.supplied_on
    ):
        yield "/supplied_on", "required", _REQUIRED
    if document.is_note and not document.originals:
        yield "/originals", "required", _REQUIRED
    if document.is_note and not document.reason:
        yield "/reason", "required", _REQUIRED


def _line_problems(pointer: str, line: DocumentLine) -> Iterator[_Problem]:
    if not (line.name_ar or line.name_en).strip():
        yield f"{pointer}/name", "required", _REQUIRED
    for name in ("quantity", "unit_price", "discount"):
        if getattr(line, name) < 0:
            yield f"{pointer}/{name}", "negative", _NOT_NEGATIVE
    if 0 <= line.quantity * line.unit_price < line.discount:
        yield f"{pointer}/discount", "discount_too_high", _DISCOUNT_TOO_HIGH
    if line.vat_category != VatCategory.STANDARD:
        if not line.exemption_code:
            yield f"{pointer}/exemption_code", "required", _REQUIRED
        if not (line.exemption_text_ar or line.exemption_text_en):
            yield f"{pointer}/exemption_text", "required", _REQUIRED
