"""From rows to the frozen document that VAT, XML, QR and print work on."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from babel import Locale

from alawael.core.sealing import opened
from alawael.invoicing.document import (
    Address,
    AdvanceInvoice,
    BankDetails,
    DocumentLine,
    InvoiceDocument,
    InvoiceType,
    Kind,
    NoteReason,
    OriginalInvoice,
    PartyDetails,
    VatCategory,
)
from alawael.invoicing.models import Invoice, InvoiceAdvance, InvoiceLine, IssuedDocument
from alawael.invoicing.printing.statement import Ageing, Movement, Statement
from alawael.invoicing.queries import StatementOfAccount
from alawael.parties import queries as parties
from alawael.parties.models import BankAccount, Company, Party

_ENGLISH, _ARABIC = Locale("en"), Locale("ar")
#: What people call the entries of a statement, by the kind of the journal entry.
_KIND_NAMES = {
    "invoice": ("Invoice", "فاتورة"),
    "credit_note": ("Credit note", "إشعار دائن"),
    "debit_note": ("Debit note", "إشعار مدين"),
    "advance": ("Advance payment", "دفعة مقدمة"),
    "bill": ("Your invoice", "فاتورتكم"),
    "supplier_note": ("Your credit note", "إشعاركم الدائن"),
    "receipt": ("Payment received", "دفعة مستلمة"),
    "payment": ("Payment", "دفعة مسددة"),
    "allocation": ("Exchange difference", "فرق عملة"),
    "refund": ("Refund", "رد مبلغ"),
    "bounce": ("Payment returned by the bank", "دفعة مرتجعة من البنك"),
    "write_off": ("Written off", "مبلغ مشطوب"),
    "reversal": ("Reversal", "قيد عكسي"),
}
_PRINTED_OF_ACCOUNT = ("bank_name", "holder", "bic")
#: Stands where a draft has no number or place in the chain yet.
UNNUMBERED = UUID(int=0)


def document_of(
    invoice: Invoice,
    lines: Iterable[InvoiceLine],
    *,
    seller: PartyDetails,
    buyer: PartyDetails,
    issued_at: datetime,
    previous_hash: str = "",
    advances: Iterable[InvoiceAdvance] = (),
) -> InvoiceDocument:
    """The document as it stands; numbers are blank until it is posted."""
    original = invoice.original
    return InvoiceDocument(
        kind=Kind(invoice.kind),
        type=InvoiceType(invoice.type),
        number=invoice.number or "",
        uuid=invoice.uuid or UNNUMBERED,
        counter=invoice.counter or 0,
        previous_hash=previous_hash,
        issued_at=issued_at,
        seller=seller,
        buyer=buyer,
        lines=tuple(_line(line) for line in lines),
        supplied_on=invoice.supplied_on,
        due_on=invoice.due_on,
        currency=invoice.currency,
        exchange_rate=invoice.exchange_rate,
        prices_include_vat=invoice.prices_include_vat,
        originals=(
            (OriginalInvoice(original.number or "", original.issued_on),) if original else ()
        ),
        advances=tuple(_advance(used) for used in advances),
        reason=NoteReason(invoice.reason) if invoice.reason else None,
        order_reference=invoice.reference,
        notes_en=invoice.notes_en,
        notes_ar=invoice.notes_ar,
        is_export=invoice.is_export,
    )


def issued_document_of(invoice: Invoice, issued: IssuedDocument) -> InvoiceDocument:
    """A posted document exactly as it left the house, to be printed again."""
    if invoice.issued_at is None:
        raise ValueError(f"{invoice.pk} was never issued.")
    document = document_of(
        invoice,
        invoice.lines.order_by("position"),
        seller=_thawed(issued.parties["seller"]),
        buyer=_thawed(issued.parties["buyer"]),
        issued_at=invoice.issued_at,
        previous_hash=issued.previous_hash,
        advances=invoice.advances.select_related("advance").order_by("id"),
    )
    return replace(document, pay_into=_account_to_pay(issued.parties.get("pay_into")))


def frozen_parties(document: InvoiceDocument, account: BankAccount | None) -> dict[str, Any]:
    """Seller, buyer and the account to pay into as JSON, for `issued_document_of`.

    The IBAN stays sealed in the account's own row: it never changes there.
    """
    frozen: dict[str, Any] = {"seller": asdict(document.seller), "buyer": asdict(document.buyer)}
    if account is not None:
        frozen["pay_into"] = {
            "account": str(account.pk),
            **{name: getattr(account, name) for name in _PRINTED_OF_ACCOUNT},
        }
    return frozen


def _account_to_pay(frozen: dict[str, Any] | None) -> BankDetails | None:
    if frozen is None:
        return None
    account = parties.bank_account(UUID(frozen["account"]))
    printed = {name: frozen[name] for name in _PRINTED_OF_ACCOUNT}
    return BankDetails(iban=opened(account, "iban"), **printed)


def _thawed(details: dict[str, Any]) -> PartyDetails:
    return PartyDetails(**{**details, "address": Address(**details["address"])})


def statement_of(
    account: StatementOfAccount, party: Party, company: Company, *, made_at: datetime
) -> Statement:
    """A statement of account as it is printed."""
    return Statement(
        company=details_of(company),
        customer=details_of(party),
        from_on=account.first,
        to_on=account.last,
        made_at=made_at,
        opening=account.opening,
        movements=tuple(
            Movement(
                line.on,
                line.number,
                *_KIND_NAMES.get(line.kind, (line.kind, line.kind)),
                line.debit,
                line.credit,
            )
            for line in account.lines
        ),
        ageing=Ageing(*account.buckets.values()),
    )


def details_of(party: Party | Company, *, in_full: bool = False) -> PartyDetails:
    """What a paper says of a trader. The number of a person stands in full on tax invoices alone,
    which must name it."""
    number = party.identification if in_full else party.other_id_shown
    return PartyDetails(
        name_en=party.name_en,
        name_ar=party.name_ar,
        vat_number=party.vat_number,
        other_id_scheme=party.other_id_scheme,
        other_id=number,
        address=_address(party),
        phone=party.phone,
        email=party.email,
    )


def _address(party: Party | Company) -> Address:
    return Address(
        building_no=party.building_number,
        street_en=party.street_en,
        street_ar=party.street_ar,
        district_en=party.district_en,
        district_ar=party.district_ar,
        city_en=party.city_en,
        city_ar=party.city_ar,
        postal_code=party.postal_code,
        additional_no=party.additional_number,
        country=party.country,
        country_name_en=_ENGLISH.territories.get(party.country, ""),
        country_name_ar=_ARABIC.territories.get(party.country, ""),
    )


def _advance(used: InvoiceAdvance) -> AdvanceInvoice:
    advance = used.advance
    if advance.issued_at is None:
        raise ValueError(f"{advance.pk} was never issued.")
    return AdvanceInvoice(
        number=advance.number or "",
        issued_at=advance.issued_at,
        taxable=used.taxable,
        vat=used.vat,
        uuid=advance.uuid,
        vat_category=VatCategory(used.category),
        vat_rate=used.rate,
    )


def _line(line: InvoiceLine) -> DocumentLine:
    return DocumentLine(
        quantity=line.quantity,
        unit_price=line.unit_price,
        name_en=line.name_en,
        name_ar=line.name_ar,
        sku=line.sku,
        unit_en=line.unit_en,
        unit_ar=line.unit_ar,
        discount=line.discount,
        vat_category=VatCategory(line.tax_category),
        vat_rate=line.tax_rate,
        exemption_code=line.exemption_code,
        exemption_text_en=line.exemption_reason_en,
        exemption_text_ar=line.exemption_reason_ar,
    )
