"""Questions about buying: what one may see, what is open, what a supplier charges."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import F, Model, Prefetch, Q, QuerySet, Sum

from alawael.accounts.models import User
from alawael.catalog import units
from alawael.catalog.models import Product, Unit
from alawael.core.money import ZERO, round_quantity
from alawael.core.rows import existing
from alawael.ledger.models import Account, AccountRole, JournalLine, LedgerRole
from alawael.purchasing import statuses
from alawael.purchasing.models import (
    OPEN_ORDERS,
    BillAllocation,
    BillCheck,
    BillingProgress,
    Enquiry,
    EnquiryState,
    LandedCost,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderState,
    PurchasingSettings,
    Receipt,
    ReceiptLine,
    ReceiptProgress,
    ReceiptState,
    Requisition,
    RequisitionLine,
    RequisitionState,
    SupplierProduct,
    SupplierReturn,
    SupplierReturnState,
)
from alawael.stock.arrivals import Arrival

M = TypeVar("M", bound=Model)
NOTHING = Decimal(0)
_PRODUCT = Prefetch("product", Product.objects.select_related("unit"))

#: Requisitions whose lines still wait to be ordered.
OPEN_REQUISITIONS = (
    RequisitionState.DRAFT,
    RequisitionState.PENDING_APPROVAL,
    RequisitionState.APPROVED,
)


def purchasing_settings() -> PurchasingSettings:
    """How the company buys; the usual values when nobody has said otherwise."""
    return PurchasingSettings.objects.filter(key="main").first() or PurchasingSettings()


# Products and prices


def products_with_units(ids: Iterable[UUID]) -> dict[UUID, Product]:
    """Products with everything that a conversion of units needs."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = Product.objects.filter(pk__in=wanted).select_related("unit")
    return {product.pk: product for product in rows.prefetch_related("units__unit")}


def accounts_by_id(ids: Iterable[UUID]) -> dict[UUID, Account]:
    wanted = set(ids)
    return Account.objects.in_bulk(list(wanted)) if wanted else {}


def supplier_products(
    *,
    supplier_id: UUID | None = None,
    product_id: UUID | None = None,
    is_active: bool | None = None,
) -> QuerySet[SupplierProduct]:
    rows = SupplierProduct.objects.select_related("supplier", "product", "unit")
    wanted = {"supplier_id": supplier_id, "product_id": product_id, "is_active": is_active}
    return rows.filter(**_said(wanted))


def supplier_product(supplier_product_id: UUID) -> SupplierProduct:
    return existing(supplier_products().filter(pk=supplier_product_id))


@dataclass(frozen=True)
class SupplierPrice:
    """What a product costs at a supplier, for one unit of the order line."""

    price: Decimal | None
    supplier_sku: str = ""
    lead_time_days: int = 0


@dataclass
class SupplierPrices:
    """What one supplier charges for some products, read at once."""

    agreed: dict[UUID, list[SupplierProduct]] = field(default_factory=dict)
    #: The last order line of each product, when nothing is agreed.
    ordered: dict[UUID, PurchaseOrderLine] = field(default_factory=dict)

    @classmethod
    def of(
        cls, supplier_id: UUID, products: Mapping[UUID, Product], *, currency: str
    ) -> "SupplierPrices":
        if not products:
            return cls()
        agreed: dict[UUID, list[SupplierProduct]] = defaultdict(list)
        rows = SupplierProduct.objects.filter(
            supplier_id=supplier_id,
            product_id__in=list(products),
            currency=currency,
            is_active=True,
        )
        for row in rows.select_related("unit"):
            agreed[row.product_id].append(row)
        missing = [pk for pk in products if pk not in agreed]
        return cls(agreed, _last_ordered(supplier_id, missing, currency) if missing else {})

    def price(self, product: Product, unit: Unit, quantity: Decimal) -> SupplierPrice | None:
        """For a quantity in stock units: the agreed price of the highest minimum that is met."""
        known = units.measures(product)
        rows = [row for row in self.agreed.get(product.pk, []) if row.unit_id in known]
        if unit.pk not in known:
            return None
        to = known[unit.pk]
        if rows:
            best = min(rows, key=lambda row: _rank(row, known[row.unit_id], unit, quantity))
            price = _per_unit(best.price, known[best.unit_id], to)
            return SupplierPrice(price, best.supplier_sku, best.lead_time_days)
        last = self.ordered.get(product.pk)
        if last is None or last.unit_id not in known:
            return None
        return SupplierPrice(_per_unit(last.unit_price, known[last.unit_id], to), last.supplier_sku)


def _rank(
    row: SupplierProduct, measure: units.Measure, unit: Unit, quantity: Decimal
) -> tuple[Any, ...]:
    minimum = Fraction(row.min_quantity) * measure.factor
    is_met = minimum <= Fraction(quantity)
    # Among the prices that hold, the one for the larger quantity; else the smallest minimum.
    return not is_met, -minimum if is_met else minimum, row.unit_id != unit.pk, row.pk


def _per_unit(price: Decimal, frm: units.Measure, to: units.Measure) -> Decimal:
    exact = Fraction(price) * to.factor / frm.factor
    return round_quantity(Decimal(exact.numerator) / Decimal(exact.denominator))


def _last_ordered(
    supplier_id: UUID, product_ids: Collection[UUID], currency: str
) -> dict[UUID, PurchaseOrderLine]:
    lines = PurchaseOrderLine.objects.filter(
        product_id__in=list(product_ids),
        order__supplier_id=supplier_id,
        order__currency=currency,
        order__number__isnull=False,
    ).order_by("-id")
    found: dict[UUID, PurchaseOrderLine] = {}
    for line in lines[:200]:
        if line.product_id is not None:
            found.setdefault(line.product_id, line)
    return found


def preferred_suppliers(product_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Where each product is bought when nobody says otherwise."""
    rows = SupplierProduct.objects.filter(
        product_id__in=list(set(product_ids)), is_active=True, supplier__is_active=True
    )
    ranked = rows.order_by("-is_preferred", "price", "id").values_list("product_id", "supplier_id")
    found: dict[UUID, UUID] = {}
    for product_id, supplier_id in ranked:
        found.setdefault(product_id, supplier_id)
    return found


# Requisitions and enquiries


def requisitions_for(user: User) -> QuerySet[Requisition]:
    """Requisitions that this user may see."""
    return Requisition.objects.select_related("warehouse").prefetch_related("lines")


def requisition_for(user: User, requisition_id: UUID) -> Requisition:
    return existing(requisitions_for(user).filter(pk=requisition_id))


def requisition_lines(ids: Iterable[UUID]) -> dict[UUID, RequisitionLine]:
    rows = RequisitionLine.objects.filter(pk__in=set(ids)).select_related("requisition")
    return {line.pk: line for line in rows}


def filtered_requisitions(
    rows: QuerySet[Requisition],
    *,
    state: RequisitionState | None = None,
    warehouse_id: UUID | None = None,
    is_automatic: bool | None = None,
    needed_from: date | None = None,
    needed_to: date | None = None,
    product_id: UUID | None = None,
) -> QuerySet[Requisition]:
    wanted = {"state": state, "warehouse_id": warehouse_id, "is_automatic": is_automatic}
    rows = _between(rows.filter(**_said(wanted)), "needed_on", needed_from, needed_to)
    if product_id is not None:
        holders = RequisitionLine.objects.filter(product_id=product_id)
        rows = rows.filter(pk__in=list(holders.values_list("requisition_id", flat=True)[:1000]))
    return rows


def requested(product_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], Decimal]:
    """Asked for on open requisitions and not yet ordered, by product and warehouse."""
    rows = RequisitionLine.objects.filter(
        product_id__in=list(product_ids),
        requisition__state__in=OPEN_REQUISITIONS,
        requisition__warehouse__isnull=False,
    ).select_related("requisition")
    found: dict[tuple[UUID, UUID], Decimal] = defaultdict(lambda: NOTHING)
    for line in rows:
        place = (line.product_id, line.requisition.warehouse_id)
        found[place] += line.open_to_order  # type: ignore[index]
    return dict(found)


def incoming(product_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], Decimal]:
    """Ordered and not yet here, by product and warehouse; drafts made from a wish count too."""
    rows = PurchaseOrderLine.objects.filter(
        product_id__in=list(product_ids),
        is_goods=True,
        order__warehouse__isnull=False,
    ).filter(
        Q(order__state__in=[*OPEN_ORDERS, PurchaseOrderState.PENDING_APPROVAL])
        | Q(order__state=PurchaseOrderState.DRAFT, requisition_line__isnull=False)
    )
    found: dict[tuple[UUID, UUID], Decimal] = defaultdict(lambda: NOTHING)
    for line in rows.select_related("order"):
        place = (line.product_id, line.order.warehouse_id)
        found[place] += max(NOTHING, statuses.open_to_receive(line))  # type: ignore[index]
    return dict(found)


def arrivals(product_ids: Collection[UUID]) -> list[Arrival]:
    """What approved orders will bring, with the day of the line or else of its order."""
    lines = PurchaseOrderLine.objects.filter(product_id__in=list(product_ids), is_goods=True)
    rows = list(lines.order_by("id"))
    # Two look-ups instead of a join, which costs MongoDB more.
    still_open = PurchaseOrder.objects.filter(state__in=list(OPEN_ORDERS), warehouse__isnull=False)
    orders = still_open.in_bulk(list({line.order_id for line in rows}))
    return [
        Arrival(
            product_id=line.product_id,
            warehouse_id=order.warehouse_id,
            quantity=quantity,
            on=line.expected_on or order.expected_on,
            document_type=PurchaseOrder._meta.label_lower,
            document_id=order.pk,
            document_number=order.number or "",
        )
        for line in rows
        if (order := orders.get(line.order_id)) and order.warehouse_id and line.product_id
        if (quantity := statuses.open_to_receive(line)) > 0
    ]


def enquiries_for(user: User) -> QuerySet[Enquiry]:
    """Enquiries that this user may see."""
    return Enquiry.objects.select_related("warehouse").prefetch_related(
        "lines__awarded_to", "suppliers__supplier", "quotes"
    )


def enquiry_for(user: User, enquiry_id: UUID) -> Enquiry:
    return existing(enquiries_for(user).filter(pk=enquiry_id))


def filtered_enquiries(
    rows: QuerySet[Enquiry],
    *,
    state: EnquiryState | None = None,
    warehouse_id: UUID | None = None,
    supplier_id: UUID | None = None,
    answer_from: date | None = None,
    answer_to: date | None = None,
) -> QuerySet[Enquiry]:
    rows = rows.filter(**_said({"state": state, "warehouse_id": warehouse_id}))
    rows = _between(rows, "answer_by", answer_from, answer_to)
    return rows if supplier_id is None else rows.filter(suppliers__supplier_id=supplier_id)


# Orders


def orders_for(user: User) -> QuerySet[PurchaseOrder]:
    """Purchase orders that this user may see."""
    return PurchaseOrder.objects.select_related("warehouse", "enquiry").prefetch_related("supplier")


def order_for(user: User, order_id: UUID) -> PurchaseOrder:
    return existing(orders_for(user).filter(pk=order_id))


def filtered_orders(
    rows: QuerySet[PurchaseOrder],
    *,
    today: date,
    state: PurchaseOrderState | None = None,
    supplier_id: UUID | None = None,
    warehouse_id: UUID | None = None,
    ordered_from: date | None = None,
    ordered_to: date | None = None,
    expected_from: date | None = None,
    expected_to: date | None = None,
    receipt_progress: ReceiptProgress | None = None,
    billing_progress: BillingProgress | None = None,
    is_to_receive: bool | None = None,
    is_late: bool | None = None,
    on_hold: bool | None = None,
) -> QuerySet[PurchaseOrder]:
    """Narrow a list of orders; None narrows nothing."""
    wanted = {
        "state": state,
        "supplier_id": supplier_id,
        "warehouse_id": warehouse_id,
        "receipt_progress": receipt_progress,
        "billing_progress": billing_progress,
        "on_hold": on_hold,
    }
    rows = _between(rows.filter(**_said(wanted)), "ordered_on", ordered_from, ordered_to)
    rows = _between(rows, "expected_on", expected_from, expected_to)
    waiting = Q(state__in=list(OPEN_ORDERS)) & ~Q(receipt_progress=ReceiptProgress.FULL)
    if is_to_receive is not None:
        rows = rows.filter(waiting) if is_to_receive else rows.exclude(waiting)
    if is_late is not None:
        late = waiting & Q(expected_on__lt=today)
        rows = rows.filter(late) if is_late else rows.exclude(late)
    return rows


def lines_of(order: PurchaseOrder) -> QuerySet[PurchaseOrderLine]:
    rows = PurchaseOrderLine.objects.filter(order=order).select_related("account")
    return rows.prefetch_related(_PRODUCT).order_by("position")


# Receipts and returns


def receipts_for(user: User) -> QuerySet[Receipt]:
    """Goods receipts that this user may see."""
    return Receipt.objects.select_related("warehouse").prefetch_related("order")


def receipt_for(user: User, receipt_id: UUID) -> Receipt:
    return existing(receipts_for(user).filter(pk=receipt_id))


def filtered_receipts(
    rows: QuerySet[Receipt],
    *,
    state: ReceiptState | None = None,
    supplier_id: UUID | None = None,
    warehouse_id: UUID | None = None,
    order_id: UUID | None = None,
    received_from: date | None = None,
    received_to: date | None = None,
) -> QuerySet[Receipt]:
    wanted = {
        "state": state,
        "supplier_id": supplier_id,
        "warehouse_id": warehouse_id,
        "order_id": order_id,
    }
    return _between(rows.filter(**_said(wanted)), "received_on", received_from, received_to)


def receipt_lines(receipt: Receipt) -> QuerySet[ReceiptLine]:
    """With their order lines and products, each by key: other orders leave what is kept of it."""
    rows = ReceiptLine.objects.filter(receipt=receipt).select_related("unit", "lot", "location")
    return rows.prefetch_related("order_line", _PRODUCT).order_by("position")


def supplier_returns_for(user: User) -> QuerySet[SupplierReturn]:
    """Returns to suppliers that this user may see."""
    return SupplierReturn.objects.select_related("warehouse").prefetch_related("receipt", "order")


def supplier_return_for(user: User, return_id: UUID) -> SupplierReturn:
    return existing(supplier_returns_for(user).filter(pk=return_id))


def filtered_supplier_returns(
    rows: QuerySet[SupplierReturn],
    *,
    state: SupplierReturnState | None = None,
    supplier_id: UUID | None = None,
    warehouse_id: UUID | None = None,
    order_id: UUID | None = None,
    returned_from: date | None = None,
    returned_to: date | None = None,
) -> QuerySet[SupplierReturn]:
    wanted = {
        "state": state,
        "supplier_id": supplier_id,
        "warehouse_id": warehouse_id,
        "order_id": order_id,
    }
    return _between(rows.filter(**_said(wanted)), "returned_on", returned_from, returned_to)


def landed_costs_of(receipt: Receipt) -> QuerySet[LandedCost]:
    return LandedCost.objects.filter(receipt=receipt).order_by("id").prefetch_related("lines")


# Goods received, not yet billed


@dataclass(frozen=True)
class UnbilledLine:
    """Goods that came and are not billed, or (below zero) billed or given back ahead; riyals."""

    supplier_id: UUID
    supplier_name_en: str
    supplier_name_ar: str
    order_id: UUID
    order_number: str
    receipt_id: UUID | None
    receipt_number: str | None
    received_on: date | None
    sku: str
    name_en: str
    name_ar: str
    quantity: Decimal
    value: Decimal


def goods_received_not_billed(*, supplier_id: UUID | None = None) -> list[UnbilledLine]:
    """Every line that is open on the account of goods received, not yet invoiced; oldest first.

    The values add up to the balance of that account (proofs.py).
    """
    who = {} if supplier_id is None else {"receipt__supplier_id": supplier_id}
    rows = ReceiptLine.objects.filter(
        receipt__state__in=[ReceiptState.POSTED, ReceiptState.INSPECTION], **who
    ).select_related("receipt__order", "order_line")
    rows = rows.exclude(_BILLED_WHOLLY).order_by("id")
    found = [_unbilled(line) for line in rows.iterator(chunk_size=500) if _is_open(line)]
    return [*found, *_billed_ahead(supplier_id)]


#: Nearly all lines there ever were; they leave nothing open.
_BILLED_WHOLLY = Q(quantity=F("billed"), value=F("billed_value"), returned=0, debited=0)


def _is_open(line: ReceiptLine) -> bool:
    return line.open_value != 0 or line.open_quantity != 0


def _unbilled(line: ReceiptLine) -> UnbilledLine:
    receipt = line.receipt
    return UnbilledLine(
        supplier_id=receipt.supplier_id,
        supplier_name_en=receipt.supplier_name_en,
        supplier_name_ar=receipt.supplier_name_ar,
        order_id=receipt.order_id,
        order_number=receipt.order.number or "",
        receipt_id=receipt.pk,
        receipt_number=receipt.number,
        received_on=receipt.received_on,
        sku=line.order_line.sku,
        name_en=line.order_line.name_en,
        name_ar=line.order_line.name_ar,
        quantity=line.open_quantity,
        value=line.open_value,
    )


def _billed_ahead(supplier_id: UUID | None) -> list[UnbilledLine]:
    who = {} if supplier_id is None else {"order__supplier_id": supplier_id}
    rows = PurchaseOrderLine.objects.filter(ahead__gt=0, **who).select_related("order")
    return [
        UnbilledLine(
            supplier_id=line.order.supplier_id,
            supplier_name_en=line.order.supplier_name_en,
            supplier_name_ar=line.order.supplier_name_ar,
            order_id=line.order_id,
            order_number=line.order.number or "",
            receipt_id=None,
            receipt_number=None,
            received_on=None,
            sku=line.sku,
            name_en=line.name_en,
            name_ar=line.name_ar,
            quantity=-line.ahead,
            value=-line.ahead_value,
        )
        for line in rows.order_by("id")
    ]


def open_grni() -> Decimal:
    """What the account of goods received, not yet invoiced, must show as credit; in riyals."""
    lines = ReceiptLine.objects.filter(
        receipt__state__in=[ReceiptState.POSTED, ReceiptState.INSPECTION]
    )
    lines = lines.exclude(_BILLED_WHOLLY)
    received = sum((line.open_value for line in lines.iterator(chunk_size=1000)), ZERO)
    ahead = PurchaseOrderLine.objects.filter(ahead_value__gt=0).values_list(
        "ahead_value", flat=True
    )
    return received - sum(ahead, ZERO)


def grni_balance(*, supplier_id: UUID | None = None) -> Decimal:
    """What the account of goods received, not yet invoiced, shows as credit; in riyals."""
    role = AccountRole.objects.filter(role=LedgerRole.GRNI).first()
    if role is None:
        return ZERO
    lines = JournalLine.objects.filter(account_id=role.account_id)
    if supplier_id is not None:
        lines = lines.filter(party_id=supplier_id)
    sums = lines.aggregate(debits=Sum("debit"), credits=Sum("credit"))
    return (sums["credits"] or ZERO) - (sums["debits"] or ZERO)


# Bills


def bill_check(bill_id: UUID) -> BillCheck | None:
    return BillCheck.objects.filter(bill_id=bill_id).first()


def allocations_of(bill_id: UUID) -> list[BillAllocation]:
    rows = BillAllocation.objects.filter(bill_id=bill_id).select_related("order_line")
    return list(rows.order_by("id"))


def _said(wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if value is not None}


def _between(
    rows: "QuerySet[M]", name: str, first: date | None, last: date | None
) -> "QuerySet[M]":
    if first is not None:
        rows = rows.filter(**{f"{name}__gte": first})
    return rows if last is None else rows.filter(**{f"{name}__lte": last})
