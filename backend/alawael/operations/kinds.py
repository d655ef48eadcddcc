"""The kinds of record that one can ask about: where they are, and what they are found by."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from alawael.accounts.policy import limit_of
from alawael.catalog.models import PriceList, Product
from alawael.core.errors import NotFound
from alawael.invoicing.models import Bill, Invoice
from alawael.ledger.models import JournalEntry
from alawael.parties.models import Party
from alawael.payments.models import Payment
from alawael.purchasing.models import (
    Enquiry,
    PurchaseOrder,
    Receipt,
    Requisition,
    SupplierReturn,
)
from alawael.sales.models import CustomerReturn, SalesOrder, Shipment
from alawael.stock.models import StockAdjustment, StockCount, StockTransfer, Warehouse


@dataclass(frozen=True)
class Kind:
    """A kind of record: its model, the route that shows one, and what people call it by."""

    model: type[Model]
    #: The operation that reads one; its guard decides.
    operation: str
    permission: str
    number: str = "number"

    def rows(self, record: str) -> QuerySet[Any]:
        """Rows with this id or number. Raises NotFound for what can be neither."""
        rows: QuerySet[Any] = self.model._default_manager.all()
        try:
            return rows.filter(pk=UUID(record))
        except ValueError:
            pass
        field = self.model._meta.get_field(self.number)
        if field.get_internal_type() != "CharField":
            if not (record.isascii() and record.isdigit() and len(record) < 19):
                raise NotFound()
            return rows.filter(**{self.number: int(record)})
        return rows.filter(**{f"{self.number}__in": [record, record.upper()]})

    def title(self, row: Model) -> str:
        return str(getattr(row, self.number) or row.pk)

    def party(self, row: Model) -> Party | None:
        """The customer or supplier that decides who sees the row."""
        limit = limit_of(type(row))
        path = None if limit is None else (limit.customer or limit.party)
        if path is None:
            return None
        found: Any = row
        for name in path.split("__") if path else ():
            found = getattr(found, name)
        return found if isinstance(found, Party) else None

    def warehouse_ids(self, row: Model) -> list[UUID | None]:
        """The warehouses that the row goes through."""
        limit = limit_of(type(row))
        paths = limit.warehouses if limit is not None else ()
        values = type(row)._default_manager.filter(pk=row.pk).values_list(*paths) if paths else []
        return [one for found in values for one in found]


KINDS: dict[str, Kind] = {
    "bill": Kind(Bill, "read_bill", "bill:read"),
    "count": Kind(StockCount, "read_count", "count:read"),
    "customer_return": Kind(CustomerReturn, "read_customer_return", "customer_return:read"),
    "enquiry": Kind(Enquiry, "read_enquiry", "enquiry:read"),
    "invoice": Kind(Invoice, "read_invoice", "invoice:read"),
    "journal_entry": Kind(JournalEntry, "read_journal_entry", "journal_entry:read"),
    "party": Kind(Party, "read_party", "party:read", number="code"),
    "payment": Kind(Payment, "read_payment", "payment:read"),
    "price_list": Kind(PriceList, "read_price_list", "price_list:read", number="name_en"),
    "product": Kind(Product, "read_product", "product:read", number="sku"),
    "purchase_order": Kind(PurchaseOrder, "read_purchase_order", "purchase_order:read"),
    "receipt": Kind(Receipt, "read_receipt", "receipt:read"),
    "requisition": Kind(Requisition, "read_requisition", "requisition:read"),
    "sales_order": Kind(SalesOrder, "read_sales_order", "sales_order:read"),
    "shipment": Kind(Shipment, "read_shipment", "shipment:read"),
    "stock": Kind(StockAdjustment, "read_stock_adjustment", "stock:read"),
    "supplier_return": Kind(SupplierReturn, "read_supplier_return", "supplier_return:read"),
    "transfer": Kind(StockTransfer, "read_transfer", "transfer:read"),
    "warehouse": Kind(Warehouse, "read_warehouse", "warehouse:read", number="code"),
}
