"""Builders for money: receipts and payments, drafted or posted, and what they answer."""

from decimal import Decimal
from typing import Any

from alawael.core.actors import SYSTEM
from alawael.invoicing.models import Bill, Invoice
from alawael.ledger.models import Account
from alawael.parties.models import Party
from alawael.payments import services
from alawael.payments.models import Payment, PaymentKind, PaymentMethod
from alawael.payments.services import AllocationWish
from testing.cast import NOON
from testing.invoicing import MARCH, a_buyer
from testing.parties import a_supplier

BANK = "111003"


def the_bank() -> Account:
    return Account.objects.get(code=BANK)


def a_drafted_receipt(
    amount: str = "115", *, customer: Party | None = None, **facts: Any
) -> Payment:
    """Money that a customer sent to the bank on 31 March, unless told otherwise."""
    usual: dict[str, Any] = {
        "method": PaymentMethod.BANK_TRANSFER,
        "paid_on": MARCH,
        "account": the_bank(),
    }
    return services.draft_payment(
        customer or a_buyer(),
        kind=PaymentKind.RECEIPT,
        amount=Decimal(amount),
        by=SYSTEM,
        at=NOON,
        **(usual | facts),
    )


def a_drafted_payment(
    amount: str = "115", *, supplier: Party | None = None, **facts: Any
) -> Payment:
    """Money that we sent to a supplier on 31 March, unless told otherwise."""
    usual: dict[str, Any] = {
        "method": PaymentMethod.BANK_TRANSFER,
        "paid_on": MARCH,
        "account": the_bank(),
    }
    return services.draft_payment(
        supplier or a_supplier(),
        kind=PaymentKind.PAYMENT,
        amount=Decimal(amount),
        by=SYSTEM,
        at=NOON,
        **(usual | facts),
    )


def a_receipt(amount: str = "115", *answers: Invoice | Bill, **facts: Any) -> Payment:
    """A posted receipt that answers these documents as far as it goes."""
    return posted(a_drafted_receipt(amount, **facts), *answers)


def a_payment(amount: str = "115", *answers: Invoice | Bill, **facts: Any) -> Payment:
    """A posted payment that answers these documents as far as it goes."""
    return posted(a_drafted_payment(amount, **facts), *answers)


def posted(payment: Payment, *answers: Invoice | Bill) -> Payment:
    services.post_payment(payment, wishes(*answers), by=SYSTEM, at=NOON)
    return Payment.objects.get(pk=payment.pk)


def wishes(*answers: Invoice | Bill) -> list[AllocationWish]:
    return [AllocationWish(document.pk) for document in answers]
