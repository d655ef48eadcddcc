"""Which payment a bank line may be: by amount first, then reference, party and day."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from alawael.core.search_text import fold
from alawael.payments.models import BankLine, Payment, PaymentKind, PaymentState

MOST_PROPOSALS = 10
#: How much each agreement says, of 100.
AMOUNT, REFERENCE, PARTY, DAY = 50, 25, 15, 10
#: Days between what we booked and what the bank did, at most.
NEAR = 7


@dataclass(frozen=True)
class MatchProposal:
    """A payment that a bank line may be, and what speaks for it."""

    payment: Payment
    score: int
    reasons: list[str]


def bank_amount(payment: Payment, currency: str) -> Decimal:
    """What the bank should say: in the statement's currency, below zero when it went out.

    A payment in another currency went through the account in riyals.
    """
    is_same = payment.currency == currency
    amount: Decimal = payment.amount if is_same else payment.amount_base
    return amount if payment.is_receipt else -amount


def proposals_for(
    line: BankLine, candidates: Iterable[Payment], *, holders: Collection[UUID] = ()
) -> list[MatchProposal]:
    """The payments among the candidates that agree in amount, the likeliest first.

    `holders` are the parties that have the bank account on the other side of the line.
    """
    told = fold(f"{line.reference} {line.text}")
    who = fold(f"{line.counterparty} {line.text}")
    found = []
    for payment in candidates:
        if bank_amount(payment, line.statement.currency) != line.amount:
            continue
        score, reasons = AMOUNT, ["amount"]
        if _is_named(payment, told):
            score, reasons = score + REFERENCE, [*reasons, "reference"]
        if payment.party_id in holders:
            score, reasons = score + PARTY, [*reasons, "bank_account"]
        elif _is_by(payment, who):
            score, reasons = score + PARTY, [*reasons, "party"]
        if abs((payment.paid_on - line.booked_on).days) <= NEAR:
            score, reasons = score + DAY, [*reasons, "day"]
        found.append(MatchProposal(payment, score, reasons))
    ranked = sorted(found, key=lambda one: (-one.score, str(one.payment.pk)))
    return ranked[:MOST_PROPOSALS]


def _is_named(payment: Payment, told: str) -> bool:
    names = [fold(payment.reference), fold(payment.number or "")]
    return any(len(name) >= 3 and name in told for name in names)


def _is_by(payment: Payment, who: str) -> bool:
    """Whether the longest words of the party's name stand in what the bank wrote."""
    for name in (payment.party_name_en, payment.party_name_ar):
        words = sorted(fold(name).split(), key=len, reverse=True)[:2]
        if words and all(len(word) >= 3 and word in who for word in words):
            return True
    return False


def candidates_for(line: BankLine) -> Iterable[Payment]:
    """Posted payments of the line's account and direction that no bank line confirms yet."""
    kind = PaymentKind.RECEIPT if line.amount > 0 else PaymentKind.PAYMENT
    return (
        Payment.objects.filter(
            state=PaymentState.POSTED,
            is_matched=False,
            kind=kind,
            account_id=line.statement.account_id,
        )
        .select_related("account", "party")
        .order_by("-paid_on", "-id")[:2000]
    )
