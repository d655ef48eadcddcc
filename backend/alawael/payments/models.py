from decimal import Decimal

from django.db import models
from django.db.models import Q

from alawael.core.fields import MoneyField, QuantityField, Record
from alawael.core.money import ZERO
from alawael.core.sealing import SealedField, opened
from alawael.invoicing.document import RIYAL
from alawael.parties.iban import masked_iban
from alawael.parties.models import IBAN


class PaymentKind(models.TextChoices):
    #: Money that came in.
    RECEIPT = "receipt"
    #: Money that went out.
    PAYMENT = "payment"


class PaymentSide(models.TextChoices):
    """In which of its roles the party pays or is paid; what is left over waits there."""

    CUSTOMER = "customer"
    SUPPLIER = "supplier"


class PaymentState(models.TextChoices):
    DRAFT = "draft"
    POSTED = "posted"
    #: The bank gave it back: a cheque without cover, a direct debit that was refused.
    BOUNCED = "bounced"
    REVERSED = "reversed"
    #: A draft that was thrown away; it never had a number.
    VOID = "void"


class PaymentMethod(models.TextChoices):
    CASH = "cash"
    BANK_TRANSFER = "bank_transfer"
    CARD = "card"
    CHEQUE = "cheque"
    DIRECT_DEBIT = "direct_debit"


#: What a bank can give back after it was booked.
BOUNCING = frozenset({PaymentMethod.CHEQUE, PaymentMethod.DIRECT_DEBIT})


class Payment(Record):
    """Money received or paid. Once posted it is only ever allocated, refunded or taken back."""

    asked_by = ("refunds_id",)

    kind = models.CharField(max_length=8, choices=PaymentKind)
    side = models.CharField(max_length=8, choices=PaymentSide)
    state = models.CharField(max_length=8, choices=PaymentState, default=PaymentState.DRAFT)
    method = models.CharField(max_length=14, choices=PaymentMethod)
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    party_name_en = models.CharField(max_length=200, default="")
    party_name_ar = models.CharField(max_length=200, default="")
    #: The account of the party that it is sent to.
    bank_account = models.ForeignKey(
        "parties.BankAccount", on_delete=models.PROTECT, null=True, related_name="+"
    )
    #: The bank or cash account that it went into or came from.
    account = models.ForeignKey("ledger.Account", on_delete=models.PROTECT, related_name="+")
    #: Given at posting.
    number = models.CharField(max_length=40, null=True, unique=True)
    paid_on = models.DateField()

    currency = models.CharField(max_length=3, default=RIYAL)
    #: Riyals for one unit of the currency.
    exchange_rate = QuantityField(default=Decimal(1))
    amount = MoneyField()
    amount_base = MoneyField(default=ZERO)
    #: How much of `amount` answers documents or was refunded, by compare-and-set.
    used = MoneyField(default=ZERO)
    used_base = MoneyField(default=ZERO)
    #: The part of `used` that was given back.
    refunded = MoneyField(default=ZERO)

    #: An advance for supplies to come, with a tax invoice of its own, which says what is left.
    advance = models.OneToOneField(
        "invoicing.Invoice", on_delete=models.PROTECT, null=True, related_name="+"
    )
    #: The receipt (or payment) that this one gives back.
    refunds = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="refunded_by"
    )
    #: A cheque received lies in the drawer until then.
    cleared_on = models.DateField(null=True)
    #: A line of a bank statement says the same.
    is_matched = models.BooleanField(default=False)

    #: The number of the cheque or transfer.
    reference = models.CharField(max_length=120, default="")
    notes = models.TextField(default="")
    #: Why it bounced or was reversed.
    reason = models.CharField(max_length=300, default="")
    entry = models.ForeignKey(
        "ledger.JournalEntry", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    posted_at = models.DateTimeField(null=True)
    posted_by = models.UUIDField(null=True)
    search_text = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["paid_on", "id"], name="payments_by_day"),
            models.Index(fields=["amount_base", "id"], name="payments_by_amount"),
            models.Index(fields=["party_name_en", "id"], name="payments_by_party_name"),
            models.Index(fields=["party", "paid_on"], name="payments_of_a_party"),
            models.Index(fields=["state", "is_matched", "amount"], name="payments_to_match"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="posted") | Q(number__isnull=False),
                name="posted_payments_are_numbered",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_are_above_zero"),
        ]

    @property
    def is_draft(self) -> bool:
        return self.state == PaymentState.DRAFT

    @property
    def is_posted(self) -> bool:
        return self.state == PaymentState.POSTED

    @property
    def is_receipt(self) -> bool:
        return self.kind == PaymentKind.RECEIPT

    @property
    def is_advance(self) -> bool:
        return self.advance_id is not None

    @property
    def unallocated(self) -> Decimal:
        """What answers nothing yet, in the payment's currency; 0 unless posted."""
        left: Decimal = self.amount - self.used
        return left if self.is_posted else ZERO

    @property
    def allocation_state(self) -> str:
        if not self.used:
            return "none"
        return "full" if self.used >= self.amount else "part"


class Allocation(Record):
    """How much of a payment answers one invoice or bill."""

    asked_by = ("bill_id", "invoice_id", "payment_id")

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="allocations")
    invoice = models.ForeignKey(
        "invoicing.Invoice", on_delete=models.PROTECT, null=True, related_name="allocations"
    )
    bill = models.ForeignKey(
        "invoicing.Bill", on_delete=models.PROTECT, null=True, related_name="allocations"
    )
    amount = MoneyField()
    #: In riyals, at the document's rate and at the payment's; what differs is a gain or loss.
    document_base = MoneyField()
    payment_base = MoneyField()
    is_active = models.BooleanField(default=True)
    allocated_on = models.DateField()
    removed_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    created_by = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["payment", "is_active"], name="allocations_of_a_payment"),
            models.Index(fields=["invoice", "is_active"], name="allocations_to_an_invoice"),
            models.Index(fields=["bill", "is_active"], name="allocations_to_a_bill"),
        ]


class StatementFormat(models.TextChoices):
    CSV = "csv"
    CAMT053 = "camt053"
    MT940 = "mt940"


class BankStatement(Record):
    """What a bank says happened on an account. The same file is taken in once."""

    account = models.ForeignKey("ledger.Account", on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=8, choices=StatementFormat)
    file_name = models.CharField(max_length=200, default="")
    #: SHA-256 of the file, with the account.
    file_key = models.CharField(max_length=120, unique=True)
    #: The bank's own name for it.
    reference = models.CharField(max_length=120, default="")
    currency = models.CharField(max_length=3, default=RIYAL)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    opening = MoneyField(null=True)
    closing = MoneyField(null=True)
    created_at = models.DateTimeField()
    created_by = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["ends_on", "id"], name="bank_statements_by_day")]


class ChargeKind(models.TextChoices):
    #: What the bank asks for its services; money that it gives back lessens it.
    FEE = "fee"
    #: What the bank pays for money that lies there (or asks for what it lent).
    INTEREST = "interest"


class BankCharge(Record):
    """What a bank took or gave by itself, booked from its statement without a party.

    It is never removed: what was booked by mistake is taken back by a mirror entry.
    """

    kind = models.CharField(max_length=8, choices=ChargeKind)
    line = models.ForeignKey("payments.BankLine", on_delete=models.PROTECT, related_name="charges")
    #: Where the cost or the income went.
    account = models.ForeignKey("ledger.Account", on_delete=models.PROTECT, related_name="+")
    #: In riyals; above zero the bank took it, below zero it gave it.
    net = MoneyField()
    vat = MoneyField(default=ZERO)
    booked_on = models.DateField()
    taken_back_on = models.DateField(null=True)
    entry = models.ForeignKey("ledger.JournalEntry", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["booked_on", "id"], name="bank_charges_by_day"),
            models.Index(fields=["taken_back_on", "id"], name="bank_charges_taken_back"),
        ]


class BankLine(Record):
    """One movement on a bank statement."""

    asked_by = ("payment_id",)

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    #: The statement's account, day, amount, reference and place among its twins, so that a line of
    #: an overlapping statement is taken in once.
    key = models.CharField(max_length=120, unique=True)
    position = models.PositiveIntegerField()
    booked_on = models.DateField()
    #: Above zero came in, below zero went out.
    amount = MoneyField()
    reference = models.CharField(max_length=200, default="")
    text = models.CharField(max_length=500, default="")
    #: IBANs that the bank wrote into reference, text or this are masked there.
    counterparty = models.CharField(max_length=200, default="")
    counterparty_iban = SealedField(kind=IBAN, default="", db_default="")
    payment = models.OneToOneField(
        Payment, on_delete=models.PROTECT, null=True, related_name="bank_line"
    )
    #: What it was booked as when it is no payment of a party.
    charge = models.OneToOneField(BankCharge, on_delete=models.PROTECT, null=True, related_name="+")
    search_text = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["statement", "position"], name="lines_of_a_bank_statement"),
            models.Index(fields=["booked_on", "id"], name="bank_lines_by_day"),
        ]

    @property
    def masked_iban(self) -> str:
        return masked_iban(opened(self, "counterparty_iban"))

    @property
    def is_matched(self) -> bool:
        """Whether the books have what it tells of."""
        return self.payment_id is not None or self.charge_id is not None
