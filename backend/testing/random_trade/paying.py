"""Money that comes and goes, and what it answers."""

from decimal import Decimal

from alawael.invoicing import corrections
from alawael.invoicing.models import Bill, Invoice
from alawael.ledger.models import Account, AccountRole, LedgerRole
from alawael.payments import services as payments
from alawael.payments.models import Allocation, Payment, PaymentKind, PaymentMethod
from testing.random_trade.engine import Choices, World, command, some, who

REASON = "because it was chosen"


@command
def customer_pays(world: World, choices: Choices) -> None:
    invoice = some(choices, Invoice, ("posted",), kind="invoice")
    payment = payments.draft_payment(
        invoice.customer,
        kind=PaymentKind.RECEIPT,
        method=choices.one_of((PaymentMethod.BANK_TRANSFER, PaymentMethod.CHEQUE)),
        account=_bank(),
        amount=_about(choices, invoice.open_amount),
        paid_on=world.today,
        **who(world, choices),
    )
    wishes = [payments.AllocationWish(invoice.pk)] if choices.usually() else []
    payments.post_payment(payment, wishes, **who(world, choices))


@command
def pay_supplier(world: World, choices: Choices) -> None:
    bill = some(choices, Bill, ("posted",), kind="bill")
    payment = payments.draft_payment(
        bill.supplier,
        kind=PaymentKind.PAYMENT,
        method=PaymentMethod.BANK_TRANSFER,
        account=_bank(),
        amount=_about(choices, bill.open_amount),
        paid_on=world.today,
        **who(world, choices),
    )
    wishes = [payments.AllocationWish(bill.pk)] if choices.usually() else []
    payments.post_payment(payment, wishes, **who(world, choices))


@command
def allocate(world: World, choices: Choices) -> None:
    payment = some(choices, Payment, ("posted",))
    documents = Invoice if payment.kind == PaymentKind.RECEIPT else Bill
    party = "customer_id" if documents is Invoice else "supplier_id"
    document = some(choices, documents, ("posted",), **{party: payment.party_id})
    amount = None if choices.flag() else choices.money()
    wish = payments.AllocationWish(document.pk, amount)
    payments.allocate(payment, [wish], on=world.today, **who(world, choices))


@command
def unallocate(world: World, choices: Choices) -> None:
    payments.unallocate(some(choices, Allocation), on=world.today, **who(world, choices))


@command
def take_payment_back(world: World, choices: Choices) -> None:
    payment = some(choices, Payment, ("posted",))
    if choices.flag():
        payments.bounce(
            payment, reason=REASON, on=world.today, fee=Decimal(15), **who(world, choices)
        )
    else:
        payments.reverse_payment(payment, reason=REASON, on=world.today, **who(world, choices))


@command
def clear_cheque(world: World, choices: Choices) -> None:
    payment = some(choices, Payment, ("posted",), method="cheque")
    payments.clear_cheque(payment, on=world.today, **who(world, choices))


@command
def refund(world: World, choices: Choices) -> None:
    payments.refund(
        some(choices, Payment, ("posted",)),
        choices.money(),
        method=PaymentMethod.BANK_TRANSFER,
        account=_bank(),
        on=world.today,
        **who(world, choices),
    )


@command
def write_off(world: World, choices: Choices) -> None:
    invoice = some(choices, Invoice, ("posted",), kind="invoice")
    corrections.write_off(
        invoice, Decimal("1.15"), reason=REASON, on=world.today, **who(world, choices)
    )


def _bank() -> Account:
    return AccountRole.objects.select_related("account").get(role=LedgerRole.BANK).account


def _about(choices: Choices, amount: Decimal) -> Decimal:
    """What is open, less, or more."""
    return max(Decimal("0.01"), amount + Decimal(choices.one_of((0, 0, -3, 50))))
