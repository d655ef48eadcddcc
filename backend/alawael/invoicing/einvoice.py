"""The UBL 2.1 XML of an invoice or note, with ZATCA's fields (BT-… and KSA-…), and its hash.

The bytes are made once, at posting, and kept: they carry no white space between elements, no
empty element, and namespaces and escapes as canonical XML writes them, so that a stamp (Phase 2)
can later be put in without touching the rest. Nothing here is certified by ZATCA.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC
from decimal import Decimal
from hashlib import sha256
from itertools import count
from typing import Final

from alawael.core.money import plain, round_money
from alawael.invoicing.document import (
    RIYAL,
    Address,
    Adjustment,
    AdvanceInvoice,
    DocumentLine,
    InvoiceDocument,
    InvoiceType,
    Kind,
    PartyDetails,
    VatCategory,
)
from alawael.invoicing.qr import document_qr
from alawael.invoicing.vat import LineAmounts, TaxSubtotal, Totals, totals

# The hash of "0" in hexadecimal, in Base64: what ZATCA lets the first document of a chain point to.
FIRST_PREVIOUS_HASH: Final = (
    "NWZlY2ViNjZmZmM4NmYzOGQ5NTI3ODZjNmQ2OTZjNzljMmRiYzIzOWRkNGU5MWI0NjcyOWQ3M2EyN2ZiNTdlOQ=="
)

TYPE_CODES: Final = {
    Kind.INVOICE: "388",
    Kind.CREDIT_NOTE: "381",
    Kind.DEBIT_NOTE: "383",
    Kind.ADVANCE: "386",
}

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<Invoice xmlns="{_UBL}Invoice-2" xmlns:cac="{_UBL}CommonAggregateComponents-2" '
    f'xmlns:cbc="{_UBL}CommonBasicComponents-2" xmlns:ext="{_UBL}CommonExtensionComponents-2">'
)
_VAT_SCHEME = "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
# What XML 1.0 cannot hold, even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def invoice_hash(xml: bytes) -> str:
    """The Base64 SHA-256 by which the next document points back to this one.

    In Phase 1 it covers the stored bytes as they are. Phase 2 will hash the document without
    `ext:UBLExtensions`, the `QR` reference, `cac:Signature` and the XML declaration, in C14N 1.1.
    """
    return b64encode(sha256(xml).digest()).decode("ascii")


def invoice_xml(document: InvoiceDocument, sums: Totals | None = None) -> bytes:
    """The document as UTF-8 XML; the same document always gives the same bytes."""
    sums = sums or totals(document)
    return "".join(_parts(document, sums)).encode()


def transaction_code(document: InvoiceDocument) -> str:
    """KSA-2, `NNPNESB`: the type, then third-party, nominal, export, summary, self-billed."""
    flags = (
        document.is_third_party,
        document.is_nominal,
        document.is_export,
        document.is_summary,
        document.is_self_billed,
    )
    kind = "01" if document.type == InvoiceType.STANDARD else "02"
    return kind + "".join("1" if flag else "0" for flag in flags)


def _parts(document: InvoiceDocument, sums: Totals) -> Iterator[str]:
    # The order of elements is the schema's, not ours.
    currency = _quote(document.currency)
    issued = document.issued_at_utc
    yield _HEAD
    yield "<cbc:ProfileID>reporting:1.0</cbc:ProfileID>"
    yield f"<cbc:ID>{_escape(document.number)}</cbc:ID>"
    yield f"<cbc:UUID>{document.uuid}</cbc:UUID>"
    yield f"<cbc:IssueDate>{issued:%Y-%m-%d}</cbc:IssueDate>"
    yield f"<cbc:IssueTime>{issued:%H:%M:%SZ}</cbc:IssueTime>"
    yield (
        f'<cbc:InvoiceTypeCode name="{transaction_code(document)}">'
        f"{TYPE_CODES[document.kind]}</cbc:InvoiceTypeCode>"
    )
    yield _text("cbc:Note", _both(document.notes_ar, document.notes_en))
    yield f"<cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>"
    yield f"<cbc:TaxCurrencyCode>{RIYAL}</cbc:TaxCurrencyCode>"
    yield _wrap("cac:OrderReference", _text("cbc:ID", document.order_reference))
    for original in document.originals:
        yield "<cac:BillingReference><cac:InvoiceDocumentReference>"
        yield f"<cbc:ID>{_escape(original.number)}</cbc:ID>"
        if original.issued_on:
            yield f"<cbc:IssueDate>{original.issued_on}</cbc:IssueDate>"
        yield "</cac:InvoiceDocumentReference></cac:BillingReference>"
    yield (
        "<cac:AdditionalDocumentReference><cbc:ID>ICV</cbc:ID>"
        f"<cbc:UUID>{document.counter}</cbc:UUID></cac:AdditionalDocumentReference>"
    )
    yield _attached("PIH", document.previous_hash)
    yield _attached("QR", document_qr(document, sums))
    yield _wrap("cac:AccountingSupplierParty", _party(document.seller))
    # The schema wants a customer even where the law does not (simplified): then it stays empty.
    buyer = _party(document.buyer)
    yield f"<cac:AccountingCustomerParty>{buyer}</cac:AccountingCustomerParty>"
    yield _delivery(document)
    yield _payment_means(document)
    for adjustment in document.adjustments:
        yield _adjustment(adjustment, currency)
    yield _tax_totals(sums, currency)
    yield _monetary_total(sums, currency)
    numbers = count(1)
    for line, amounts in zip(document.lines, sums.lines, strict=True):
        yield _line(next(numbers), line, amounts, currency)
    for advance in document.advances:
        yield _advance_line(next(numbers), advance, currency)
    yield "</Invoice>"


def _attached(name: str, value: str) -> str:
    return (
        f"<cac:AdditionalDocumentReference><cbc:ID>{name}</cbc:ID><cac:Attachment>"
        '<cbc:EmbeddedDocumentBinaryObject mimeCode="text/plain">'
        f"{_escape(value)}</cbc:EmbeddedDocumentBinaryObject>"
        "</cac:Attachment></cac:AdditionalDocumentReference>"
    )


def _party(party: PartyDetails) -> str:
    other_id = ""
    if party.other_id:
        other_id = (
            f'<cac:PartyIdentification><cbc:ID schemeID="{_quote(party.other_id_scheme)}">'
            f"{_escape(party.other_id)}</cbc:ID></cac:PartyIdentification>"
        )
    tax = ""
    if party.vat_number:
        tax = (
            f"<cac:PartyTaxScheme><cbc:CompanyID>{_escape(party.vat_number)}</cbc:CompanyID>"
            f"{_VAT_SCHEME}</cac:PartyTaxScheme>"
        )
    name = _wrap("cac:PartyLegalEntity", _text("cbc:RegistrationName", party.legal_name))
    return _wrap("cac:Party", other_id + _address(party.address) + tax + name)


def _address(address: Address) -> str:
    lines = (
        _text("cbc:StreetName", _both(address.street_ar, address.street_en))
        + _text("cbc:BuildingNumber", address.building_no)
        + _text("cbc:PlotIdentification", address.additional_no)
        + _text("cbc:CitySubdivisionName", _both(address.district_ar, address.district_en))
        + _text("cbc:CityName", _both(address.city_ar, address.city_en))
        + _text("cbc:PostalZone", address.postal_code)
    )
    if not lines:
        return ""
    country = _wrap("cac:Country", _text("cbc:IdentificationCode", address.country))
    return _wrap("cac:PostalAddress", lines + country)


def _delivery(document: InvoiceDocument) -> str:
    days = ""
    if document.supplied_on:
        days += f"<cbc:ActualDeliveryDate>{document.supplied_on}</cbc:ActualDeliveryDate>"
    if document.supply_ended_on:
        days += f"<cbc:LatestDeliveryDate>{document.supply_ended_on}</cbc:LatestDeliveryDate>"
    return _wrap("cac:Delivery", days)


def _payment_means(document: InvoiceDocument) -> str:
    due = f"<cbc:PaymentDueDate>{document.due_on}</cbc:PaymentDueDate>" if document.due_on else ""
    reason = ""
    if document.reason:
        both = _both(document.reason.text_ar, document.reason.text_en)
        reason = _text("cbc:InstructionNote", both)
    account = _text("cbc:ID", document.iban) + _text(
        "cbc:PaymentNote", _both(document.payment_terms_ar, document.payment_terms_en)
    )
    rest = due + reason + _wrap("cac:PayeeFinancialAccount", account)
    if not rest and not document.payment_means:
        return ""
    # The reason of a note lives in this element, which cannot do without a code: 1 is "undefined".
    code = _text("cbc:PaymentMeansCode", document.payment_means or "1")
    return _wrap("cac:PaymentMeans", code + rest)


def _adjustment(adjustment: Adjustment, currency: str) -> str:
    return (
        "<cac:AllowanceCharge>"
        f"<cbc:ChargeIndicator>{'true' if adjustment.is_charge else 'false'}</cbc:ChargeIndicator>"
        + _text("cbc:AllowanceChargeReasonCode", adjustment.reason_code)
        + _text("cbc:AllowanceChargeReason", _both(adjustment.reason_ar, adjustment.reason_en))
        + f'<cbc:Amount currencyID="{currency}">{_money(adjustment.amount)}</cbc:Amount>'
        + _wrap("cac:TaxCategory", _category(adjustment.vat_category, adjustment.vat_rate))
        + "</cac:AllowanceCharge>"
    )


def _tax_totals(sums: Totals, currency: str) -> str:
    subtotals = "".join(_tax_subtotal(subtotal, currency) for subtotal in sums.subtotals)
    return (
        f'<cac:TaxTotal><cbc:TaxAmount currencyID="{currency}">{_money(sums.vat)}</cbc:TaxAmount>'
        f"{subtotals}</cac:TaxTotal>"
        # BT-111: the tax in riyals, whatever the currency of the document.
        f'<cac:TaxTotal><cbc:TaxAmount currencyID="{RIYAL}">{_money(sums.vat_sar)}</cbc:TaxAmount>'
        "</cac:TaxTotal>"
    )


def _tax_subtotal(subtotal: TaxSubtotal, currency: str) -> str:
    reason = _text("cbc:TaxExemptionReasonCode", subtotal.exemption_code) + _text(
        "cbc:TaxExemptionReason", _both(subtotal.exemption_text_ar, subtotal.exemption_text_en)
    )
    return (
        "<cac:TaxSubtotal>"
        f'<cbc:TaxableAmount currencyID="{currency}">{_money(subtotal.taxable)}</cbc:TaxableAmount>'
        f'<cbc:TaxAmount currencyID="{currency}">{_money(subtotal.vat)}</cbc:TaxAmount>'
        f"<cac:TaxCategory>{_category(subtotal.category, subtotal.rate, reason)}</cac:TaxCategory>"
        "</cac:TaxSubtotal>"
    )


def _category(category: VatCategory, rate: Decimal, reason: str = "") -> str:
    return f"<cbc:ID>{category}</cbc:ID><cbc:Percent>{rate:.2f}</cbc:Percent>{reason}{_VAT_SCHEME}"


def _monetary_total(sums: Totals, currency: str) -> str:
    amounts = [
        ("LineExtensionAmount", sums.lines_net),
        ("TaxExclusiveAmount", sums.taxable),
        ("TaxInclusiveAmount", sums.total),
        ("AllowanceTotalAmount", sums.discounts),
    ]
    if sums.charges:
        amounts.append(("ChargeTotalAmount", sums.charges))
    amounts.append(("PrepaidAmount", sums.prepaid))
    if sums.rounding:
        amounts.append(("PayableRoundingAmount", sums.rounding))
    amounts.append(("PayableAmount", sums.payable))
    return _wrap(
        "cac:LegalMonetaryTotal",
        "".join(
            f'<cbc:{name} currencyID="{currency}">{_money(amount)}</cbc:{name}>'
            for name, amount in amounts
        ),
    )


def _line(number: int, line: DocumentLine, amounts: LineAmounts, currency: str) -> str:
    unit = _quote(line.unit_code)
    discount = ""
    if amounts.discount:
        discount = (
            "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
            "<cbc:AllowanceChargeReason>discount</cbc:AllowanceChargeReason>"
            f'<cbc:Amount currencyID="{currency}">{_money(amounts.discount)}</cbc:Amount>'
            "</cac:AllowanceCharge>"
        )
    price_quantity = ""
    if amounts.price_quantity != 1:
        price_quantity = (
            f'<cbc:BaseQuantity unitCode="{unit}">{plain(amounts.price_quantity)}'
            "</cbc:BaseQuantity>"
        )
    sku = ""
    if line.sku:
        sku = (
            f"<cac:SellersItemIdentification><cbc:ID>{_escape(line.sku)}</cbc:ID>"
            "</cac:SellersItemIdentification>"
        )
    return (
        f"<cac:InvoiceLine><cbc:ID>{number}</cbc:ID>"
        f'<cbc:InvoicedQuantity unitCode="{unit}">{plain(line.quantity)}</cbc:InvoicedQuantity>'
        f'<cbc:LineExtensionAmount currencyID="{currency}">{_money(amounts.net)}'
        f"</cbc:LineExtensionAmount>{discount}"
        f'<cac:TaxTotal><cbc:TaxAmount currencyID="{currency}">{_money(amounts.vat)}'
        f'</cbc:TaxAmount><cbc:RoundingAmount currencyID="{currency}">{_money(amounts.total)}'
        "</cbc:RoundingAmount></cac:TaxTotal>"
        f"<cac:Item>{_text('cbc:Name', _both(line.name_ar, line.name_en))}{sku}"
        f"<cac:ClassifiedTaxCategory>{_category(line.vat_category, line.vat_rate)}"
        "</cac:ClassifiedTaxCategory></cac:Item>"
        f'<cac:Price><cbc:PriceAmount currencyID="{currency}">{_price(amounts.unit_price)}'
        f"</cbc:PriceAmount>{price_quantity}</cac:Price></cac:InvoiceLine>"
    )


def _advance_line(number: int, advance: AdvanceInvoice, currency: str) -> str:
    """A line of zero that names the advance invoice and the tax already charged (KSA-26 to 34)."""
    issued = advance.issued_at.astimezone(UTC)
    uuid = f"<cbc:UUID>{advance.uuid}</cbc:UUID>" if advance.uuid else ""
    zero = f'currencyID="{currency}">0.00'
    category = _category(advance.vat_category, advance.vat_rate)
    return (
        f"<cac:InvoiceLine><cbc:ID>{number}</cbc:ID>"
        '<cbc:InvoicedQuantity unitCode="PCE">0</cbc:InvoicedQuantity>'
        f"<cbc:LineExtensionAmount {zero}</cbc:LineExtensionAmount>"
        f"<cac:DocumentReference><cbc:ID>{_escape(advance.number)}</cbc:ID>{uuid}"
        f"<cbc:IssueDate>{issued:%Y-%m-%d}</cbc:IssueDate>"
        f"<cbc:IssueTime>{issued:%H:%M:%SZ}</cbc:IssueTime>"
        "<cbc:DocumentTypeCode>386</cbc:DocumentTypeCode></cac:DocumentReference>"
        f"<cac:TaxTotal><cbc:TaxAmount {zero}</cbc:TaxAmount>"
        f"<cbc:RoundingAmount {zero}</cbc:RoundingAmount><cac:TaxSubtotal>"
        f'<cbc:TaxableAmount currencyID="{currency}">{_money(advance.taxable)}</cbc:TaxableAmount>'
        f'<cbc:TaxAmount currencyID="{currency}">{_money(advance.vat)}</cbc:TaxAmount>'
        f"<cac:TaxCategory>{category}</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>"
        "<cac:Item><cbc:Name>دفعة مقدمة | Advance payment</cbc:Name>"
        f"<cac:ClassifiedTaxCategory>{category}</cac:ClassifiedTaxCategory></cac:Item>"
        f"<cac:Price><cbc:PriceAmount {zero}</cbc:PriceAmount></cac:Price></cac:InvoiceLine>"
    )


def _both(arabic: str, english: str) -> str:
    """Arabic first, then English, as ZATCA's own samples write two languages into one field."""
    if arabic and english:
        return f"{arabic} | {english}"
    return arabic or english


def _text(tag: str, value: str) -> str:
    """An element, or nothing for an empty value: ZATCA refuses empty elements (BR-KSA-F-03)."""
    return f"<{tag}>{_escape(value)}</{tag}>" if value else ""


def _wrap(tag: str, content: str) -> str:
    return f"<{tag}>{content}</{tag}>" if content else ""


def _money(amount: Decimal) -> str:
    return f"{round_money(amount):f}"


def _price(price: Decimal) -> str:
    """At least two decimals, and as many more as the price has."""
    text = plain(price)
    return text if len(text.partition(".")[2]) > 2 else f"{price:.2f}"


def _escape(text: str) -> str:
    """Text as canonical XML writes it."""
    text = _FORBIDDEN.sub("", text).replace("&", "&amp;")
    return text.replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")


def _quote(text: str) -> str:
    """The same for the value of an attribute; codes only, so white space has no place in it."""
    return _escape("".join(text.split())).replace('"', "&quot;")
