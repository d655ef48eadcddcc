from decimal import Decimal

from django.db import models
from django.db.models import Q

from alawael.core.fields import MoneyField, QuantityField, Record, Row
from alawael.core.money import ZERO
from alawael.invoicing.document import RIYAL, InvoiceType, Kind, NoteReason, VatCategory


class InvoiceState(models.TextChoices):
    DRAFT = "draft"
    POSTED = "posted"
    #: A draft that was thrown away; it never had a number.
    VOID = "void"


class EInvoiceState(models.TextChoices):
    """Where a posted document stands with the tax authority (phase 2 moves it on)."""

    NOT_REQUIRED = "not_required"
    PENDING = "pending"


def _choices(enum: type[Kind | InvoiceType | NoteReason | VatCategory]) -> list[tuple[str, str]]:
    return [(member.value, member.value) for member in enum]


class Invoice(Record):
    """A customer invoice or note. Once posted, nothing that the law prints ever changes."""

    asked_by = ("customer_id", "original_id", "source_id")

    kind = models.CharField(max_length=12, choices=_choices(Kind), default=Kind.INVOICE)
    type = models.CharField(max_length=12, choices=_choices(InvoiceType))
    state = models.CharField(max_length=8, choices=InvoiceState, default=InvoiceState.DRAFT)
    einvoice_state = models.CharField(
        max_length=16, choices=EInvoiceState, default=EInvoiceState.NOT_REQUIRED
    )
    customer = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    customer_name_en = models.CharField(max_length=200, default="")
    customer_name_ar = models.CharField(max_length=200, default="")

    #: Given at posting: the legal number, the counter (ICV) and the issue moment.
    number = models.CharField(max_length=40, null=True, unique=True)
    counter = models.PositiveBigIntegerField(null=True, unique=True)
    uuid = models.UUIDField(null=True)
    issued_at = models.DateTimeField(null=True)
    #: The business day of `issued_at`; the day a draft was made until then.
    issued_on = models.DateField()
    supplied_on = models.DateField(null=True)
    due_on = models.DateField()

    currency = models.CharField(max_length=3, default=RIYAL)
    #: Riyals for one unit of the currency.
    exchange_rate = QuantityField(default=Decimal(1))
    prices_include_vat = models.BooleanField(default=False)
    is_export = models.BooleanField(default=False)
    #: Issued by an earlier system and taken over: its moment is the original one.
    is_imported = models.BooleanField(default=False)
    #: The number it had elsewhere.
    external_number = models.CharField(max_length=60, null=True, unique=True)
    reference = models.CharField(max_length=120, default="")
    notes_en = models.TextField(default="")
    notes_ar = models.TextField(default="")

    original = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections"
    )
    reason = models.CharField(max_length=20, choices=_choices(NoteReason), default="")

    #: In the document's currency, positive on every kind.
    net = MoneyField(default=ZERO)
    vat = MoneyField(default=ZERO)
    total = MoneyField(default=ZERO)
    rounding = MoneyField(default=ZERO)
    #: Without VAT, and what the ledger got as receivable; both in riyals.
    net_base = MoneyField(default=ZERO)
    total_base = MoneyField(default=ZERO)
    #: How much of `total` has been answered by notes (and later payments), by compare-and-set.
    settled = MoneyField(default=ZERO)
    settled_base = MoneyField(default=ZERO)
    #: How much of `total` credit notes have taken back, by compare-and-set.
    credited = MoneyField(default=ZERO)
    #: What advance invoices have already charged, taken off what is to be paid.
    prepaid = MoneyField(default=ZERO, db_default=0)
    prepaid_base = MoneyField(default=ZERO, db_default=0)
    prepaid_vat_base = MoneyField(default=ZERO, db_default=0)
    #: An advance, or a note that gives one back: money for a promise, no sale yet.
    is_of_advance = models.BooleanField(default=False, db_default=False)
    #: Of an advance: how much of `total` invoices have used up or notes given back, by
    #: compare-and-set, and what is left of `net` in riyals on the advances account.
    consumed = MoneyField(default=ZERO, db_default=0)
    advance_base = MoneyField(default=ZERO, db_default=0)

    #: The document it was made from, as in the audit trail ("sales.salesorder").
    source_type = models.CharField(max_length=60, default="", db_default="")
    source_id = models.UUIDField(null=True)
    source_number = models.CharField(max_length=60, default="", db_default="")

    entry = models.ForeignKey(
        "ledger.JournalEntry", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    posted_by = models.UUIDField(null=True)
    search_text = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["issued_on", "id"], name="invoices_by_day"),
            models.Index(fields=["customer", "issued_on"], name="invoices_of_a_customer"),
            models.Index(fields=["state", "kind", "due_on"], name="invoices_by_state"),
            models.Index(fields=["customer_name_en", "id"], name="invoices_by_customer_name"),
            models.Index(fields=["total_base", "id"], name="invoices_by_total"),
            models.Index(fields=["due_on", "id"], name="invoices_by_due_day"),
            models.Index(fields=["source_id"], name="invoices_of_a_document"),
        ]
        constraints = [
            # A draft has no number; once numbered, a document keeps its number for good.
            models.CheckConstraint(
                condition=~Q(state="posted") | Q(number__isnull=False),
                name="posted_invoices_are_numbered",
            ),
        ]

    @property
    def is_draft(self) -> bool:
        return self.state == InvoiceState.DRAFT

    @property
    def is_posted(self) -> bool:
        return self.state == InvoiceState.POSTED

    @property
    def is_note(self) -> bool:
        return self.kind in (Kind.CREDIT_NOTE, Kind.DEBIT_NOTE)

    @property
    def charged(self) -> Decimal:
        """What the customer was promised to pay in all, advances included."""
        promised: Decimal = self.total + self.rounding
        return promised

    @property
    def payable(self) -> Decimal:
        """What is to be paid after advances, in the document's currency."""
        left: Decimal = self.charged - self.prepaid
        return left

    @property
    def open_amount(self) -> Decimal:
        """What is not yet answered, in the document's currency; 0 unless posted."""
        return self.payable - self.settled if self.is_posted else ZERO

    @property
    def advance_left(self) -> Decimal:
        """What no invoice has used up of an advance yet; 0 for everything else."""
        is_advance = self.kind == Kind.ADVANCE and self.is_posted
        return self.total - self.consumed if is_advance else ZERO


class InvoiceLine(Row):
    asked_by = ("source_line_id",)

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    product = models.ForeignKey(
        "catalog.Product", on_delete=models.PROTECT, null=True, related_name="+"
    )
    sku = models.CharField(max_length=80, default="")
    name_en = models.CharField(max_length=300, default="")
    name_ar = models.CharField(max_length=300, default="")
    unit = models.ForeignKey("catalog.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    unit_en = models.CharField(max_length=60, default="")
    unit_ar = models.CharField(max_length=60, default="")
    quantity = QuantityField()
    unit_price = QuantityField()
    discount = MoneyField(default=ZERO)
    tax_category = models.CharField(max_length=1, choices=_choices(VatCategory))
    #: Percent.
    tax_rate = QuantityField()
    exemption_code = models.CharField(max_length=40, default="")
    exemption_reason_en = models.CharField(max_length=300, default="")
    exemption_reason_ar = models.CharField(max_length=300, default="")
    net = MoneyField(default=ZERO)
    vat = MoneyField(default=ZERO)
    #: In riyals, negative on a credit note; with `sold_on` it repeats what the document says, so
    #: that sales are summed from one index.
    revenue = MoneyField(default=ZERO)
    #: The day of issue; null until posted.
    sold_on = models.DateField(null=True)
    #: The line that a note's line takes back.
    original_line = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections"
    )
    #: How much of `quantity` notes have taken back, by compare-and-set.
    credited = QuantityField(default=Decimal(0))
    #: The line of the order or shipment that this line bills, or on a note takes back.
    source_line_id = models.UUIDField(null=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "position"], name="one_invoice_line_per_position"
            )
        ]
        indexes = [
            models.Index(fields=["product", "sold_on"], name="invoice_lines_of_a_product"),
            models.Index(fields=["sold_on", "product", "revenue"], name="invoice_lines_sold"),
        ]


class InvoiceTax(Row):
    """The VAT of one category on one document, as declared."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="taxes")
    category = models.CharField(max_length=1, choices=_choices(VatCategory))
    rate = QuantityField()
    exemption_code = models.CharField(max_length=40, default="")
    taxable = MoneyField()
    vat = MoneyField()
    taxable_base = MoneyField()
    vat_base = MoneyField()


class InvoiceAdvance(Row):
    """How much of an advance invoice another invoice takes off what is due on it."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="advances")
    advance = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="uses")
    category = models.CharField(max_length=1, choices=_choices(VatCategory))
    rate = QuantityField()
    exemption_code = models.CharField(max_length=40, default="")
    taxable = MoneyField()
    vat = MoneyField()
    taxable_base = MoneyField()
    vat_base = MoneyField()


class WriteOff(Row):
    """What was given up of an invoice, or let go of a bill, that will not be paid."""

    asked_by = ("bill_id", "invoice_id")

    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, null=True, related_name="write_offs"
    )
    bill = models.ForeignKey("Bill", on_delete=models.PROTECT, null=True, related_name="write_offs")
    amount = MoneyField()
    amount_base = MoneyField()
    reason = models.CharField(max_length=300)
    written_off_on = models.DateField()
    #: It was paid after all, so the document is open again.
    taken_back_on = models.DateField(null=True)
    entry = models.ForeignKey("ledger.JournalEntry", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.UUIDField()

    @property
    def document(self) -> "Invoice | Bill":
        found = self.invoice or self.bill
        if found is None:
            raise ValueError(f"Write-off {self.pk} is of nothing.")
        return found


class InvoicingSettings(Record):
    """How the company deals with what it is owed: one row."""

    key = models.CharField(max_length=10, unique=True, default="main")
    #: The most that may be written off an invoice or bill, in riyals; null: without limit.
    write_off_limit = MoneyField(null=True)


class IssuedDocument(Row):
    """The bytes that left the house, and their place in the chain. Written once, never changed."""

    asked_by = ("invoice_id",)

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="issued")
    counter = models.PositiveBigIntegerField(unique=True)
    xml = models.BinaryField()
    #: Base64 SHA-256 of the XML, and of the document before it (PIH).
    hash = models.CharField(max_length=100)
    previous_hash = models.CharField(max_length=100)
    qr = models.TextField()
    #: Seller and buyer as they were printed, because both may change their details later.
    parties = models.JSONField()


class EInvoiceChain(Row):
    """The end of the chain of issued documents; touched last when a document is posted."""

    key = models.CharField(max_length=40, unique=True)
    counter = models.PositiveBigIntegerField(default=0)
    last_hash = models.CharField(max_length=100)


class BillKind(models.TextChoices):
    BILL = "bill"
    #: What a supplier gives back: his credit note, or our debit note to him.
    DEBIT_NOTE = "debit_note"


class BillState(models.TextChoices):
    DRAFT = "draft"
    #: Compared with what was ordered and received, or approved in spite of a difference.
    MATCHED = "matched"
    #: Under discussion with the supplier; not to be posted or paid.
    DISPUTED = "disputed"
    POSTED = "posted"
    #: Posted by mistake and taken out of the books again by a mirror entry.
    REVERSED = "reversed"
    #: A draft that was thrown away; it never had a number.
    VOID = "void"


class VatTreatment(models.TextChoices):
    """Who accounts for the VAT of a purchase; each has its box in the return."""

    DOMESTIC = "domestic"
    #: The bill of customs or of the clearing agent: VAT on goods from abroad, paid at the border.
    CUSTOMS = "customs"
    #: Services from abroad: we declare the VAT and deduct it at once; the supplier gets none.
    REVERSE_CHARGE = "reverse_charge"


class Bill(Record):
    """A supplier's bill or note. Once posted it is only ever answered by another document."""

    asked_by = ("original_id", "source_id")

    kind = models.CharField(max_length=12, choices=BillKind, default=BillKind.BILL)
    state = models.CharField(max_length=10, choices=BillState, default=BillState.DRAFT)
    supplier = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    supplier_name_en = models.CharField(max_length=200, default="")
    supplier_name_ar = models.CharField(max_length=200, default="")
    #: The number on the supplier's paper.
    supplier_number = models.CharField(max_length=60)
    #: Supplier, kind and number as they are compared; null once void or reversed, so that the
    #: same paper can be entered again.
    supplier_key = models.CharField(max_length=200, null=True, unique=True)
    #: Ours, given at posting.
    number = models.CharField(max_length=40, null=True, unique=True)

    #: The day on the supplier's paper.
    issued_on = models.DateField()
    due_on = models.DateField()
    #: The day in our books, which is also the one of the VAT return; null until posted.
    booked_on = models.DateField(null=True)

    currency = models.CharField(max_length=3, default=RIYAL)
    #: Riyals for one unit of the currency.
    exchange_rate = QuantityField(default=Decimal(1))
    prices_include_vat = models.BooleanField(default=False)
    vat_treatment = models.CharField(
        max_length=14, choices=VatTreatment, default=VatTreatment.DOMESTIC
    )
    reference = models.CharField(max_length=120, default="")
    notes = models.TextField(default="")

    original = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections"
    )
    #: Why it is disputed, or why a note was made.
    reason = models.CharField(max_length=300, default="")

    #: In the bill's currency, positive on both kinds; what the supplier gets.
    net = MoneyField(default=ZERO)
    vat = MoneyField(default=ZERO)
    total = MoneyField(default=ZERO)
    #: What the supplier's paper says beyond the sum of our figures, a few halalas either way.
    rounding = MoneyField(default=ZERO)
    #: Without VAT, and what the ledger got as payable; both in riyals.
    net_base = MoneyField(default=ZERO)
    total_base = MoneyField(default=ZERO)
    #: How much of `total` payments and notes have answered, by compare-and-set.
    settled = MoneyField(default=ZERO)
    settled_base = MoneyField(default=ZERO)
    #: How much of `total` notes have taken back, by compare-and-set.
    credited = MoneyField(default=ZERO)

    #: The document it was made from, as in the audit trail ("purchasing.purchaseorder").
    source_type = models.CharField(max_length=60, default="")
    source_id = models.UUIDField(null=True)
    source_number = models.CharField(max_length=60, default="")

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
            models.Index(fields=["issued_on", "id"], name="bills_by_day"),
            models.Index(fields=["due_on", "id"], name="bills_by_due_day"),
            models.Index(fields=["total_base", "id"], name="bills_by_total"),
            models.Index(fields=["supplier_name_en", "id"], name="bills_by_supplier_name"),
            models.Index(fields=["supplier", "issued_on"], name="bills_of_a_supplier"),
            models.Index(fields=["state", "kind", "due_on"], name="bills_by_state"),
            models.Index(fields=["source_id"], name="bills_of_a_document"),
            models.Index(fields=["booked_on"], name="bills_by_booking_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="posted") | Q(number__isnull=False),
                name="posted_bills_are_numbered",
            ),
        ]

    @property
    def is_draft(self) -> bool:
        return self.state == BillState.DRAFT

    @property
    def is_posted(self) -> bool:
        return self.state == BillState.POSTED

    @property
    def is_note(self) -> bool:
        return self.kind == BillKind.DEBIT_NOTE

    @property
    def is_of_an_order(self) -> bool:
        """Whether purchasing decides what its lines cost us."""
        return self.source_id is not None

    @property
    def payable(self) -> Decimal:
        """What the supplier gets for it, in the bill's currency."""
        promised: Decimal = self.total + self.rounding
        return promised

    @property
    def open_amount(self) -> Decimal:
        """What is not yet answered, in the bill's currency; 0 unless posted."""
        return self.payable - self.settled if self.is_posted else ZERO


class BillLine(Row):
    bill = models.ForeignKey(Bill, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    product = models.ForeignKey(
        "catalog.Product", on_delete=models.PROTECT, null=True, related_name="+"
    )
    sku = models.CharField(max_length=80, default="")
    name_en = models.CharField(max_length=300, default="")
    name_ar = models.CharField(max_length=300, default="")
    unit = models.ForeignKey("catalog.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    unit_en = models.CharField(max_length=60, default="")
    unit_ar = models.CharField(max_length=60, default="")
    quantity = QuantityField()
    unit_price = QuantityField()
    discount = MoneyField(default=ZERO)
    tax_category = models.CharField(max_length=1, choices=_choices(VatCategory))
    #: Percent.
    tax_rate = QuantityField()
    #: Only its VAT is owed, as on a customs bill: the goods are on the supplier's own bill.
    is_tax_only = models.BooleanField(default=False)
    net = MoneyField(default=ZERO)
    vat = MoneyField(default=ZERO)
    #: `net` in riyals; the lines that are not tax alone add up to the bill's `net_base`.
    net_base = MoneyField(default=ZERO)
    #: The account it costs, when no receipt or order decides that.
    account = models.ForeignKey(
        "ledger.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    #: The line of the receipt or order that this line bills, or on a note takes back.
    source_line_id = models.UUIDField(null=True, db_index=True)
    #: The line that a note's line takes back.
    original_line = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections"
    )
    #: How much of `quantity` notes have taken back, by compare-and-set.
    credited = QuantityField(default=Decimal(0))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bill", "position"], name="one_bill_line_per_position")
        ]


class BillTax(Row):
    """The VAT of one category on one bill, as declared."""

    bill = models.ForeignKey(Bill, on_delete=models.CASCADE, related_name="taxes")
    category = models.CharField(max_length=1, choices=_choices(VatCategory))
    rate = QuantityField()
    taxable = MoneyField()
    vat = MoneyField()
    taxable_base = MoneyField()
    vat_base = MoneyField()
