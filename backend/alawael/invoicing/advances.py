"""Money that was invoiced before the supply: used up by later invoices, or given back.

Saudi VAT is due when the money comes (VAT regulations, Article 20), so an advance is a tax invoice
(UBL 386); the final invoice names it and takes off what it has charged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import F

from alawael.core.errors import FieldError, Invalid, Refusal, Text
from alawael.core.fields import MoneyField
from alawael.core.groups import groups_of
from alawael.core.money import ZERO, plain, round_money
from alawael.invoicing.document import Kind
from alawael.invoicing.models import Invoice, InvoiceAdvance, InvoiceState, InvoiceTax
from alawael.invoicing.vat import Totals, net_of


class AdvanceTooHigh(Refusal):
    code = "advance_too_high"
    message = Text(
        "Only {left} of advance {number} is left; {wanted} was asked for.",
        "المتبقي من الدفعة المقدمة {number} هو {left} والمطلوب {wanted}.",
    )


class AdvanceDoesNotFit(Refusal):
    code = "advance_does_not_fit"
    message = Text(
        "The advances are more than what this invoice charges at the same VAT rate.",
        "الدفعات المقدمة أكبر مما تحمّله هذه الفاتورة بنسبة الضريبة نفسها.",
    )


@dataclass(frozen=True)
class AdvanceUse:
    """How much of an advance invoice, VAT included, is taken off; None: all that is left."""

    advance_id: UUID
    amount: Decimal | None = None


def use_advances(invoice: Invoice, wanted: Sequence[AdvanceUse]) -> list[InvoiceAdvance]:
    """Unsaved rows for the advances that an invoice takes off; nothing is claimed yet.

    Raises Invalid for an advance of somebody else, of another currency or named twice, and
    AdvanceTooHigh.
    """
    if not wanted:
        return []
    found = Invoice.objects.filter(
        kind=Kind.ADVANCE, state=InvoiceState.POSTED, customer_id=invoice.customer_id
    ).in_bulk([use.advance_id for use in wanted])
    errors, rows = [], []
    for index, use in enumerate(wanted):
        advance = found.pop(use.advance_id, None)
        if advance is None or advance.currency != invoice.currency:
            say = Text(
                "This customer has no such advance in this currency.",
                "لا توجد لهذا العميل دفعة مقدمة كهذه بهذه العملة.",
            )
            errors.append(FieldError(f"/advances/{index}/advance_id", "unknown_advance", say))
            continue
        amount = advance.advance_left if use.amount is None else use.amount
        if not ZERO < amount <= advance.advance_left:
            raise _too_much(advance, amount)
        rows.append(_row(invoice, advance, amount))
    if errors:
        raise Invalid(errors=errors)
    return rows


def advances_of(invoice: Invoice) -> list[InvoiceAdvance]:
    """What a stored invoice takes off, with the advances as they are now."""
    return list(invoice.advances.select_related("advance").order_by("id"))


def claim_advances(used: Sequence[InvoiceAdvance]) -> None:
    """Use the advances up, each by one conditional update; raises AdvanceTooHigh."""
    for row in sorted(used, key=lambda row: str(row.advance_id)):
        amount = row.taxable + row.vat
        advance = Invoice.objects.get(pk=row.advance_id)
        if amount > advance.advance_left:
            raise _too_much(advance, amount)
        fresh = _row(row.invoice, advance, amount)
        for name in ("taxable", "vat", "taxable_base", "vat_base"):
            setattr(row, name, getattr(fresh, name))
        row.advance = advance
        _take(advance, amount, row.taxable_base)


def rewrite_advances(used: Sequence[InvoiceAdvance]) -> None:
    """Store what claiming made of rows that were drafted earlier."""
    for row in used:
        InvoiceAdvance.objects.filter(**groups_of(row), pk=row.pk).update(
            taxable=row.taxable,
            vat=row.vat,
            taxable_base=row.taxable_base,
            vat_base=row.vat_base,
        )


def give_back_advance(original: Invoice, amount: Decimal, taxable_base: Decimal) -> None:
    """Take what a note gives back off an advance; raises AdvanceTooHigh."""
    advance = Invoice.objects.get(pk=original.pk)
    if amount > advance.advance_left:
        raise _too_much(advance, amount)
    _take(advance, amount, taxable_base)


def require_fitting(used: Sequence[InvoiceAdvance], sums: Totals) -> None:
    """Raise AdvanceDoesNotFit when advances charge more than the invoice at the same VAT rate."""
    charged = {
        (subtotal.category.value, subtotal.rate): subtotal.taxable for subtotal in sums.subtotals
    }
    for row in used:
        taxed = (row.category, row.rate)
        charged[taxed] = charged.get(taxed, ZERO) - row.taxable
    if used and (min(charged.values()) < ZERO or sums.payable < ZERO):
        raise AdvanceDoesNotFit()


def _row(invoice: Invoice, advance: Invoice, amount: Decimal) -> InvoiceAdvance:
    """Shares are the difference of what was used before and after, so that nothing is left over."""
    tax = InvoiceTax.objects.get(invoice=advance)
    before, after = advance.consumed, advance.consumed + amount
    taxable = _taxable(tax, advance, after) - _taxable(tax, advance, before)
    base = advance.advance_base if after == advance.total else None
    taxable_base = _in_riyals(taxable, advance) if base is None else base
    vat_used = _in_riyals(before - _taxable(tax, advance, before), advance)
    vat_base = _in_riyals(after - _taxable(tax, advance, after), advance) - vat_used
    if after == advance.total:
        vat_base = tax.vat_base - vat_used
    return InvoiceAdvance(
        invoice=invoice,
        advance=advance,
        category=tax.category,
        rate=tax.rate,
        exemption_code=tax.exemption_code,
        taxable=taxable,
        vat=amount - taxable,
        taxable_base=taxable_base,
        vat_base=vat_base,
    )


def _taxable(tax: InvoiceTax, advance: Invoice, amount: Decimal) -> Decimal:
    return advance.net if amount == advance.total else net_of(amount, tax.rate)


def _in_riyals(amount: Decimal, advance: Invoice) -> Decimal:
    return round_money(amount * advance.exchange_rate)


def _take(advance: Invoice, amount: Decimal, taxable_base: Decimal) -> None:
    won = Invoice.objects.filter(
        **groups_of(advance), pk=advance.pk, consumed=advance.consumed
    ).update(
        consumed=F("consumed") + MoneyField.steps(amount),
        advance_base=F("advance_base") - MoneyField.steps(taxable_base),
    )
    if not won:
        raise _too_much(advance, amount)


def _too_much(advance: Invoice, wanted: Decimal) -> AdvanceTooHigh:
    return AdvanceTooHigh(
        number=advance.number or "", left=plain(advance.advance_left), wanted=plain(wanted)
    )
