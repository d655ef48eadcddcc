"""What can happen to a supplier's bill: recorded, matched, disputed, posted, answered, reversed.

Purchasing matches bills with orders and receipts and says what each line costs; the VAT, the
payable and the books are looked after here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Model

from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.announcements import announce
from alawael.core.claims import change, move_state
from alawael.core.clock import business_day
from alawael.core.errors import FieldError, Invalid, Refusal, Text
from alawael.core.fields import MoneyField, QuantityField
from alawael.core.groups import groups_of
from alawael.core.money import ZERO, plain, round_money
from alawael.core.numbering import open_series, take_number
from alawael.core.search_text import fold, searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing.bill_lines import BillDraftLine, fill_bill_lines, reckon
from alawael.invoicing.models import (
    Bill,
    BillKind,
    BillLine,
    BillState,
    BillTax,
    VatTreatment,
)
from alawael.ledger import services as ledger
from alawael.ledger.books import Books, Posting
from alawael.ledger.models import CONTROL_ROLES, AccountRole, JournalEntry, LedgerRole
from alawael.parties.models import Party

SERIES = {BillKind.BILL: ("bill", "BILL"), BillKind.DEBIT_NOTE: ("supplier_note", "DBN")}
#: How far a supplier's paper may be off our sum, in the bill's currency.
MOST_ROUNDING = Decimal("1.00")
#: Bills whose paper is still held against a second entry of it.
LIVE = frozenset({BillState.DRAFT, BillState.MATCHED, BillState.DISPUTED, BillState.POSTED})


class BillKnown(Refusal):
    code = "bill_known"
    message = Text(
        "{number} of this supplier has been entered before.",
        "سبق إدخال {number} لهذا المورد.",
    )


class NotASupplier(Refusal):
    code = "not_a_supplier"
    message = Text(
        "{name} is not an active supplier. Mark the party as a supplier first.",
        "{name} ليس موردًا نشطًا. عرّف الطرف كمورد أولًا.",
    )


class BillNotDraft(Refusal):
    code = "bill_not_draft"
    message = Text(
        "Only a draft can be changed. Answer a posted bill with a debit note.",
        "لا تُعدَّل إلا المسودة. أصدر إشعارًا مدينًا مقابل الفاتورة المرحّلة.",
    )


class BillNotPosted(Refusal):
    code = "bill_not_posted"
    message = Text("Only a posted bill can be answered that way.", "هذا متاح للفواتير المرحّلة فقط.")


class BillCostMismatch(Refusal):
    code = "bill_cost_mismatch"
    message = Text(
        "The costs add up to {costs}, the bill to {net}.",
        "مجموع التكاليف {costs} ومجموع الفاتورة {net}.",
    )


class BelongsToPurchasing(Refusal):
    code = "belongs_to_purchasing"
    message = Text(
        "This bill is for an order. Match and post it there.",
        "هذه الفاتورة تخص أمر شراء. طابقها ورحّلها من هناك.",
    )


class BillDateInFuture(Refusal):
    code = "bill_date_in_future"
    message = Text(
        "A bill cannot be booked on a day to come ({day}).",
        "لا يمكن قيد الفاتورة بتاريخ لم يأتِ بعد ({day}).",
    )


class BillCreditTooHigh(Refusal):
    code = "bill_credit_too_high"
    message = Text(
        "Only {left} of “{line}” is left to give back; {wanted} was asked for.",
        "المتبقي للإرجاع من «{line}» هو {left} والمطلوب {wanted}.",
    )


class NothingToGiveBack(Refusal):
    code = "nothing_to_give_back"
    message = Text(
        "Everything on this bill has been given back.", "تم إرجاع كل ما في هذه الفاتورة."
    )


class BillAnswered(Refusal):
    code = "bill_answered"
    message = Text(
        "Payments or notes answer {number}. Take them back first.",
        "توجد دفعات أو إشعارات مقابل {number}. تراجع عنها أولًا.",
    )


@dataclass(frozen=True)
class DebitLine:
    """How much of which line is given back; with a lower price when only the price was wrong."""

    line_id: UUID
    quantity: Decimal
    unit_price: Decimal | None = None


def open_bill_series() -> None:
    """The series that bills and notes of suppliers take their numbers from."""
    for key, _ in SERIES.values():
        open_series(key)


@unit_of_work
def record_bill(
    supplier: Party,
    lines: Sequence[BillDraftLine],
    *,
    supplier_number: str,
    issued_on: date,
    due_on: date | None = None,
    kind: BillKind = BillKind.BILL,
    source: Model | None = None,
    source_number: str = "",
    by: Actor,
    at: datetime,
    **facts: Any,
) -> Bill:
    """Write down what a supplier asks for; it has no effect until it is posted.

    `source` is the order or receipt that it bills. `facts` are columns of Bill (currency,
    exchange_rate, prices_include_vat, vat_treatment, rounding, reference, notes, reason …). Raises
    Invalid naming each wrong line, NotASupplier, and BillKnown when the same paper was entered.
    """
    bill = Bill(
        kind=kind,
        supplier_number=supplier_number.strip(),
        issued_on=issued_on,
        due_on=due_on or issued_on + timedelta(days=supplier.payment_terms_days),
        created_at=at,
        created_by=by.actor_id,
        **_link_to(source, source_number),
        **{name: value for name, value in facts.items() if value is not None},
    )
    _name_supplier(bill, supplier)
    drafted = fill_bill_lines(bill, lines)
    return _insert(bill, drafted, by=by, at=at)


@unit_of_work
def edit_bill(
    bill: Bill,
    changes: Mapping[str, Any],
    *,
    lines: Sequence[BillDraftLine] | None = None,
    supplier: Party | None = None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Bill:
    """Change a draft; with `lines`, all its lines are replaced."""
    _require_draft(bill)
    differences = audit.difference(bill, changes)
    change(bill, expected_version=expected_version, **changes)
    _name_supplier(bill, supplier or bill.supplier)
    if lines is not None:
        BillLine.objects.filter(bill=bill).delete()
        kept = fill_bill_lines(bill, lines)
    else:
        kept = list(bill.lines.order_by("position"))
    _rewrite(bill, kept, has_new_lines=lines is not None)
    audit.record(bill, "bill.edited", by=by, at=at, changes=differences)
    return bill


@unit_of_work
def void_bill(bill: Bill, *, expected_version: int | None = None, by: Actor, at: datetime) -> Bill:
    """Throw a draft away. It never had a number of ours, and its paper may be entered again."""
    _require_draft(bill)
    move_state(
        bill,
        frm=[BillState.DRAFT],
        to=BillState.VOID,
        expected_version=expected_version,
        supplier_key=None,
    )
    audit.record(bill, "bill.voided", by=by, at=at)
    return bill


@unit_of_work
def mark_matched(
    bill: Bill, *, expected_version: int | None = None, by: Actor, at: datetime
) -> Bill:
    """Note that a draft agrees with what was ordered and received, or was approved anyway."""
    move_state(bill, frm=[BillState.DRAFT], to=BillState.MATCHED, expected_version=expected_version)
    audit.record(bill, "bill.matched", by=by, at=at)
    return bill


@unit_of_work
def reopen_bill(
    bill: Bill, *, expected_version: int | None = None, by: Actor, at: datetime
) -> Bill:
    """Make a matched or disputed bill a draft again, so that it can be corrected."""
    move_state(
        bill,
        frm=[BillState.MATCHED, BillState.DISPUTED],
        to=BillState.DRAFT,
        expected_version=expected_version,
    )
    audit.record(bill, "bill.reopened", by=by, at=at)
    return bill


@unit_of_work
def dispute_bill(
    bill: Bill, *, reason: str, expected_version: int | None = None, by: Actor, at: datetime
) -> Bill:
    """Hold a bill until the supplier has explained it; one for an order is matched first."""
    first = [] if bill.is_of_an_order else [BillState.DRAFT]
    move_state(
        bill,
        frm=[*first, BillState.MATCHED],
        to=BillState.DISPUTED,
        expected_version=expected_version,
        reason=reason,
    )
    audit.record(bill, "bill.disputed", by=by, at=at, changes={"reason": reason})
    return bill


@unit_of_work
def settle_dispute(
    bill: Bill, *, expected_version: int | None = None, by: Actor, at: datetime
) -> Bill:
    """The supplier has explained it: the bill is matched again."""
    move_state(
        bill, frm=[BillState.DISPUTED], to=BillState.MATCHED, expected_version=expected_version
    )
    audit.record(bill, "bill.dispute_settled", by=by, at=at)
    return bill


@unit_of_work
def post_bill(
    bill: Bill,
    postings_of_cost: Sequence[Posting],
    *,
    on: date,
    expected_version: int | None = None,
    books: Books | None = None,
    by: Actor,
    at: datetime,
) -> Bill:
    """Book a matched bill: Dr what it costs, Dr INPUT_VAT / Cr AP; a note the other way round.

    `postings_of_cost` come from who knows them (GRNI, INVENTORY, PRICE_VARIANCE, an expense); their
    debits less credits are the bill's `net_base`, less than zero for a note. Raises
    BillCostMismatch, BillDateInFuture, PeriodClosed, WrongState or VersionConflict; for a note also
    BillCreditTooHigh.
    """
    return _post(
        bill,
        postings_of_cost,
        frm=[BillState.MATCHED],
        on=on,
        expected_version=expected_version,
        books=books,
        by=by,
        at=at,
    )


@unit_of_work
def post_expense_bill(
    bill: Bill,
    *,
    on: date,
    expected_version: int | None = None,
    books: Books | None = None,
    by: Actor,
    at: datetime,
) -> Bill:
    """Book a bill without an order: each line costs the account that stands on it.

    Raises BelongsToPurchasing, Invalid naming each line without an account, and what `post_bill`
    raises.
    """
    require_no_order(bill)
    return _post(
        bill,
        _expenses(bill),
        frm=[BillState.DRAFT, BillState.MATCHED],
        on=on,
        expected_version=expected_version,
        books=books,
        by=by,
        at=at,
    )


@unit_of_work
def draft_debit_note(
    bill: Bill,
    lines: Sequence[DebitLine] | None,
    *,
    supplier_number: str,
    issued_on: date,
    reason: str,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> Bill:
    """Write down what the supplier gives back of a posted bill, wholly (`lines=None`) or in part.

    At the bill's exchange rate; posted like a bill. Raises BillNotPosted, NothingToGiveBack,
    BillKnown and Invalid naming each wrong line.
    """
    if not bill.is_posted or bill.is_note:
        raise BillNotPosted()
    originals = {line.pk: line for line in bill.lines.order_by("position")}
    wanted = _everything_left(originals) if lines is None else list(lines)
    if not wanted:
        raise NothingToGiveBack()
    note = Bill(
        kind=BillKind.DEBIT_NOTE,
        supplier_number=supplier_number.strip(),
        issued_on=issued_on,
        due_on=issued_on,
        original=bill,
        reason=reason,
        currency=bill.currency,
        exchange_rate=bill.exchange_rate,
        prices_include_vat=bill.prices_include_vat,
        vat_treatment=bill.vat_treatment,
        source_type=bill.source_type,
        source_id=bill.source_id,
        source_number=bill.source_number,
        created_at=at,
        created_by=by.actor_id,
        **facts,
    )
    _name_supplier(note, bill.supplier)
    note_lines = [_note_line(i, originals, line) for i, line in enumerate(wanted)]
    return _insert(note, note_lines, by=by, at=at)


@unit_of_work
def reverse_bill(
    bill: Bill,
    *,
    on: date,
    reason: str,
    expected_version: int | None = None,
    books: Books | None = None,
    by: Actor,
    at: datetime,
) -> JournalEntry | None:
    """Take a wrongly posted bill out of the books by a mirror entry; its paper may come again.

    What the bill did to the value of goods is undone by purchasing, in the same unit. Raises
    BillAnswered while payments or notes depend on it. Answers the mirror entry; None when the
    bill was about nothing.
    """
    if bill.is_posted and (bill.settled or bill.credited):
        raise BillAnswered(number=bill.number)
    move_state(
        bill,
        frm=[BillState.POSTED],
        to=BillState.REVERSED,
        expected_version=expected_version,
        supplier_key=None,
        reason=reason,
    )
    # Whoever settled or credited it a moment ago has moved its figures on.
    if not Bill.objects.filter(pk=bill.pk, settled=ZERO, credited=ZERO).exists():
        raise BillAnswered(number=bill.number)
    entry = None
    if bill.entry is not None:
        entry = ledger.reverse(
            bill.entry, on=on, memo=reason, source=bill, by=by, at=at, books=books
        )
    audit.record(bill, "bill.reversed", by=by, at=at, changes={"reason": reason})
    announce("invoicing.bill_reversed", at=at, bill=bill.pk)
    return entry


def require_no_order(bill: Bill) -> None:
    """Raise BelongsToPurchasing for a bill whose lines an order or receipt explains."""
    if bill.is_of_an_order:
        raise BelongsToPurchasing()


# The steps above, in the order they are taken.


def _require_draft(bill: Bill) -> None:
    if not bill.is_draft:
        raise BillNotDraft()


def _link_to(source: Model | None, number: str) -> dict[str, Any]:
    if source is None:
        return {}
    return {
        "source_type": source._meta.label_lower,
        "source_id": source.pk,
        "source_number": number or getattr(source, "number", None) or "",
    }


def _name_supplier(bill: Bill, supplier: Party) -> None:
    if not supplier.is_supplier or not (supplier.is_active or bill.is_note):
        raise NotASupplier(name=supplier.name_en or supplier.name_ar)
    bill.supplier = supplier
    bill.supplier_name_en = supplier.name_en
    bill.supplier_name_ar = supplier.name_ar
    bill.supplier_key = f"{supplier.pk}:{bill.kind}:{fold(bill.supplier_number)}"
    twin = Bill.objects.filter(supplier_key=bill.supplier_key).exclude(pk=bill.pk)
    if twin.exists():
        raise BillKnown(number=bill.supplier_number)


def _insert(bill: Bill, lines: list[BillLine], *, by: Actor, at: datetime) -> Bill:
    _note_sums(bill, lines)
    bill.save(force_insert=True)
    BillLine.objects.bulk_create(lines)
    changes = {"supplier_number": bill.supplier_number, "total": bill.total}
    audit.record(bill, f"{bill.kind}.recorded", by=by, at=at, changes=changes)
    return bill


def _rewrite(bill: Bill, lines: list[BillLine], *, has_new_lines: bool) -> None:
    _note_sums(bill, lines)
    written = (
        "supplier", "supplier_name_en", "supplier_name_ar", "supplier_key", "search_text",
        "net", "vat", "total", "net_base", "total_base",
    )  # fmt: skip
    values = {name: getattr(bill, name) for name in written}
    Bill.objects.filter(**groups_of(bill), pk=bill.pk).update(**values)
    if has_new_lines:
        BillLine.objects.bulk_create(lines)
        return
    for line in lines:
        BillLine.objects.filter(**groups_of(line), pk=line.pk).update(
            net=line.net, vat=line.vat, net_base=line.net_base
        )


def _note_sums(bill: Bill, lines: Sequence[BillLine]) -> list[BillTax]:
    """Write the figures into the objects, which are saved next; answers the VAT by category."""
    if abs(bill.rounding) > MOST_ROUNDING:
        raise Invalid(
            errors=[
                FieldError(
                    "/rounding",
                    "rounding_too_high",
                    Text("A rounding is at most 1.00.", "أقصى فرق تقريب هو 1.00."),
                )
            ]
        )
    taxes = reckon(bill, lines)
    bill.search_text = searchable(
        bill.number,
        bill.supplier_number,
        bill.reference,
        bill.source_number,
        bill.supplier_name_en,
        bill.supplier_name_ar,
    )
    return taxes


def _post(
    bill: Bill,
    costs: Sequence[Posting],
    *,
    frm: Sequence[str],
    on: date,
    expected_version: int | None,
    books: Books | None,
    by: Actor,
    at: datetime,
) -> Bill:
    if on > business_day(at):
        raise BillDateInFuture(day=on.isoformat())
    lines = list(bill.lines.select_related("original_line").order_by("position"))
    taxes = _note_sums(bill, lines)
    _require_right_costs(bill, costs)
    answered: dict[str, Any] = {}
    if bill.is_note and bill.original is not None:
        _claim_given_back(lines)
        answered = _settle_with_original(bill, bill.original)
    number = _take_number(BillKind(bill.kind))
    postings = [*costs, *_vat_and_payable(bill, taxes)]
    entry = _book(bill, number, postings, on=on, books=books, by=by, at=at)
    move_state(
        bill,
        frm=frm,
        to=BillState.POSTED,
        expected_version=expected_version,
        number=number,
        booked_on=on,
        posted_at=at,
        posted_by=by.actor_id,
        entry=entry,
        search_text=searchable(number, bill.search_text),
        **answered,
    )
    BillTax.objects.bulk_create(taxes)
    facts = {"number": [None, number], "total": [None, bill.total]}
    audit.record(bill, f"{bill.kind}.posted", by=by, at=at, changes=facts)
    announce("invoicing.bill_posted", at=at, bill=bill.pk)
    return bill


def _require_right_costs(bill: Bill, costs: Sequence[Posting]) -> None:
    told = sum((posting.debit - posting.credit for posting in costs), ZERO)
    if told != (-bill.net_base if bill.is_note else bill.net_base):
        raise BillCostMismatch(costs=plain(told), net=plain(bill.net_base))


def _vat_and_payable(bill: Bill, taxes: Sequence[BillTax]) -> list[Posting]:
    """Dr INPUT_VAT / Cr AP, ± ROUNDING; under reverse charge we owe the VAT, not the supplier."""
    vat = sum((tax.vat_base for tax in taxes), ZERO)
    is_ours = bill.vat_treatment == VatTreatment.REVERSE_CHARGE
    wanted = [
        (LedgerRole.INPUT_VAT, vat),
        (LedgerRole.OUTPUT_VAT, -vat if is_ours else ZERO),
        (LedgerRole.ROUNDING, round_money(bill.rounding * bill.exchange_rate)),
        (LedgerRole.AP, -bill.total_base),
    ]
    sign = -1 if bill.is_note else 1
    return [_posting(bill, role, sign * amount) for role, amount in wanted if amount]


def _posting(bill: Bill, role: LedgerRole, amount: Decimal) -> Posting:
    is_payable = role == LedgerRole.AP
    is_foreign = is_payable and bill.currency != "SAR"
    in_currency = bill.payable if amount > 0 else -bill.payable
    return Posting(
        role,
        debit=max(amount, ZERO),
        credit=max(-amount, ZERO),
        party_id=bill.supplier_id if is_payable else None,
        currency=bill.currency if is_foreign else None,
        amount_currency=in_currency if is_foreign else None,
    )


def _take_number(kind: BillKind) -> str:
    key, prefix = SERIES[kind]
    return f"{prefix}-{take_number(key):06d}"


def _book(
    bill: Bill,
    number: str,
    postings: Sequence[Posting],
    *,
    on: date,
    books: Books | None,
    by: Actor,
    at: datetime,
) -> JournalEntry | None:
    """Tell the ledger; a bill of nothing has no entry."""
    books = books or Books.open()
    if not postings:
        books.require_open(on)
        return None
    name = bill.supplier_name_en or bill.supplier_name_ar
    return ledger.post(
        postings,
        on=on,
        memo=f"{name}, {bill.supplier_number}",
        kind="supplier_note" if bill.is_note else "bill",
        source=bill,
        source_number=number,
        by=by,
        at=at,
        books=books,
    )


def _expenses(bill: Bill) -> list[Posting]:
    lines = list(bill.lines.select_related("account").order_by("position"))
    kept = set(
        AccountRole.objects.filter(role__in=CONTROL_ROLES).values_list("account_id", flat=True)
    )
    errors = []
    for line in lines:
        if line.account is None and not line.is_tax_only:
            say = Text("Choose what this is spent on.", "اختر حساب هذا المصروف.")
            errors.append(FieldError(f"/lines/{line.position - 1}/account_id", "missing", say))
        elif line.account_id in kept:
            say = Text("This account is kept by documents.", "تُمسك المستندات هذا الحساب.")
            where = f"/lines/{line.position - 1}/account_id"
            errors.append(FieldError(where, "control_account", say))
    if errors:
        raise Invalid(errors=errors)
    sign = -1 if bill.is_note else 1
    return [
        Posting(
            line.account,
            debit=max(sign * line.net_base, ZERO),
            credit=max(-sign * line.net_base, ZERO),
            party_id=bill.supplier_id,
            memo=(line.name_en or line.name_ar)[:300],
        )
        for line in lines
        if line.account is not None and line.net_base and not line.is_tax_only
    ]


def _everything_left(originals: Mapping[UUID, BillLine]) -> list[DebitLine]:
    return [
        DebitLine(line.pk, line.quantity - line.credited)
        for line in originals.values()
        if line.quantity > line.credited
    ]


def _note_line(index: int, originals: Mapping[UUID, BillLine], wanted: DebitLine) -> BillLine:
    original = originals.get(wanted.line_id)
    where = f"/lines/{index}"
    if original is None:
        say = Text("This line is not on the bill.", "هذا البند ليس في الفاتورة.")
        raise Invalid(errors=[FieldError(f"{where}/line_id", "unknown_line", say)])
    price = original.unit_price if wanted.unit_price is None else wanted.unit_price
    if price > original.unit_price:
        say = Text("More than the bill asked for.", "أكثر مما طلبته الفاتورة.")
        raise Invalid(errors=[FieldError(f"{where}/unit_price", "price_too_high", say)])
    if wanted.quantity > original.quantity - original.credited:
        raise _too_much(original, wanted.quantity, original.credited)
    is_full_price = price == original.unit_price
    share = wanted.quantity / original.quantity
    copied = (
        "product_id", "sku", "name_en", "name_ar", "unit_id", "unit_en", "unit_ar",
        "tax_category", "tax_rate", "is_tax_only", "account_id", "source_line_id",
    )  # fmt: skip
    return BillLine(
        position=index + 1,
        quantity=wanted.quantity,
        unit_price=price,
        discount=round_money(original.discount * share) if is_full_price else ZERO,
        original_line=original,
        **{name: getattr(original, name) for name in copied},
    )


def _claim_given_back(lines: Sequence[BillLine]) -> None:
    """Take quantities off what may still be given back; two notes cannot take them twice."""
    for line in sorted(lines, key=lambda line: str(line.original_line_id)):
        original = line.original_line
        if original is None:
            continue
        won = BillLine.objects.filter(
            **groups_of(original),
            pk=original.pk,
            credited__lte=original.quantity - line.quantity,
        ).update(credited=F("credited") + QuantityField.steps(line.quantity))
        if not won:
            credited = BillLine.objects.values_list("credited", flat=True).get(pk=original.pk)
            raise _too_much(original, line.quantity, credited)


def _too_much(original: BillLine, wanted: Decimal, credited: Decimal) -> BillCreditTooHigh:
    return BillCreditTooHigh(
        line=original.name_en or original.name_ar,
        left=plain(original.quantity - credited),
        wanted=plain(wanted),
    )


def _settle_with_original(note: Bill, original: Bill) -> dict[str, Any]:
    """Let the note answer its bill as far as that is open; the rest stays ours to get back."""
    bill = Bill.objects.get(pk=original.pk)
    if not bill.is_posted:
        raise BillNotPosted()
    taken = min(note.payable, bill.open_amount)
    open_base = bill.total_base - bill.settled_base
    taken_base = open_base if taken == bill.open_amount else min(note.total_base, open_base)
    taken_base = min(taken_base, note.total_base)
    won = Bill.objects.filter(
        **groups_of(bill),
        pk=bill.pk,
        state=BillState.POSTED,
        settled=bill.settled,
        credited__lte=bill.payable - note.payable,
    ).update(
        settled=F("settled") + MoneyField.steps(taken),
        settled_base=F("settled_base") + MoneyField.steps(taken_base),
        credited=F("credited") + MoneyField.steps(note.payable),
    )
    if not won:
        raise BillCreditTooHigh(
            line=bill.number or "",
            left=plain(bill.payable - bill.credited),
            wanted=plain(note.payable),
        )
    return {"settled": taken, "settled_base": taken_base}
