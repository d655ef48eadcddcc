"""What the books say. Amounts are debit minus credit unless a report names its side.

Rows carry codes and numbers, never ids, so that two copies of the same books read the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from alawael.core.errors import Text, one_error
from alawael.core.money import ZERO
from alawael.ledger.models import Account, AccountType, FiscalYear, JournalLine


@dataclass(frozen=True)
class AccountLine:
    """An account as every report shows it; `level` is 0 at the top of the chart."""

    code: str
    name_en: str
    name_ar: str
    type: str
    level: int
    is_group: bool


@dataclass(frozen=True)
class Movement:
    opening: Decimal = ZERO
    debit: Decimal = ZERO
    credit: Decimal = ZERO

    @property
    def closing(self) -> Decimal:
        return self.opening + self.debit - self.credit

    @property
    def is_nothing(self) -> bool:
        return not (self.opening or self.debit or self.credit)

    def plus(self, other: "Movement") -> "Movement":
        return Movement(
            self.opening + other.opening, self.debit + other.debit, self.credit + other.credit
        )


@dataclass(frozen=True)
class TrialBalanceRow(AccountLine):
    opening_debit: Decimal
    opening_credit: Decimal
    debit: Decimal
    credit: Decimal
    closing_debit: Decimal
    closing_credit: Decimal


@dataclass(frozen=True)
class TrialBalanceTotals:
    opening_debit: Decimal
    opening_credit: Decimal
    debit: Decimal
    credit: Decimal
    closing_debit: Decimal
    closing_credit: Decimal


@dataclass(frozen=True)
class TrialBalance:
    first: date
    last: date
    rows: list[TrialBalanceRow]
    totals: TrialBalanceTotals


@dataclass(frozen=True)
class AmountRow(AccountLine):
    """An amount on the natural side of its type: revenue and liabilities positive in credit."""

    amount: Decimal


@dataclass(frozen=True)
class ProfitAndLoss:
    first: date
    last: date
    revenue: list[AmountRow]
    expenses: list[AmountRow]
    total_revenue: Decimal
    total_expenses: Decimal
    profit: Decimal


@dataclass(frozen=True)
class BalanceSheet:
    """`equity` holds what is booked; the profits not yet carried to an account stand beside it."""

    on: date
    assets: list[AmountRow]
    liabilities: list[AmountRow]
    equity: list[AmountRow]
    profit_of_earlier_years: Decimal
    profit_of_this_year: Decimal
    total_assets: Decimal
    total_liabilities: Decimal
    total_equity: Decimal
    difference: Decimal

    def unclosed_profits(self) -> list[AmountRow]:
        """The two profits as rows, for a table of everything."""
        earlier = ("", "Profit of earlier years", "أرباح سنوات سابقة")
        this_year = ("", "Profit of this year", "ربح السنة الحالية")
        return [
            AmountRow(*earlier, AccountType.EQUITY, 0, False, self.profit_of_earlier_years),
            AmountRow(*this_year, AccountType.EQUITY, 0, False, self.profit_of_this_year),
        ]


@dataclass(frozen=True)
class LedgerRow:
    """A line with the balance after it."""

    date: date
    entry_number: int
    kind: str
    memo: str
    account_code: str
    source_type: str
    source_number: str
    party_code: str | None
    party_name_en: str | None
    party_name_ar: str | None
    debit: Decimal
    credit: Decimal
    balance: Decimal
    currency: str | None
    amount_currency: Decimal | None


@dataclass(frozen=True)
class GeneralLedger:
    """`opening` is the balance before this page's first row, `closing` the one after `last`."""

    account: AccountLine
    first: date
    last: date
    opening: Decimal
    rows: list[LedgerRow]
    closing: Decimal
    next: str | None


@dataclass(frozen=True)
class PartyStatement:
    """What a party owes us (positive) or we owe it, on all accounts kept by party."""

    first: date
    last: date
    opening: Decimal
    rows: list[LedgerRow]
    closing: Decimal


def trial_balance(first: date, last: date, *, with_zero: bool = False) -> TrialBalance:
    """Opening, movement and closing of every account; groups add up what they contain."""
    chart = _Chart()
    leaves = _movements(first, last)
    sums = chart.rolled_up(leaves)
    rows = [
        _trial_row(line, sums.get(pk, Movement()))
        for pk, line in chart.lines()
        if with_zero or not sums.get(pk, Movement()).is_nothing
    ]
    own = [_trial_row(chart.line(pk), movement) for pk, movement in leaves.items()]
    return TrialBalance(first, last, rows, _totals(own))


def profit_and_loss(first: date, last: date) -> ProfitAndLoss:
    """Revenue and expenses dated `first` to `last`."""
    chart = _Chart()
    sums = chart.rolled_up(
        {pk: replace(movement, opening=ZERO) for pk, movement in _movements(first, last).items()}
    )
    revenue = chart.amounts(sums, AccountType.REVENUE)
    expenses = chart.amounts(sums, AccountType.EXPENSE)
    earned, spent = _top(revenue), _top(expenses)
    return ProfitAndLoss(first, last, revenue, expenses, earned, spent, earned - spent)


def balance_sheet(on: date) -> BalanceSheet:
    """What is owned and owed at the end of a day."""
    chart = _Chart()
    year_began = _beginning_of_year(on)
    movements = _movements(year_began, on)
    sums = chart.rolled_up(movements)
    results = [
        movement for pk, movement in movements.items() if not chart.by_id[pk].is_of_balance_sheet
    ]
    earlier = -sum((movement.opening for movement in results), ZERO)
    this_year = -sum((movement.closing - movement.opening for movement in results), ZERO)
    assets = chart.amounts(sums, AccountType.ASSET)
    liabilities = chart.amounts(sums, AccountType.LIABILITY)
    equity = chart.amounts(sums, AccountType.EQUITY)
    owned, owed, ours = _top(assets), _top(liabilities), _top(equity) + earlier + this_year
    return BalanceSheet(
        on, assets, liabilities, equity, earlier, this_year, owned, owed, ours, owned - owed - ours
    )


def general_ledger(
    account: Account,
    first: date,
    last: date,
    *,
    party_id: UUID | None = None,
    after: str | None = None,
    limit: int = 50,
) -> GeneralLedger:
    """The lines of an account, or of all accounts in a group, with the balance after each.

    `after` is the `next` of the page before. Raises Invalid for any other mark.
    """
    chart = _Chart()
    rows = JournalLine.objects.filter(account__in=chart.within(account.pk), date__lte=last)
    if party_id is not None:
        rows = rows.filter(party=party_id)
    seen, rest = _split(rows, first, after)
    opening, closing = _balance(seen), _balance(rows)
    found = list(_in_order(rest)[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    return GeneralLedger(
        account=chart.line(account.pk),
        first=first,
        last=last,
        opening=opening,
        rows=list(_with_balance(found, opening)),
        closing=closing,
        next=f"{found[-1].date.isoformat()}.{found[-1].place}" if more else None,
    )


def all_ledger_rows(
    account: Account, first: date, last: date, *, party_id: UUID | None = None
) -> Iterator[LedgerRow]:
    """Every row of the general ledger, read page by page."""
    after: str | None = None
    while True:
        page = general_ledger(account, first, last, party_id=party_id, after=after, limit=1000)
        yield from page.rows
        after = page.next
        if after is None:
            return


def party_statement(party_id: UUID, first: date, last: date) -> PartyStatement:
    """What happened between a party and us on the accounts that are kept by party."""
    rows = JournalLine.objects.filter(
        party=party_id, account__in=_accounts_by_party(), date__lte=last
    )
    opening = _balance(rows.filter(date__lt=first))
    found = list(_with_balance(_in_order(rows.filter(date__gte=first)), opening))
    return PartyStatement(first, last, opening, found, found[-1].balance if found else opening)


def balances_by_party(account: Account, on: date) -> dict[UUID, Decimal]:
    """What each party owes us (positive) on an account at the end of a day; zeros are left out."""
    rows = (
        JournalLine.objects.filter(account=account, date__lte=on, party__isnull=False)
        .values("party_id")
        .annotate(debits=Sum("debit"), credits=Sum("credit"))
        .order_by("party_id")
    )
    balances = {row["party_id"]: row["debits"] - row["credits"] for row in rows}
    return {party_id: balance for party_id, balance in balances.items() if balance}


class _Chart:
    """The chart in memory: a few hundred accounts at most, in the order of their codes."""

    def __init__(self) -> None:
        self.by_id = {account.pk: account for account in Account.objects.order_by("code")}
        self._below: defaultdict[UUID | None, list[UUID]] = defaultdict(list)
        for account in self.by_id.values():
            self._below[account.parent_id].append(account.pk)
        self._levels: dict[UUID, int] = {}
        self._walk(None, 0)

    def _walk(self, parent: UUID | None, level: int) -> None:
        for pk in self._below[parent]:
            self._levels[pk] = level
            self._walk(pk, level + 1)

    def line(self, pk: UUID) -> AccountLine:
        account = self.by_id[pk]
        return AccountLine(
            account.code,
            account.name_en,
            account.name_ar,
            account.type,
            self._levels[pk],
            account.is_group,
        )

    def lines(self) -> Iterator[tuple[UUID, AccountLine]]:
        """All accounts, each group directly before what it contains."""
        return ((pk, self.line(pk)) for pk in self._levels)

    def within(self, pk: UUID) -> list[UUID]:
        found = [pk]
        for below in self._below[pk]:
            found += self.within(below)
        return found

    def rolled_up(self, leaves: dict[UUID, Movement]) -> dict[UUID, Movement]:
        sums = dict(leaves)
        # Children stand behind their groups, so from the back every child is complete.
        for pk in reversed(self._levels):
            parent = self.by_id[pk].parent_id
            if pk in sums and parent is not None:
                sums[parent] = sums.get(parent, Movement()).plus(sums[pk])
        return sums

    def amounts(self, sums: dict[UUID, Movement], kind: AccountType) -> list[AmountRow]:
        is_debit = kind in (AccountType.ASSET, AccountType.EXPENSE)
        return [
            AmountRow(**vars(line), amount=sums[pk].closing if is_debit else -sums[pk].closing)
            for pk, line in self.lines()
            if line.type == kind and pk in sums and not sums[pk].is_nothing
        ]


def _movements(first: date, last: date) -> dict[UUID, Movement]:
    before = _sums(JournalLine.objects.filter(date__lt=first))
    during = _sums(JournalLine.objects.filter(date__gte=first, date__lte=last))
    nothing = (ZERO, ZERO)
    return {
        pk: Movement(
            before.get(pk, nothing)[0] - before.get(pk, nothing)[1], *during.get(pk, nothing)
        )
        for pk in before.keys() | during.keys()
    }


def _sums(rows: QuerySet[JournalLine]) -> dict[UUID, tuple[Decimal, Decimal]]:
    grouped = rows.values("account_id").annotate(debits=Sum("debit"), credits=Sum("credit"))
    return {row["account_id"]: (row["debits"], row["credits"]) for row in grouped.order_by()}


def _balance(rows: QuerySet[JournalLine]) -> Decimal:
    sums = rows.aggregate(debits=Sum("debit"), credits=Sum("credit"))
    return (sums["debits"] or ZERO) - (sums["credits"] or ZERO)


def _trial_row(line: AccountLine, movement: Movement) -> TrialBalanceRow:
    return TrialBalanceRow(
        **vars(line),
        opening_debit=max(movement.opening, ZERO),
        opening_credit=max(-movement.opening, ZERO),
        debit=movement.debit,
        credit=movement.credit,
        closing_debit=max(movement.closing, ZERO),
        closing_credit=max(-movement.closing, ZERO),
    )


def _totals(rows: Iterable[TrialBalanceRow]) -> TrialBalanceTotals:
    rows = list(rows)
    names = TrialBalanceTotals.__dataclass_fields__
    return TrialBalanceTotals(
        **{name: sum((getattr(row, name) for row in rows), ZERO) for name in names}
    )


def _top(rows: list[AmountRow]) -> Decimal:
    """The sum of what is booked; groups only repeat it."""
    return sum((row.amount for row in rows if not row.is_group), ZERO)


def _beginning_of_year(on: date) -> date:
    year = FiscalYear.objects.filter(starts_on__lte=on, ends_on__gte=on).first()
    return year.starts_on if year else date(on.year, 1, 1)


def _accounts_by_party() -> list[UUID]:
    return list(Account.objects.filter(needs_party=True).values_list("pk", flat=True))


def _in_order(rows: QuerySet[JournalLine]) -> QuerySet[JournalLine]:
    return rows.select_related("entry", "party", "account").order_by("date", "place")


def _split(
    rows: QuerySet[JournalLine], first: date, after: str | None
) -> tuple[QuerySet[JournalLine], QuerySet[JournalLine]]:
    """The lines that lie before a page, and those that may stand on it."""
    if after is None:
        return rows.filter(date__lt=first), rows.filter(date__gte=first)
    day, place = _mark(after)
    return (
        rows.filter(Q(date__lt=day) | Q(date=day, place__lte=place)),
        rows.filter(Q(date__gt=day) | Q(date=day, place__gt=place), date__gte=first),
    )


def _mark(after: str) -> tuple[date, int]:
    try:
        day, _, place = after.partition(".")
        mark = date.fromisoformat(day), int(place)
    except ValueError:
        mark = None
    if mark is None or not 0 < mark[1] < 2**63:
        raise one_error(
            "/after",
            "unknown_cursor",
            Text(
                "This page mark belongs to another list. Start from the first page.",
                "علامة الصفحة هذه تخص قائمة أخرى. ابدأ من الصفحة الأولى.",
            ),
        )
    return mark


def _with_balance(lines: Iterable[JournalLine], opening: Decimal) -> Iterator[LedgerRow]:
    balance = opening
    for line in lines:
        balance += line.amount
        yield LedgerRow(
            date=line.date,
            entry_number=line.entry.number,
            kind=line.entry.kind,
            memo=line.memo or line.entry.memo,
            account_code=line.account.code,
            source_type=line.entry.source_type,
            source_number=line.entry.source_number,
            party_code=line.party.code if line.party else None,
            party_name_en=line.party.name_en if line.party else None,
            party_name_ar=line.party.name_ar if line.party else None,
            debit=line.debit,
            credit=line.credit,
            balance=balance,
            currency=line.currency,
            amount_currency=line.amount_currency,
        )
