"""Two sides of one company: what somebody who is limited may see, and what he may not.

Each side is a customer with a warehouse and one document of every kind. What hangs on the customer
carries the side's word with "-c", what hangs on the warehouse the word with "-w".
"""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model

from alawael.accounts.models import User
from alawael.catalog.models import Product
from alawael.core.actors import SYSTEM
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing.bills import open_bill_series
from alawael.parties.models import Party
from alawael.purchasing import enquiries, orders, preferences, receipts, requisitions, returns
from alawael.purchasing.drafting import OrderLineDraft, Wish
from alawael.purchasing.models import Receipt
from alawael.sales import billing, shipments
from alawael.sales import orders as sales
from alawael.stock import counts, queries, reorder, transfers
from alawael.stock.adjusting import AdjustmentLine, draft_adjustment
from alawael.stock.models import StockAdjustmentKind, StockBalance, StockMove, Warehouse
from alawael.stock.transfer_drafting import TransferLine
from testing.cast import NOON
from testing.catalog import a_price, a_price_list, a_product
from testing.invoicing import a_buyer
from testing.payments import a_receipt
from testing.purchasing import MARCH, a_vendor, open_buying
from testing.sales import came_back, open_for_sales, ordered
from testing.stock import TODAY, a_bin, a_lot, a_warehouse, goods_on_hand, kept

#: What a lamp costs; no other figure of the company looks like it.
COST = "137.7713"


@dataclass
class Side:
    """One customer, one warehouse, and everything that hangs on them."""

    word: str
    customer: Party
    warehouse: Warehouse
    #: By the name under which the id travels; "sales-orders order_id" where the route matters.
    ids: dict[str, UUID] = field(default_factory=dict)
    of_customer: dict[str, Model] = field(default_factory=dict)
    of_warehouse: dict[str, Model] = field(default_factory=dict)

    def id_of(self, path: str, name: str) -> UUID | None:
        """The id for a parameter of a route."""
        start = path.removeprefix("/api").strip("/").split("/")[0]
        return self.ids.get(f"{start} {name}") or self.ids.get(name)

    def hidden_ids(self, *, customers: bool, warehouses: bool) -> set[str]:
        hidden = [
            *(self.of_customer.values() if customers else ()),
            *(self.of_warehouse.values() if warehouses else ()),
        ]
        return {str(row.pk) for row in hidden}


@dataclass
class TwoSides:
    own: Side
    foreign: Side
    lamp: Product
    milk: Product
    shared: dict[str, UUID]


@unit_of_work
def two_sides(salesperson: User) -> TwoSides:
    """The company, in one unit of work."""
    open_buying()
    open_bill_series()
    open_for_sales()
    lamp, milk, supplier = a_product("LAMP-1"), a_product("MILK-1"), a_vendor()
    kept(milk, tracking="lot")
    third = a_warehouse("MID")
    lot = a_lot(milk)
    price = preferences.add_supplier_product(
        {"supplier_id": supplier.pk, "product_id": lamp.pk, "price": Decimal(COST)},
        by=SYSTEM,
        at=NOON,
    )
    own = _side("Ownword", "RUH", salesperson, lamp, supplier, third)
    foreign = _side("Zarqaword", "JED", None, lamp, supplier, third)
    for side in (own, foreign):
        brought = goods_on_hand(milk, "5", at=side.warehouse, lot=lot)
        side.of_warehouse["milk"] = brought
    shared = {
        "lot_id": lot.pk,
        "product_id": lamp.pk,
        "unit_id": lamp.unit_id,
        "supplier_product_id": price.pk,
        "supplier_id": supplier.pk,
        "user_id": salesperson.pk,
    }
    return TwoSides(own, foreign, lamp, milk, shared)


def _side(
    word: str, code: str, who: User | None, lamp: Product, supplier: Party, third: Warehouse
) -> Side:
    customer = a_buyer(
        name_en=f"{word}-c Trading",
        name_ar=f"{word}-c",
        vat_number="310122393500003" if who else "311122393500003",
        notes=f"{word}-c",
        salesperson_id=who.pk if who else None,
    )
    side = Side(word, customer, a_warehouse(code))
    side.of_customer["party"] = customer
    side.ids |= {"party_id": customer.pk, "customer_id": customer.pk}
    side.ids["warehouse_id"] = side.warehouse.pk
    _buy(side, lamp, supplier)
    _keep(side, lamp, third, supplier)
    _sell(side, lamp)
    # What is lacking was taken by an order: some more, so that there is something to move.
    _received(side, lamp, supplier, "20")
    return side


def _buy(side: Side, lamp: Product, supplier: Party) -> None:
    note, house = f"{side.word}-w", side.warehouse
    wish = Wish(quantity=Decimal(3), product_id=lamp.pk)
    asked = requisitions.draft_requisition(
        [wish], warehouse_id=house.pk, notes=note, by=SYSTEM, at=NOON
    )
    enquiry = enquiries.draft_enquiry(
        [wish], [supplier.pk], warehouse_id=house.pk, notes=note, by=SYSTEM, at=NOON
    )
    receipt = _received(side, lamp, supplier, "40")
    row = receipt.lines.order_by("position").get()
    back = returns.draft_return(
        receipt,
        [returns.ReturnLineDraft(row.pk, Decimal(1))],
        reason=note,
        by=SYSTEM,
        at=NOON,
    )
    for name, document in (
        ("requisition", asked),
        ("enquiry", enquiry),
        ("purchase_order", receipt.order),
        ("receipt", receipt),
        ("supplier_return", back),
    ):
        side.of_warehouse[name] = document
    side.ids |= {
        "requisition_id": asked.pk,
        "requisition_line_id": asked.lines.get().pk,
        "enquiry_id": enquiry.pk,
        "purchase-orders order_id": receipt.order_id,
        "receipts order_id": receipt.order_id,
        "supplier-returns order_id": receipt.order_id,
        "receipt_id": receipt.pk,
        "receipt_line_id": row.pk,
        "supplier-returns return_id": back.pk,
    }


def _received(side: Side, lamp: Product, supplier: Party, quantity: str) -> Receipt:
    note = f"{side.word}-w"
    line = OrderLineDraft(quantity=Decimal(quantity), product_id=lamp.pk, unit_price=Decimal(COST))
    draft = orders.draft_order(
        supplier, [line], warehouse_id=side.warehouse.pk, notes_en=note, by=SYSTEM, at=NOON
    )
    order = orders.submit_order(draft, by=SYSTEM, at=NOON)
    receipt = receipts.draft_receipt(order, None, delivery_note=note, by=SYSTEM, at=NOON)
    return receipts.post_receipt(receipt, by=SYSTEM, at=NOON)


def _keep(side: Side, lamp: Product, third: Warehouse, supplier: Party) -> None:
    note, house = f"{side.word}-w", side.warehouse
    place = a_bin(f"{house.code}-{note}", warehouse=house)
    adjustment = draft_adjustment(
        StockAdjustmentKind.SCRAP,
        house,
        [AdjustmentLine(lamp.pk, Decimal(1))],
        on=TODAY,
        reason=note,
        by=SYSTEM,
        at=NOON,
    )
    transfer = transfers.draft_transfer(
        house, third, [TransferLine(lamp.pk, Decimal(2))], notes=note, by=SYSTEM, at=NOON
    )
    count = counts.draft_count(queries.root_of(house), notes=note, by=SYSTEM, at=NOON)
    point = reorder.create_reorder_point(
        {
            "product_id": lamp.pk,
            "warehouse_id": house.pk,
            "supplier_id": supplier.pk,
            "minimum": Decimal(50),
            "maximum": Decimal(90),
        },
        by=SYSTEM,
        at=NOON,
    )
    for name, row in (
        ("location", place),
        ("adjustment", adjustment),
        ("transfer", transfer),
        ("count", count),
        ("point", point),
        ("balance", StockBalance.objects.filter(location__warehouse=house).earliest("id")),
        ("move", StockMove.objects.filter(destination__warehouse=house).earliest("sequence")),
    ):
        side.of_warehouse[name] = row
    side.ids |= {
        "location_id": place.pk,
        "adjustment_id": adjustment.pk,
        "transfer_id": transfer.pk,
        "count_id": count.pk,
        "point_id": point.pk,
    }


def _sell(side: Side, lamp: Product) -> None:
    note = f"{side.word}-c"
    late = {"ordered_on": TODAY - timedelta(days=1)}

    def an_order(quantity: str, **facts: Any) -> Any:
        order = sales.create_order(
            side.customer,
            [ordered(lamp, quantity)],
            warehouse=side.warehouse,
            reference=note,
            notes_en=note,
            notes_ar=note,
            by=SYSTEM,
            at=NOON,
            **facts,
        )
        return sales.confirm(order, by=SYSTEM, at=NOON)

    order = an_order("10")
    planned = shipments.create_from_order(order, None, by=SYSTEM, at=NOON)
    gone = an_order("6")
    shipment = shipments.create_from_order(gone, None, by=SYSTEM, at=NOON)
    shipment = shipments.make_ready(shipment, by=SYSTEM, at=NOON)
    shipment = shipments.ship(shipment, on=TODAY, by=SYSTEM, at=NOON)
    invoice = billing.invoice_order(gone, None, by=SYSTEM, at=NOON)
    back = came_back(shipment, "1")
    lacking = an_order("500", **late)
    payment = a_receipt("10", customer=side.customer, reference=note, notes=note, paid_on=MARCH)
    prices = a_price_list(note, party_id=side.customer.pk)
    item = a_price(prices, lamp, "77")
    on_both = {
        "order": order, "lacking": lacking, "gone": gone, "planned": planned,
        "shipment": shipment, "return": back,
    }  # fmt: skip
    side.of_warehouse |= on_both
    side.of_customer |= on_both
    side.of_customer |= {"invoice": invoice, "payment": payment, "prices": prices, "item": item}
    side.ids |= {
        "order_id": order.pk,
        "shipment_id": planned.pk,
        "shipment_line_id": shipment.lines.get().pk,
        "order_line_id": order.lines.get().pk,
        "customer-returns return_id": back.pk,
        "return_id": back.pk,
        "invoice_id": invoice.pk,
        "document_id": invoice.pk,
        "payment_id": payment.pk,
        "price_list_id": prices.pk,
        "item_id": item.pk,
    }
