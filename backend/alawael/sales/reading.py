"""Documents as they are shown: their own columns, what follows from them, what can be done next."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model

from alawael.accounts.permissions import allows
from alawael.core.sight import Sees
from alawael.sales import holding, queries
from alawael.sales.models import (
    CustomerReturn,
    CustomerReturnLine,
    CustomerReturnState,
    SalesOrder,
    SalesOrderState,
    SalesSettings,
    Shipment,
    ShipmentLine,
    ShipmentState,
)
from alawael.sales.statuses import (
    SalesPayment,
    billing_of_all,
    delivery_of_all,
)
from alawael.stock import arrivals
from alawael.stock import queries as stock
from alawael.stock.models import Reservation, Warehouse
from alawael.stock.reserving import reserved_of_lines

NOTHING = Decimal(0)
#: How many of the next arrivals are shown.
MOST_ARRIVALS = 10

#: What the caller needs to hold for each command.
ORDER_RIGHTS = {
    "confirm": "sales_order:confirm",
    "send_quote": "sales_order:send",
    "edit": "sales_order:edit",
    "approve": "sales_order:approve",
    "reject": "sales_order:approve",
    "renew": "sales_order:edit",
    "unhold": "sales_order:edit",
    "create_shipment": "shipment:create",
    "invoice": "invoice:post",
    "reserve": "sales_order:edit",
    "amend": "sales_order:edit",
    "release": "sales_order:edit",
    "create_return": "customer_return:create",
    "hold": "sales_order:edit",
    "short_close": "sales_order:edit",
    "close": "sales_order:close",
    "reopen": "sales_order:reopen",
    "cancel": "sales_order:cancel",
}
SHIPMENT_RIGHTS = {
    "make_ready": "shipment:edit",
    "pick": "shipment:edit",
    "pack": "shipment:edit",
    "ship": "shipment:ship",
    "confirm_delivery": "shipment:ship",
    "invoice": "invoice:post",
    "create_return": "customer_return:create",
    "split": "shipment:edit",
    "note": "shipment:edit",
    "reverse": "shipment:reverse",
    "cancel": "shipment:cancel",
}
RETURN_RIGHTS = {
    "approve": "customer_return:approve",
    "receive": "customer_return:receive",
    "inspect": "customer_return:receive",
    "credit": "invoice:credit",
    "close": "customer_return:close",
    "cancel": "customer_return:cancel",
}


@dataclass(frozen=True)
class Caller:
    """Who asks, and what he or she may do."""

    user_id: UUID
    permissions: frozenset[str]

    def of(self, commands: Iterable[str], rights: dict[str, str]) -> list[str]:
        return [name for name in commands if allows(self.permissions, rights[name])]


@dataclass(frozen=True)
class DocumentLink:
    """Another document that hangs together with this one."""

    type: str
    id: UUID
    number: str | None
    state: str


@dataclass
class Sheet:
    """A row and what is reckoned for it; whatever is not named here is the row's own."""

    row: Any
    reckoned: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        reckoned = self.__dict__.get("reckoned", {})
        return reckoned[name] if name in reckoned else getattr(self.__dict__["row"], name)


def order_sheet(order: SalesOrder, *, today: date, caller: Caller) -> Sheet:
    """An order with its lines, words, links and next commands."""
    lines = queries.order_lines(order)
    ids = [line.pk for line in lines]
    credited, reserved = queries.credited_of(lines), holding.reserved_of(ids)
    planned, policy = queries.planned_of(ids), queries.policy_of(order)
    figures = {line.pk: line.figures(credited[line.pk]) for line in lines}
    shown = [
        Sheet(
            line,
            {
                "credited": figures[line.pk].credited,
                "reserved": reserved[line.pk],
                "planned": planned[line.pk],
                "returned": figures[line.pk].returned,
                "open_to_bill": figures[line.pk].open_to_bill(policy),
            },
        )
        for line in lines
    ]
    payments = queries.payments_of([order.pk], today=today)
    everything = list(figures.values())
    return Sheet(
        order,
        {
            "lines": shown,
            "delivery_status": delivery_of_all(everything).value,
            "billing_status": billing_of_all(everything, policy).value,
            "payment_status": payments.get(order.pk, SalesPayment.NONE).value,
            "links": _links_of_order(order),
            "next_commands": caller.of(_order_commands(order, shown, caller), ORDER_RIGHTS),
        },
    )


def shipment_sheet(shipment: Shipment, *, caller: Caller) -> Sheet:
    """A shipment with its lines, where their goods stand, links and next commands."""
    lines = queries.shipment_lines(shipment)
    held = reserved_of_lines(line.pk for line in lines) if shipment.is_open else {}
    commands = _shipment_commands(shipment, queries.sales_settings())
    return Sheet(
        shipment,
        {
            "order_number": shipment.order.number,
            "lines": [_shipment_line(line, held.get(line.pk, [])) for line in lines],
            "links": [_link(shipment.order), *_returns_of(lines)],
            "next_commands": caller.of(commands, SHIPMENT_RIGHTS),
        },
    )


def return_sheet(document: CustomerReturn, *, caller: Caller) -> Sheet:
    """A return with its lines, links and next commands."""
    lines = queries.return_lines(document)
    notes = queries.invoices_of(document.order).filter(kind="credit_note")
    return Sheet(
        document,
        {
            "order_number": document.order.number,
            "lines": [_return_line(line) for line in lines],
            "links": [_link(document.order), *(_link(note) for note in notes)],
            "next_commands": caller.of(_return_commands(document, lines), RETURN_RIGHTS),
        },
    )


def backorders(
    *, product_id: UUID | None = None, warehouse_id: UUID | None = None
) -> list[queries.Backorder]:
    """Order lines that lack stock, the oldest order first."""
    lines = queries.open_lines(product_id=product_id, warehouse_id=warehouse_id)
    reserved = holding.reserved_of(line.pk for line in lines)
    found = [
        queries.Backorder(line, line.order, line.open_to_ship, reserved[line.pk]) for line in lines
    ]
    return [backorder for backorder in found if backorder.missing > 0]


def backorder_page(
    *,
    product_id: UUID | None,
    warehouse_id: UUID | None,
    after: UUID | None,
    limit: int,
    sight: Sees | None = None,
) -> tuple[list[queries.Backorder], bool]:
    """So many order lines that lack stock, behind the line `after`; and whether there are more.

    With `sight` only those that somebody sees.
    """
    found: list[queries.Backorder] = []
    while len(found) <= limit:
        lines = queries.some_open_lines(
            product_id=product_id,
            warehouse_id=warehouse_id,
            after=after,
            limit=limit,
            sight=sight,
        )
        reserved = holding.reserved_of(line.pk for line in lines)
        found += (
            queries.Backorder(line, line.order, line.open_to_ship, reserved[line.pk])
            for line in lines
            if line.open_to_ship > reserved[line.pk]
        )
        if len(lines) < limit:
            break
        after = lines[-1].pk
    return found[:limit], len(found) > limit


def availability(
    product_id: UUID, warehouse: Warehouse | None, wanted: Decimal, *, today: date
) -> dict[str, Any]:
    """What can be promised of a product now, what comes next, and when there is enough.

    What comes goes first to confirmed orders that still lack it.
    """
    house = warehouse.pk if warehouse else None
    free = stock.free([product_id], warehouse)[product_id]
    coming = arrivals.arrivals([product_id], warehouse_id=house, today=today)
    lacking = [] if free >= wanted else backorders(product_id=product_id, warehouse_id=house)
    promised = sum((each.missing for each in lacking), NOTHING)
    return {
        "product_id": product_id,
        "warehouse_id": house,
        "free": free,
        "incoming": queries.incoming(product_id, house, on=today),
        "is_enough": free >= wanted,
        "available_on": arrivals.available_on(wanted, free - promised, coming, today=today),
        "arrivals": coming[:MOST_ARRIVALS],
    }


def _links_of_order(order: SalesOrder) -> list[DocumentLink]:
    documents: list[Any] = [
        *order.shipments.order_by("id"),
        *queries.invoices_of(order),
        *order.returns.order_by("id"),
    ]
    return [_link(document) for document in documents]


def _returns_of(lines: Iterable[ShipmentLine]) -> list[DocumentLink]:
    ids = [line.pk for line in lines if line.returned]
    if not ids:
        return []
    rows = CustomerReturn.objects.filter(lines__shipment_line_id__in=ids).order_by("id")
    return [_link(row) for row in {row.pk: row for row in rows}.values()]


def _link(document: Model) -> DocumentLink:
    row: Any = document
    kinds: dict[type, str] = {
        SalesOrder: "sales_order",
        Shipment: "shipment",
        CustomerReturn: "customer_return",
    }
    # Invoices and notes say themselves which they are.
    kind = kinds.get(type(document)) or str(row.kind)
    return DocumentLink(kind, row.pk, row.number, str(row.state))


def _shipment_line(line: ShipmentLine, held: list[Reservation]) -> Sheet:
    ordered = line.order_line
    return Sheet(
        line,
        {
            "sku": ordered.sku,
            "name_en": ordered.name_en,
            "name_ar": ordered.name_ar,
            "stock_unit": ordered.stock_unit,
            "picks": [
                {
                    "location_id": row.location_id,
                    "location_code": row.location.code,
                    "lot_id": row.lot_id,
                    "lot_code": row.lot.code if row.lot else None,
                    "expires_on": row.lot.expires_on if row.lot else None,
                    "quantity": row.quantity,
                }
                for row in held
            ],
        },
    )


def _return_line(line: CustomerReturnLine) -> Sheet:
    ordered = line.order_line
    names = {"sku": ordered.sku, "name_en": ordered.name_en, "name_ar": ordered.name_ar}
    shown = {"lot_code": line.lot.code if line.lot else None, "stock_unit": ordered.stock_unit}
    return Sheet(line, {**names, **shown})


def _order_commands(order: SalesOrder, lines: list[Sheet], caller: Caller) -> list[str]:
    """What the state allows, the most sensible first."""
    state = order.state
    if state == SalesOrderState.DRAFT:
        return ["confirm", "send_quote", "edit", "cancel"]
    if state == SalesOrderState.QUOTED:
        return ["confirm", "edit", "cancel"]
    if state == SalesOrderState.PENDING_APPROVAL:
        own = caller.user_id in (order.created_by, order.submitted_by)
        return ["cancel"] if own else ["approve", "reject", "cancel"]
    if state == SalesOrderState.EXPIRED:
        return ["renew"]
    came = ["create_return"] if any(line.shipped > line.returned for line in lines) else []
    if state == SalesOrderState.CLOSED:
        return [*came, "reopen"]
    if state == SalesOrderState.CANCELLED:
        return []
    return _confirmed_commands(order, lines, came)


def _confirmed_commands(order: SalesOrder, lines: list[Sheet], came: list[str]) -> list[str]:
    to_ship = any(line.open_to_ship > line.planned for line in lines)
    short = any(line.open_to_ship > line.reserved for line in lines)
    open_ = any(line.open_to_ship > 0 for line in lines)
    to_bill = any(line.open_to_bill > 0 for line in lines)
    untouched = not any(line.shipped or line.invoiced for line in lines)
    found = {
        "unhold": order.on_hold,
        "create_shipment": to_ship and not order.on_hold,
        "invoice": to_bill,
        "close": not open_ and not to_bill,
        "reserve": short and not order.on_hold,
        "amend": True,
        "release": any(line.reserved > 0 for line in lines),
        "create_return": bool(came),
        "hold": not order.on_hold,
        "short_close": open_,
        "cancel": untouched,
    }
    commands = [name for name, possible in found.items() if possible]
    return commands if "close" in commands else [*commands, "close"]


def _shipment_commands(shipment: Shipment, settings: SalesSettings) -> list[str]:
    picks = settings.needs_picking or settings.needs_packing
    commands = {
        ShipmentState.DRAFT: ["make_ready", "split", "note", "cancel"],
        ShipmentState.READY: ["pick", "split", "note", "cancel"]
        if picks
        else ["ship", "pick", "split", "note", "cancel"],
        ShipmentState.PICKED: ["pack", "note", "cancel"]
        if settings.needs_packing
        else ["ship", "pack", "note", "cancel"],
        ShipmentState.PACKED: ["ship", "note", "cancel"],
        ShipmentState.SHIPPED: ["confirm_delivery", "invoice", "create_return", "note", "reverse"],
        ShipmentState.DELIVERED: ["invoice", "create_return", "note", "reverse"],
    }
    return commands.get(ShipmentState(shipment.state), ["note"])


def _return_commands(document: CustomerReturn, lines: list[CustomerReturnLine]) -> list[str]:
    state = document.state
    if state == CustomerReturnState.DRAFT:
        return ["approve", "cancel"]
    if state == CustomerReturnState.APPROVED:
        return ["receive", "cancel"]
    if state == CustomerReturnState.RECEIVED:
        return ["inspect"]
    refunds = any(line.settlement == "refund" and line.credited < line.quantity for line in lines)
    credit = ["credit"] if refunds else []
    if state == CustomerReturnState.INSPECTED:
        return [*credit, "close"]
    return credit if state == CustomerReturnState.CLOSED else []
