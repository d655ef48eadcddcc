from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import models
from django.db.models import F

from alawael.core.actors import Actor
from alawael.core.audit import record
from alawael.core.errors import FieldError, Invalid, Refusal, Text
from alawael.core.models import NumberSeries
from alawael.core.money import ZERO
from alawael.core.numbering import open_series, take_number
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.ledger.books import Books, PeriodClosed, PeriodMissing, Posting, RoleMissing
from alawael.ledger.models import (
    CONTROL_ROLES,
    Account,
    AccountRole,
    EntryKind,
    JournalEntry,
    JournalLine,
    LedgerRole,
)
from alawael.parties.models import Party

__all__ = ["Books", "PeriodClosed", "PeriodMissing", "Posting", "RoleMissing"]

JOURNAL = "journal"
#: `JournalLine.place` keeps this many places for each entry.
PLACES = 100_000


class NothingToPost(Refusal):
    code = "too_few_lines"
    message = Text("An entry needs at least two lines.", "يحتاج القيد إلى سطرين على الأقل.")


class Unbalanced(Refusal):
    code = "unbalanced"
    message = Text(
        "Debits are {debit} and credits are {credit}. They must be equal.",
        "مجموع المدين {debit} ومجموع الدائن {credit}، ويجب أن يتساويا.",
    )


class AlreadyReversed(Refusal):
    code = "already_reversed"
    message = Text(
        "Entry {number} has been reversed before, by entry {by_number}.",
        "سبق عكس القيد {number} بالقيد {by_number}.",
    )


class IsReversal(Refusal):
    code = "is_reversal"
    message = Text(
        "Entry {number} is a reversal itself. Post a new entry instead.",
        "القيد {number} قيد عكسي بحد ذاته. رحّل قيدًا جديدًا بدلًا من ذلك.",
    )


class ReversalTooEarly(Refusal):
    code = "reversal_too_early"
    message = Text(
        "A reversal cannot be dated before its entry ({day}).",
        "لا يمكن أن يسبق تاريخ العكس تاريخ القيد ({day}).",
    )


class BelongsToDocument(Refusal):
    code = "belongs_to_document"
    message = Text(
        "Entry {number} was posted by {document}. Correct that document instead.",
        "القيد {number} ناتج عن المستند {document}. صحّح المستند نفسه.",
    )


@unit_of_work
def post(
    lines: Sequence[Posting],
    *,
    on: date,
    memo: str,
    kind: str,
    by: Actor,
    at: datetime,
    source: models.Model | None = None,
    source_number: str = "",
    reverses: JournalEntry | None = None,
    books: Books | None = None,
) -> JournalEntry:
    """Write an entry into the books: dated `on`, balanced, for good.

    Takes the journal's number, so call it late in a unit. `books` saves the look-ups when many
    entries are posted in one unit. An entry with a `source` is told in the audit trail by the
    event of that document, any other one by its own.

    Raises PeriodMissing, PeriodClosed, NothingToPost, Unbalanced, RoleMissing, and Invalid that
    names every line which cannot be posted.
    """
    books = books or Books.open()
    books.require_open(on)
    accounts = books.accounts(line.account for line in lines)
    _require_sound(lines, accounts)
    total = _require_balanced(lines)
    number = take_number(JOURNAL)
    entry = JournalEntry(
        number=number,
        date=on,
        memo=memo,
        kind=kind,
        source_type=source._meta.label_lower if source else "",
        source_id=source.pk if source else None,
        source_number=source_number,
        reverses=reverses,
        total=total,
        posted_at=at,
        posted_by=by.actor_id,
        posted_by_name=by.actor_name,
        search_text=searchable(str(number), source_number, memo),
    )
    entry.save(force_insert=True)
    JournalLine.objects.bulk_create(
        [
            JournalLine(
                entry=entry,
                account=accounts[_key(line.account)],
                party_id=line.party_id,
                date=on,
                place=number * PLACES + position,
                debit=line.debit,
                credit=line.credit,
                memo=line.memo,
                currency=line.currency,
                amount_currency=line.amount_currency,
            )
            for position, line in enumerate(lines, start=1)
        ]
    )
    if source is None:
        facts = {"number": number, "date": on, "kind": kind, "total": total, "memo": memo}
        record(entry, "journal_entry.posted", by=by, at=at, changes=facts)
    return entry


@unit_of_work
def reverse(
    entry: JournalEntry,
    *,
    on: date,
    memo: str,
    by: Actor,
    at: datetime,
    source: models.Model | None = None,
    source_number: str = "",
    books: Books | None = None,
) -> JournalEntry:
    """Undo an entry by posting its mirror image on an open day. The original stays as it was.

    For verbs of the documents above, which undo their own entries; people use `reverse_by_hand`.
    Raises AlreadyReversed, IsReversal, ReversalTooEarly and what `post` raises.
    """
    earlier = JournalEntry.objects.filter(reverses=entry).first()
    if earlier is not None:
        raise AlreadyReversed(number=entry.number, by_number=earlier.number)
    if entry.reverses_id is not None:
        raise IsReversal(number=entry.number)
    if on < entry.date:
        raise ReversalTooEarly(day=entry.date.isoformat())
    mirror = [
        Posting(
            line.account,
            debit=line.credit,
            credit=line.debit,
            party_id=line.party_id,
            memo=line.memo,
            currency=line.currency,
            amount_currency=None if line.amount_currency is None else -line.amount_currency,
        )
        for line in entry.lines.select_related("account").order_by("place")
    ]
    return post(
        mirror,
        on=on,
        memo=memo,
        kind=EntryKind.REVERSAL,
        source=source,
        source_number=source_number or entry.source_number,
        reverses=entry,
        by=by,
        at=at,
        books=books,
    )


@unit_of_work
def post_by_hand(
    lines: Sequence[Posting], *, on: date, memo: str, kind: str, by: Actor, at: datetime
) -> JournalEntry:
    """Post what somebody typed: like `post`, but not to accounts that documents alone keep.

    Every party must exist. Raises Invalid naming each wrong line.
    """
    _require_no_control_account(lines)
    _require_known_parties(lines)
    return post(lines, on=on, memo=memo, kind=kind, by=by, at=at)


@unit_of_work
def reverse_by_hand(
    entry: JournalEntry, *, on: date, memo: str, by: Actor, at: datetime
) -> JournalEntry:
    """Reverse an entry that no document stands behind; raises BelongsToDocument for the others."""
    if entry.is_of_a_document:
        raise BelongsToDocument(number=entry.number, document=entry.source_number)
    return reverse(entry, on=on, memo=memo, by=by, at=at)


def open_journal() -> None:
    """Make sure that the journal's number series exists."""
    open_series(JOURNAL)


def hold_journal() -> None:
    """Make postings that run beside this unit start again and see what it has changed.

    MongoDB lets a posting that read an open period commit beside the unit that closes it, because
    they write different rows. Both touch the journal's number, so one of them must wait. Up and
    down, because writing the same value again is no write there.
    """
    series = NumberSeries.objects.filter(key=JOURNAL)
    series.update(next_number=F("next_number") + 1)
    series.update(next_number=F("next_number") - 1)


def _require_no_control_account(lines: Sequence[Posting]) -> None:
    kept = set(
        AccountRole.objects.filter(role__in=CONTROL_ROLES).values_list("account_id", flat=True)
    )
    errors = [
        FieldError(
            f"/lines/{position}/account_id",
            "control_account",
            Text(
                "This account is kept by documents. Make the document instead, such as an invoice, "
                "a bill, a payment or a stock adjustment.",
                "تُمسك المستندات هذا الحساب. أنشئ المستند نفسه، كفاتورة أو دفعة أو تسوية مخزون.",
            ),
        )
        for position, line in enumerate(lines)
        if _is_kept(line.account, kept)
    ]
    if errors:
        raise Invalid(errors=errors)


def _is_kept(account: Account | LedgerRole, kept: set[UUID]) -> bool:
    return account in CONTROL_ROLES if isinstance(account, LedgerRole) else account.pk in kept


def _require_known_parties(lines: Sequence[Posting]) -> None:
    named = {line.party_id for line in lines if line.party_id is not None}
    known = set(Party.objects.filter(pk__in=named).values_list("pk", flat=True)) if named else set()
    unknown = [
        FieldError(
            f"/lines/{position}/party_id",
            "unknown_party",
            Text("There is no such customer or supplier.", "لا يوجد عميل أو مورد كهذا."),
        )
        for position, line in enumerate(lines)
        if line.party_id is not None and line.party_id not in known
    ]
    if unknown:
        raise Invalid(errors=unknown)


def _key(account: Account | LedgerRole) -> UUID | LedgerRole:
    return account if isinstance(account, LedgerRole) else account.pk


def _require_sound(lines: Sequence[Posting], accounts: Mapping[UUID | LedgerRole, Account]) -> None:
    if not 2 <= len(lines) < PLACES:
        raise NothingToPost()
    errors = [
        FieldError(f"/lines/{position}/{place}", code, message)
        for position, line in enumerate(lines)
        for place, code, message in _faults(line, accounts.get(_key(line.account)))
    ]
    if errors:
        raise Invalid(errors=errors)


def _faults(line: Posting, account: Account | None) -> Iterator[tuple[str, str, Text]]:
    if min(line.debit, line.credit) != 0 or max(line.debit, line.credit) <= 0:
        yield (
            "debit",
            "one_side",
            Text(
                "Enter an amount above zero, either as debit or as credit.",
                "أدخل مبلغًا أكبر من صفر، مدينًا أو دائنًا.",
            ),
        )
    if account is None:
        yield "account_id", "unknown_account", Text("No such account.", "لا يوجد حساب كهذا.")
        return
    if account.is_group:
        yield (
            "account_id",
            "account_is_group",
            Text(
                f"{account.code} is a group. Choose one of its accounts.",
                f"الحساب {account.code} حساب رئيسي. اختر أحد حساباته الفرعية.",
            ),
        )
    elif not account.is_active:
        yield (
            "account_id",
            "account_inactive",
            Text(
                f"Account {account.code} is not in use any more.",
                f"الحساب {account.code} لم يعد مستخدمًا.",
            ),
        )
    if account.needs_party and line.party_id is None:
        yield (
            "party_id",
            "party_missing",
            Text(
                f"Say which party this is for: {account.code} is kept by party.",
                f"حدد الطرف المعني: الحساب {account.code} يُمسك حسب الأطراف.",
            ),
        )
    if (line.currency is None) != (line.amount_currency is None):
        yield (
            "amount_currency",
            "currency_incomplete",
            Text(
                "Give both the currency and the amount in it, or neither.",
                "أدخل العملة والمبلغ بها معًا، أو اتركهما فارغين.",
            ),
        )
    if account.currency and line.currency not in (None, account.currency):
        yield (
            "currency",
            "wrong_currency",
            Text(
                f"Account {account.code} is kept in {account.currency}.",
                f"الحساب {account.code} بعملة {account.currency}.",
            ),
        )


def _require_balanced(lines: Sequence[Posting]) -> Decimal:
    debit = sum((line.debit for line in lines), ZERO)
    credit = sum((line.credit for line in lines), ZERO)
    if debit != credit:
        raise Unbalanced(debit=f"{debit:.2f}", credit=f"{credit:.2f}")
    return debit
