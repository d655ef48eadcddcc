"""What a posting needs to know about accounts and periods, read once for one unit of work."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from alawael.core.errors import Refusal, Text
from alawael.core.money import ZERO
from alawael.core.unit_of_work import in_unit
from alawael.ledger.models import Account, AccountRole, LedgerRole, Period


class PeriodMissing(Refusal):
    code = "period_missing"
    message = Text(
        "There is no fiscal year for {day}. Open the fiscal year first.",
        "لا توجد سنة مالية للتاريخ {day}. افتح السنة المالية أولًا.",
    )


class PeriodClosed(Refusal):
    code = "period_closed"
    message = Text(
        "The period {period} is closed. Choose another date, or open the period again.",
        "الفترة {period} مغلقة. اختر تاريخًا آخر أو أعد فتح الفترة.",
    )


class RoleMissing(Refusal):
    code = "account_role_missing"
    message = Text(
        "No account is set for {role}. Choose one under account roles.",
        "لم يُحدد حساب للدور {role}. اختر حسابًا ضمن أدوار الحسابات.",
    )


@dataclass(frozen=True)
class Posting:
    """One line to be posted: an amount on one side of an account, named itself or by its role."""

    account: Account | LedgerRole
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    party_id: UUID | None = None
    memo: str = ""
    #: The foreign currency and the amount in it, signed like debit minus credit.
    currency: str | None = None
    amount_currency: Decimal | None = None


@dataclass
class Books:
    """Accounts, roles and periods as this unit of work sees them; each is read when first needed.

    Whoever posts many entries in one unit opens the books once and hands them to every posting.
    They must not outlive their unit: a period may be closed the moment it has ended.
    """

    _accounts: dict[UUID, Account] = field(default_factory=dict)
    _roles: dict[str, UUID] | None = None
    _periods: list[Period] = field(default_factory=list)

    @classmethod
    def open(cls) -> "Books":
        if not in_unit():
            raise RuntimeError("The books are opened inside the unit of work that posts.")
        return cls()

    def role(self, role: LedgerRole) -> Account:
        """The account of a role; raises RoleMissing."""
        if self._roles is None:
            rows = AccountRole.objects.select_related("account")
            self._roles = {row.role: row.account.pk for row in rows}
            # A copy already here may be newer: nothing in a unit replaces what it has read.
            for row in rows:
                self._accounts.setdefault(row.account.pk, row.account)
        if role not in self._roles:
            raise RoleMissing(role=str(role))
        return self._accounts[self._roles[role]]

    def accounts(
        self, named: Iterable[Account | LedgerRole]
    ) -> Mapping[UUID | LedgerRole, Account]:
        """The accounts as they are now, by their id or role; an unknown one is left out."""
        named = list(named)
        found: dict[UUID | LedgerRole, Account] = {}
        for role in named:
            if isinstance(role, LedgerRole):
                found[role] = self.role(role)
        ids = {account.pk for account in named if isinstance(account, Account)}
        if missing := ids - self._accounts.keys():
            self._accounts.update(Account.objects.in_bulk(list(missing)))
        found.update({pk: self._accounts[pk] for pk in ids if pk in self._accounts})
        return found

    def period_of(self, day: date) -> Period:
        """The period of a day; raises PeriodMissing."""
        for period in self._periods:
            if period.starts_on <= day <= period.ends_on:
                return period
        found = Period.objects.filter(starts_on__lte=day, ends_on__gte=day).first()
        if found is None:
            raise PeriodMissing(day=day.isoformat())
        self._periods.append(found)
        return found

    def require_open(self, day: date) -> None:
        """Raise PeriodMissing or PeriodClosed unless entries may be dated `day`."""
        period = self.period_of(day)
        if not period.is_open:
            raise PeriodClosed(period=period.name)
