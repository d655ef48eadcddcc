"""What a posted invoice or note means in the books."""

from decimal import Decimal
from uuid import UUID

from alawael.core.money import ZERO
from alawael.invoicing.document import Kind
from alawael.invoicing.models import Invoice
from alawael.invoicing.vat import Totals
from alawael.ledger.books import Posting
from alawael.ledger.models import Account, LedgerRole


def postings_of(
    invoice: Invoice, sums: Totals, money: Account | LedgerRole | None = None
) -> list[Posting]:
    """An invoice: Dr AR / Cr REVENUE / Cr OUTPUT_VAT / ± ROUNDING, in riyals.

    A credit note goes the other way, with SALES_RETURNS for revenue. What advances have charged is
    taken off: Dr CUSTOMER_ADVANCES, less OUTPUT_VAT, less AR. An advance, and a note that gives one
    back, has `money` (the bank) for AR and CUSTOMER_ADVANCES for revenue. Empty when it is about
    nothing.
    """
    sign = -1 if invoice.kind == Kind.CREDIT_NOTE else 1
    income = LedgerRole.SALES_RETURNS if invoice.kind == Kind.CREDIT_NOTE else LedgerRole.REVENUE
    if invoice.is_of_advance:
        income = LedgerRole.CUSTOMER_ADVANCES
    used = invoice.prepaid_base - invoice.prepaid_vat_base
    receivable = sums.total_sar + sums.rounding_sar - invoice.prepaid_base
    wanted: list[tuple[Account | LedgerRole, Decimal]] = [
        (LedgerRole.AR if money is None else money, receivable),
        (LedgerRole.CUSTOMER_ADVANCES, used),
        (income, -sums.taxable_sar),
        (LedgerRole.OUTPUT_VAT, invoice.prepaid_vat_base - sums.vat_sar),
        (LedgerRole.ROUNDING, -sums.rounding_sar),
    ]
    return [
        _posting(account, sign * amount, invoice.customer_id)
        for account, amount in wanted
        if amount
    ]


def _posting(account: Account | LedgerRole, amount: Decimal, customer_id: UUID) -> Posting:
    is_personal = account in (LedgerRole.AR, LedgerRole.CUSTOMER_ADVANCES)
    return Posting(
        account=account,
        debit=amount if amount > 0 else ZERO,
        credit=-amount if amount < 0 else ZERO,
        party_id=customer_id if is_personal else None,
    )
