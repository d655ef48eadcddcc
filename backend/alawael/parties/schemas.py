from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Field

from alawael.accounts.models import Language
from alawael.core.schemas import Day, In, MoneyText, Out, Patch
from alawael.parties.models import EInvoicePhase, OtherIdScheme

Country = Annotated[str, Field(max_length=2, examples=["SA"], description="ISO 3166, two letters.")]
Currency = Annotated[
    str, Field(max_length=3, examples=["SAR"], description="ISO 4217, three letters.")
]
Scheme = Annotated[
    str,
    Field(
        max_length=3,
        examples=["CRN"],
        description=f"What `other_id` is: {', '.join(OtherIdScheme.values)}; empty without one.",
    ),
]


class IdentityIn(In):
    name_en: str = Field("", max_length=200, examples=["Anwar Trading"])
    name_ar: str = Field("", max_length=200, examples=["أنوار للتجارة"])
    vat_number: str = Field(
        "",
        max_length=30,
        examples=["300012345600003"],
        description="In Saudi Arabia 15 digits, the first and the last a 3.",
    )
    other_id_scheme: Scheme = ""
    other_id: str = Field("", max_length=60, examples=["1010123456"])
    building_number: str = Field("", max_length=20, examples=["7421"])
    street_en: str = Field("", max_length=200, examples=["King Fahd Road"])
    street_ar: str = Field("", max_length=200, examples=["طريق الملك فهد"])
    district_en: str = Field("", max_length=120, examples=["Al Olaya"])
    district_ar: str = Field("", max_length=120, examples=["العليا"])
    city_en: str = Field("", max_length=120, examples=["Riyadh"])
    city_ar: str = Field("", max_length=120, examples=["الرياض"])
    postal_code: str = Field("", max_length=20, examples=["12211"])
    additional_number: str = Field("", max_length=20, examples=["3288"])
    country: Country = "SA"
    email: str = Field("", max_length=254, examples=["info@anwar.example"])
    phone: str = Field("", max_length=40, examples=["+966 11 000 0000"])


class IdentityOut(Out):
    name_en: str
    name_ar: str
    vat_number: str
    other_id_scheme: str
    other_id: str
    building_number: str
    street_en: str
    street_ar: str
    district_en: str
    district_ar: str
    city_en: str
    city_ar: str
    postal_code: str
    additional_number: str
    country: str
    email: str
    phone: str


class CompanyIn(IdentityIn):
    """Our own company. The currency of the books is chosen once."""

    base_currency: Currency = "SAR"
    einvoice_phase: EInvoicePhase = EInvoicePhase.GENERATION
    einvoice_phase_from: Day | None = None
    time_zone: str = Field("Asia/Riyadh", max_length=60)


class CompanyPatch(Patch, IdentityIn):
    einvoice_phase: EInvoicePhase = EInvoicePhase.GENERATION
    einvoice_phase_from: Day | None = None
    time_zone: str = Field("Asia/Riyadh", max_length=60)


class CompanyOut(IdentityOut):
    id: UUID
    version: int
    base_currency: str
    einvoice_phase: int
    einvoice_phase_from: date | None
    time_zone: str


class PartyIn(IdentityIn):
    """A customer, a supplier or both. Left out, the code comes from the number series."""

    code: str = Field("", max_length=40, examples=["C-1042"])
    is_customer: bool = True
    is_supplier: bool = False
    is_business: bool = Field(
        True, description="A business gets standard tax invoices, a person simplified ones."
    )
    credit_limit: MoneyText | None = Field(
        None, description="How much it may owe us, in riyals; null means without limit."
    )
    payment_terms_days: int = Field(0, ge=0, le=3650, examples=[30])
    currency: Currency = "SAR"
    language: Language = Language.ARABIC
    is_active: bool = True
    salesperson_id: UUID | None = Field(
        None, description="Whose customer this is; who is limited to own customers sees no others."
    )
    notes: str = Field("", max_length=4000)


class PartyPatch(Patch, PartyIn):
    """Only what is sent changes."""


class PartyOut(IdentityOut):
    other_id: str = Field(
        alias="other_id_shown",
        description="The number of a person (NAT, GCC, IQA, PAS) only by its end.",
        examples=["•••• 3456"],
    )
    id: UUID
    version: int
    code: str
    is_customer: bool
    is_supplier: bool
    is_business: bool
    credit_limit: MoneyText | None
    payment_terms_days: int
    currency: str
    language: Language
    is_active: bool
    salesperson_id: UUID | None
    notes: str


class SalespersonOut(Out):
    id: UUID
    name_en: str
    name_ar: str
    is_active: bool


Bank = Annotated[str, Field("", max_length=120, examples=["Al Rajhi Bank"])]
Bic = Annotated[str, Field("", max_length=20, examples=["RJHISARI"])]


class BankAccountPatch(Patch):
    """Only what is sent changes. A new IBAN is a new bank account."""

    holder: str = Field("", max_length=200, description="Left out: the name of the party.")
    bank_name: Bank = ""
    bic: Bic = ""
    is_main: bool = Field(False, description="The one that is proposed first.")


class BankAccountIn(In):
    iban: str = Field(max_length=60, examples=["SA03 8000 0000 6080 1016 7519"])
    holder: str = Field("", max_length=200)
    bank_name: Bank = ""
    bic: Bic = ""
    is_main: bool = False


class BankAccountOut(Out):
    id: UUID
    version: int
    iban: str = Field(alias="masked_iban", description="Masked.", examples=["SA•••• 7519"])
    holder: str
    bank_name: str
    bic: str
    is_main: bool
    is_active: bool


class RevealedOut(Out):
    value: str = Field(description="In full. That you looked is on record.")
