"""What can happen to an order: drafted, quoted, confirmed, amended, closed, cancelled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from alawael.core import audit
from alawael.core.actors import SYSTEM, Actor
from alawael.core.announcements import announce
from alawael.core.claims import WrongState, change, move_state
from alawael.core.clock import business_day
from alawael.core.errors import NotFound, Refusal, Text
from alawael.core.groups import groups_of
from alawael.core.money import plain, round_money
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.parties.models import Party
from alawael.sales import credit, holding, queries
from alawael.sales.drafting import (
    OrderedLine,
    complete_lines,
    discount_for,
    discounted,
    percent_off,
    reckon,
    stock_quantity,
)
from alawael.sales.models import (
    CreditLimitAction,
    ReservationPolicy,
    SalesOrder,
    SalesOrderLine,
    SalesOrderState,
    SalesSettings,
)
from alawael.sales.progress import note_progress
from alawael.sales.settings import next_number
from alawael.stock.models import Warehouse

#: What may be noted on an order in any state.
NOTES = frozenset({"reference", "notes_en", "notes_ar", "promised_on"})


class NotABuyer(Refusal):
    code = "not_a_buyer"
    message = Text(
        "{name} is not an active customer. Mark the party as a customer first.",
        "{name} ليس عميلًا نشطًا. عرّف الطرف كعميل أولًا.",
    )


class OrderNotEditable(Refusal):
    code = "order_not_editable"
    message = Text(
        "Only a draft or a quotation is edited. Amend a confirmed order instead.",
        "لا يُعدَّل إلا المسودة أو عرض السعر. استخدم تعديل الأمر المؤكد.",
    )


class NothingOrdered(Refusal):
    code = "nothing_ordered"
    message = Text("Add at least one line first.", "أضف بندًا واحدًا على الأقل أولًا.")


class QuoteNeedsExpiry(Refusal):
    code = "quote_needs_expiry"
    message = Text(
        "Say until when the quotation holds: a day that is not over yet.",
        "حدد تاريخ انتهاء عرض السعر: يومًا لم يمضِ بعد.",
    )


class QuoteExpired(Refusal):
    code = "quote_expired"
    message = Text(
        "This quotation ended on {day}. Renew it first.",
        "انتهى عرض السعر هذا في {day}. جدّده أولًا.",
    )


class OwnOrder(Refusal):
    code = "own_order"
    message = Text(
        "You wrote this order or asked for its approval. Somebody else must decide.",
        "أنت من أنشأ هذا الأمر أو طلب اعتماده. يجب أن يقرر شخص آخر.",
    )


class OrderOnHold(Refusal):
    code = "order_on_hold"
    message = Text(
        "Order {number} is on hold: {reason}. Take it off hold first.",
        "الأمر {number} موقوف: {reason}. ألغِ الإيقاف أولًا.",
    )


class AlreadyDelivered(Refusal):
    code = "below_delivered"
    message = Text(
        "{line}: {shipped} were shipped and {invoiced} invoiced; the order cannot ask for less.",
        "{line}: شُحن {shipped} وفُوتر {invoiced}؛ لا يمكن أن يقل الأمر عن ذلك.",
    )


class PriceLocked(Refusal):
    code = "price_locked"
    message = Text(
        "{line} has been invoiced, so its price stays. Credit the invoice, or add a new line.",
        "تمت فوترة {line} فلا يتغير سعره. أصدر إشعارًا دائنًا أو أضف بندًا جديدًا.",
    )


class NothingOpen(Refusal):
    code = "nothing_open"
    message = Text("Nothing of {line} is open any more.", "لم يبقَ شيء مفتوح من {line}.")


class StillOpen(Refusal):
    code = "order_still_open"
    message = Text(
        "{to_ship} are still to be shipped. Ship them, or close the order without them.",
        "ما زال {to_ship} بانتظار الشحن. اشحنها أو أقفل الأمر بدونها.",
    )


class StillUnbilled(Refusal):
    code = "order_still_unbilled"
    message = Text(
        "{to_bill} are not invoiced yet, or too much was. Invoice or credit them first.",
        "الكمية {to_bill} لم تُفوتر بعد أو فُوترت بالزيادة. أصدر الفاتورة أو الإشعار أولًا.",
    )


class ShipmentsOpen(Refusal):
    code = "shipments_open"
    message = Text(
        "Shipments of this order have not left yet: {numbers}. Ship or cancel them first.",
        "هناك شحنات لهذا الأمر لم تخرج بعد: {numbers}. اشحنها أو ألغها أولًا.",
    )


class OrderHasFollowers(Refusal):
    code = "order_has_followers"
    message = Text(
        "Goods were shipped or invoiced for this order. Close it instead.",
        "شُحنت بضاعة أو صدرت فاتورة لهذا الأمر. أقفله بدلًا من إلغائه.",
    )


class OrderHasAdvance(Refusal):
    code = "order_has_advance"
    message = Text(
        "Money was paid in advance for this order ({advances}). Give it back first.",
        "دُفع مبلغ مقدم لهذا الأمر ({advances}). أعده أولًا.",
    )


class ReasonNeeded(Refusal):
    code = "reason_needed"
    message = Text("Say why.", "اذكر السبب.")


@dataclass(frozen=True)
class LineChange:
    """What an amendment makes of one line; None leaves it."""

    line_id: UUID
    #: In the line's typed unit.
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    discount: Decimal | None = None
    discount_percent: Decimal | None = None


@unit_of_work
def create_order(
    customer: Party,
    lines: Sequence[OrderedLine],
    *,
    warehouse: Warehouse,
    discount_percent: Decimal | None = None,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> SalesOrder:
    """Write down an order that promises nothing yet.

    `discount_percent` is off the whole order: off every line without a discount of its own.
    `facts` are columns of SalesOrder (promised_on, reference, currency, invoice_policy …). Prices
    and taxes that are left out come from price lists and products. Raises Invalid naming each
    wrong line, and NotABuyer.
    """
    given = {name: value for name, value in facts.items() if value is not None}
    usual = {
        "ordered_on": business_day(at),
        "invoice_policy": queries.sales_settings().invoice_policy,
    }
    order = SalesOrder(
        warehouse=warehouse, created_at=at, created_by=by.actor_id, **(usual | given)
    )
    _name_customer(order, customer)
    completed = complete_lines(order, customer, discounted(lines, discount_percent))
    reckon(order, completed, at=at)
    order.search_text = _search_text(order)
    order.save(force_insert=True)
    SalesOrderLine.objects.bulk_create(completed)
    audit.record(order, "sales_order.drafted", by=by, at=at, changes={"total": [None, order.total]})
    return order


@unit_of_work
def edit_order(
    order: SalesOrder,
    changes: Mapping[str, Any],
    *,
    lines: Sequence[OrderedLine] | None = None,
    customer: Party | None = None,
    discount_percent: Decimal | None = None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> SalesOrder:
    """Change a draft or a quotation (its next revision); with `lines`, all lines are replaced.

    In any later state only the notes change. Raises OrderNotEditable.
    """
    if not order.is_editable and (lines is not None or customer or not NOTES.issuperset(changes)):
        raise OrderNotEditable()
    differences = audit.difference(order, changes)
    if lines is not None:
        lines = discounted(lines, discount_percent)
    revised = order.state == SalesOrderState.QUOTED
    change(
        order,
        expected_version=expected_version,
        **changes,
        revision=order.revision + revised,
    )
    if order.is_editable:
        if customer is not None:
            _name_customer(order, customer)
        _rewrite_lines(order, customer, lines, at=at)
    _write_head(order)
    audit.record(order, "sales_order.edited", by=by, at=at, changes=differences)
    return order


@unit_of_work
def send_quote(
    order: SalesOrder,
    *,
    expires_on: date | None = None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> SalesOrder:
    """Offer a draft to its customer until a day; it gets its number."""
    _require_lines(order)
    today = business_day(at)
    usual = today + timedelta(days=queries.sales_settings().quote_valid_days)
    until = expires_on or order.expires_on or usual
    if until < today:
        raise QuoteNeedsExpiry()
    _move(
        order,
        frm=[SalesOrderState.DRAFT],
        to=SalesOrderState.QUOTED,
        expected_version=expected_version,
        expires_on=until,
    )
    audit.record(order, "sales_order.quoted", by=by, at=at, changes={"expires_on": until})
    return order


def expire_quotes(*, on: date, at: datetime) -> int:
    """Expire every quotation whose last day was before `on`; return how many."""
    late = SalesOrder.objects.filter(state=SalesOrderState.QUOTED, expires_on__lt=on)
    return sum(_expire(order, at=at) for order in late.order_by("id"))


@unit_of_work
def renew(
    order: SalesOrder, *, expected_version: int | None = None, by: Actor, at: datetime
) -> SalesOrder:
    """Take up an expired quotation again, as a draft at the prices it has."""
    move_state(
        order,
        frm=[SalesOrderState.EXPIRED],
        to=SalesOrderState.DRAFT,
        expected_version=expected_version,
        expires_on=None,
        revision=order.revision + 1,
    )
    audit.record(order, "sales_order.renewed", by=by, at=at)
    return order


@unit_of_work
def confirm(
    order: SalesOrder, *, expected_version: int | None = None, by: Actor, at: datetime
) -> SalesOrder:
    """Turn a draft or quotation into a promise; its stock is set aside, wholly or in part.

    Where a rule asks for an approval it waits for it (PENDING_APPROVAL). Raises
    CreditLimitExceeded with the figures, QuoteExpired and NothingOrdered.
    """
    lines = _require_lines(order)
    _require_unexpired(order, on=business_day(at))
    settings = queries.sales_settings()
    reasons = _approval_reasons(order, lines, settings)
    if _limit_needs_approval(order, settings):
        reasons.append("credit_limit")
    facts: dict[str, Any] = {"approval_reasons": reasons, "submitted_by": by.actor_id}
    if not reasons:
        facts["confirmed_at"] = at
    _move(
        order,
        frm=[SalesOrderState.DRAFT, SalesOrderState.QUOTED],
        to=SalesOrderState.PENDING_APPROVAL if reasons else SalesOrderState.CONFIRMED,
        expected_version=expected_version,
        **facts,
    )
    if reasons:
        audit.record(order, "sales_order.submitted", by=by, at=at, changes={"reasons": reasons})
        announce("sales.approval_needed", at=at, order=order.pk)
        return order
    return _promised(order, lines, settings, by=by, at=at)


@unit_of_work
def approve(
    order: SalesOrder, *, expected_version: int | None = None, by: Actor, at: datetime
) -> SalesOrder:
    """Confirm what waits for an approval. Raises OwnOrder for its author."""
    _require_other(order, by)
    lines = _require_lines(order)
    move_state(
        order,
        frm=[SalesOrderState.PENDING_APPROVAL],
        to=SalesOrderState.CONFIRMED,
        expected_version=expected_version,
        confirmed_at=at,
        approved_by=by.actor_id,
    )
    return _promised(order, lines, queries.sales_settings(), by=by, at=at)


@unit_of_work
def reject(
    order: SalesOrder,
    *,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> SalesOrder:
    """Send what waits for an approval back to its author."""
    _require_other(order, by)
    _require_reason(reason)
    move_state(
        order,
        frm=[SalesOrderState.PENDING_APPROVAL],
        to=SalesOrderState.DRAFT,
        expected_version=expected_version,
        reason=reason,
    )
    audit.record(order, "sales_order.rejected", by=by, at=at, changes={"reason": reason})
    return order


@unit_of_work
def reserve(
    order: SalesOrder,
    *,
    partly: bool = True,
    line_ids: Iterable[UUID] | None = None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> SalesOrder:
    """Set stock aside for what is open; all of it, or as much as there is (`partly`)."""
    _require_confirmed(order)
    require_off_hold(order)
    change(order, expected_version=expected_version)
    holding.set_aside(order, _chosen(order, line_ids), partly=partly, at=at)
    audit.record(order, "sales_order.reserved", by=by, at=at)
    return order


@unit_of_work
def release(
    order: SalesOrder,
    *,
    line_ids: Iterable[UUID] | None = None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> SalesOrder:
    """Give the order's stock back; what shipments hold stays theirs."""
    _require_confirmed(order)
    change(order, expected_version=expected_version)
    holding.let_go(_chosen(order, line_ids))
    audit.record(order, "sales_order.released", by=by, at=at)
    return order


@unit_of_work
def amend(
    order: SalesOrder,
    *,
    lines: Sequence[LineChange] = (),
    new_lines: Sequence[OrderedLine] = (),
    facts: Mapping[str, Any] | None = None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> SalesOrder:
    """Change a confirmed order without undoing what followed from it; its next revision.

    Raises AlreadyDelivered below what was shipped or invoiced, PriceLocked on what was invoiced,
    and CreditLimitExceeded when it grows beyond the customer's limit.
    """
    _require_confirmed(order)
    before = SalesOrder.objects.values_list("total", flat=True).get(pk=order.pk)
    current = {line.pk: line for line in queries.order_lines(order)}
    changed = [_amended(current, wanted) for wanted in lines]
    position = max((line.position for line in current.values()), default=0)
    added = complete_lines(order, order.customer, new_lines, first_position=position + 1)
    change(
        order,
        expected_version=expected_version,
        **(facts or {}),
        revision=order.revision + 1,
    )
    everything = [*current.values(), *added]
    reckon(order, everything, at=at)
    _save_amended(changed, current.values())
    SalesOrderLine.objects.bulk_create(added)
    _write_head(order)
    if order.total > before:
        _refuse_above_limit(order)
    holding.trim(everything)
    if queries.sales_settings().reservation_policy == ReservationPolicy.ON_CONFIRM:
        _set_aside_unless_held(order, everything, at=at)
    note_progress(order)
    audit.record(
        order,
        "sales_order.amended",
        by=by,
        at=at,
        changes={"total": [before, order.total], "revision": order.revision},
    )
    return order


@unit_of_work
def short_close(
    order: SalesOrder,
    line_id: UUID,
    *,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> SalesOrder:
    """Give up what is still open of one line; the rest of the order goes on."""
    _require_confirmed(order)
    _require_reason(reason)
    (line,) = _chosen(order, [line_id])
    change(order, expected_version=expected_version)
    _give_up(line, reason)
    holding.trim([line])
    note_progress(order)
    audit.record(
        order,
        "sales_order.short_closed",
        by=by,
        at=at,
        changes={"line": line.sku, "quantity": line.short_closed, "reason": reason},
    )
    return order


@unit_of_work
def close(
    order: SalesOrder,
    *,
    accept_short_close: bool = False,
    reason: str = "",
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> SalesOrder:
    """End an order that is shipped and billed, or give up the rest (`accept_short_close`)."""
    _require_confirmed(order)
    lines = queries.order_lines(order)
    _require_no_open_shipments(order)
    to_ship = [line for line in lines if line.open_to_ship > 0]
    if to_ship and not accept_short_close:
        raise StillOpen(to_ship=_listed((line, line.open_to_ship) for line in to_ship))
    for line in to_ship:
        _give_up(line, reason)
    _require_billed(order, lines)
    move_state(
        order,
        frm=[SalesOrderState.CONFIRMED],
        to=SalesOrderState.CLOSED,
        expected_version=expected_version,
        reason=reason,
    )
    holding.let_go(lines)
    note_progress(order)
    audit.record(order, "sales_order.closed", by=by, at=at, changes={"reason": reason})
    return order


@unit_of_work
def reopen(
    order: SalesOrder, *, expected_version: int | None = None, by: Actor, at: datetime
) -> SalesOrder:
    move_state(
        order,
        frm=[SalesOrderState.CLOSED],
        to=SalesOrderState.CONFIRMED,
        expected_version=expected_version,
    )
    audit.record(order, "sales_order.reopened", by=by, at=at)
    return order


@unit_of_work
def cancel(
    order: SalesOrder,
    *,
    reason: str = "",
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> SalesOrder:
    """Call an order off before anything followed from it; a quotation says why it was lost."""
    if order.number is not None:
        _require_reason(reason)
    if order.is_confirmed:
        _require_no_open_shipments(order)
        _require_no_followers(order)
    move_state(
        order,
        frm=[
            SalesOrderState.DRAFT,
            SalesOrderState.QUOTED,
            SalesOrderState.PENDING_APPROVAL,
            SalesOrderState.CONFIRMED,
        ],
        to=SalesOrderState.CANCELLED,
        expected_version=expected_version,
        reason=reason,
        on_hold=False,
    )
    holding.let_go(queries.order_lines(order))
    audit.record(order, "sales_order.cancelled", by=by, at=at, changes={"reason": reason})
    return order


@unit_of_work
def hold(
    order: SalesOrder,
    *,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> SalesOrder:
    """Stop reserving and shipping for an order until it is taken off hold."""
    _require_confirmed(order)
    _require_reason(reason)
    change(order, expected_version=expected_version, on_hold=True, hold_reason=reason)
    audit.record(order, "sales_order.held", by=by, at=at, changes={"reason": reason})
    return order


@unit_of_work
def unhold(
    order: SalesOrder, *, expected_version: int | None = None, by: Actor, at: datetime
) -> SalesOrder:
    _require_confirmed(order)
    change(order, expected_version=expected_version, on_hold=False, hold_reason="")
    audit.record(order, "sales_order.unheld", by=by, at=at)
    return order


def require_off_hold(order: SalesOrder) -> None:
    """Raise OrderOnHold for an order that is."""
    if order.on_hold:
        raise OrderOnHold(number=order.number, reason=order.hold_reason)


# The steps above, in the order they are taken.


def _name_customer(order: SalesOrder, customer: Party) -> None:
    if not customer.is_customer or not customer.is_active:
        raise NotABuyer(name=customer.name_en or customer.name_ar)
    order.customer = customer
    order.customer_name_en = customer.name_en
    order.customer_name_ar = customer.name_ar


def _search_text(order: SalesOrder) -> str:
    return searchable(order.number, order.reference, order.customer_name_en, order.customer_name_ar)


def _rewrite_lines(
    order: SalesOrder,
    customer: Party | None,
    lines: Sequence[OrderedLine] | None,
    *,
    at: datetime,
) -> None:
    if lines is None:
        kept = queries.order_lines(order)
        reckon(order, kept, at=at)
        for line in kept:
            SalesOrderLine.objects.filter(**groups_of(line), pk=line.pk).update(
                net=line.net, vat=line.vat
            )
        return
    SalesOrderLine.objects.filter(order=order).delete()
    completed = complete_lines(order, customer or order.customer, lines)
    reckon(order, completed, at=at)
    SalesOrderLine.objects.bulk_create(completed)


def _write_head(order: SalesOrder) -> None:
    """Write what follows from lines and customer; `change` has moved the version on."""
    SalesOrder.objects.filter(pk=order.pk).update(
        customer=order.customer,
        customer_name_en=order.customer_name_en,
        customer_name_ar=order.customer_name_ar,
        net=order.net,
        vat=order.vat,
        total=order.total,
        total_base=order.total_base,
        search_text=_search_text(order),
    )


def _require_lines(order: SalesOrder) -> list[SalesOrderLine]:
    lines = queries.order_lines(order)
    if not lines:
        raise NothingOrdered()
    return lines


def _move(
    order: SalesOrder,
    *,
    frm: Sequence[SalesOrderState],
    to: SalesOrderState,
    expected_version: int | None,
    **changes: Any,
) -> None:
    """Move the state, with the order's number when it has none yet."""
    if order.state not in frm:
        raise WrongState(state=order.state)
    if order.number is None:
        number = next_number("sales_order")
        named = searchable(number, order.reference, order.customer_name_en, order.customer_name_ar)
        changes |= {"number": number, "search_text": named}
    move_state(order, frm=frm, to=to, expected_version=expected_version, **changes)


@unit_of_work
def _expire(order: SalesOrder, *, at: datetime) -> bool:
    """False when somebody was faster, for instance by confirming it."""
    won = SalesOrder.objects.filter(
        pk=order.pk, version=order.version, state=SalesOrderState.QUOTED
    ).update(version=order.version + 1, state=SalesOrderState.EXPIRED)
    if won:
        audit.record(order, "sales_order.expired", by=SYSTEM, at=at)
    return bool(won)


def _require_unexpired(order: SalesOrder, *, on: date) -> None:
    if order.state == SalesOrderState.QUOTED and order.expires_on and order.expires_on < on:
        raise QuoteExpired(day=order.expires_on.isoformat())


def _approval_reasons(
    order: SalesOrder, lines: Iterable[SalesOrderLine], settings: SalesSettings
) -> list[str]:
    reasons = []
    if settings.approve_above is not None and order.total_base > settings.approve_above:
        reasons.append("amount")
    most = settings.approve_discount_above
    if most is not None and any(percent_off(line) > most for line in lines):
        reasons.append("discount")
    return reasons


def _limit_needs_approval(order: SalesOrder, settings: SalesSettings) -> bool:
    """Whether the credit limit is exceeded and somebody may allow it; else it refuses."""
    exposure = credit.ask_limit(order.customer, order)
    if exposure is None or not exposure.is_exceeded:
        return False
    if settings.credit_limit_action == CreditLimitAction.REFUSE:
        raise exposure.refusal(order.customer)
    return True


def _refuse_above_limit(order: SalesOrder) -> None:
    exposure = credit.ask_limit(order.customer, order)
    if exposure is not None and exposure.is_exceeded:
        raise exposure.refusal(order.customer)


def _promised(
    order: SalesOrder,
    lines: Sequence[SalesOrderLine],
    settings: SalesSettings,
    *,
    by: Actor,
    at: datetime,
) -> SalesOrder:
    if settings.reservation_policy == ReservationPolicy.ON_CONFIRM:
        holding.set_aside(order, lines, partly=True, at=at)
    note_progress(order)
    changes = {"number": order.number, "total": order.total}
    audit.record(order, "sales_order.confirmed", by=by, at=at, changes=changes)
    announce("sales.confirmed", at=at, order=order.pk)
    return order


def _require_other(order: SalesOrder, by: Actor) -> None:
    if by.actor_id in (order.created_by, order.submitted_by):
        raise OwnOrder()


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonNeeded()


def _require_confirmed(order: SalesOrder) -> None:
    if not order.is_confirmed:
        raise WrongState(state=order.state)


def _chosen(order: SalesOrder, line_ids: Iterable[UUID] | None) -> list[SalesOrderLine]:
    lines = queries.order_lines(order)
    if line_ids is None:
        return lines
    known = {line.pk: line for line in lines}
    wanted = list(line_ids)
    if not known.keys() >= set(wanted):
        raise NotFound()
    return [known[line_id] for line_id in wanted]


def _amended(current: Mapping[UUID, SalesOrderLine], wanted: LineChange) -> SalesOrderLine:
    """The line as it shall be; not saved yet."""
    line = current.get(wanted.line_id)
    if line is None:
        raise NotFound()
    before = (line.quantity, line.unit_price, line.discount, line.discount_percent)
    if wanted.unit_price is not None:
        line.unit_price = wanted.unit_price
    if wanted.discount_percent is not None:
        line.discount_percent = wanted.discount_percent
    elif wanted.discount is not None:
        line.discount, line.discount_percent = wanted.discount, Decimal(0)
    price_changed = before[1:] != (line.unit_price, line.discount, line.discount_percent)
    if price_changed and line.invoiced > 0:
        raise PriceLocked(line=_name(line))
    if wanted.quantity is not None and wanted.quantity != line.quantity:
        line.quantity = wanted.quantity
        line.ordered = stock_quantity(line, wanted.quantity)
        _require_delivered(line)
        if not line.discount_percent and wanted.discount is None:
            # An amount off the line is an amount off each piece.
            line.discount = round_money(line.discount * line.quantity / before[0])
    if line.discount_percent:
        line.discount = discount_for(line)
    return line


def _require_delivered(line: SalesOrderLine) -> None:
    kept = line.ordered - line.short_closed
    if kept < line.shipped - line.returned_replace or line.ordered < line.invoiced:
        raise AlreadyDelivered(
            line=_name(line), shipped=plain(line.shipped), invoiced=plain(line.invoiced)
        )


def _save_amended(changed: Sequence[SalesOrderLine], everything: Iterable[SalesOrderLine]) -> None:
    amended = {line.pk for line in changed}
    for line in everything:
        figures: dict[str, Any] = {"net": line.net, "vat": line.vat}
        if line.pk in amended:
            figures |= {
                name: getattr(line, name)
                for name in ("quantity", "ordered", "unit_price", "discount", "discount_percent")
            }
        change(line, **figures)


def _set_aside_unless_held(
    order: SalesOrder, lines: Sequence[SalesOrderLine], *, at: datetime
) -> None:
    if not order.on_hold:
        holding.set_aside(order, lines, partly=True, at=at)


def _give_up(line: SalesOrderLine, reason: str) -> None:
    if line.open_to_ship <= 0 and line.is_goods:
        raise NothingOpen(line=_name(line))
    rest = line.figures().target - line.invoiced if not line.is_goods else line.open_to_ship
    if rest <= 0:
        raise NothingOpen(line=_name(line))
    change(line, short_closed=line.short_closed + rest, short_close_reason=reason)


def _require_no_open_shipments(order: SalesOrder) -> None:
    rows = queries.open_shipments(order)
    if rows:
        raise ShipmentsOpen(numbers=", ".join(row.number or "…" for row in rows))


def _require_billed(order: SalesOrder, lines: Sequence[SalesOrderLine]) -> None:
    credited = queries.credited_of(lines)
    policy = queries.policy_of(order)
    open_lines = [
        (line, rest)
        for line in lines
        if (rest := line.figures(credited[line.pk]).open_to_bill(policy)) != 0
    ]
    if open_lines:
        raise StillUnbilled(to_bill=_listed(open_lines))


def _require_no_followers(order: SalesOrder) -> None:
    lines = queries.order_lines(order)
    if any(line.shipped or line.invoiced for line in lines):
        raise OrderHasFollowers()
    if waiting := [str(advance.number) for advance in queries.waiting_advances(order)]:
        raise OrderHasAdvance(advances=", ".join(waiting))


def _listed(quantities: Iterable[tuple[SalesOrderLine, Decimal]]) -> str:
    return ", ".join(f"{plain(quantity)} × {_name(line)}" for line, quantity in quantities)


def _name(line: SalesOrderLine) -> str:
    return line.sku or line.name_en or line.name_ar
