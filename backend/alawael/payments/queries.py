"""Questions about payments: what one may see, what is open to be paid, what a bank line may be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from alawael.accounts.models import User
from alawael.core.money import ZERO
from alawael.core.rows import existing
from alawael.core.sealing import opened
from alawael.invoicing import queries as invoicing
from alawael.invoicing.document import Kind
from alawael.invoicing.models import Bill, BillKind, Invoice
from alawael.ledger.models import Account, AccountRole, LedgerRole
from alawael.parties import queries as parties
from alawael.payments.models import (
    Allocation,
    BankLine,
    BankStatement,
    Payment,
    PaymentKind,
    PaymentMethod,
    PaymentSide,
    PaymentState,
)

#: What each kind of payment may answer, by the role of the party.
ANSWERS: dict[tuple[str, str], frozenset[str]] = {
    (PaymentKind.RECEIPT, PaymentSide.CUSTOMER): frozenset({Kind.INVOICE, Kind.DEBIT_NOTE}),
    (PaymentKind.PAYMENT, PaymentSide.CUSTOMER): frozenset({Kind.CREDIT_NOTE}),
    (PaymentKind.PAYMENT, PaymentSide.SUPPLIER): frozenset({BillKind.BILL}),
    (PaymentKind.RECEIPT, PaymentSide.SUPPLIER): frozenset({BillKind.DEBIT_NOTE}),
}


def payments_for(user: User) -> QuerySet[Payment]:
    """Payments that this user may see."""
    return Payment.objects.select_related("account", "bank_account").prefetch_related(
        "party", "advance", "refunds"
    )


def payment_for(user: User, payment_id: UUID) -> Payment:
    """One payment; raises NotFound."""
    return existing(payments_for(user).filter(pk=payment_id))


def filtered(
    rows: QuerySet[Payment],
    *,
    kind: PaymentKind | None = None,
    side: PaymentSide | None = None,
    state: PaymentState | None = None,
    method: PaymentMethod | None = None,
    party_id: UUID | None = None,
    account_id: UUID | None = None,
    paid_from: date | None = None,
    paid_to: date | None = None,
    is_matched: bool | None = None,
    is_unallocated: bool | None = None,
) -> QuerySet[Payment]:
    """Narrow a list of payments; None narrows nothing."""
    exact = {
        "kind": kind,
        "side": side,
        "state": state,
        "method": method,
        "party_id": party_id,
        "account_id": account_id,
        "is_matched": is_matched,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value is not None})
    if paid_from is not None:
        rows = rows.filter(paid_on__gte=paid_from)
    if paid_to is not None:
        rows = rows.filter(paid_on__lte=paid_to)
    if is_unallocated is not None:
        has_rest = Q(state=PaymentState.POSTED) & ~Q(used=F("amount"))
        rows = rows.filter(has_rest) if is_unallocated else rows.exclude(has_rest)
    return rows


def allocations_of(payment: Payment) -> QuerySet[Allocation]:
    """What a payment answers, taken-back allocations included, in the order they were made."""
    return (
        Allocation.objects.filter(payment=payment).select_related("invoice", "bill").order_by("id")
    )


def allocation_for(user: User, payment_id: UUID, allocation_id: UUID) -> Allocation:
    """One allocation of a payment; raises NotFound."""
    return existing(
        Allocation.objects.filter(
            pk=allocation_id, payment=payment_for(user, payment_id)
        ).select_related("invoice", "bill", "payment")
    )


def allocations_to(document_id: UUID) -> list[Allocation]:
    """The payments that answer an invoice or bill now, in the order they were allocated."""
    active = Allocation.objects.filter(is_active=True).order_by("id")
    rows = active.prefetch_related("payment", "invoice", "bill")
    # Two questions, each of one document's rows: "either" would be one of the whole table.
    return [*rows.filter(invoice_id=document_id), *rows.filter(bill_id=document_id)]


def money_accounts() -> list[Account]:
    """The accounts that money lies on: those that stand beside cash and bank in the chart.

    Each tells its `role`, where it has one: cash and transfers usually go there.
    """
    roles = AccountRole.objects.filter(
        role__in=[LedgerRole.CASH, LedgerRole.BANK, LedgerRole.CHEQUES_IN_HAND]
    ).select_related("account")
    groups = {role.account.parent_id for role in roles}
    role_of = {role.account_id: role.role for role in roles}
    found = Account.objects.filter(parent_id__in=groups, is_active=True, is_group=False)
    shown = []
    for account in found.order_by("code"):
        account.role = role_of.get(account.pk)  # type: ignore[attr-defined]
        if account.role != LedgerRole.CHEQUES_IN_HAND:  # type: ignore[attr-defined]
            shown.append(account)
    return shown


def open_documents(
    *, party_id: UUID, kind: str, side: str, currency: str
) -> Sequence[Invoice] | Sequence[Bill]:
    """What a payment may answer, the oldest due first."""
    kinds = ANSWERS[kind, side]
    if side == PaymentSide.CUSTOMER:
        invoices = invoicing.open_documents().filter(customer_id=party_id, kind__in=kinds)
        return list(invoices.filter(currency=currency))
    bills = invoicing.open_bills().filter(supplier_id=party_id, kind__in=kinds)
    return list(bills.filter(currency=currency))


@dataclass(frozen=True)
class Proposal:
    """How much of an amount would answer which document."""

    document: Invoice | Bill
    amount: Decimal


def suggestion(
    *, party_id: UUID, kind: str, side: str, currency: str, amount: Decimal
) -> list[Proposal]:
    """Answer what is due longest first, until the amount is used up.

    A document that is open by exactly this amount comes before all others: that is what the party
    meant.
    """
    documents = open_documents(party_id=party_id, kind=kind, side=side, currency=currency)
    ordered: list[Invoice | Bill] = [*documents]
    ordered.sort(key=lambda document: document.open_amount != amount)
    proposals, left = [], amount
    for document in ordered:
        taken = min(left, document.open_amount)
        proposals.append(Proposal(document, taken))
        left -= taken
    return proposals


def unallocated_total(side: PaymentSide) -> Decimal:
    """Σ of what receipts less payments leave on a side, in riyals; credit is above zero."""
    rows = Payment.objects.filter(state=PaymentState.POSTED, side=side).values("kind")
    left = {
        row["kind"]: row["amounts"] - row["uses"]
        for row in rows.annotate(amounts=Sum("amount_base"), uses=Sum("used_base"))
    }
    total: Decimal = left.get(PaymentKind.RECEIPT, ZERO) - left.get(PaymentKind.PAYMENT, ZERO)
    return total


def statements_for(user: User) -> QuerySet[BankStatement]:
    """Bank statements that this user may see."""
    return BankStatement.objects.select_related("account")


def statement_for(user: User, statement_id: UUID) -> BankStatement:
    """One bank statement; raises NotFound."""
    return existing(statements_for(user).filter(pk=statement_id))


def bank_lines_for(user: User) -> QuerySet[BankLine]:
    return BankLine.objects.select_related(
        "statement__account", "payment__party", "charge__account"
    )


def bank_line_for(user: User, line_id: UUID) -> BankLine:
    """One line of a bank statement; raises NotFound."""
    return existing(bank_lines_for(user).filter(pk=line_id))


def suggest_parties(lines: Sequence[BankLine]) -> None:
    """Tell each line that is not matched which party (`suggested_party`) has the bank account on
    its other side, when it is one alone."""
    ibans = {line.pk: opened(line, "counterparty_iban") for line in lines if not line.is_matched}
    found = parties.parties_by_iban({iban for iban in ibans.values() if iban})
    for line in lines:
        holders = found.get(ibans.get(line.pk, ""), [])
        line.suggested_party = (  # type: ignore[attr-defined]
            holders[0] if len({one.pk for one in holders}) == 1 else None
        )


def holders_of(line: BankLine) -> set[UUID]:
    """The parties that have the bank account on the other side of a line."""
    iban = opened(line, "counterparty_iban")
    found = parties.parties_by_iban([iban] if iban else [])
    return {party.pk for party in found.get(iban, [])}


def filtered_statements(
    rows: QuerySet[BankStatement], *, account_id: UUID | None = None
) -> QuerySet[BankStatement]:
    return rows if account_id is None else rows.filter(account_id=account_id)


_IS_MATCHED = Q(payment__isnull=False) | Q(charge__isnull=False)


def count_lines(statements: list[BankStatement]) -> None:
    """Tell each statement how many lines it has (`line_count`), and how many are `matched`."""
    lines = BankLine.objects.filter(statement__in=[one.pk for one in statements]).order_by()

    def counted(rows: QuerySet[BankLine]) -> dict[UUID, int]:
        groups = rows.values("statement_id").annotate(n=Count("id"))
        return {row["statement_id"]: row["n"] for row in groups}

    all_of, matched = counted(lines), counted(lines.filter(_IS_MATCHED))
    for statement in statements:
        statement.line_count = all_of.get(statement.pk, 0)  # type: ignore[attr-defined]
        statement.matched = matched.get(statement.pk, 0)  # type: ignore[attr-defined]


def known_keys(keys: Iterable[str]) -> set[str]:
    """Which bank lines have been taken in before."""
    return set(BankLine.objects.filter(key__in=list(keys)).values_list("key", flat=True))
