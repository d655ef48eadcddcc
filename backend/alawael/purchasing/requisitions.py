"""What can happen to a purchase requisition: asked for, approved, turned into orders (3.3)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.announcements import announce
from alawael.core.claims import move_state
from alawael.core.errors import FieldError, Invalid, Refusal, Text
from alawael.core.numbering import take_number
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.parties import queries as parties
from alawael.purchasing import queries
from alawael.purchasing.drafting import OrderLineDraft, Wish, wishes
from alawael.purchasing.models import (
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderState,
    Requisition,
    RequisitionLine,
    RequisitionState,
)
from alawael.purchasing.orders import draft_order_from, require_other_author, require_reason
from alawael.stock import reorder

SERIES = "requisition"
_State = RequisitionState


class RequisitionIsEmpty(Refusal):
    code = "requisition_is_empty"
    message = Text("Add at least one line first.", "أضف بندًا واحدًا على الأقل أولًا.")


class NothingToOrder(Refusal):
    code = "nothing_to_order"
    message = Text("Everything on this requisition is ordered.", "تم طلب كل ما في طلب الشراء هذا.")


class RequisitionOrdered(Refusal):
    code = "requisition_ordered"
    message = Text(
        "Orders have been made from {number}. Close it instead.",
        "أُنشئت أوامر شراء من {number}. أقفله بدلًا من إلغائه.",
    )


@dataclass(frozen=True)
class LineChoice:
    """Which line is ordered where; None leaves it to the line, the product or its last order."""

    line_id: UUID
    supplier_id: UUID | None = None


@unit_of_work
def draft_requisition(
    lines: Sequence[Wish], *, by: Actor, at: datetime, **facts: Any
) -> Requisition:
    """Ask for goods. `facts` are columns of Requisition (warehouse_id, needed_on, notes …).

    Raises Invalid naming each wrong line.
    """
    requisition = Requisition(
        created_at=at,
        created_by=by.actor_id,
        created_by_name=by.actor_name,
        **{name: value for name, value in facts.items() if value is not None},
    )
    filled = _fill(requisition, lines)
    requisition.search_text = _search_text(None, filled)
    requisition.save(force_insert=True)
    RequisitionLine.objects.bulk_create(filled)
    audit.record(requisition, "requisition.drafted", by=by, at=at, changes={"lines": len(filled)})
    return requisition


@unit_of_work
def draft_requisitions(
    lines: Sequence[tuple[UUID, Wish]], *, by: Actor, at: datetime
) -> list[Requisition]:
    """Ask for goods in several warehouses at once: one requisition for each, or none at all.

    `lines` are wishes, each with its warehouse. Raises Invalid naming each wrong line by its place
    among all of them.
    """
    by_warehouse: dict[UUID, list[int]] = defaultdict(list)
    for place, (warehouse_id, _) in enumerate(lines):
        by_warehouse[warehouse_id].append(place)
    made, errors = [], []
    for warehouse_id, places in sorted(by_warehouse.items()):
        wanted = [lines[place][1] for place in places]
        try:
            made.append(draft_requisition(wanted, warehouse_id=warehouse_id, by=by, at=at))
        except Invalid as wrong:
            errors += [_at_its_place(error, places) for error in wrong.errors]
    if errors:
        raise Invalid(errors=errors)
    return made


@unit_of_work
def edit_requisition(
    requisition: Requisition,
    changes: Mapping[str, Any],
    *,
    lines: Sequence[Wish] | None = None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Requisition:
    """Change a draft; with `lines`, all its lines are replaced."""
    differences = audit.difference(requisition, changes)
    more: dict[str, Any] = {}
    filled = None
    if lines is not None:
        filled = _fill(requisition, lines)
        more = {"search_text": _search_text(requisition.number, filled)}
    move_state(
        requisition,
        frm=[_State.DRAFT],
        to=_State.DRAFT,
        expected_version=expected_version,
        **changes,
        **more,
    )
    if filled is not None:
        RequisitionLine.objects.filter(requisition=requisition).delete()
        RequisitionLine.objects.bulk_create(filled)
    audit.record(requisition, "requisition.edited", by=by, at=at, changes=differences)
    return requisition


@unit_of_work
def submit_requisition(
    requisition: Requisition, *, expected_version: int | None = None, by: Actor, at: datetime
) -> Requisition:
    """Give it its number and put it before somebody who approves."""
    lines = list(requisition.lines.order_by("position"))
    if not lines:
        raise RequisitionIsEmpty()
    number = requisition.number or f"PR-{take_number(SERIES):06d}"
    move_state(
        requisition,
        frm=[_State.DRAFT],
        to=_State.PENDING_APPROVAL,
        expected_version=expected_version,
        number=number,
        submitted_by=by.actor_id,
        search_text=_search_text(number, lines),
        reason="",
    )
    audit.record(requisition, "requisition.submitted", by=by, at=at, changes={"number": number})
    announce("purchasing.requisition_submitted", at=at, requisition=requisition.pk)
    return requisition


@unit_of_work
def approve_requisition(
    requisition: Requisition, *, expected_version: int | None = None, by: Actor, at: datetime
) -> Requisition:
    """Agree that it may be ordered. Raises ApproverIsAuthor."""
    require_other_author(by, requisition.created_by, requisition.submitted_by)
    move_state(
        requisition,
        frm=[_State.PENDING_APPROVAL],
        to=_State.APPROVED,
        expected_version=expected_version,
        approved_by=by.actor_id,
    )
    audit.record(requisition, "requisition.approved", by=by, at=at)
    announce("purchasing.requisition_approved", at=at, requisition=requisition.pk)
    return requisition


@unit_of_work
def reject_requisition(
    requisition: Requisition,
    *,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Requisition:
    """Send it back to its author."""
    require_other_author(by, requisition.created_by, requisition.submitted_by)
    require_reason(reason)
    move_state(
        requisition,
        frm=[_State.PENDING_APPROVAL],
        to=_State.DRAFT,
        expected_version=expected_version,
        reason=reason,
    )
    audit.record(requisition, "requisition.rejected", by=by, at=at, changes={"reason": reason})
    announce("purchasing.requisition_rejected", at=at, requisition=requisition.pk)
    return requisition


@unit_of_work
def close_requisition(
    requisition: Requisition,
    *,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Requisition:
    """Want the rest no longer."""
    require_reason(reason)
    move_state(
        requisition,
        frm=[_State.APPROVED, _State.ORDERED],
        to=_State.CLOSED,
        expected_version=expected_version,
        reason=reason,
    )
    audit.record(requisition, "requisition.closed", by=by, at=at, changes={"reason": reason})
    return requisition


@unit_of_work
def cancel_requisition(
    requisition: Requisition,
    *,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Requisition:
    """Call it off while no order was made from it. Raises RequisitionOrdered."""
    require_reason(reason)
    move_state(
        requisition,
        frm=[_State.DRAFT, _State.PENDING_APPROVAL, _State.APPROVED],
        to=_State.CANCELLED,
        expected_version=expected_version,
        reason=reason,
    )
    used = PurchaseOrderLine.objects.filter(
        requisition_line__requisition_id=requisition.pk
    ).exclude(order__state=PurchaseOrderState.CANCELLED)
    if used.exists():
        raise RequisitionOrdered(number=requisition.number or "")
    audit.record(requisition, "requisition.cancelled", by=by, at=at, changes={"reason": reason})
    return requisition


@unit_of_work
def order_requisition(
    requisition: Requisition,
    choices: Sequence[LineChoice] | None = None,
    *,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> list[PurchaseOrder]:
    """Draft an order with each supplier for what is open, wholly or for the chosen lines.

    A line's own supplier comes first, then the product's preferred one. Raises NothingToOrder, and
    Invalid naming each line that nobody is known to supply.
    """
    # The version moves on, so that two people do not order the same wish twice.
    move_state(
        requisition,
        frm=[_State.APPROVED],
        to=_State.APPROVED,
        expected_version=expected_version,
    )
    lines = {line.pk: line for line in requisition.lines.order_by("position")}
    chosen = [LineChoice(pk) for pk in lines] if choices is None else list(choices)
    open_ = [choice for choice in chosen if _is_open(lines, choice)]
    if not open_:
        raise NothingToOrder()
    suppliers = _suppliers(lines, open_)
    by_supplier: dict[UUID, list[RequisitionLine]] = defaultdict(list)
    for choice in open_:
        by_supplier[suppliers[choice.line_id]].append(lines[choice.line_id])
    known = parties.parties_by_id(by_supplier)
    orders = [
        draft_order_from(
            known[supplier_id],
            [_order_line(line) for line in wanted],
            warehouse_id=requisition.warehouse_id,
            expected_on=requisition.needed_on,
            by=by,
            at=at,
        )
        for supplier_id, wanted in by_supplier.items()
    ]
    requisition.refresh_from_db()
    return orders


@unit_of_work
def raise_requisitions(*, on: date, by: Actor, at: datetime) -> list[Requisition]:
    """Ask for what falls below its reorder point, a requisition for each warehouse.

    What is on its way, ordered or asked for already is netted, and there is at most one open line
    for a product in a warehouse, so running it twice asks once.
    """
    wanted: dict[UUID, list[reorder.Replenishment]] = defaultdict(list)
    suggested = reorder.suggestions(on=on)
    asked = queries.requested({row.point.product_id for row in suggested})
    for row in suggested:
        if not asked.get((row.point.product_id, row.point.warehouse_id)):
            wanted[row.point.warehouse_id].append(row)
    made = []
    for warehouse_id, rows in sorted(wanted.items()):
        requisition = draft_requisition(
            [
                Wish(row.suggested, row.point.product_id, supplier_id=row.point.supplier_id)
                for row in rows
            ],
            warehouse_id=warehouse_id,
            is_automatic=True,
            by=by,
            at=at,
        )
        made.append(submit_requisition(requisition, by=by, at=at))
    return made


# The steps above, in the order they are taken.


def _fill(requisition: Requisition, lines: Sequence[Wish]) -> list[RequisitionLine]:
    columns = wishes(lines)
    known = parties.parties_by_id({line.supplier_id for line in lines if line.supplier_id})
    errors = [
        FieldError(
            f"/lines/{index}/supplier_id",
            "not_a_supplier",
            Text("Choose a supplier.", "اختر موردًا."),
        )
        for index, line in enumerate(lines)
        if line.supplier_id and not _supplies(known.get(line.supplier_id))
    ]
    if errors:
        raise Invalid(errors=errors)
    return [
        RequisitionLine(requisition=requisition, supplier_id=line.supplier_id, **values)
        for line, values in zip(lines, columns, strict=True)
    ]


def _at_its_place(error: FieldError, places: Sequence[int]) -> FieldError:
    """An error of one document's line, at the line that was sent."""
    _, lines, index, *rest = error.pointer.split("/")
    return replace(error, pointer="/".join(["", lines, str(places[int(index)]), *rest]))


def _supplies(party: Any) -> bool:
    return party is not None and party.is_supplier and party.is_active


def _search_text(number: str | None, lines: Sequence[RequisitionLine]) -> str:
    names = [name for line in lines[:20] for name in (line.sku, line.name_en, line.name_ar)]
    return searchable(number, *names)


def _is_open(lines: Mapping[UUID, RequisitionLine], choice: LineChoice) -> bool:
    line = lines.get(choice.line_id)
    return line is not None and line.open_to_order > 0


def _suppliers(
    lines: Mapping[UUID, RequisitionLine], choices: Sequence[LineChoice]
) -> dict[UUID, UUID]:
    products = [lines[choice.line_id].product_id for choice in choices]
    preferred = queries.preferred_suppliers(pk for pk in products if pk)
    found: dict[UUID, UUID] = {}
    errors = []
    for index, choice in enumerate(choices):
        line = lines[choice.line_id]
        usual = preferred.get(line.product_id) if line.product_id else None
        supplier_id = choice.supplier_id or line.supplier_id or usual
        if supplier_id is None:
            say = Text("Choose who supplies this.", "اختر مورد هذا البند.")
            errors.append(FieldError(f"/lines/{index}/supplier_id", "missing", say))
        else:
            found[choice.line_id] = supplier_id
    known = parties.parties_by_id(found.values())
    errors += [
        FieldError(
            f"/lines/{index}/supplier_id",
            "not_a_supplier",
            Text("Choose a supplier.", "اختر موردًا."),
        )
        for index, choice in enumerate(choices)
        if choice.line_id in found and not _supplies(known.get(found[choice.line_id]))
    ]
    if errors:
        raise Invalid(errors=errors)
    return found


def _order_line(line: RequisitionLine) -> OrderLineDraft:
    """What is still open of a wish: in its own unit when all of it is, else in stock units."""
    is_untouched = line.open_to_order == line.quantity
    return OrderLineDraft(
        quantity=line.typed_quantity if is_untouched else line.open_to_order,
        product_id=line.product_id,
        name_en=line.name_en,
        name_ar=line.name_ar,
        unit_id=line.unit_id if is_untouched or line.product_id is None else None,
        requisition_line=line,
    )
