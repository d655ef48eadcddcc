"""What stands on an invoice or note, complete and frozen: the input of VAT, QR, XML and print."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

RIYAL = "SAR"
ZERO = Decimal(0)


class Kind(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    DEBIT_NOTE = "debit_note"
    ADVANCE = "advance"


class InvoiceType(StrEnum):
    STANDARD = "standard"
    SIMPLIFIED = "simplified"


class VatCategory(StrEnum):
    """UN/ECE 5305 codes, as ZATCA uses them."""

    STANDARD = "S"
    ZERO_RATED = "Z"
    EXEMPT = "E"
    OUT_OF_SCOPE = "O"


class NoteReason(StrEnum):
    """The five reasons for a credit or debit note (VAT regulations, Articles 40 and 54)."""

    CANCELLED = "cancelled"
    SUPPLY_CHANGED = "supply_changed"
    VALUE_AMENDED = "value_amended"
    REFUNDED = "refunded"
    DETAILS_CHANGED = "details_changed"

    @property
    def text_en(self) -> str:
        return _REASONS[self][0]

    @property
    def text_ar(self) -> str:
        return _REASONS[self][1]


_REASONS = {
    NoteReason.CANCELLED: (
        "Cancellation or suspension of the supply after it occurred, wholly or in part",
        "إلغاء أو وقف التوريد بعد حدوثه كليًا أو جزئيًا",
    ),
    NoteReason.SUPPLY_CHANGED: (
        "Essential change or amendment of the supply which changes the VAT due",
        "تغيير أو تعديل جوهري في التوريد يؤدي إلى تغيير الضريبة المستحقة",
    ),
    NoteReason.VALUE_AMENDED: (
        "Amendment of the value of the supply agreed between supplier and customer",
        "تعديل قيمة التوريد المتفق عليها بين المورد والعميل",
    ),
    NoteReason.REFUNDED: (
        "Goods or services refunded",
        "استرجاع السلع أو الخدمات",
    ),
    NoteReason.DETAILS_CHANGED: (
        "Change in the seller's or the buyer's information",
        "تغيير في معلومات البائع أو المشتري",
    ),
}


@dataclass(frozen=True, slots=True)
class Address:
    """A Saudi national address; abroad only street, city and country are expected."""

    building_no: str = ""
    street_en: str = ""
    street_ar: str = ""
    district_en: str = ""
    district_ar: str = ""
    city_en: str = ""
    city_ar: str = ""
    postal_code: str = ""
    additional_no: str = ""
    country: str = "SA"
    country_name_en: str = ""
    country_name_ar: str = ""


@dataclass(frozen=True, slots=True)
class PartyDetails:
    name_en: str = ""
    name_ar: str = ""
    vat_number: str = ""
    other_id_scheme: str = ""  # CRN, MOM, MLS, 700, SAG, OTH; buyers also TIN, NAT, GCC, IQA, PAS
    other_id: str = ""
    address: Address = Address()
    phone: str = ""
    email: str = ""

    @property
    def legal_name(self) -> str:
        """The name on the QR and in the XML: Arabic where there is one."""
        return (self.name_ar or self.name_en).strip()


@dataclass(frozen=True, slots=True)
class BankDetails:
    """The account of the seller's that a paper asks to be paid into."""

    iban: str
    bank_name: str = ""
    #: In whose name it is; the seller's when it is left out.
    holder: str = ""
    bic: str = ""


@dataclass(frozen=True, slots=True)
class DocumentLine:
    quantity: Decimal
    unit_price: Decimal  # up to 6 decimals; includes VAT when the document's prices do
    name_en: str = ""
    name_ar: str = ""
    sku: str = ""
    unit_en: str = ""
    unit_ar: str = ""
    unit_code: str = "PCE"  # UN/ECE Recommendation 20
    discount: Decimal = ZERO  # an amount for the whole line, on the same basis as the price
    vat_category: VatCategory = VatCategory.STANDARD
    vat_rate: Decimal = Decimal(15)
    exemption_code: str = ""
    exemption_text_en: str = ""
    exemption_text_ar: str = ""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A discount or charge on the whole document, on the part taxed in one way; without VAT."""

    amount: Decimal
    is_charge: bool = False
    reason_en: str = ""
    reason_ar: str = ""
    reason_code: str = ""  # UNTDID 5189 for discounts, 7161 for charges
    vat_category: VatCategory = VatCategory.STANDARD
    vat_rate: Decimal = Decimal(15)


@dataclass(frozen=True, slots=True)
class OriginalInvoice:
    """The invoice that a note corrects."""

    number: str
    issued_on: date | None = None


@dataclass(frozen=True, slots=True)
class AdvanceInvoice:
    """Money already invoiced before the supply, which this invoice takes off what is due."""

    number: str
    issued_at: datetime
    taxable: Decimal
    vat: Decimal
    uuid: UUID | None = None
    vat_category: VatCategory = VatCategory.STANDARD
    vat_rate: Decimal = Decimal(15)


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """Figures are positive on every kind: a credit note's direction is its kind."""

    kind: Kind
    type: InvoiceType
    number: str
    uuid: UUID
    counter: int  # ICV: never reset, never reused
    previous_hash: str
    issued_at: datetime
    seller: PartyDetails
    lines: tuple[DocumentLine, ...]
    buyer: PartyDetails = PartyDetails()
    supplied_on: date | None = None
    supply_ended_on: date | None = None
    due_on: date | None = None
    currency: str = RIYAL
    exchange_rate: Decimal = Decimal(1)  # riyals for one unit of the currency
    prices_include_vat: bool = False
    adjustments: tuple[Adjustment, ...] = ()
    advances: tuple[AdvanceInvoice, ...] = ()
    originals: tuple[OriginalInvoice, ...] = ()
    reason: NoteReason | None = None
    payment_terms_en: str = ""
    payment_terms_ar: str = ""
    payment_means: str = ""  # UNTDID 4461: 10 cash, 30 credit, 42 bank account, 48 card, 1 other
    iban: str = ""
    pay_into: BankDetails | None = None
    order_reference: str = ""
    notes_en: str = ""
    notes_ar: str = ""
    is_third_party: bool = False
    is_nominal: bool = False
    is_export: bool = False
    is_summary: bool = False
    is_self_billed: bool = False

    def __post_init__(self) -> None:
        if self.issued_at.tzinfo is None:
            raise ValueError("The moment of issue needs its time zone.")
        if self.currency == RIYAL and self.exchange_rate != 1:
            raise ValueError("A riyal is worth one riyal.")
        if self.exchange_rate <= 0:
            raise ValueError("The exchange rate must be above zero.")

    @property
    def is_note(self) -> bool:
        return self.kind in (Kind.CREDIT_NOTE, Kind.DEBIT_NOTE)

    @property
    def issued_at_utc(self) -> datetime:
        return self.issued_at.astimezone(UTC)
