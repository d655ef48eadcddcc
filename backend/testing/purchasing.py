"""Builders for buying: a company that is ready to buy, orders, receipts and bills."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from alawael.catalog import queries as catalog
from alawael.catalog.models import Product
from alawael.core.actors import SYSTEM
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing.bill_lines import BillDraftLine
from alawael.invoicing.bills import open_bill_series
from alawael.invoicing.models import Bill
from alawael.ledger.models import AccountRole, JournalEntry, JournalLine, LedgerRole
from alawael.parties.models import Party
from alawael.purchasing import billing, orders, proofs, receipts, returns
from alawael.purchasing.drafting import OrderLineDraft
from alawael.purchasing.models import (
    BillCheckState,
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    SupplierReturn,
    SupplierSettlement,
)
from alawael.purchasing.preferences import change_settings, open_purchasing_series
from testing.cast import NOON
from testing.catalog import a_product
from testing.invoicing import open_shop
from testing.parties import a_supplier
from testing.stock import a_warehouse

MARCH = date(2026, 3, 31)
_PROOFS = ("_numbers", "_goods_received_not_billed", "_counters", "_bounds", "_progress")
RENT = "620006"


@unit_of_work
def open_buying() -> None:
    """A company with books, a warehouse and the series of purchasing and bills."""
    open_shop()
    open_bill_series()
    open_purchasing_series()
    a_warehouse()


@unit_of_work
def open_orders() -> None:
    """The series of purchasing alone, for a company whose books are open already."""
    open_purchasing_series()


def rules(**changes: Any) -> None:
    """How the company buys: `rules(approval_above=Decimal(1000))`."""
    change_settings(changes, by=SYSTEM, at=NOON)


def a_vendor(name: str = "Najd Lamps", **values: Any) -> Party:
    return a_supplier(**{"name_en": name, "name_ar": "مصابيح نجد", **values})


def a_lamp(sku: str = "LAMP-1") -> Product:
    """The lamp with this SKU; made when it is not there yet."""
    return catalog.products_by_sku([sku]).get(sku) or a_product(sku)


def a_wish(
    product: Product | None = None, quantity: str = "100", price: str | None = "10", **values: Any
) -> OrderLineDraft:
    return OrderLineDraft(
        quantity=Decimal(quantity),
        product_id=product.pk if product else None,
        unit_price=None if price is None else Decimal(price),
        **values,
    )


@unit_of_work
def an_order(
    *lines: OrderLineDraft, supplier: Party | None = None, by: Any = SYSTEM, **facts: Any
) -> PurchaseOrder:
    """An approved order of 100 lamps at 10.00 unless told otherwise."""
    order = a_draft_order(*lines, supplier=supplier, by=by, **facts)
    return orders.submit_order(order, by=by, at=NOON)


@unit_of_work
def a_draft_order(
    *lines: OrderLineDraft, supplier: Party | None = None, by: Any = SYSTEM, **facts: Any
) -> PurchaseOrder:
    return orders.draft_order(
        supplier or a_vendor(),
        list(lines) or [a_wish(a_lamp())],
        by=by,
        at=NOON,
        **{"warehouse_id": a_warehouse().pk, **facts},
    )


def line_of(order: PurchaseOrder, position: int = 1) -> PurchaseOrderLine:
    return PurchaseOrderLine.objects.get(order=order, position=position)


@unit_of_work
def a_draft_receipt(order: PurchaseOrder, quantity: str | None = None, **values: Any) -> Receipt:
    """So many of the order's first line; everything open when no quantity is said."""
    names = ("lot_code", "expires_on", "location_id", "unit_id")
    of_line = {name: values.pop(name) for name in names if name in values}
    lines = None
    if quantity is not None:
        wanted = receipts.ReceiptLineDraft(line_of(order).pk, Decimal(quantity), **of_line)
        lines = [wanted]
    return receipts.draft_receipt(order, lines, by=SYSTEM, at=NOON, **values)


@unit_of_work
def received(order: PurchaseOrder, quantity: str | None = None, **values: Any) -> Receipt:
    """A posted receipt."""
    receipt = a_draft_receipt(order, quantity, **values)
    return receipts.post_receipt(receipt, by=SYSTEM, at=NOON)


@unit_of_work
def a_draft_bill(
    order: PurchaseOrder,
    price: str | None = None,
    quantity: str = "100",
    *,
    supplier_number: str = "S-1",
    by: Any = SYSTEM,
    **values: Any,
) -> Bill:
    """A bill of the order's first line at this price; what is open, as ordered, without one."""
    lines: Sequence[BillDraftLine] | None = None
    if price is not None:
        line = line_of(order)
        lines = [
            BillDraftLine(
                Decimal(quantity), Decimal(price), line.product_id, source_line_id=line.pk,
                unit_id=line.unit_id,
            )
        ]  # fmt: skip
    return billing.draft_bill(
        order, lines, supplier_number=supplier_number, issued_on=MARCH, by=by, at=NOON, **values
    )


@unit_of_work
def billed(
    order: PurchaseOrder,
    price: str | None = None,
    quantity: str = "100",
    *,
    approver: Any = None,
    **values: Any,
) -> Bill:
    """A posted bill; `approver` agrees to what differs."""
    bill = a_draft_bill(order, price, quantity, **values)
    check = billing.match_bill(bill, by=SYSTEM, at=NOON)
    if check.state == BillCheckState.DIFFERS:
        billing.approve_bill(bill, reason="Agreed by phone", by=approver, at=NOON)
    return billing.post_order_bill(bill, on=MARCH, by=SYSTEM, at=NOON)


@unit_of_work
def sent_back(
    receipt: Receipt,
    quantity: str = "10",
    settlement: SupplierSettlement = SupplierSettlement.REFUND,
    *,
    post: bool = True,
) -> SupplierReturn:
    """A posted return of the receipt's first line."""
    row = receipt.lines.order_by("position").first()
    assert row is not None
    line = returns.ReturnLineDraft(row.pk, Decimal(quantity), settlement)
    made = returns.draft_return(receipt, [line], reason="Broken", by=SYSTEM, at=NOON)
    return returns.post_return(made, by=SYSTEM, at=NOON) if post else made


def entry_of(entry: JournalEntry | None) -> dict[str, str]:
    """An entry by the role of its accounts, debits above zero: {"INVENTORY": "600.00", …}."""
    assert entry is not None
    found: dict[str, Decimal] = {}
    for line in entry.lines.select_related("account").prefetch_related("account__roles"):
        role = line.account.roles.first()
        name = str(role.role) if role else line.account.code
        found[name] = found.get(name, Decimal(0)) + line.amount
    return {name: f"{amount:.2f}" for name, amount in found.items()}


def balance_of(role: LedgerRole) -> str:
    """What the account of a role shows, debits above zero."""
    account = AccountRole.objects.get(role=role).account_id
    lines = JournalLine.objects.filter(account_id=account)
    return f"{sum((line.amount for line in lines), Decimal(0)):.2f}"


def contradictions() -> list[str]:
    """What `alawael verify` finds about buying: its own proofs alone, which need no other rows."""
    return [sentence for name in _PROOFS for sentence in getattr(proofs, name)()]
