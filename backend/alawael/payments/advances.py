"""Money from a customer before the supply: a receipt that is a tax invoice at once (UBL 386).

The invoice says how much of it is left; what is given back is a credit note and a payment.
"""

from datetime import date, datetime
from decimal import Decimal

from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.announcements import announce
from alawael.core.claims import WrongState, change, move_state
from alawael.core.clock import business_day
from alawael.core.errors import Refusal, Text, VersionConflict
from alawael.core.money import ZERO, plain
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing import services as invoicing
from alawael.invoicing.document import InvoiceType, Kind, NoteReason, VatCategory
from alawael.invoicing.drafting import DraftLine
from alawael.invoicing.models import Invoice
from alawael.ledger import services as ledger
from alawael.ledger.books import Posting
from alawael.ledger.models import Account, LedgerRole
from alawael.payments.models import (
    BOUNCING,
    Payment,
    PaymentKind,
    PaymentMethod,
    PaymentSide,
    PaymentState,
)
from alawael.payments.services import (
    AllocationTooHigh,
    CannotBounce,
    PaymentInFuture,
    PaymentMatched,
    PaymentNotDraft,
    PaymentRefunded,
    a_refund,
    payment_account,
    take_payment_number,
)


class NoAdvance(Refusal):
    code = "no_advance"
    message = Text(
        "Only money received from a customer can be an advance.",
        "الدفعة المقدمة لا تكون إلا مبلغًا مستلمًا من عميل.",
    )


class AdvanceUsed(Refusal):
    code = "advance_used"
    message = Text(
        "Invoices have used {used} of this advance. Credit them first.",
        "خُصم {used} من هذه الدفعة المقدمة في فواتير. أصدر لها إشعارات دائنة أولًا.",
    )


@unit_of_work
def post_advance(
    payment: Payment,
    *,
    name_en: str,
    name_ar: str,
    tax_category: VatCategory = VatCategory.STANDARD,
    tax_rate: Decimal | None = None,
    exemption_code: str | None = None,
    exemption_reason_en: str | None = None,
    exemption_reason_ar: str | None = None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Payment:
    """Book a draft receipt as an advance: Dr BANK / Cr CUSTOMER_ADVANCES / Cr OUTPUT_VAT.

    The money includes the VAT of the supply that is named. The tax invoice is issued, and the money
    is booked, today. Raises NoAdvance, PaymentInFuture, and what posting an invoice raises.
    """
    if not payment.is_draft:
        raise PaymentNotDraft()
    if (payment.kind, payment.side) != (PaymentKind.RECEIPT, PaymentSide.CUSTOMER):
        raise NoAdvance()
    if payment.paid_on > business_day(at):
        raise PaymentInFuture(day=payment.paid_on.isoformat())
    line = DraftLine(
        Decimal(1),
        name_en=name_en,
        name_ar=name_ar,
        unit_price=payment.amount,
        tax_category=tax_category,
        tax_rate=tax_rate,
        exemption_code=exemption_code,
        exemption_reason_en=exemption_reason_en,
        exemption_reason_ar=exemption_reason_ar,
    )
    advance = invoicing.issue_document(
        Kind.ADVANCE,
        payment.party,
        [line],
        money=payment_account(payment),
        source=payment,
        prices_include_vat=True,
        currency=payment.currency,
        exchange_rate=payment.exchange_rate,
        due_on=business_day(at),
        reference=payment.reference,
        by=by,
        at=at,
    )
    number = take_payment_number(PaymentKind.RECEIPT)
    move_state(
        payment,
        frm=[PaymentState.DRAFT],
        to=PaymentState.POSTED,
        expected_version=expected_version,
        number=number,
        advance=advance,
        entry=advance.entry,
        amount_base=advance.total_base,
        used=payment.amount,
        used_base=advance.total_base,
        posted_at=at,
        posted_by=by.actor_id,
        search_text=searchable(number, advance.number, payment.search_text),
    )
    facts = {"number": [None, number], "advance": advance.number, "amount": payment.amount}
    audit.record(payment, "receipt.posted_as_advance", by=by, at=at, changes=facts)
    announce("payments.posted", at=at, payment=payment.pk)
    return payment


@unit_of_work
def refund_advance(
    payment: Payment,
    amount: Decimal,
    *,
    method: PaymentMethod,
    account: Account,
    on: date,
    reference: str = "",
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Payment:
    """Give back what no invoice has used of an advance, VAT included. Answers the refund.

    A credit note takes the tax back: Dr CUSTOMER_ADVANCES, Dr OUTPUT_VAT / Cr BANK. Raises
    AllocationTooHigh when less is left.
    """
    fresh, advance = _posted_advance(payment, expected_version)
    if on > business_day(at):
        raise PaymentInFuture(day=on.isoformat())
    if not ZERO < amount <= advance.advance_left:
        raise AllocationTooHigh(left=plain(advance.advance_left), wanted=plain(amount))
    note = _credit(advance, amount, account, NoteReason.REFUNDED, by=by, at=at)
    back = a_refund(
        fresh, amount, note.total_base, method=method, account=account, on=on, by=by, at=at
    )
    back.reference, back.entry = reference, note.entry
    back.number = take_payment_number(PaymentKind(back.kind))
    back.search_text = searchable(back.number, reference, fresh.search_text)
    back.save(force_insert=True)
    change(fresh, refunded=fresh.refunded + amount)
    facts = {"refunds": fresh.number, "note": note.number, "amount": amount}
    audit.record(back, "payment.refunded", by=by, at=at, changes=facts)
    announce("payments.posted", at=at, payment=back.pk)
    return back


@unit_of_work
def take_back_advance(
    payment: Payment,
    *,
    to: PaymentState,
    reason: str,
    on: date,
    fee: Decimal = ZERO,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Payment:
    """An advance whose money bounced or was entered by mistake: its tax invoice is credited.

    The credit note is of today; a fee of the bank (riyals) is an expense `on` its day. Raises
    AdvanceUsed, PaymentMatched, PaymentRefunded, CannotBounce and WrongState.
    """
    fresh, advance = _posted_advance(payment, expected_version)
    if to == PaymentState.BOUNCED and fresh.method not in BOUNCING:
        raise CannotBounce()
    if fresh.is_matched:
        raise PaymentMatched()
    if fresh.refunded:
        raise PaymentRefunded()
    if advance.consumed:
        raise AdvanceUsed(used=plain(advance.consumed))
    _credit(advance, fresh.amount, payment_account(fresh), NoteReason.CANCELLED, by=by, at=at)
    move_state(fresh, frm=[PaymentState.POSTED], to=to, reason=reason)
    if fee:
        ledger.post(
            [Posting(LedgerRole.BANK_CHARGES, debit=fee), Posting(fresh.account, credit=fee)],
            on=on,
            memo=reason,
            kind="bounce",
            source=fresh,
            source_number=fresh.number or "",
            by=by,
            at=at,
        )
    audit.record(fresh, f"receipt.{to.value}", by=by, at=at, changes={"reason": reason})
    announce("payments.taken_back", at=at, payment=fresh.pk)
    return fresh


def _posted_advance(payment: Payment, expected_version: int | None) -> tuple[Payment, Invoice]:
    fresh = Payment.objects.select_related("account", "party", "advance").get(pk=payment.pk)
    if expected_version not in (None, fresh.version):
        raise VersionConflict()
    if not fresh.is_posted:
        raise WrongState(state=fresh.state)
    if fresh.advance is None:
        raise NoAdvance()
    return fresh, fresh.advance


def _credit(
    advance: Invoice,
    amount: Decimal,
    money: Account | LedgerRole,
    reason: NoteReason,
    *,
    by: Actor,
    at: datetime,
) -> Invoice:
    """A credit note about part of an advance, taxed as the advance was."""
    taxed = advance.lines.get()
    line = DraftLine(
        Decimal(1),
        name_en=taxed.name_en,
        name_ar=taxed.name_ar,
        unit_price=amount,
        tax_category=VatCategory(taxed.tax_category),
        tax_rate=taxed.tax_rate,
        exemption_code=taxed.exemption_code,
        exemption_reason_en=taxed.exemption_reason_en,
        exemption_reason_ar=taxed.exemption_reason_ar,
    )
    return invoicing.issue_document(
        Kind.CREDIT_NOTE,
        advance.customer,
        [line],
        money=money,
        type=InvoiceType(advance.type),
        original=advance,
        reason=reason,
        prices_include_vat=True,
        currency=advance.currency,
        exchange_rate=advance.exchange_rate,
        due_on=business_day(at),
        source_type=advance.source_type,
        source_id=advance.source_id,
        source_number=advance.source_number,
        by=by,
        at=at,
    )
