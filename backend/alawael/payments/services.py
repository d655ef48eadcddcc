"""What can happen to a payment: drafted, posted, allocated, refunded, bounced, reversed.

Money in the bank, what it answers and what waits as an advance always add up: every verb posts
one balanced entry, and every claim is one conditional update.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.announcements import announce
from alawael.core.claims import WrongState, change, move_state
from alawael.core.clock import business_day
from alawael.core.errors import FieldError, Invalid, Refusal, Text, VersionConflict
from alawael.core.groups import groups_of
from alawael.core.money import ZERO, plain, round_money
from alawael.core.numbering import open_series, take_number
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing.models import Bill, Invoice
from alawael.invoicing.settling import open_in_riyals, settle, unsettle
from alawael.ledger import services as ledger
from alawael.ledger.books import Books, Posting
from alawael.ledger.models import CONTROL_ROLES, Account, AccountRole, JournalEntry, LedgerRole
from alawael.parties.models import BankAccount, Party
from alawael.payments import queries
from alawael.payments.models import (
    BOUNCING,
    Allocation,
    Payment,
    PaymentKind,
    PaymentMethod,
    PaymentSide,
    PaymentState,
)

SERIES = {PaymentKind.RECEIPT: ("receipt", "RCT"), PaymentKind.PAYMENT: ("payment", "PAY")}
_CONTROL = {PaymentSide.CUSTOMER: LedgerRole.AR, PaymentSide.SUPPLIER: LedgerRole.AP}
_WAITING = {
    PaymentSide.CUSTOMER: LedgerRole.CUSTOMER_ADVANCES,
    PaymentSide.SUPPLIER: LedgerRole.SUPPLIER_ADVANCES,
}


class PaymentNotDraft(Refusal):
    code = "payment_not_draft"
    message = Text(
        "Only a draft can be changed. Reverse a posted payment and enter it again.",
        "لا تُعدَّل إلا المسودة. اعكس الدفعة المرحّلة ثم أدخلها من جديد.",
    )


class NoPaymentParty(Refusal):
    code = "no_payment_party"
    message = Text(
        "{name} does not trade with us that way. Mark the party as customer or supplier first.",
        "{name} لا يتعامل معنا بهذه الصفة. عرّف الطرف كعميل أو مورد أولًا.",
    )


class PaymentInFuture(Refusal):
    code = "payment_in_future"
    message = Text(
        "Money cannot have moved on a day to come ({day}).",
        "لا يمكن أن تكون الدفعة بتاريخ لم يأتِ بعد ({day}).",
    )


class AllocationTooHigh(Refusal):
    code = "allocation_too_high"
    message = Text(
        "Only {left} of this payment is free; {wanted} was asked for.",
        "المتبقي من هذه الدفعة هو {left} والمطلوب {wanted}.",
    )


class NothingAllocated(Refusal):
    code = "nothing_allocated"
    message = Text(
        "Nothing is left to allocate: the payment is used up, or the documents are answered.",
        "لم يبق ما يوزَّع: استُخدمت الدفعة كلها أو سُددت المستندات.",
    )


class AllocationRemoved(Refusal):
    code = "allocation_removed"
    message = Text("This allocation was taken back before.", "سبق التراجع عن هذا التوزيع.")


class CannotBounce(Refusal):
    code = "cannot_bounce"
    message = Text(
        "Only a cheque or a direct debit can bounce. Reverse this payment instead.",
        "لا يرتجع إلا الشيك أو الخصم المباشر. اعكس هذه الدفعة بدلًا من ذلك.",
    )


class PaymentMatched(Refusal):
    code = "payment_matched"
    message = Text(
        "The bank statement confirms this payment. Undo the match first.",
        "كشف البنك يؤكد هذه الدفعة. ألغِ المطابقة أولًا.",
    )


class PaymentRefunded(Refusal):
    code = "payment_refunded"
    message = Text(
        "Part of this payment was refunded. Reverse the refund first.",
        "رُدّ جزء من هذه الدفعة. اعكس رد المبلغ أولًا.",
    )


class NoChequeToClear(Refusal):
    code = "no_cheque_to_clear"
    message = Text(
        "This is no received cheque that still lies in the drawer.",
        "هذه ليست شيكًا مستلمًا ما زال تحت التحصيل.",
    )


class IsTaxedAdvance(Refusal):
    code = "is_taxed_advance"
    message = Text(
        "An advance with a tax invoice is used up by the final invoice, not allocated.",
        "الدفعة المقدمة المفوترة تُخصم في الفاتورة النهائية ولا توزَّع.",
    )


@dataclass(frozen=True)
class AllocationWish:
    """How much of a payment shall answer which invoice or bill; None: as much as possible."""

    document_id: UUID
    amount: Decimal | None = None


def open_payment_series() -> None:
    """The series that receipts and payments take their numbers from."""
    for key, _ in SERIES.values():
        open_series(key)


@unit_of_work
def draft_payment(
    party: Party,
    *,
    kind: PaymentKind,
    method: PaymentMethod,
    account: Account,
    amount: Decimal,
    paid_on: date,
    side: PaymentSide | None = None,
    bank_account: BankAccount | None = None,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> Payment:
    """Write down money that came or went; it has no effect until it is posted.

    `side` is the role of the party: receipts come from customers and payments go to suppliers
    unless said otherwise. `facts` are columns of Payment (currency, exchange_rate, reference,
    notes). Raises NoPaymentParty, and Invalid for an account that documents keep.
    """
    usual = PaymentSide.CUSTOMER if kind == PaymentKind.RECEIPT else PaymentSide.SUPPLIER
    payment = Payment(
        kind=kind,
        side=side or usual,
        method=method,
        account=account,
        amount=amount,
        paid_on=paid_on,
        created_at=at,
        created_by=by.actor_id,
        **{name: value for name, value in facts.items() if value is not None},
    )
    _name_party(payment, party)
    payment.bank_account = _of_party(bank_account, party)
    _require_money_account(account)
    _reckon(payment)
    payment.save(force_insert=True)
    facts_told = {"amount": amount, "party": party.code}
    audit.record(payment, f"{kind}.drafted", by=by, at=at, changes=facts_told)
    return payment


@unit_of_work
def edit_payment(
    payment: Payment,
    changes: Mapping[str, Any],
    *,
    party: Party | None = None,
    account: Account | None = None,
    bank_account: BankAccount | None = None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Payment:
    """Change a draft. Another party does not keep the bank account of the first."""
    if not payment.is_draft:
        raise PaymentNotDraft()
    wanted = dict(changes)
    if account is not None:
        _require_money_account(account)
        wanted["account"] = account
    if bank_account is not None:
        wanted["bank_account"] = _of_party(bank_account, party or payment.party)
    elif party is not None and party.pk != payment.party_id:
        wanted["bank_account"] = None
    differences = audit.difference(payment, changes)
    if "bank_account" in wanted:
        both = (payment.bank_account, wanted["bank_account"])
        differences["bank_account"] = [one and one.masked_iban for one in both]
    change(payment, expected_version=expected_version, **wanted)
    _name_party(payment, party or payment.party)
    _reckon(payment)
    written = ("party", "party_name_en", "party_name_ar", "amount_base", "search_text")
    Payment.objects.filter(**groups_of(payment), pk=payment.pk).update(
        **{name: getattr(payment, name) for name in written}
    )
    audit.record(payment, f"{payment.kind}.edited", by=by, at=at, changes=differences)
    return payment


@unit_of_work
def void_payment(
    payment: Payment, *, expected_version: int | None = None, by: Actor, at: datetime
) -> Payment:
    """Throw a draft away. It never had a number, so none is lost."""
    if not payment.is_draft:
        raise PaymentNotDraft()
    move_state(
        payment,
        frm=[PaymentState.DRAFT],
        to=PaymentState.VOID,
        expected_version=expected_version,
    )
    audit.record(payment, f"{payment.kind}.voided", by=by, at=at)
    return payment


@unit_of_work
def post_payment(
    payment: Payment,
    wishes: Sequence[AllocationWish] = (),
    *,
    expected_version: int | None = None,
    books: Books | None = None,
    by: Actor,
    at: datetime,
) -> Payment:
    """Book a draft: Dr BANK / Cr AR for what it answers / Cr CUSTOMER_ADVANCES for the rest.

    A payment to a supplier is the mirror of that, on AP and SUPPLIER_ADVANCES. What the exchange
    rates of payment and document differ by is a gain or loss. Raises PaymentInFuture, PeriodClosed,
    AllocationTooHigh, SettledTooHigh, and Invalid naming each wrong allocation.
    """
    if not payment.is_draft:
        raise PaymentNotDraft()
    if payment.paid_on > business_day(at):
        raise PaymentInFuture(day=payment.paid_on.isoformat())
    made = _settle_all(payment, payment.amount, wishes, on=payment.paid_on, by=by, at=at)
    number = _take_number(PaymentKind(payment.kind))
    entry = _book(
        payment,
        [(payment_account(payment), payment.amount_base), *_answers(payment, made)],
        kind=str(payment.kind),
        number=number,
        on=payment.paid_on,
        books=books,
        by=by,
        at=at,
    )
    move_state(
        payment,
        frm=[PaymentState.DRAFT],
        to=PaymentState.POSTED,
        expected_version=expected_version,
        number=number,
        entry=entry,
        used=sum((one.amount for one in made), ZERO),
        used_base=sum((one.payment_base for one in made), ZERO),
        posted_at=at,
        posted_by=by.actor_id,
        search_text=searchable(number, payment.search_text),
    )
    facts = {"number": [None, number], "amount": payment.amount}
    audit.record(payment, f"{payment.kind}.posted", by=by, at=at, changes=facts)
    announce("payments.posted", at=at, payment=payment.pk)
    return payment


@unit_of_work
def allocate(
    payment: Payment,
    wishes: Sequence[AllocationWish],
    *,
    on: date,
    expected_version: int | None = None,
    books: Books | None = None,
    by: Actor,
    at: datetime,
) -> list[Allocation]:
    """Let what a payment has left answer documents: Dr CUSTOMER_ADVANCES / Cr AR.

    Raises AllocationTooHigh, SettledTooHigh, NothingAllocated, IsTaxedAdvance, WrongState, and
    Invalid naming each wrong allocation; of many at once none goes beyond payment or document.
    """
    fresh = _posted_now(payment, expected_version)
    if fresh.is_advance:
        raise IsTaxedAdvance()
    made = _settle_all(fresh, fresh.unallocated, wishes, on=on, by=by, at=at)
    if not made:
        raise NothingAllocated()
    used = sum((one.amount for one in made), ZERO)
    used_base = sum((one.payment_base for one in made), ZERO)
    change(fresh, used=fresh.used + used, used_base=fresh.used_base + used_base)
    lines = [(_waiting(fresh), used_base), *_answers(fresh, made, rest=False)]
    _book(fresh, lines, kind="allocation", on=on, books=books, by=by, at=at)
    told = [[_document(one).number, plain(one.amount)] for one in made]
    audit.record(fresh, f"{fresh.kind}.allocated", by=by, at=at, changes={"to": told})
    announce("payments.allocated", at=at, payment=fresh.pk)
    return made


@unit_of_work
def unallocate(
    allocation: Allocation,
    *,
    on: date,
    expected_version: int | None = None,
    books: Books | None = None,
    by: Actor,
    at: datetime,
) -> Payment:
    """Take an allocation back: the document is open again, the money waits as an advance.

    `expected_version` is the payment's. Raises AllocationRemoved and PeriodClosed.
    """
    fresh = _posted_now(allocation.payment, expected_version)
    _remove(allocation, on=on)
    change(
        fresh,
        used=fresh.used - allocation.amount,
        used_base=fresh.used_base - allocation.payment_base,
    )
    mirrored = _mirrored([(_waiting(fresh), allocation.payment_base), _answer(fresh, allocation)])
    _book(fresh, mirrored, kind="allocation", on=on, books=books, by=by, at=at)
    told = {"from": _document(allocation).number, "amount": allocation.amount}
    audit.record(fresh, f"{fresh.kind}.unallocated", by=by, at=at, changes=told)
    announce("payments.unallocated", at=at, payment=fresh.pk)
    return fresh


@unit_of_work
def refund(
    payment: Payment,
    amount: Decimal,
    *,
    method: PaymentMethod,
    account: Account,
    on: date,
    reference: str = "",
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Payment:
    """Give back what a payment has left: Dr CUSTOMER_ADVANCES / Cr BANK. Answers the refund.

    The refund is a payment of its own, so that the bank statement can confirm it; at the exchange
    rate of the payment. Raises AllocationTooHigh, IsTaxedAdvance, PaymentInFuture and WrongState.
    """
    fresh = _posted_now(payment, expected_version)
    if fresh.is_advance:
        raise IsTaxedAdvance()
    if on > business_day(at):
        raise PaymentInFuture(day=on.isoformat())
    base = _share(fresh, amount)
    if not ZERO < amount <= fresh.unallocated:
        raise AllocationTooHigh(left=plain(fresh.unallocated), wanted=plain(amount))
    change(
        fresh,
        used=fresh.used + amount,
        used_base=fresh.used_base + base,
        refunded=fresh.refunded + amount,
    )
    back = a_refund(fresh, amount, base, method=method, account=account, on=on, by=by, at=at)
    back.reference = reference
    back.number = _take_number(PaymentKind(back.kind))
    back.search_text = searchable(back.number, _search_text(back))
    lines = [(payment_account(back), base), (_waiting(back), -base)]
    back.entry = _book(back, lines, kind="refund", number=back.number, on=on, by=by, at=at)
    back.save(force_insert=True)
    facts = {"refunds": fresh.number, "amount": amount}
    audit.record(back, f"{back.kind}.refunded", by=by, at=at, changes=facts)
    announce("payments.posted", at=at, payment=back.pk)
    return back


@unit_of_work
def clear_cheque(
    payment: Payment,
    *,
    on: date,
    expected_version: int | None = None,
    books: Books | None = None,
    by: Actor,
    at: datetime,
) -> Payment:
    """The bank has credited a received cheque: Dr BANK / Cr CHEQUES_IN_HAND."""
    fresh = _posted_now(payment, expected_version)
    if not lies_in_drawer(fresh):
        raise NoChequeToClear()
    drawer = payment_account(fresh)
    change(fresh, cleared_on=on)
    lines = [(fresh.account, fresh.amount_base), (drawer, -fresh.amount_base)]
    _book(fresh, lines, kind="clearing", on=on, books=books, by=by, at=at)
    audit.record(fresh, "receipt.cleared", by=by, at=at, changes={"on": on})
    return fresh


@unit_of_work
def bounce(
    payment: Payment,
    *,
    reason: str,
    on: date,
    fee: Decimal = ZERO,
    expected_version: int | None = None,
    books: Books | None = None,
    by: Actor,
    at: datetime,
) -> Payment:
    """The bank took it back: what it answered is open again; its fee (riyals) is an expense.

    Dr AR for the allocated part, Dr CUSTOMER_ADVANCES for the rest / Cr BANK. Raises CannotBounce,
    PaymentMatched, PaymentRefunded, IsTaxedAdvance and WrongState.
    """
    if payment.method not in BOUNCING:
        raise CannotBounce()
    return _take_back(
        payment,
        to=PaymentState.BOUNCED,
        kind="bounce",
        reason=reason,
        fee=fee,
        on=on,
        expected_version=expected_version,
        books=books,
        by=by,
        at=at,
    )


@unit_of_work
def reverse_payment(
    payment: Payment,
    *,
    reason: str,
    on: date,
    expected_version: int | None = None,
    books: Books | None = None,
    by: Actor,
    at: datetime,
) -> Payment:
    """Take a wrongly entered payment back by a mirror entry; what it answered is open again.

    Raises PaymentMatched, PaymentRefunded, IsTaxedAdvance and WrongState.
    """
    return _take_back(
        payment,
        to=PaymentState.REVERSED,
        kind="reversal",
        reason=reason,
        fee=ZERO,
        on=on,
        expected_version=expected_version,
        books=books,
        by=by,
        at=at,
    )


def payment_account(payment: Payment) -> Account | LedgerRole:
    """Where its money lies: a received cheque in the drawer until the bank has credited it."""
    return LedgerRole.CHEQUES_IN_HAND if lies_in_drawer(payment) else payment.account


def lies_in_drawer(payment: Payment) -> bool:
    """Whether it is a received cheque that the bank has not credited yet."""
    is_cheque = payment.is_receipt and payment.method == PaymentMethod.CHEQUE
    return is_cheque and payment.cleared_on is None


def a_refund(
    payment: Payment,
    amount: Decimal,
    base: Decimal,
    *,
    method: PaymentMethod,
    account: Account,
    on: date,
    by: Actor,
    at: datetime,
) -> Payment:
    """An unsaved payment that gives back part of another one, fully used from the start."""
    _require_money_account(account)
    opposite = PaymentKind.PAYMENT if payment.is_receipt else PaymentKind.RECEIPT
    return Payment(
        kind=opposite,
        side=payment.side,
        state=PaymentState.POSTED,
        method=method,
        party=payment.party,
        party_name_en=payment.party_name_en,
        party_name_ar=payment.party_name_ar,
        account=account,
        paid_on=on,
        currency=payment.currency,
        exchange_rate=payment.exchange_rate,
        amount=amount,
        amount_base=base,
        used=amount,
        used_base=base,
        refunds=payment,
        # A cheque of ours leaves the bank's account when it is written.
        cleared_on=on,
        created_at=at,
        created_by=by.actor_id,
        posted_at=at,
        posted_by=by.actor_id,
    )


def take_payment_number(kind: PaymentKind) -> str:
    """The next number of receipts or payments; inside the unit that uses it, and late."""
    return _take_number(kind)


# The steps above, in the order they are taken.


def _name_party(payment: Payment, party: Party) -> None:
    is_customer = payment.side == PaymentSide.CUSTOMER
    if not (party.is_customer if is_customer else party.is_supplier):
        raise NoPaymentParty(name=party.name_en or party.name_ar)
    payment.party = party
    payment.party_name_en = party.name_en
    payment.party_name_ar = party.name_ar


def _of_party(bank_account: BankAccount | None, party: Party) -> BankAccount | None:
    if bank_account and (bank_account.party_id != party.pk or not bank_account.is_active):
        say = Text(
            "Choose a bank account of this party that is in use.",
            "اختر حسابًا بنكيًا مستخدمًا لهذا الطرف.",
        )
        raise Invalid(errors=[FieldError("/bank_account_id", "no_bank_account", say)])
    return bank_account


def _require_money_account(account: Account) -> None:
    kept = AccountRole.objects.filter(role__in=CONTROL_ROLES, account=account).exists()
    if kept or not account.takes_lines:
        say = Text("Choose a bank or cash account.", "اختر حساب بنك أو صندوق.")
        raise Invalid(errors=[FieldError("/account_id", "no_money_account", say)])


def _reckon(payment: Payment) -> None:
    payment.amount_base = round_money(payment.amount * payment.exchange_rate)
    payment.search_text = _search_text(payment)


def _search_text(payment: Payment) -> str:
    return searchable(
        payment.number, payment.reference, payment.party_name_en, payment.party_name_ar
    )


def _posted_now(payment: Payment, expected_version: int | None) -> Payment:
    """The payment as this unit sees it: others may have used some of it since it was loaded."""
    fresh = Payment.objects.select_related("account", "party").get(pk=payment.pk)
    if expected_version not in (None, fresh.version):
        raise VersionConflict()
    if not fresh.is_posted:
        raise WrongState(state=fresh.state)
    return fresh


def _settle_all(
    payment: Payment,
    free: Decimal,
    wishes: Sequence[AllocationWish],
    *,
    on: date,
    by: Actor,
    at: datetime,
) -> list[Allocation]:
    """Claim the documents and write the allocations down; the payment itself is claimed next."""
    planned = _plan(free, wishes, _wanted_documents(payment, wishes))
    made: list[Allocation] = []
    # Always in the same order, so that two payments for the same documents do not block each other.
    for document, amount in sorted(planned, key=lambda one: str(one[0].pk)):
        document_base = open_in_riyals(document, amount)
        settle(document, amount, document_base)
        used = sum((one.amount for one in made), ZERO)
        used_base = sum((one.payment_base for one in made), ZERO)
        made.append(
            Allocation(
                payment=payment,
                invoice=document if isinstance(document, Invoice) else None,
                bill=document if isinstance(document, Bill) else None,
                amount=amount,
                document_base=document_base,
                payment_base=_share(payment, amount, used=used, used_base=used_base),
                allocated_on=on,
                created_at=at,
                created_by=by.actor_id,
            )
        )
    if made:
        Allocation.objects.bulk_create(made)
    return made


def _plan(
    free: Decimal, wishes: Sequence[AllocationWish], documents: Mapping[UUID, Invoice | Bill]
) -> list[tuple[Invoice | Bill, Decimal]]:
    """How much for which document, in the order of the wishes; "as much as possible" may be 0."""
    planned = []
    for wish in wishes:
        document = documents[wish.document_id]
        amount = wish.amount
        if amount is None:
            amount = min(free, document.open_amount)
            if amount <= ZERO:
                continue
        if not ZERO < amount <= free:
            raise AllocationTooHigh(left=plain(free), wanted=plain(amount))
        free -= amount
        planned.append((document, amount))
    return planned


def _wanted_documents(
    payment: Payment, wishes: Sequence[AllocationWish]
) -> Mapping[UUID, Invoice | Bill]:
    ids = [wish.document_id for wish in wishes]
    found: Mapping[UUID, Invoice | Bill] = (
        Invoice.objects.in_bulk(ids)
        if payment.side == PaymentSide.CUSTOMER
        else Bill.objects.in_bulk(ids)
    )
    kinds = queries.ANSWERS[payment.kind, payment.side]
    errors = []
    for index, wish in enumerate(wishes):
        document = found.get(wish.document_id)
        if (
            document is None
            or document.kind not in kinds
            or _party_of(document) != payment.party_id
        ):
            say = Text(
                "This party has no such document to be answered by this payment.",
                "لا يوجد لهذا الطرف مستند كهذا تسدده هذه الدفعة.",
            )
            errors.append(FieldError(f"/allocations/{index}/document_id", "unknown_document", say))
        elif document.currency != payment.currency:
            say = Text(
                f"This document is in {document.currency}.",
                f"عملة هذا المستند {document.currency}.",
            )
            errors.append(FieldError(f"/allocations/{index}/document_id", "other_currency", say))
    if errors:
        raise Invalid(errors=errors)
    return found


def _party_of(document: Invoice | Bill) -> UUID:
    return document.customer_id if isinstance(document, Invoice) else document.supplier_id


def _share(
    payment: Payment, amount: Decimal, *, used: Decimal = ZERO, used_base: Decimal = ZERO
) -> Decimal:
    """What an amount of the payment is in riyals; the last part takes what rounding left."""
    if payment.used + used + amount == payment.amount:
        rest: Decimal = payment.amount_base - payment.used_base - used_base
        return rest
    return round_money(amount * payment.exchange_rate)


Line = tuple[Account | LedgerRole, Decimal]


def _waiting(payment: Payment) -> LedgerRole:
    return _WAITING[PaymentSide(payment.side)]


def _answer(payment: Payment, allocation: Allocation) -> Line:
    return _CONTROL[PaymentSide(payment.side)], -allocation.document_base


def _answers(payment: Payment, made: Sequence[Allocation], *, rest: bool = True) -> list[Line]:
    """What a receipt takes off receivables and, as `rest`, leaves waiting."""
    lines = [_answer(payment, allocation) for allocation in made]
    if rest:
        used_base = sum((one.payment_base for one in made), ZERO)
        lines.append((_waiting(payment), used_base - payment.amount_base))
    return lines


def _mirrored(lines: Sequence[Line]) -> list[Line]:
    return [(account, -amount) for account, amount in lines]


def _book(
    payment: Payment,
    lines: Sequence[Line],
    *,
    kind: str,
    number: str = "",
    fee: Decimal = ZERO,
    on: date,
    books: Books | None = None,
    by: Actor,
    at: datetime,
) -> JournalEntry | None:
    """Post lines that say what a receipt debits; a payment is the mirror of that.

    What they do not add up to is the exchange gain or loss.
    """
    sign = 1 if payment.is_receipt else -1
    difference = -sum((amount for _, amount in lines), ZERO)
    signed = [(account, sign * amount) for account, amount in lines if amount]
    if difference:
        signed.append((LedgerRole.FX_GAIN_LOSS, sign * difference))
    if fee:
        signed += [(LedgerRole.BANK_CHARGES, fee), (payment.account, -fee)]
    books = books or Books.open()
    if not signed:
        books.require_open(on)
        return None
    return ledger.post(
        [_posting(payment, account, amount) for account, amount in signed],
        on=on,
        memo=payment.party_name_en or payment.party_name_ar,
        kind=kind,
        source=payment,
        source_number=number or payment.number or "",
        by=by,
        at=at,
        books=books,
    )


def _posting(payment: Payment, account: Account | LedgerRole, amount: Decimal) -> Posting:
    is_personal = account in (*_CONTROL.values(), *_WAITING.values())
    return Posting(
        account,
        debit=max(amount, ZERO),
        credit=max(-amount, ZERO),
        party_id=payment.party_id if is_personal else None,
    )


def _take_number(kind: PaymentKind) -> str:
    key, prefix = SERIES[kind]
    return f"{prefix}-{take_number(key):06d}"


def _document(allocation: Allocation) -> Invoice | Bill:
    document = allocation.invoice or allocation.bill
    if document is None:
        raise ValueError(f"Allocation {allocation.pk} answers nothing.")
    return document


def _remove(allocation: Allocation, *, on: date) -> None:
    active = Allocation.objects.filter(**groups_of(allocation), pk=allocation.pk, is_active=True)
    won = active.update(is_active=False, removed_on=on)
    if not won:
        raise AllocationRemoved()
    unsettle(_document(allocation), allocation.amount, allocation.document_base)


def _take_back(
    payment: Payment,
    *,
    to: PaymentState,
    kind: str,
    reason: str,
    fee: Decimal,
    on: date,
    expected_version: int | None,
    books: Books | None,
    by: Actor,
    at: datetime,
) -> Payment:
    fresh = _posted_now(payment, expected_version)
    if fresh.is_matched:
        raise PaymentMatched()
    if fresh.refunded:
        raise PaymentRefunded()
    if fresh.is_advance or (fresh.refunds is not None and fresh.refunds.is_advance):
        raise IsTaxedAdvance()
    active = list(queries.allocations_of(fresh).filter(is_active=True))
    for allocation in active:
        _remove(allocation, on=on)
    if fresh.refunds is not None:
        _give_back_to_refunded(fresh, fresh.refunds.pk)
    lines = [(payment_account(fresh), fresh.amount_base), *_answers(fresh, active)]
    move_state(
        fresh,
        frm=[PaymentState.POSTED],
        to=to,
        reason=reason,
        used=ZERO,
        used_base=ZERO,
    )
    _book(fresh, _mirrored(lines), kind=kind, fee=fee, on=on, books=books, by=by, at=at)
    audit.record(fresh, f"{fresh.kind}.{to.value}", by=by, at=at, changes={"reason": reason})
    announce("payments.taken_back", at=at, payment=fresh.pk)
    return fresh


def _give_back_to_refunded(back: Payment, original_id: UUID) -> None:
    """A refund that did not happen: the payment that it gave back has its money again."""
    original = Payment.objects.get(pk=original_id)
    change(
        original,
        used=original.used - back.amount,
        used_base=original.used_base - back.amount_base,
        refunded=original.refunded - back.amount,
    )
