"""How each kind of imported record is taken back."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models

from alawael.catalog import queries as catalog_queries
from alawael.catalog import services as catalog
from alawael.catalog.models import Product
from alawael.core.actors import Actor
from alawael.core.audit import jsonable
from alawael.core.errors import Refusal, Text
from alawael.exchange import goods
from alawael.exchange.models import ImportedAction, ImportedRecord
from alawael.exchange.undoing import ChangedSince, takes_back
from alawael.invoicing import services as invoicing
from alawael.invoicing.document import InvoiceType, NoteReason, VatCategory
from alawael.invoicing.drafting import DraftLine
from alawael.invoicing.models import Bill, BillLine, Invoice, InvoiceLine
from alawael.parties import services as parties
from alawael.parties.models import Party
from alawael.payments.models import Payment
from alawael.purchasing.models import (
    EnquiryLine,
    EnquirySupplier,
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    Requisition,
    RequisitionLine,
    SupplierProduct,
)
from alawael.sales.models import SalesOrder, SalesOrderLine
from alawael.stock import queries as stock
from alawael.stock import services as stock_services
from alawael.stock.models import (
    ReorderPoint,
    StockAdjustment,
    StockAdjustmentLine,
    StockCountLine,
    StockTransferLine,
)

#: What people make here with a product or a party that an import brought; imports make none.
_LINES_OF_PRODUCTS: Iterable[type[models.Model]] = (
    SalesOrderLine,
    BillLine,
    PurchaseOrderLine,
    RequisitionLine,
    EnquiryLine,
    SupplierProduct,
    StockAdjustmentLine,
    StockTransferLine,
    StockCountLine,
)
_DOCUMENTS_OF_PARTIES: Mapping[str, Iterable[type[models.Model]]] = {
    "customer": (SalesOrder,),
    "supplier": (Bill, PurchaseOrder, EnquirySupplier, SupplierProduct, ReorderPoint),
    "party": (Payment,),
}
_DOCUMENTS_OF_WAREHOUSES: Iterable[type[models.Model]] = (
    SalesOrder,
    PurchaseOrder,
    Requisition,
    Receipt,
    StockAdjustment,
    ReorderPoint,
)


class UsedSince(Refusal):
    code = "used_since"
    message = Text(
        "Documents that were made here use it, so it stays.",
        "تستخدمه مستندات أُنشئت هنا، لذلك يبقى.",
    )


@takes_back("product")
def _product(record: ImportedRecord, by: Actor, at: datetime, on: date) -> None:
    product = catalog_queries.product(record.record_id)
    if record.action == ImportedAction.CHANGED:
        before = values_before(product, record.changes)
        catalog.update_product(product.pk, before, expected_version=None, by=by, at=at)
        return
    if _sold_here(product) or _stands_on(_LINES_OF_PRODUCTS, product=product):
        raise UsedSince()
    if product.is_active:
        catalog.deactivate_product(product.pk, expected_version=None, by=by, at=at)


@takes_back("party")
def _party(record: ImportedRecord, by: Actor, at: datetime, on: date) -> None:
    party = Party.objects.get(pk=record.record_id)
    if record.action == ImportedAction.CHANGED:
        before = values_before(party, record.changes)
        parties.update_party(
            party.pk, before, expected_version=None, allow_duplicate=True, by=by, at=at
        )
        return
    made_here = Invoice.objects.filter(customer=party, is_imported=False).exists()
    if made_here or any(
        _stands_on(documents, **{name: party}) for name, documents in _DOCUMENTS_OF_PARTIES.items()
    ):
        raise UsedSince()
    if party.is_active:
        parties.deactivate_party(party.pk, expected_version=None, by=by, at=at)


@takes_back("warehouse")
def _warehouse(record: ImportedRecord, by: Actor, at: datetime, on: date) -> None:
    """Close it again. Raises PlaceNotEmpty while anything stands there."""
    warehouse = stock.warehouse(record.record_id)
    if _stands_on(_DOCUMENTS_OF_WAREHOUSES, warehouse=warehouse):
        raise UsedSince()
    if warehouse.is_active:
        stock_services.update_warehouse(warehouse, {"is_active": False}, by=by, at=at)


def _sold_here(product: Product) -> bool:
    # Two look-ups by index: MongoDB would answer a join by joining every line there is.
    sold_on = InvoiceLine.objects.filter(product=product).values_list("invoice_id", flat=True)
    return Invoice.objects.filter(pk__in=list(sold_on), is_imported=False).exists()


def _stands_on(documents: Iterable[type[models.Model]], **wanted: models.Model) -> bool:
    return any(kind._default_manager.filter(**wanted).exists() for kind in documents)


def values_before(record: models.Model, changes: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    """The old values of what an import changed. Raises ChangedSince when they moved on since."""
    if any(jsonable(getattr(record, name)) != new for name, (_, new) in changes.items()):
        raise ChangedSince()
    return {name: _typed(record, name, old) for name, (old, _) in changes.items()}


def _typed(record: models.Model, name: str, value: Any) -> Any:
    """A value of the audit trail's JSON as its field holds it."""
    field = record._meta.get_field(name)
    to_python: Callable[[Any], Any] = getattr(field, "to_python")  # noqa: B009 - relations have none
    return to_python(value)


@takes_back("invoice")
def _invoice(record: ImportedRecord, by: Actor, at: datetime, on: date) -> None:
    """A credit note over everything that is left: what has left the house is never edited."""
    invoice = Invoice.objects.select_related("customer").get(pk=record.record_id)
    goods.take_back(invoice, on=on, by=by, at=at)
    try:
        invoicing.credit_invoice(
            invoice,
            None,
            reason=NoteReason.CANCELLED,
            by=by,
            at=at,
            is_imported=True,
            reference=f"{invoice.number} / {record.key}",
        )
    except invoicing.NothingToCredit:
        return  # notes have taken all of it back already


@takes_back("credit_note")
def _credit_note(record: ImportedRecord, by: Actor, at: datetime, on: date) -> None:
    """A note to an invoice of the same import ends with it; any other is answered by an invoice."""
    note = Invoice.objects.select_related("customer").get(pk=record.record_id)
    goods.take_back(note, on=on, by=by, at=at)
    if note.original_id and _is_of(record, note.original_id):
        return  # the invoice is credited with what is left of it, so both come to nothing
    answer = invoicing.draft_invoice(
        note.customer,
        [_as_drafted(line) for line in note.lines.order_by("position")],
        type=InvoiceType(note.type),
        due_on=on,
        is_export=note.is_export,
        is_imported=True,
        currency=note.currency,
        exchange_rate=note.exchange_rate,
        prices_include_vat=note.prices_include_vat,
        reference=f"{note.number} / {record.key}",
        by=by,
        at=at,
    )
    invoicing.post_invoice(answer, by=by, at=at)


def _is_of(record: ImportedRecord, invoice_id: UUID) -> bool:
    return ImportedRecord.objects.filter(
        batch=record.batch_id, kind="invoice", record_id=invoice_id
    ).exists()


def _as_drafted(line: InvoiceLine) -> DraftLine:
    return DraftLine(
        quantity=line.quantity,
        product_id=line.product_id,
        name_en=line.name_en,
        name_ar=line.name_ar,
        sku=line.sku,
        unit_id=line.unit_id,
        unit_price=line.unit_price,
        discount=line.discount,
        tax_category=VatCategory(line.tax_category),
        tax_rate=line.tax_rate,
        exemption_code=line.exemption_code,
        exemption_reason_en=line.exemption_reason_en,
        exemption_reason_ar=line.exemption_reason_ar,
    )
