"""What a posted invoice or note means in the books."""

from decimal import Decimal

from alawael.core.money import ZERO
from alawael.invoicing.document import Kind
from alawael.invoicing.models import Invoice
from alawael.invoicing.vat import Totals
from alawael.ledger.books import Posting
from alawael.ledger.models import LedgerRole


def postings_of(invoice: Invoice, sums: Totals) -> list[Posting]:
    """An invoice: Dr AR / Cr REVENUE / Cr OUTPUT_VAT / ± ROUNDING, in riyals.

    A note goes the other way, with SALES_RETURNS for revenue. Empty when it is about nothing.
    """
    receivable = sums.total_sar + sums.rounding_sar
    sign = -1 if invoice.kind == Kind.CREDIT_NOTE else 1
    income = LedgerRole.SALES_RETURNS if invoice.kind == Kind.CREDIT_NOTE else LedgerRole.REVENUE
    wanted = [
        (LedgerRole.AR, receivable),
        (income, -sums.taxable_sar),
        (LedgerRole.OUTPUT_VAT, -sums.vat_sar),
        (LedgerRole.ROUNDING, -sums.rounding_sar),
    ]
    return [
        _posting(role, sign * amount, invoice if role == LedgerRole.AR else None)
        for role, amount in wanted
        if amount
    ]


def _posting(role: LedgerRole, amount: Decimal, invoice: Invoice | None) -> Posting:
    return Posting(
        account=role,
        debit=amount if amount > 0 else ZERO,
        credit=-amount if amount < 0 else ZERO,
        party_id=invoice.customer_id if invoice else None,
    )
