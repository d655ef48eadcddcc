"""The cast on paper: Al-Amal Trading sells, Noor Gifts buys, Harbour & Sons buys from abroad."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from alawael.invoicing.document import (
    Address,
    DocumentLine,
    InvoiceDocument,
    InvoiceType,
    Kind,
    NoteReason,
    OriginalInvoice,
    PartyDetails,
    VatCategory,
)
from alawael.invoicing.einvoice import FIRST_PREVIOUS_HASH

AL_AMAL = PartyDetails(
    name_en="Al-Amal Trading Company",
    name_ar="شركة الأمل للتجارة",
    vat_number="300012345600003",
    other_id_scheme="CRN",
    other_id="1010123456",
    address=Address(
        building_no="8228",
        street_en="King Fahd Road",
        street_ar="طريق الملك فهد",
        district_en="Al Olaya",
        district_ar="العليا",
        city_en="Riyadh",
        city_ar="الرياض",
        postal_code="12214",
        additional_no="2121",
        country_name_en="Saudi Arabia",
        country_name_ar="المملكة العربية السعودية",
    ),
    phone="+966 11 400 0000",
    email="accounts@alamal.example",
)

NOOR = PartyDetails(
    name_en="Noor Gifts Establishment",
    name_ar="مؤسسة نور للهدايا",
    vat_number="310122393500003",
    other_id_scheme="CRN",
    other_id="4030987654",
    address=Address(
        building_no="3454",
        street_en="Palestine Street",
        street_ar="شارع فلسطين",
        district_en="Al Hamra",
        district_ar="الحمراء",
        city_en="Jeddah",
        city_ar="جدة",
        postal_code="23323",
        additional_no="6789",
        country_name_en="Saudi Arabia",
        country_name_ar="المملكة العربية السعودية",
    ),
)

HARBOUR = PartyDetails(
    name_en="Harbour & Sons <Imports> Ltd",
    address=Address(
        street_en="14 Quay Street",
        city_en="Bristol",
        country="GB",
        country_name_en="United Kingdom",
    ),
)

LAMP = DocumentLine(
    name_en="Ceramic table lamp",
    name_ar="مصباح طاولة خزفي",
    sku="LMP-101",
    quantity=Decimal(4),
    unit_en="piece",
    unit_ar="حبة",
    unit_price=Decimal("86.50"),
)

CANDLES = DocumentLine(
    name_en="Box of twelve candles",
    name_ar="علبة من اثنتي عشرة شمعة",
    sku="CND-012",
    quantity=Decimal("12.5"),
    unit_en="box",
    unit_ar="علبة",
    unit_price=Decimal("13.333333"),
    discount=Decimal("6.67"),
)

EXPORTED_LAMP = replace(
    LAMP,
    vat_category=VatCategory.ZERO_RATED,
    vat_rate=Decimal(0),
    exemption_code="VATEX-SA-32",
    exemption_text_en="Export of goods",
    exemption_text_ar="صادرات السلع من المملكة",
)

ISSUED = datetime(2026, 5, 13, 15, 30, tzinfo=UTC)


def a_document(*lines: DocumentLine, **changes: object) -> InvoiceDocument:
    document = InvoiceDocument(
        kind=Kind.INVOICE,
        type=InvoiceType.STANDARD,
        number="INV-2026-00042",
        uuid=UUID("0196c9a8-7f00-7000-8000-000000000042"),
        counter=42,
        previous_hash=FIRST_PREVIOUS_HASH,
        issued_at=ISSUED,
        supplied_on=date(2026, 5, 12),
        due_on=date(2026, 6, 12),
        seller=AL_AMAL,
        buyer=NOOR,
        lines=lines or (LAMP, CANDLES),
        payment_terms_en="Net 30 days",
        payment_terms_ar="خلال 30 يومًا",
    )
    return replace(document, **changes)  # type: ignore[arg-type]


def a_simplified_invoice(*lines: DocumentLine, **changes: object) -> InvoiceDocument:
    return a_document(
        *lines,
        **{
            "type": InvoiceType.SIMPLIFIED,
            "buyer": PartyDetails(),
            "due_on": None,
            "payment_terms_en": "",
            "payment_terms_ar": "",
            **changes,
        },
    )


def a_credit_note(*lines: DocumentLine, **changes: object) -> InvoiceDocument:
    return a_document(
        *lines,
        **{
            "kind": Kind.CREDIT_NOTE,
            "number": "CN-2026-00007",
            "originals": (OriginalInvoice("INV-2026-00042", date(2026, 5, 13)),),
            "reason": NoteReason.REFUNDED,
            "due_on": None,
            **changes,
        },
    )


def an_export(*lines: DocumentLine, **changes: object) -> InvoiceDocument:
    return a_document(
        *(lines or (EXPORTED_LAMP,)),
        **{
            "buyer": HARBOUR,
            "currency": "EUR",
            "exchange_rate": Decimal("4.062500"),
            "is_export": True,
            **changes,
        },
    )
