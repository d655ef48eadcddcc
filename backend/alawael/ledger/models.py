from decimal import Decimal

from django.db import models
from django.db.models import Q

from alawael.core.append_only import AppendOnly, AppendOnlyManager
from alawael.core.fields import MoneyField, Record
from alawael.core.money import ZERO
from alawael.parties.models import Party


class AccountType(models.TextChoices):
    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    REVENUE = "revenue"
    EXPENSE = "expense"


class LedgerRole(models.TextChoices):
    """What the program's own postings call an account; the company decides which one it is."""

    CASH = "CASH"
    BANK = "BANK"
    AR = "AR"
    INVENTORY = "INVENTORY"
    IN_TRANSIT = "IN_TRANSIT"
    SUPPLIER_ADVANCES = "SUPPLIER_ADVANCES"
    INPUT_VAT = "INPUT_VAT"
    AP = "AP"
    GRNI = "GRNI"
    CUSTOMER_ADVANCES = "CUSTOMER_ADVANCES"
    OUTPUT_VAT = "OUTPUT_VAT"
    OPENING_BALANCE = "OPENING_BALANCE"
    RETAINED_EARNINGS = "RETAINED_EARNINGS"
    REVENUE = "REVENUE"
    SALES_RETURNS = "SALES_RETURNS"
    COGS = "COGS"
    GOODS_DELIVERED_NOT_INVOICED = "GOODS_DELIVERED_NOT_INVOICED"
    PRICE_VARIANCE = "PRICE_VARIANCE"
    ADJUSTMENT = "ADJUSTMENT"
    WRITE_OFF = "WRITE_OFF"
    ROUNDING = "ROUNDING"
    FX_GAIN_LOSS = "FX_GAIN_LOSS"
    CHEQUES_IN_HAND = "CHEQUES_IN_HAND"
    LANDED_COST = "LANDED_COST"
    BANK_CHARGES = "BANK_CHARGES"
    BANK_INTEREST = "BANK_INTEREST"


#: Kept by documents alone, so that what it shows always equals what they leave open.
CONTROL_ROLES = frozenset(
    {
        LedgerRole.AR,
        LedgerRole.AP,
        LedgerRole.INVENTORY,
        LedgerRole.IN_TRANSIT,
        LedgerRole.GRNI,
        LedgerRole.CUSTOMER_ADVANCES,
        LedgerRole.SUPPLIER_ADVANCES,
    }
)


class PeriodState(models.TextChoices):
    OPEN = "open"
    #: Nothing is posted into it, until it is opened again.
    CLOSED = "closed"
    #: Closed for good, for instance after the VAT return was filed.
    LOCKED = "locked"


class EntryKind(models.TextChoices):
    MANUAL = "manual"
    OPENING = "opening"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    REVERSAL = "reversal"


class Account(Record):
    """One account of the chart. Groups only add up; entries name accounts that are no groups."""

    code = models.CharField(max_length=20, unique=True)
    name_en = models.CharField(max_length=120, default="")
    name_ar = models.CharField(max_length=120, default="")
    type = models.CharField(max_length=10, choices=AccountType)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    is_group = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    #: Every line names its party, so the account always equals the sum of its parties.
    needs_party = models.BooleanField(default=False)
    #: The only foreign currency that lines may carry; null takes any.
    currency = models.CharField(max_length=3, null=True)
    search_text = models.TextField(default="")

    @property
    def takes_lines(self) -> bool:
        return self.is_active and not self.is_group

    @property
    def is_of_balance_sheet(self) -> bool:
        return self.type in (AccountType.ASSET, AccountType.LIABILITY, AccountType.EQUITY)


class AccountRole(Record):
    """Which account the program's postings use for a role."""

    role = models.CharField(max_length=40, choices=LedgerRole, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="roles")


class FiscalYear(Record):
    """Twelve months of books, named after the calendar year in which they begin."""

    year = models.PositiveIntegerField(unique=True)
    starts_on = models.DateField(unique=True)
    ends_on = models.DateField(unique=True)


class Period(Record):
    """A month that is open for posting, closed, or locked for good."""

    fiscal_year = models.ForeignKey(FiscalYear, on_delete=models.PROTECT, related_name="periods")
    number = models.PositiveSmallIntegerField()
    starts_on = models.DateField(unique=True)
    ends_on = models.DateField(unique=True)
    state = models.CharField(max_length=10, choices=PeriodState, default=PeriodState.OPEN)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fiscal_year", "number"], name="period_once_per_year")
        ]

    @property
    def is_open(self) -> bool:
        return self.state == PeriodState.OPEN

    @property
    def name(self) -> str:
        return f"{self.starts_on:%Y-%m}"


class JournalEntry(AppendOnly):
    """Debits that equal credits. Never changed: a wrong entry is answered by its reversal."""

    asked_by = ("source_id",)

    number = models.PositiveBigIntegerField(unique=True)
    date = models.DateField()
    memo = models.CharField(max_length=300, default="")
    #: `EntryKind`, or the kind of a document that a domain above brings.
    kind = models.CharField(max_length=30)
    #: The document that was posted, as in the audit trail ("invoicing.invoice").
    source_type = models.CharField(max_length=60, default="")
    source_id = models.UUIDField(null=True)
    source_number = models.CharField(max_length=60, default="")
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversed_by"
    )
    #: Sum of the debits, in riyals.
    total = MoneyField()
    posted_at = models.DateTimeField()
    posted_by = models.UUIDField()
    posted_by_name = models.CharField(max_length=200)
    search_text = models.TextField(default="")

    objects = AppendOnlyManager["JournalEntry"]()

    class Meta(AppendOnly.Meta):
        indexes = [
            models.Index(fields=["date", "number"], name="entries_by_day"),
            models.Index(fields=["kind", "number"], name="entries_by_kind"),
            models.Index(fields=["source_type", "source_id"], name="entries_of_a_document"),
        ]

    @property
    def is_of_a_document(self) -> bool:
        return self.source_id is not None


class JournalLine(AppendOnly):
    """One side of an entry. `date` and `place` repeat the entry, so that reports read one index."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lines")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="+")
    date = models.DateField()
    #: Where the line stands in the whole journal: the entry's number, then the line's position.
    place = models.PositiveBigIntegerField(unique=True)
    debit = MoneyField(default=ZERO)
    credit = MoneyField(default=ZERO)
    memo = models.CharField(max_length=300, default="")
    #: What was agreed on, when that was not in riyals; signed like debit minus credit.
    currency = models.CharField(max_length=3, null=True)
    amount_currency = MoneyField(null=True)

    objects = AppendOnlyManager["JournalLine"]()

    class Meta(AppendOnly.Meta):
        indexes = [
            # Covers the sums of every report, so that none of them reads the rows themselves.
            models.Index(fields=["account", "date", "debit", "credit"], name="lines_summed"),
            models.Index(fields=["account", "date", "place"], name="lines_of_an_account"),
            models.Index(fields=["party", "date", "place"], name="lines_of_a_party"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0),
                name="line_is_either_debit_or_credit",
            )
        ]

    @property
    def amount(self) -> Decimal:
        """Debit minus credit."""
        amount: Decimal = self.debit - self.credit
        return amount
