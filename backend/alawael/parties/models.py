from django.db import models
from django.db.models import Q

from alawael.accounts.models import Language, User
from alawael.core.fields import MoneyField, Record
from alawael.core.sealing import BlindIndexField, SealedField, opened
from alawael.parties.iban import masked_iban, masked_number

RIYAL = "SAR"
SAUDI_ARABIA = "SA"
BUSINESS_ZONE = "Asia/Riyadh"


class OtherIdScheme(models.TextChoices):
    """What kind of number identifies somebody besides the VAT number, in ZATCA's codes."""

    COMMERCIAL_REGISTRATION = "CRN"
    MUNICIPALITY_LICENCE = "MOM"
    LABOUR_MINISTRY_LICENCE = "MLS"
    UNIFIED_NUMBER = "700"
    INVESTMENT_LICENCE = "SAG"
    OTHER = "OTH"
    TAX_NUMBER = "TIN"
    NATIONAL_ID = "NAT"
    GCC_ID = "GCC"
    RESIDENCE_PERMIT = "IQA"
    PASSPORT = "PAS"


#: Numbers of a person rather than of a business: sealed, and shown by their end.
PERSONAL_SCHEMES = frozenset({"NAT", "GCC", "IQA", "PAS"})
#: Bank accounts of whoever it may be are found by one index.
IBAN = "iban"

#: What a seller may identify itself by; the others are for buyers.
SELLER_SCHEMES = frozenset({"CRN", "MOM", "MLS", "700", "SAG", "OTH"})


class EInvoicePhase(models.IntegerChoices):
    """How far ZATCA's e-invoicing binds us: documents with a QR code, or also reported."""

    GENERATION = 1
    INTEGRATION = 2


class Identity(models.Model):
    """What the law wants to know of a trader: names, numbers and the national address."""

    name_en = models.CharField(max_length=200, default="")
    name_ar = models.CharField(max_length=200, default="")
    vat_number = models.CharField(max_length=30, default="")
    other_id_scheme = models.CharField(max_length=3, choices=OtherIdScheme, default="")
    other_id = models.CharField(max_length=60, default="")

    building_number = models.CharField(max_length=20, default="")
    street_en = models.CharField(max_length=200, default="")
    street_ar = models.CharField(max_length=200, default="")
    district_en = models.CharField(max_length=120, default="")
    district_ar = models.CharField(max_length=120, default="")
    city_en = models.CharField(max_length=120, default="")
    city_ar = models.CharField(max_length=120, default="")
    postal_code = models.CharField(max_length=20, default="")
    additional_number = models.CharField(max_length=20, default="")
    #: ISO 3166, two letters.
    country = models.CharField(max_length=2, default=SAUDI_ARABIA)

    email = models.CharField(max_length=254, default="")
    phone = models.CharField(max_length=40, default="")

    class Meta:
        abstract = True

    @property
    def is_saudi(self) -> bool:
        return self.country == SAUDI_ARABIA

    @property
    def identification(self) -> str:
        """The number that `other_id_scheme` is the kind of, in full."""
        return self.other_id

    @property
    def other_id_shown(self) -> str:
        """The number as lists and papers show it: a person's only by its end."""
        return self.other_id


class Company(Record, Identity):
    """Our own company: the seller on every invoice, the owner of the books."""

    #: Which company it is, once there are several.
    code = models.CharField(max_length=20, unique=True)
    base_currency = models.CharField(max_length=3, default=RIYAL)
    einvoice_phase = models.PositiveSmallIntegerField(
        choices=EInvoicePhase, default=EInvoicePhase.GENERATION
    )
    #: The day from which the phase binds us; null until ZATCA has named one.
    einvoice_phase_from = models.DateField(null=True)
    time_zone = models.CharField(max_length=60, default=BUSINESS_ZONE)


class Party(Record, Identity):
    """Somebody we trade with, as customer, as supplier or as both."""

    code = models.CharField(max_length=40)
    #: The code as it is compared, so that "c-7" and "C-7" are one.
    code_folded = models.CharField(max_length=80, unique=True)
    is_customer = models.BooleanField(default=True)
    is_supplier = models.BooleanField(default=False)
    #: A business gets standard tax invoices, a private person simplified ones (Article 53).
    is_business = models.BooleanField(default=True)
    #: How much it may owe us, in riyals; null means without limit.
    credit_limit = MoneyField(null=True)
    payment_terms_days = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3, default=RIYAL)
    language = models.CharField(max_length=2, choices=Language, default=Language.ARABIC)
    is_active = models.BooleanField(default=True)
    #: Whose customer this is: who is limited to own customers sees no others.
    salesperson = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    notes = models.TextField(default="")
    #: What would stand in `other_id`, when its scheme is one of PERSONAL_SCHEMES.
    personal_id = SealedField(index="personal_id_index", default="", db_default="")
    personal_id_index = BlindIndexField(default="", db_default="")
    search_text = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_customer=True) | Q(is_supplier=True),
                name="parties_buy_or_sell",
            ),
        ]
        indexes = [
            models.Index(fields=["name_en", "id"], name="parties_by_english_name"),
            models.Index(fields=["name_ar", "id"], name="parties_by_arabic_name"),
            models.Index(fields=["vat_number"], name="parties_by_vat_number"),
        ]

    @property
    def identification(self) -> str:
        return opened(self, "personal_id") or self.other_id

    @property
    def other_id_shown(self) -> str:
        return masked_number(opened(self, "personal_id")) or self.other_id


class BankAccount(Record):
    """A bank account of a party, or our own where `party` is null.

    Its IBAN never changes, because payments name the account: a new IBAN is a new account.
    """

    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, related_name="bank_accounts"
    )
    iban = SealedField(index="iban_index", kind=IBAN)
    iban_index = BlindIndexField()
    holder = models.CharField(max_length=200, default="")
    bank_name = models.CharField(max_length=120, default="")
    bic = models.CharField(max_length=11, default="")
    #: The one that is proposed first.
    is_main = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["party", "is_active"], name="bank_accounts_of_a_party"),
            models.Index(fields=["iban_index"], name="bank_accounts_by_iban"),
        ]

    @property
    def masked_iban(self) -> str:
        return masked_iban(opened(self, "iban"))
