from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Field, Query, Router, Schema, Status

from alawael.accounts.permissions import SignedInRequest, allows, may
from alawael.core.clock import business_day, now
from alawael.core.http import expected_version, with_etag
from alawael.core.paging import Listing, ListQuery
from alawael.core.schemas import PROBLEMS, Day, Page, file_answer
from alawael.core.search_text import matches
from alawael.invoicing.advances import AdvanceUse
from alawael.invoicing.models import Invoice
from alawael.invoicing.schemas import AdvanceUseIn
from alawael.parties import queries as parties
from alawael.sales import billing, credit, orders, queries, reading, returns, settings, shipments
from alawael.sales.drafting import OrderedLine
from alawael.sales.models import (
    CustomerReturnState,
    SalesOrder,
    SalesOrderState,
    SalesSettings,
    ShipmentState,
)
from alawael.sales.printing import delivery_slip_pdf, order_pdf, pick_list_pdf
from alawael.sales.schemas import (
    AmendSalesOrderIn,
    BackordersOut,
    CloseSalesOrderIn,
    ConfirmDeliveryIn,
    CreditExposureOut,
    CreditReturnIn,
    CustomerReturnIn,
    CustomerReturnOut,
    CustomerReturnRow,
    InspectReturnIn,
    InvoiceSalesOrderIn,
    PickShipmentIn,
    QuoteIn,
    ReadyShipmentIn,
    ReceiveReturnIn,
    ReleaseSalesOrderIn,
    ReserveSalesOrderIn,
    ReverseShipmentIn,
    SalesAvailabilityOut,
    SalesInvoiceOut,
    SalesOptionalReasonIn,
    SalesOrderChange,
    SalesOrderIn,
    SalesOrderLineIn,
    SalesOrderOut,
    SalesOrderRow,
    SalesReasonIn,
    SalesSettingsChange,
    SalesSettingsOut,
    ShipIn,
    ShipmentChange,
    ShipmentIn,
    ShipmentOut,
    ShipmentRow,
    ShortCloseSalesLineIn,
    SplitShipmentIn,
)
from alawael.sales.statuses import SalesBilling, SalesDelivery, SalesPayment
from alawael.stock import queries as stock
from alawael.stock.previews import DryRun, do, preview
from alawael.stock.schemas import CommandPreview

router = Router()


def _note_payments(found: list[Any]) -> None:
    """How far the invoices of the orders on a page are paid."""
    payments = queries.payments_of((order.pk for order in found), today=business_day(now()))
    for order in found:
        order.payment_status = payments.get(order.pk, SalesPayment.NONE).value


ORDERS = Listing(
    SalesOrderRow,
    sorts={
        "id": "id",
        "number": "number",
        "ordered_on": "ordered_on",
        "promised_on": "promised_on",
        "total": "total_base",
        "customer": "customer_name_en",
    },
    default_sort="-ordered_on",
    search=matches,
    complete=_note_payments,
)
SHIPMENTS = Listing(
    ShipmentRow,
    sorts={
        "id": "id",
        "number": "number",
        "planned_on": "planned_on",
        "shipped_on": "shipped_on",
    },
    default_sort="-id",
    search=matches,
)
RETURNS = Listing(
    CustomerReturnRow,
    sorts={"id": "id", "number": "number"},
    default_sort="-id",
    search=matches,
)


class SalesOrderQuery(ListQuery):
    state: SalesOrderState | None = None
    customer_id: UUID | None = None
    warehouse_id: UUID | None = None
    delivery_status: SalesDelivery | None = None
    billing_status: SalesBilling | None = None
    on_hold: bool | None = None
    ordered_from: Day | None = None
    ordered_to: Day | None = None


class ShipmentQuery(ListQuery):
    state: ShipmentState | None = None
    order_id: UUID | None = None
    customer_id: UUID | None = None
    warehouse_id: UUID | None = None
    shipped_from: Day | None = None
    shipped_to: Day | None = None


class CustomerReturnQuery(ListQuery):
    state: CustomerReturnState | None = None
    order_id: UUID | None = None
    customer_id: UUID | None = None
    warehouse_id: UUID | None = None


# How the company sells.


@router.get(
    "/sales/settings",
    auth=may("sales_order:read"),
    response={200: SalesSettingsOut, **PROBLEMS},
    operation_id="read_sales_settings",
    summary="How the company sells",
)
def read_sales_settings(request: SignedInRequest, response: HttpResponse) -> SalesSettings:
    found = queries.sales_settings()
    with_etag(response, found)
    return found


@router.patch(
    "/sales/settings",
    auth=may("sales_order:manage"),
    response={200: SalesSettingsOut, **PROBLEMS},
    operation_id="edit_sales_settings",
    summary="Change how the company sells",
)
def edit_sales_settings(
    request: SignedInRequest, response: HttpResponse, payload: SalesSettingsChange
) -> SalesSettings:
    changes = _sent(payload, "approve_above", "approve_discount_above")
    changed = settings.edit_sales_settings(changes, **_who(request))
    with_etag(response, changed)
    return changed


class SalesAvailabilityQuery(Schema):
    product_id: UUID
    warehouse_id: UUID | None = None
    quantity: Decimal = Field(Decimal(0), ge=0, max_digits=18, decimal_places=6)


@router.get(
    "/sales/availability",
    auth=may("sales_order:read"),
    response={200: SalesAvailabilityOut, **PROBLEMS},
    operation_id="read_sales_availability",
    summary="What can be promised of a product, while an order is typed",
)
def read_sales_availability(
    request: SignedInRequest, query: Query[SalesAvailabilityQuery]
) -> dict[str, Any]:
    warehouse = stock.warehouse(query.warehouse_id) if query.warehouse_id else None
    if warehouse is None:
        request.sight.refuse_limited(only_warehouses=True)
    return reading.availability(
        query.product_id, warehouse, query.quantity, today=business_day(now())
    )


class BackorderQuery(Schema):
    product_id: UUID | None = None
    warehouse_id: UUID | None = None
    limit: int = Field(200, ge=1, le=1000, description="Lines per page.")
    after: UUID | None = Field(None, description="`next` of the page before this one.")


@router.get(
    "/sales/backorders",
    auth=may("sales_order:read"),
    response={200: BackordersOut, **PROBLEMS},
    operation_id="list_backorders",
    summary="Order lines that lack stock, the oldest order first",
)
def list_backorders(request: SignedInRequest, query: Query[BackorderQuery]) -> dict[str, Any]:
    found, more = reading.backorder_page(
        product_id=query.product_id,
        warehouse_id=query.warehouse_id,
        after=query.after,
        limit=query.limit,
        sight=request.sight,
    )
    free = stock.free({each.line.product_id for each in found}, sight=request.sight)
    return {
        "items": [reading.Sheet(each, {"free": free[each.line.product_id]}) for each in found],
        "next": found[-1].line.pk if more else None,
    }


class CreditExposureQuery(Schema):
    customer_id: UUID


@router.get(
    "/sales/credit-exposure",
    auth=may("sales_order:read"),
    response={200: CreditExposureOut, **PROBLEMS},
    operation_id="read_credit_exposure",
    summary="What a customer owes, and will owe by confirmed orders",
)
def read_credit_exposure(
    request: SignedInRequest, query: Query[CreditExposureQuery]
) -> credit.Exposure:
    return credit.exposure_of(parties.party(query.customer_id))


# Orders and quotations.


@router.get(
    "/sales-orders",
    auth=may("sales_order:read"),
    response={200: Page[SalesOrderRow], **PROBLEMS},
    operation_id="list_sales_orders",
    summary="Orders and quotations, latest first",
)
def list_sales_orders(
    request: SignedInRequest, query: Query[SalesOrderQuery]
) -> dict[str, Any] | HttpResponse:
    rows = queries.orders_filtered(queries.orders_for(request.user), **_filters(query))
    return ORDERS.page(request, rows, query)


@router.post(
    "/sales-orders",
    auth=may("sales_order:create"),
    response={201: SalesOrderOut, **PROBLEMS},
    operation_id="create_sales_order",
    summary="Draft an order",
)
def create_sales_order(
    request: SignedInRequest, response: HttpResponse, payload: SalesOrderIn
) -> Status[Any]:
    facts = payload.dict(exclude={"lines", "customer_id", "warehouse_id"}, exclude_unset=True)
    order = orders.create_order(
        parties.party(payload.customer_id),
        _ordered(payload.lines),
        warehouse=stock.warehouse(payload.warehouse_id),
        by=request.user,
        at=now(),
        **facts,
    )
    return Status(201, _order(request, response, order.pk))


@router.get(
    "/sales-orders/{order_id}",
    auth=may("sales_order:read"),
    response={200: SalesOrderOut, **PROBLEMS},
    operation_id="read_sales_order",
    summary="One order with its lines, statuses, related documents and next commands",
)
def read_sales_order(request: SignedInRequest, response: HttpResponse, order_id: UUID) -> Any:
    return _order(request, response, order_id)


@router.patch(
    "/sales-orders/{order_id}",
    auth=may("sales_order:edit"),
    response={200: SalesOrderOut, **PROBLEMS},
    operation_id="edit_sales_order",
    summary="Change a draft or quotation; of a confirmed order, its notes",
)
def edit_sales_order(
    request: SignedInRequest, response: HttpResponse, order_id: UUID, payload: SalesOrderChange
) -> Any:
    order = queries.order_for(request.user, order_id)
    not_columns = {"lines", "customer_id", "warehouse_id", "discount_percent"}
    facts = _sent(payload, "expires_on", "promised_on", exclude=not_columns)
    if payload.warehouse_id:
        facts["warehouse"] = stock.warehouse(payload.warehouse_id)
    orders.edit_order(
        order,
        facts,
        lines=_ordered(payload.lines) if payload.lines is not None else None,
        customer=parties.party(payload.customer_id) if payload.customer_id else None,
        discount_percent=payload.discount_percent,
        **_who(request),
    )
    return _order(request, response, order_id)


@router.post(
    "/sales-orders/{order_id}/send-quote",
    auth=may("sales_order:send"),
    response={200: SalesOrderOut | CommandPreview, **PROBLEMS},
    operation_id="send_quote",
    summary="Offer a draft to its customer until a day",
)
def send_quote(
    request: SignedInRequest,
    response: HttpResponse,
    order_id: UUID,
    payload: QuoteIn,
    query: Query[DryRun],
) -> Any:
    def verb(order: SalesOrder) -> Any:
        return orders.send_quote(order, expires_on=payload.expires_on, **_who(request))

    return _run_order(request, response, order_id, query, verb)


@router.post(
    "/sales-orders/{order_id}/renew",
    auth=may("sales_order:edit"),
    response={200: SalesOrderOut | CommandPreview, **PROBLEMS},
    operation_id="renew_quote",
    summary="Take up an expired quotation again, as a draft",
)
def renew_quote(
    request: SignedInRequest, response: HttpResponse, order_id: UUID, query: Query[DryRun]
) -> Any:
    return _run_order(
        request, response, order_id, query, lambda order: orders.renew(order, **_who(request))
    )


@router.post(
    "/sales-orders/{order_id}/confirm",
    auth=may("sales_order:confirm"),
    response={200: SalesOrderOut | CommandPreview, **PROBLEMS},
    operation_id="confirm_sales_order",
    summary="Promise it; where a rule asks for an approval, it waits for that",
)
def confirm_sales_order(
    request: SignedInRequest, response: HttpResponse, order_id: UUID, query: Query[DryRun]
) -> Any:
    return _run_order(
        request, response, order_id, query, lambda order: orders.confirm(order, **_who(request))
    )


@router.post(
    "/sales-orders/{order_id}/approve",
    auth=may("sales_order:approve"),
    response={200: SalesOrderOut | CommandPreview, **PROBLEMS},
    operation_id="approve_sales_order",
    summary="Confirm what waits for an approval; not for its author",
)
def approve_sales_order(
    request: SignedInRequest, response: HttpResponse, order_id: UUID, query: Query[DryRun]
) -> Any:
    return _run_order(
        request, response, order_id, query, lambda order: orders.approve(order, **_who(request))
    )


@router.post(
    "/sales-orders/{order_id}/reject",
    auth=may("sales_order:approve"),
    response={200: SalesOrderOut | CommandPreview, **PROBLEMS},
    operation_id="reject_sales_order",
    summary="Send what waits for an approval back to its author",
)
def reject_sales_order(
    request: SignedInRequest,
    response: HttpResponse,
    order_id: UUID,
    payload: SalesReasonIn,
    query: Query[DryRun],
) -> Any:
    def verb(order: SalesOrder) -> Any:
        return orders.reject(order, reason=payload.reason, **_who(request))

    return _run_order(request, response, order_id, query, verb)


@router.post(
    "/sales-orders/{order_id}/reserve",
    auth=may("sales_order:edit"),
    response={200: SalesOrderOut | CommandPreview, **PROBLEMS},
    operation_id="reserve_sales_order",
    summary="Set stock aside for what is open",
)
def reserve_sales_order(
    request: SignedInRequest,
    response: HttpResponse,
    order_id: UUID,
    payload: ReserveSalesOrderIn,
    query: Query[DryRun],
) -> Any:
    def verb(order: SalesOrder) -> Any:
        return orders.reserve(order, **payload.dict(), **_who(request))

    return _run_order(request, response, order_id, query, verb)


@router.post(
    "/sales-orders/{order_id}/release",
    auth=may("sales_order:edit"),
    response={200: SalesOrderOut | CommandPreview, **PROBLEMS},
    operation_id="release_sales_order",
    summary="Give stock back that is set aside for it",
)
def release_sales_order(
    request: SignedInRequest,
    response: HttpResponse,
    order_id: UUID,
    payload: ReleaseSalesOrderIn,
    query: Query[DryRun],
) -> Any:
    def verb(order: SalesOrder) -> Any:
        return orders.release(order, **payload.dict(), **_who(request))

    return _run_order(request, response, order_id, query, verb)


@router.post(
    "/sales-orders/{order_id}/amend",
    auth=may("sales_order:edit"),
    response={200: SalesOrderOut | CommandPreview, **PROBLEMS},
    operation_id="amend_sales_order",
    summary="Change a confirmed order; its next revision",
)
def amend_sales_order(
    request: SignedInRequest,
    response: HttpResponse,
    order_id: UUID,
    payload: AmendSalesOrderIn,
    query: Query[DryRun],
) -> Any:
    def verb(order: SalesOrder) -> Any:
        return orders.amend(
            order,
            lines=[orders.LineChange(**line.dict()) for line in payload.lines],
            new_lines=_ordered(payload.new_lines),
            facts=payload.dict(exclude={"lines", "new_lines"}, exclude_none=True),
            **_who(request),
        )

    return _run_order(request, response, order_id, query, verb)


@router.post(
    "/sales-orders/{order_id}/short-close",
    auth=may("sales_order:edit"),
    response={200: SalesOrderOut | CommandPreview, **PROBLEMS},
    operation_id="short_close_sales_line",
    summary="Give up what is open of one line",
)
def short_close_sales_line(
    request: SignedInRequest,
    response: HttpResponse,
    order_id: UUID,
    payload: ShortCloseSalesLineIn,
    query: Query[DryRun],
) -> Any:
    def verb(order: SalesOrder) -> Any:
        return orders.short_close(order, **payload.dict(), **_who(request))

    return _run_order(request, response, order_id, query, verb)


@router.post(
    "/sales-orders/{order_id}/close",
    auth=may("sales_order:close"),
    response={200: SalesOrderOut | CommandPreview, **PROBLEMS},
    operation_id="close_sales_order",
    summary="End an order that is shipped and billed, or give up the rest",
)
def close_sales_order(
    request: SignedInRequest,
    response: HttpResponse,
    order_id: UUID,
    payload: CloseSalesOrderIn,
    query: Query[DryRun],
) -> Any:
    def verb(order: SalesOrder) -> Any:
        return orders.close(order, **payload.dict(), **_who(request))

    return _run_order(request, response, order_id, query, verb)


@router.post(
    "/sales-orders/{order_id}/reopen",
    auth=may("sales_order:reopen"),
    response={200: SalesOrderOut | CommandPreview, **PROBLEMS},
    operation_id="reopen_sales_order",
    summary="Open a closed order again",
)
def reopen_sales_order(
    request: SignedInRequest, response: HttpResponse, order_id: UUID, query: Query[DryRun]
) -> Any:
    return _run_order(
        request, response, order_id, query, lambda order: orders.reopen(order, **_who(request))
    )


@router.post(
    "/sales-orders/{order_id}/cancel",
    auth=may("sales_order:cancel"),
    response={200: SalesOrderOut | CommandPreview, **PROBLEMS},
    operation_id="cancel_sales_order",
    summary="Call it off; a quotation says why it was lost",
)
def cancel_sales_order(
    request: SignedInRequest,
    response: HttpResponse,
    order_id: UUID,
    payload: SalesOptionalReasonIn,
    query: Query[DryRun],
) -> Any:
    def verb(order: SalesOrder) -> Any:
        return orders.cancel(order, reason=payload.reason, **_who(request))

    return _run_order(request, response, order_id, query, verb)


@router.post(
    "/sales-orders/{order_id}/hold",
    auth=may("sales_order:edit"),
    response={200: SalesOrderOut | CommandPreview, **PROBLEMS},
    operation_id="hold_sales_order",
    summary="Stop reserving and shipping for it",
)
def hold_sales_order(
    request: SignedInRequest,
    response: HttpResponse,
    order_id: UUID,
    payload: SalesReasonIn,
    query: Query[DryRun],
) -> Any:
    def verb(order: SalesOrder) -> Any:
        return orders.hold(order, reason=payload.reason, **_who(request))

    return _run_order(request, response, order_id, query, verb)


@router.post(
    "/sales-orders/{order_id}/unhold",
    auth=may("sales_order:edit"),
    response={200: SalesOrderOut | CommandPreview, **PROBLEMS},
    operation_id="unhold_sales_order",
    summary="Take it off hold",
)
def unhold_sales_order(
    request: SignedInRequest, response: HttpResponse, order_id: UUID, query: Query[DryRun]
) -> Any:
    return _run_order(
        request, response, order_id, query, lambda order: orders.unhold(order, **_who(request))
    )


@router.post(
    "/sales-orders/{order_id}/invoice",
    auth=may("invoice:post"),
    response={201: SalesInvoiceOut, 200: CommandPreview, **PROBLEMS},
    operation_id="invoice_sales_order",
    summary="Issue an invoice for what is due, or for less",
)
def invoice_sales_order(
    request: SignedInRequest,
    order_id: UUID,
    payload: InvoiceSalesOrderIn,
    query: Query[DryRun],
) -> Any:
    order = queries.order_for(request.user, order_id)
    lines = [billing.BilledLine(**line.dict()) for line in payload.lines or ()] or None

    def issue() -> Invoice:
        return billing.invoice_order(
            order, lines, advances=_advances(payload.advances), **_who(request)
        )

    return Status(200, preview(issue)) if query.dry_run else Status(201, issue())


@router.get(
    "/sales-orders/{order_id}/pdf",
    auth=may("sales_order:read"),
    response=PROBLEMS,
    operation_id="print_sales_order",
    openapi_extra=file_answer("application/pdf"),
    summary="The quotation or order confirmation, as PDF",
)
def print_sales_order(request: SignedInRequest, order_id: UUID) -> HttpResponse:
    order = queries.order_for(request.user, order_id)
    pdf = order_pdf(order, company=parties.company(), made_at=now())
    return _pdf(pdf, f"{order.number or 'draft'}.pdf")


# Shipments.


@router.get(
    "/shipments",
    auth=may("shipment:read"),
    response={200: Page[ShipmentRow], **PROBLEMS},
    operation_id="list_shipments",
    summary="Shipments, latest first",
)
def list_shipments(
    request: SignedInRequest, query: Query[ShipmentQuery]
) -> dict[str, Any] | HttpResponse:
    rows = queries.shipments_filtered(queries.shipments_for(request.user), **_filters(query))
    return SHIPMENTS.page(request, rows, query)


@router.post(
    "/shipments",
    auth=may("shipment:create"),
    response={201: ShipmentOut, **PROBLEMS},
    operation_id="create_shipment",
    summary="Plan a shipment of what is open on an order",
)
def create_shipment(
    request: SignedInRequest, response: HttpResponse, payload: ShipmentIn
) -> Status[Any]:
    order = queries.order_for(request.user, payload.order_id)
    facts = payload.dict(exclude={"order_id", "lines"}, exclude_unset=True)
    lines = [shipments.PlannedLine(**line.dict()) for line in payload.lines or ()] or None
    made = shipments.create_from_order(order, lines, **facts, by=request.user, at=now())
    return Status(201, _shipment(request, response, made.pk))


@router.get(
    "/shipments/{shipment_id}",
    auth=may("shipment:read"),
    response={200: ShipmentOut, **PROBLEMS},
    operation_id="read_shipment",
    summary="One shipment with its lines and where their goods stand",
)
def read_shipment(request: SignedInRequest, response: HttpResponse, shipment_id: UUID) -> Any:
    return _shipment(request, response, shipment_id)


@router.patch(
    "/shipments/{shipment_id}",
    auth=may("shipment:edit"),
    response={200: ShipmentOut, **PROBLEMS},
    operation_id="edit_shipment",
    summary="Carrier, tracking number and notes, in every state",
)
def edit_shipment(
    request: SignedInRequest, response: HttpResponse, shipment_id: UUID, payload: ShipmentChange
) -> Any:
    shipment = queries.shipment_for(request.user, shipment_id)
    shipments.note(shipment, _sent(payload, "planned_on"), **_who(request))
    return _shipment(request, response, shipment_id)


@router.post(
    "/shipments/{shipment_id}/make-ready",
    auth=may("shipment:edit"),
    response={200: ShipmentOut | CommandPreview, **PROBLEMS},
    operation_id="make_shipment_ready",
    summary="Reserve everything on it",
)
def make_shipment_ready(
    request: SignedInRequest,
    response: HttpResponse,
    shipment_id: UUID,
    payload: ReadyShipmentIn,
    query: Query[DryRun],
) -> Any:
    shipment = queries.shipment_for(request.user, shipment_id)
    return _run_shipment(
        request, response, shipment_id, query,
        lambda: shipments.make_ready(shipment, partly=payload.partly, **_who(request)),
    )  # fmt: skip


@router.post(
    "/shipments/{shipment_id}/split",
    auth=may("shipment:edit"),
    response={201: ShipmentOut, 200: CommandPreview, **PROBLEMS},
    operation_id="split_shipment",
    summary="Move some of it to a new shipment, which is answered",
)
def split_shipment(
    request: SignedInRequest,
    response: HttpResponse,
    shipment_id: UUID,
    payload: SplitShipmentIn,
    query: Query[DryRun],
) -> Any:
    shipment = queries.shipment_for(request.user, shipment_id)
    parts = [(part.line_id, part.quantity) for part in payload.parts]

    def verb() -> Any:
        return shipments.split(shipment, parts, **_who(request))

    if query.dry_run:
        return Status(200, preview(verb))
    return Status(201, _shipment(request, response, verb().pk))


@router.post(
    "/shipments/{shipment_id}/pick",
    auth=may("shipment:edit"),
    response={200: ShipmentOut | CommandPreview, **PROBLEMS},
    operation_id="pick_shipment",
    summary="Note what was taken from the shelves, with lots and serial numbers",
)
def pick_shipment(
    request: SignedInRequest,
    response: HttpResponse,
    shipment_id: UUID,
    payload: PickShipmentIn,
    query: Query[DryRun],
) -> Any:
    shipment = queries.shipment_for(request.user, shipment_id)
    picks = (
        None if payload.picks is None else [shipments.Pick(**pick.dict()) for pick in payload.picks]
    )
    return _run_shipment(
        request, response, shipment_id, query,
        lambda: shipments.pick(shipment, picks, **_who(request)),
    )  # fmt: skip


@router.post(
    "/shipments/{shipment_id}/pack",
    auth=may("shipment:edit"),
    response={200: ShipmentOut | CommandPreview, **PROBLEMS},
    operation_id="pack_shipment",
    summary="Note that it is packed",
)
def pack_shipment(
    request: SignedInRequest, response: HttpResponse, shipment_id: UUID, query: Query[DryRun]
) -> Any:
    shipment = queries.shipment_for(request.user, shipment_id)
    return _run_shipment(
        request, response, shipment_id, query, lambda: shipments.pack(shipment, **_who(request))
    )


@router.post(
    "/shipments/{shipment_id}/ship",
    auth=may("shipment:ship"),
    response={200: ShipmentOut | CommandPreview, **PROBLEMS},
    operation_id="ship_shipment",
    summary="Let the goods leave: out of stock, and their cost into the books",
)
def ship_shipment(
    request: SignedInRequest,
    response: HttpResponse,
    shipment_id: UUID,
    payload: ShipIn,
    query: Query[DryRun],
) -> Any:
    shipment = queries.shipment_for(request.user, shipment_id)
    on = payload.on or business_day(now())
    return _run_shipment(
        request, response, shipment_id, query,
        lambda: shipments.ship(
            shipment, on=on, may_backdate=_may_backdate(request), **_who(request)
        ),
    )  # fmt: skip


@router.post(
    "/shipments/{shipment_id}/confirm-delivery",
    auth=may("shipment:ship"),
    response={200: ShipmentOut | CommandPreview, **PROBLEMS},
    operation_id="confirm_delivery",
    summary="Note when it arrived, and who signed for it",
)
def confirm_delivery(
    request: SignedInRequest,
    response: HttpResponse,
    shipment_id: UUID,
    payload: ConfirmDeliveryIn,
    query: Query[DryRun],
) -> Any:
    shipment = queries.shipment_for(request.user, shipment_id)
    on = payload.on or business_day(now())
    return _run_shipment(
        request, response, shipment_id, query,
        lambda: shipments.confirm_delivery(
            shipment, on=on, proof=payload.proof, **_who(request)
        ),
    )  # fmt: skip


@router.post(
    "/shipments/{shipment_id}/reverse",
    auth=may("shipment:reverse"),
    response={200: ShipmentOut | CommandPreview, **PROBLEMS},
    operation_id="reverse_shipment",
    summary="Undo a shipment whose goods are back",
)
def reverse_shipment(
    request: SignedInRequest,
    response: HttpResponse,
    shipment_id: UUID,
    payload: ReverseShipmentIn,
    query: Query[DryRun],
) -> Any:
    shipment = queries.shipment_for(request.user, shipment_id)
    on = payload.on or business_day(now())
    return _run_shipment(
        request, response, shipment_id, query,
        lambda: shipments.reverse(shipment, reason=payload.reason, on=on, **_who(request)),
    )  # fmt: skip


@router.post(
    "/shipments/{shipment_id}/cancel",
    auth=may("shipment:cancel"),
    response={200: ShipmentOut | CommandPreview, **PROBLEMS},
    operation_id="cancel_shipment",
    summary="Give up a shipment that has not left",
)
def cancel_shipment(
    request: SignedInRequest,
    response: HttpResponse,
    shipment_id: UUID,
    payload: SalesOptionalReasonIn,
    query: Query[DryRun],
) -> Any:
    shipment = queries.shipment_for(request.user, shipment_id)
    return _run_shipment(
        request, response, shipment_id, query,
        lambda: shipments.cancel(shipment, reason=payload.reason, **_who(request)),
    )  # fmt: skip


@router.post(
    "/shipments/{shipment_id}/invoice",
    auth=may("invoice:post"),
    response={201: SalesInvoiceOut, 200: CommandPreview, **PROBLEMS},
    operation_id="invoice_shipment",
    summary="Issue an invoice for what a shipment brought",
)
def invoice_shipment(request: SignedInRequest, shipment_id: UUID, query: Query[DryRun]) -> Any:
    shipment = queries.shipment_for(request.user, shipment_id)

    def issue() -> Invoice:
        return billing.invoice_shipment(shipment, by=request.user, at=now())

    return Status(200, preview(issue)) if query.dry_run else Status(201, issue())


@router.get(
    "/shipments/{shipment_id}/delivery-slip",
    auth=may("shipment:read"),
    response=PROBLEMS,
    operation_id="print_delivery_slip",
    openapi_extra=file_answer("application/pdf"),
    summary="What travels with the goods, as PDF",
)
def print_delivery_slip(request: SignedInRequest, shipment_id: UUID) -> HttpResponse:
    shipment = queries.shipment_for(request.user, shipment_id)
    pdf = delivery_slip_pdf(shipment, company=parties.company(), made_at=now())
    return _pdf(pdf, f"delivery-{shipment.number or 'draft'}.pdf")


@router.get(
    "/shipments/{shipment_id}/pick-list",
    auth=may("shipment:read"),
    response=PROBLEMS,
    operation_id="print_pick_list",
    openapi_extra=file_answer("application/pdf"),
    summary="What to take from which place, as PDF",
)
def print_pick_list(request: SignedInRequest, shipment_id: UUID) -> HttpResponse:
    shipment = queries.shipment_for(request.user, shipment_id)
    pdf = pick_list_pdf(shipment, company=parties.company(), made_at=now())
    return _pdf(pdf, f"pick-{shipment.number or 'draft'}.pdf")


# Goods that come back.


@router.get(
    "/customer-returns",
    auth=may("customer_return:read"),
    response={200: Page[CustomerReturnRow], **PROBLEMS},
    operation_id="list_customer_returns",
    summary="Returns of customers, latest first",
)
def list_customer_returns(
    request: SignedInRequest, query: Query[CustomerReturnQuery]
) -> dict[str, Any] | HttpResponse:
    rows = queries.narrowed(queries.returns_for(request.user), **_filters(query))
    return RETURNS.page(request, rows, query)


@router.post(
    "/customer-returns",
    auth=may("customer_return:create"),
    response={201: CustomerReturnOut, **PROBLEMS},
    operation_id="create_customer_return",
    summary="Write down what a customer sends back",
)
def create_customer_return(
    request: SignedInRequest, response: HttpResponse, payload: CustomerReturnIn
) -> Status[Any]:
    document = returns.create_return(
        queries.order_for(request.user, payload.order_id),
        [returns.ReturnedLine(**line.dict()) for line in payload.lines],
        reason=payload.reason,
        notes=payload.notes,
        by=request.user,
        at=now(),
    )
    return Status(201, _return(request, response, document.pk))


@router.get(
    "/customer-returns/{return_id}",
    auth=may("customer_return:read"),
    response={200: CustomerReturnOut, **PROBLEMS},
    operation_id="read_customer_return",
    summary="One return with its lines and what was decided",
)
def read_customer_return(request: SignedInRequest, response: HttpResponse, return_id: UUID) -> Any:
    return _return(request, response, return_id)


@router.post(
    "/customer-returns/{return_id}/approve",
    auth=may("customer_return:approve"),
    response={200: CustomerReturnOut | CommandPreview, **PROBLEMS},
    operation_id="approve_customer_return",
    summary="Let the goods come",
)
def approve_customer_return(
    request: SignedInRequest, response: HttpResponse, return_id: UUID, query: Query[DryRun]
) -> Any:
    document = queries.return_for(request.user, return_id)
    return _run_return(
        request, response, return_id, query, lambda: returns.approve(document, **_who(request))
    )


@router.post(
    "/customer-returns/{return_id}/receive",
    auth=may("customer_return:receive"),
    response={200: CustomerReturnOut | CommandPreview, **PROBLEMS},
    operation_id="receive_customer_return",
    summary="Take the goods in, at what they had cost",
)
def receive_customer_return(
    request: SignedInRequest,
    response: HttpResponse,
    return_id: UUID,
    payload: ReceiveReturnIn,
    query: Query[DryRun],
) -> Any:
    document = queries.return_for(request.user, return_id)
    on = payload.on or business_day(now())
    return _run_return(
        request, response, return_id, query,
        lambda: returns.receive(document, on=on, **_who(request)),
    )  # fmt: skip


@router.post(
    "/customer-returns/{return_id}/inspect",
    auth=may("customer_return:receive"),
    response={200: CustomerReturnOut | CommandPreview, **PROBLEMS},
    operation_id="inspect_customer_return",
    summary="Decide on every line: restock or scrap; replace, refund or neither",
)
def inspect_customer_return(
    request: SignedInRequest,
    response: HttpResponse,
    return_id: UUID,
    payload: InspectReturnIn,
    query: Query[DryRun],
) -> Any:
    document = queries.return_for(request.user, return_id)
    verdicts = [returns.Verdict(**line.dict()) for line in payload.lines]
    place = stock.location(payload.location_id) if payload.location_id else None
    on = payload.on or business_day(now())
    return _run_return(
        request, response, return_id, query,
        lambda: returns.inspect(document, verdicts, on=on, location=place, **_who(request)),
    )  # fmt: skip


@router.post(
    "/customer-returns/{return_id}/credit",
    auth=may("invoice:credit"),
    response={201: list[SalesInvoiceOut], 200: CommandPreview, **PROBLEMS},
    operation_id="credit_customer_return",
    summary="Give back what was invoiced of the refunded lines; a note for each invoice",
)
def credit_customer_return(
    request: SignedInRequest,
    return_id: UUID,
    payload: CreditReturnIn,
    query: Query[DryRun],
) -> Any:
    document = queries.return_for(request.user, return_id)

    def issue() -> list[Invoice]:
        return returns.credit(document, **payload.dict(), **_who(request))

    return Status(200, preview(issue)) if query.dry_run else Status(201, issue())


@router.post(
    "/customer-returns/{return_id}/close",
    auth=may("customer_return:close"),
    response={200: CustomerReturnOut | CommandPreview, **PROBLEMS},
    operation_id="close_customer_return",
    summary="End an inspected return",
)
def close_customer_return(
    request: SignedInRequest, response: HttpResponse, return_id: UUID, query: Query[DryRun]
) -> Any:
    document = queries.return_for(request.user, return_id)
    return _run_return(
        request, response, return_id, query, lambda: returns.close(document, **_who(request))
    )


@router.post(
    "/customer-returns/{return_id}/cancel",
    auth=may("customer_return:cancel"),
    response={200: CustomerReturnOut | CommandPreview, **PROBLEMS},
    operation_id="cancel_customer_return",
    summary="Call off a return before the goods have come",
)
def cancel_customer_return(
    request: SignedInRequest,
    response: HttpResponse,
    return_id: UUID,
    payload: SalesOptionalReasonIn,
    query: Query[DryRun],
) -> Any:
    document = queries.return_for(request.user, return_id)
    return _run_return(
        request, response, return_id, query,
        lambda: returns.cancel(document, reason=payload.reason, **_who(request)),
    )  # fmt: skip


def _who(request: SignedInRequest) -> dict[str, Any]:
    """Which version the caller saw, who it is, and when."""
    return {"expected_version": expected_version(request), "by": request.user, "at": now()}


def _sent(payload: Schema, *nullable: str, exclude: Iterable[str] = ()) -> dict[str, Any]:
    """What was sent; null only where nothing is a value, and left out elsewhere."""
    sent = payload.dict(exclude=set(exclude), exclude_unset=True)
    return {name: value for name, value in sent.items() if value is not None or name in nullable}


def _filters(query: ListQuery) -> dict[str, Any]:
    return query.dict(exclude=set(ListQuery.model_fields))


def _ordered(lines: Sequence[SalesOrderLineIn]) -> list[OrderedLine]:
    return [OrderedLine(**line.dict()) for line in lines]


def _advances(used: Sequence[AdvanceUseIn]) -> list[AdvanceUse]:
    return [AdvanceUse(**each.dict()) for each in used]


def _may_backdate(request: SignedInRequest) -> bool:
    """Whether the caller may move goods on a day up to which stock is frozen."""
    return allows(request.permissions, "stock:backdate")


def _caller(request: SignedInRequest) -> reading.Caller:
    return reading.Caller(request.user.pk, request.permissions)


def _order(request: SignedInRequest, response: HttpResponse, order_id: UUID) -> Any:
    order = queries.order_for(request.user, order_id)
    with_etag(response, order)
    return reading.order_sheet(order, today=business_day(now()), caller=_caller(request))


def _run_order(
    request: SignedInRequest,
    response: HttpResponse,
    order_id: UUID,
    query: DryRun,
    verb: Callable[[SalesOrder], Any],
) -> Any:
    """Do it and answer the order, or show what it would do."""
    order = queries.order_for(request.user, order_id)
    if query.dry_run:
        return preview(lambda: verb(order))
    verb(order)
    return _order(request, response, order_id)


def _shipment(request: SignedInRequest, response: HttpResponse, shipment_id: UUID) -> Any:
    shipment = queries.shipment_for(request.user, shipment_id)
    with_etag(response, shipment)
    return reading.shipment_sheet(shipment, caller=_caller(request))


def _run_shipment(
    request: SignedInRequest,
    response: HttpResponse,
    shipment_id: UUID,
    query: DryRun,
    verb: Callable[[], Any],
) -> Any:
    return do(query, verb, lambda: _shipment(request, response, shipment_id))


def _return(request: SignedInRequest, response: HttpResponse, return_id: UUID) -> Any:
    document = queries.return_for(request.user, return_id)
    with_etag(response, document)
    return reading.return_sheet(document, caller=_caller(request))


def _run_return(
    request: SignedInRequest,
    response: HttpResponse,
    return_id: UUID,
    query: DryRun,
    verb: Callable[[], Any],
) -> Any:
    return do(query, verb, lambda: _return(request, response, return_id))


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, "application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
