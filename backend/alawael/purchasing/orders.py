"""What can happen to a purchase order: drafted, submitted, approved, sent, amended, closed.

It moves no goods and posts nothing; receipts and bills do that, and claim its lines (domain 3.4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.announcements import announce
from alawael.core.claims import change, move_state
from alawael.core.clock import business_day
from alawael.core.errors import FieldError, Invalid, Refusal, Text, one_error
from alawael.core.groups import groups_of
from alawael.core.money import ZERO, plain
from alawael.core.numbering import take_number
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing.bills import NotASupplier
from alawael.invoicing.document import RIYAL
from alawael.parties.models import Party
from alawael.purchasing import claims, queries, statuses
from alawael.purchasing.drafting import OrderLineDraft, counted, fill_lines, reckon
from alawael.purchasing.models import (
    OPEN_ORDERS,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderState,
)
from alawael.purchasing.wishes import settle_wishes

SERIES = "purchase_order"
_State = PurchaseOrderState


class OrderIsEmpty(Refusal):
    code = "order_is_empty"
    message = Text("Add at least one line first.", "أضف بندًا واحدًا على الأقل أولًا.")


class WarehouseMissing(Refusal):
    code = "warehouse_missing"
    message = Text(
        "Choose the warehouse that the goods shall go to.", "اختر المستودع الذي ستصل إليه البضاعة."
    )


class ApproverIsAuthor(Refusal):
    code = "approver_is_author"
    message = Text(
        "Somebody else has to approve what you have written or submitted.",
        "يجب أن يعتمده شخص آخر غير من أعدّه أو قدّمه.",
    )


class NumberedOrder(Refusal):
    code = "order_is_numbered"
    message = Text(
        "{number} has a number already. Cancel it instead.",
        "لأمر الشراء {number} رقم. ألغه بدلًا من حذفه.",
    )


class BelowReceived(Refusal):
    code = "below_received"
    message = Text(
        "{least} of “{line}” has been received or billed already; it cannot be less.",
        "تم استلام أو فوترة {least} من «{line}» بالفعل، فلا يمكن أن تقل الكمية عن ذلك.",
    )


class NothingOpen(Refusal):
    code = "nothing_open"
    message = Text(
        "Only {open} of “{line}” is still open; {wanted} was asked for.",
        "المتبقي من «{line}» هو {open} والمطلوب {wanted}.",
    )


class StillOpen(Refusal):
    code = "order_still_open"
    message = Text(
        "{open} of “{line}” has not come in. Receive it, or close the order without the rest.",
        "لم يصل {open} من «{line}» بعد. استلمه أو أقفل الأمر دون الباقي.",
    )


class OrderInUse(Refusal):
    code = "order_in_use"
    message = Text(
        "Goods of {number} have been received or billed. Close it instead.",
        "تم استلام أو فوترة بضاعة من {number}. أقفله بدلًا من إلغائه.",
    )


class ReasonMissing(Refusal):
    code = "reason_missing"
    message = Text("Say why, in a few words.", "اذكر السبب باختصار.")


@dataclass(frozen=True)
class LineAmendment:
    """What changes on a line of an approved order; None leaves as it is."""

    line_id: UUID
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    discount: Decimal | None = None
    expected_on: date | None = None


@unit_of_work
def draft_order(
    supplier: Party, lines: Sequence[OrderLineDraft], *, by: Actor, at: datetime, **facts: Any
) -> PurchaseOrder:
    """Write down an order that has no number and binds nobody yet.

    `facts` are columns of PurchaseOrder (warehouse_id, expected_on, currency, exchange_rate …);
    blanks are filled from supplier and product. Raises NotASupplier, and Invalid that names each
    wrong line.
    """
    return _draft(supplier, lines, by=by, at=at, is_lenient=False, **facts)


@unit_of_work
def draft_order_from(
    supplier: Party, lines: Sequence[OrderLineDraft], *, by: Actor, at: datetime, **facts: Any
) -> PurchaseOrder:
    """Like `draft_order`, made from requisitions: a price that nobody knows is left to fill in."""
    return _draft(supplier, lines, by=by, at=at, is_lenient=True, **facts)


@unit_of_work
def edit_order(
    order: PurchaseOrder,
    changes: Mapping[str, Any],
    *,
    lines: Sequence[OrderLineDraft] | None = None,
    supplier: Party | None = None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> PurchaseOrder:
    """Change a draft; with `lines`, all its lines are replaced. Raises as `draft_order` does."""
    differences = audit.difference(order, changes)
    move_state(
        order, frm=[_State.DRAFT], to=_State.DRAFT, expected_version=expected_version, **changes
    )
    if supplier is not None:
        _name_supplier(order, supplier)
    _require_rate(order)
    before = list(queries.lines_of(order))
    if lines is None:
        kept = before
    else:
        kept = fill_lines(order, order.supplier, _with_wishes(lines, before))
        PurchaseOrderLine.objects.filter(order=order).delete()
    sums = reckon(order, kept)
    if lines is None:
        _write_amounts(kept)
    else:
        PurchaseOrderLine.objects.bulk_create(kept)
    _write_head(order, **sums)
    settle_wishes([*before, *kept], by=by, at=at)
    audit.record(order, "purchase_order.edited", by=by, at=at, changes=differences)
    return order


@unit_of_work
def discard_order(
    order: PurchaseOrder, *, expected_version: int | None = None, by: Actor, at: datetime
) -> None:
    """Throw a draft away that never had a number."""
    if order.number:
        raise NumberedOrder(number=order.number)
    lines = list(queries.lines_of(order))
    move_state(order, frm=[_State.DRAFT], to=_State.CANCELLED, expected_version=expected_version)
    audit.record(order, "purchase_order.discarded", by=by, at=at)
    PurchaseOrder.objects.filter(pk=order.pk).delete()
    settle_wishes(lines, by=by, at=at)


@unit_of_work
def submit_order(
    order: PurchaseOrder, *, expected_version: int | None = None, by: Actor, at: datetime
) -> PurchaseOrder:
    """Give the order its number; above the company's limit somebody else has to approve it.

    Raises OrderIsEmpty, NotASupplier, WarehouseMissing.
    """
    lines = list(queries.lines_of(order))
    _require_complete(order, lines)
    limit = queries.purchasing_settings().approval_above
    needs_approval = limit is not None and order.total_base > limit
    to = _State.PENDING_APPROVAL if needs_approval else _State.APPROVED
    approved = {} if needs_approval else {"approved_total_base": order.total_base}
    number = order.number or f"PO-{take_number(SERIES):06d}"
    move_state(
        order,
        frm=[_State.DRAFT],
        to=to,
        expected_version=expected_version,
        number=number,
        search_text=_search_text(order, number),
        submitted_by=by.actor_id,
        reason="",
        **approved,
    )
    audit.record(order, "purchase_order.submitted", by=by, at=at, changes=_told(order))
    topic = "purchasing.approval_wanted" if needs_approval else "purchasing.order_approved"
    announce(topic, at=at, order=order.pk)
    return order


@unit_of_work
def approve_order(
    order: PurchaseOrder, *, expected_version: int | None = None, by: Actor, at: datetime
) -> PurchaseOrder:
    """Agree to what somebody else has submitted or amended. Raises ApproverIsAuthor."""
    require_other_author(by, order.created_by, order.submitted_by)
    move_state(
        order,
        frm=[_State.PENDING_APPROVAL],
        to=_State.APPROVED,
        expected_version=expected_version,
        approved_by=by.actor_id,
        approved_total_base=order.total_base,
        before_amendment=None,
        reason="",
    )
    audit.record(order, "purchase_order.approved", by=by, at=at, changes=_told(order))
    announce("purchasing.order_approved", at=at, order=order.pk)
    return order


@unit_of_work
def reject_order(
    order: PurchaseOrder,
    *,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> PurchaseOrder:
    """Send the order back to its author; an amendment is taken back to what was approved."""
    require_other_author(by, order.created_by, order.submitted_by)
    require_reason(reason)
    before = order.before_amendment
    to = before["state"] if before else _State.DRAFT
    move_state(
        order,
        frm=[_State.PENDING_APPROVAL],
        to=to,
        expected_version=expected_version,
        reason=reason,
        before_amendment=None,
    )
    if before:
        _restore(order, before)
        settle_wishes(queries.lines_of(order), by=by, at=at)
    audit.record(order, "purchase_order.rejected", by=by, at=at, changes={"reason": reason})
    return order


@unit_of_work
def send_order(
    order: PurchaseOrder, *, expected_version: int | None = None, by: Actor, at: datetime
) -> PurchaseOrder:
    """Note that the supplier has it; again after an amendment."""
    move_state(
        order,
        frm=[_State.APPROVED, _State.SENT],
        to=_State.SENT,
        expected_version=expected_version,
        sent_at=at,
    )
    audit.record(order, "purchase_order.sent", by=by, at=at, changes={"revision": order.revision})
    announce("purchasing.order_sent", at=at, order=order.pk)
    return order


@unit_of_work
def amend_order(
    order: PurchaseOrder,
    amendments: Sequence[LineAmendment],
    added: Sequence[OrderLineDraft] = (),
    *,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> PurchaseOrder:
    """Change an approved order as a new revision, never below what was received or billed.

    `facts` are header columns (expected_on, reference, notes …). When the total outgrows what
    was approved by more than the company tolerates, the order waits for approval again, and a
    rejection restores it. Raises BelowReceived, and Invalid for a line that is not on the order.
    """
    before_state = order.state
    move_state(
        order,
        frm=OPEN_ORDERS,
        to=order.state if order.is_open else _State.APPROVED,
        expected_version=expected_version,
        revision=order.revision + 1,
        **facts,
    )
    lines = claims.order_lines(order.pk)
    remembered = _remembered(order, lines, before_state)
    for index, amendment in enumerate(amendments):
        _amend_line(lines, amendment, f"/lines/{index}")
    new = fill_lines(order, order.supplier, added, first_position=len(lines) + 1) if added else []
    PurchaseOrderLine.objects.bulk_create(new)
    everything = [*lines.values(), *new]
    _require_complete(order, everything)
    sums = reckon(order, everything)
    _write_amounts(everything)
    _write_head(order, **sums)
    claims.note_progress(order, everything)
    settle_wishes(everything, by=by, at=at)
    if _outgrew(order):
        move_state(
            order,
            frm=OPEN_ORDERS,
            to=_State.PENDING_APPROVAL,
            submitted_by=by.actor_id,
            before_amendment=remembered,
        )
        announce("purchasing.approval_wanted", at=at, order=order.pk)
    audit.record(order, "purchase_order.amended", by=by, at=at, changes=_told(order))
    return order


@unit_of_work
def short_close_line(
    order: PurchaseOrder,
    line_id: UUID,
    *,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> PurchaseOrder:
    """Wait no longer for the rest of a line. Raises NothingOpen when there is no rest."""
    require_reason(reason)
    move_state(
        order,
        frm=OPEN_ORDERS,
        to=order.state if order.is_open else _State.APPROVED,
        expected_version=expected_version,
    )
    lines = claims.order_lines(order.pk)
    line = _line(lines, line_id, "/line_id")
    closed = _short_close(line)
    if closed <= 0:
        raise NothingOpen(line=_name(line), open=plain(closed), wanted=plain(line.quantity))
    claims.note_progress(order, lines.values())
    settle_wishes([line], by=by, at=at)
    changes = {"line": _name(line), "quantity": closed, "reason": reason}
    audit.record(order, "purchase_order.short_closed", by=by, at=at, changes=changes)
    return order


@unit_of_work
def close_order(
    order: PurchaseOrder,
    *,
    reason: str = "",
    short_close_rest: bool = False,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> PurchaseOrder:
    """End the order: everything came in, or nobody waits for the rest.

    Raises StillOpen unless `short_close_rest`, which needs a reason. A late bill can still be
    posted for what came in.
    """
    move_state(
        order, frm=OPEN_ORDERS, to=_State.CLOSED, expected_version=expected_version, reason=reason
    )
    lines = claims.order_lines(order.pk)
    for line in lines.values():
        rest = statuses.open_to_receive(line)
        if rest > 0 and not short_close_rest:
            raise StillOpen(line=_name(line), open=plain(rest))
        if rest > 0:
            require_reason(reason)
            _short_close(line)
    claims.note_progress(order, lines.values())
    settle_wishes(lines.values(), by=by, at=at)
    audit.record(order, "purchase_order.closed", by=by, at=at, changes={"reason": reason})
    return order


@unit_of_work
def reopen_order(
    order: PurchaseOrder, *, expected_version: int | None = None, by: Actor, at: datetime
) -> PurchaseOrder:
    """Let goods come in again for a closed order. What was short-closed stays so."""
    move_state(
        order, frm=[_State.CLOSED], to=_State.SENT, expected_version=expected_version, reason=""
    )
    audit.record(order, "purchase_order.reopened", by=by, at=at)
    return order


@unit_of_work
def cancel_order(
    order: PurchaseOrder,
    *,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> PurchaseOrder:
    """Call an order off of which nothing came in or was billed. Raises OrderInUse."""
    require_reason(reason)
    move_state(
        order,
        frm=[_State.DRAFT, _State.PENDING_APPROVAL, *OPEN_ORDERS],
        to=_State.CANCELLED,
        expected_version=expected_version,
        reason=reason,
        before_amendment=None,
    )
    lines = claims.order_lines(order.pk)
    if any(line.received or line.billed for line in lines.values()):
        raise OrderInUse(number=order.number or "")
    claims.note_progress(order, lines.values())
    settle_wishes(lines.values(), by=by, at=at)
    audit.record(order, "purchase_order.cancelled", by=by, at=at, changes={"reason": reason})
    return order


@unit_of_work
def hold_order(
    order: PurchaseOrder,
    *,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> PurchaseOrder:
    """Let nothing come in for the order until it is released."""
    require_reason(reason)
    move_state(
        order,
        frm=OPEN_ORDERS,
        to=order.state if order.is_open else _State.APPROVED,
        expected_version=expected_version,
        on_hold=True,
        reason=reason,
    )
    audit.record(order, "purchase_order.held", by=by, at=at, changes={"reason": reason})
    return order


@unit_of_work
def unhold_order(
    order: PurchaseOrder, *, expected_version: int | None = None, by: Actor, at: datetime
) -> PurchaseOrder:
    """Let goods come in again."""
    change(order, expected_version=expected_version, on_hold=False, reason="")
    audit.record(order, "purchase_order.released", by=by, at=at)
    return order


def require_reason(reason: str) -> None:
    """Raise ReasonMissing for an empty one."""
    if not reason.strip():
        raise ReasonMissing()


def require_other_author(by: Actor, *authors: UUID | None) -> None:
    """Raise ApproverIsAuthor when `by` is one of the authors."""
    if by.actor_id in authors:
        raise ApproverIsAuthor()


# The steps above, in the order they are taken.


def _draft(
    supplier: Party,
    lines: Sequence[OrderLineDraft],
    *,
    by: Actor,
    at: datetime,
    is_lenient: bool,
    **facts: Any,
) -> PurchaseOrder:
    given = {name: value for name, value in facts.items() if value is not None}
    usual = {"ordered_on": business_day(at), "currency": supplier.currency}
    order = PurchaseOrder(created_at=at, created_by=by.actor_id, **(usual | given))
    order.supplier = supplier
    _require_supplier(supplier)
    _copy_name(order, supplier)
    _require_rate(order)
    filled = fill_lines(order, supplier, lines, is_lenient=is_lenient)
    for name, value in reckon(order, filled).items():
        setattr(order, name, value)
    order.search_text = _search_text(order, None)
    order.save(force_insert=True)
    PurchaseOrderLine.objects.bulk_create(filled)
    settle_wishes(filled, by=by, at=at)
    audit.record(order, "purchase_order.drafted", by=by, at=at, changes=_told(order))
    return order


def _require_supplier(supplier: Party) -> None:
    if not (supplier.is_supplier and supplier.is_active):
        raise NotASupplier(name=supplier.name_en or supplier.name_ar)


def _name_supplier(order: PurchaseOrder, supplier: Party) -> None:
    _require_supplier(supplier)
    claims.follow(
        order,
        supplier=supplier,
        supplier_name_en=supplier.name_en,
        supplier_name_ar=supplier.name_ar,
    )


def _copy_name(order: PurchaseOrder, supplier: Party) -> None:
    order.supplier_name_en = supplier.name_en
    order.supplier_name_ar = supplier.name_ar


def _require_rate(order: PurchaseOrder) -> None:
    if order.exchange_rate <= 0 or (order.currency == RIYAL and order.exchange_rate != 1):
        raise one_error(
            "/exchange_rate",
            "wrong_rate",
            Text(
                "Enter how many riyals one unit of the currency costs; 1 for riyals.",
                "أدخل سعر الوحدة من العملة بالريال، وهو 1 للريال.",
            ),
        )


def _require_complete(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine]) -> None:
    if not lines:
        raise OrderIsEmpty()
    _require_supplier(order.supplier)
    _require_rate(order)
    if order.warehouse_id is None and any(line.is_goods for line in lines):
        raise WarehouseMissing()


def _with_wishes(
    lines: Sequence[OrderLineDraft], before: Sequence[PurchaseOrderLine]
) -> list[OrderLineDraft]:
    """Replaced lines keep the requisition that their product came from."""
    wishes = {line.product_id: line.requisition_line for line in before if line.product_id}
    return [
        replace(line, requisition_line=wishes.pop(line.product_id))
        if line.product_id and wishes.get(line.product_id) and not line.requisition_line
        else line
        for line in lines
    ]


def _write_head(order: PurchaseOrder, **values: Any) -> None:
    """Columns that follow from others; the version was moved on by the verb."""
    written = {
        "supplier_id": order.supplier_id,
        "supplier_name_en": order.supplier_name_en,
        "supplier_name_ar": order.supplier_name_ar,
        "search_text": _search_text(order, order.number),
        **values,
    }
    PurchaseOrder.objects.filter(pk=order.pk).update(**written)
    claims.follow(order, **written)


def _write_amounts(lines: Sequence[PurchaseOrderLine]) -> None:
    for line in lines:
        PurchaseOrderLine.objects.filter(**groups_of(line), pk=line.pk).update(
            net=line.net, vat=line.vat
        )


def _search_text(order: PurchaseOrder, number: str | None) -> str:
    return searchable(number, order.reference, order.supplier_name_en, order.supplier_name_ar)


def _told(order: PurchaseOrder) -> dict[str, Any]:
    return {
        "number": order.number,
        "state": order.state,
        "revision": order.revision,
        "total": order.total,
        "currency": order.currency,
    }


def _line(
    lines: Mapping[UUID, PurchaseOrderLine], line_id: UUID, pointer: str
) -> PurchaseOrderLine:
    if line_id not in lines:
        message = Text("This line is not on the order.", "هذا البند ليس في أمر الشراء.")
        raise Invalid(errors=[FieldError(pointer, "unknown_line", message)])
    return lines[line_id]


def _amend_line(
    lines: Mapping[UUID, PurchaseOrderLine], amendment: LineAmendment, pointer: str
) -> None:
    line = _line(lines, amendment.line_id, f"{pointer}/line_id")
    if amendment.quantity is not None:
        product = queries.products_with_units([line.product_id] if line.product_id else [])
        of_line = product.get(line.product_id) if line.product_id else None
        quantity = counted(amendment.quantity, of_line, line.unit, pointer=f"{pointer}/quantity")
        _require_enough(line, quantity)
        claims.claim_order_line(line, quantity=quantity - line.quantity)
        line.typed_quantity = amendment.quantity
    for name in ("unit_price", "discount", "expected_on"):
        value = getattr(amendment, name)
        if value is not None:
            setattr(line, name, value)
    PurchaseOrderLine.objects.filter(**groups_of(line), pk=line.pk).update(
        typed_quantity=line.typed_quantity,
        unit_price=line.unit_price,
        discount=line.discount,
        expected_on=line.expected_on,
    )


def _require_enough(line: PurchaseOrderLine, quantity: Decimal) -> None:
    """The new quantity covers what came in, less what others come for, and what was billed."""
    stayed = max(line.received - line.returned_replace, statuses.net_billed(line))
    least = stayed + line.short_closed
    if quantity < least:
        raise BelowReceived(line=_name(line), least=plain(least))


def _short_close(line: PurchaseOrderLine) -> Decimal:
    """Give up what is open on a line: goods not received, services not billed."""
    if line.is_goods:
        rest = statuses.open_to_receive(line)
    else:
        rest = statuses.target(line) - statuses.net_billed(line)
    if rest > 0:
        claims.claim_order_line(line, short_closed=rest)
    return rest


def _outgrew(order: PurchaseOrder) -> bool:
    """Whether the order is above what was approved, by more than the company tolerates."""
    rules = queries.purchasing_settings()
    if rules.approval_above is None or order.total_base <= rules.approval_above:
        return False
    allowed = order.approved_total_base * (1 + rules.growth_percent / 100)
    return bool(order.total_base > max(allowed, ZERO))


_REMEMBERED = ("typed_quantity", "quantity", "unit_price", "discount", "net", "vat")
_REMEMBERED_HEAD = ("net", "vat", "total", "total_base")


def _remembered(
    order: PurchaseOrder, lines: Mapping[UUID, PurchaseOrderLine], state: str
) -> dict[str, Any]:
    """What the order was before its amendment, if that should be rejected."""
    return {
        "state": state,
        "head": {name: str(getattr(order, name)) for name in _REMEMBERED_HEAD},
        "lines": {
            str(pk): {name: str(getattr(line, name)) for name in _REMEMBERED}
            for pk, line in lines.items()
        },
    }


def _restore(order: PurchaseOrder, before: Mapping[str, Any]) -> None:
    kept = {UUID(pk): values for pk, values in before["lines"].items()}
    PurchaseOrderLine.objects.filter(order=order).exclude(pk__in=list(kept)).delete()
    for pk, values in sorted(kept.items()):
        restored = {name: Decimal(value) for name, value in values.items()}
        PurchaseOrderLine.objects.filter(order_id=order.pk, pk=pk).update(**restored)
    _write_head(order, **{name: Decimal(value) for name, value in before["head"].items()})
    claims.note_progress(order, claims.order_lines(order.pk).values())


def _name(line: PurchaseOrderLine) -> str:
    return line.name_en or line.name_ar or line.sku
