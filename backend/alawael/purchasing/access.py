"""How the documents of purchasing hang on warehouses and suppliers; the policy reads it."""

from alawael.accounts.policy import limited_by, named
from alawael.purchasing.models import (
    Enquiry,
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    ReceiptLine,
    Requisition,
    RequisitionLine,
    SupplierProduct,
    SupplierReturn,
)

limited_by(SupplierProduct, party="supplier")
limited_by(Requisition, warehouses=["warehouse_id"])
limited_by(RequisitionLine, warehouses=["requisition__warehouse_id"])
limited_by(Enquiry, warehouses=["warehouse_id"])
limited_by(PurchaseOrder, party="supplier", warehouses=["warehouse_id"])
limited_by(PurchaseOrderLine, party="order__supplier", warehouses=["order__warehouse_id"])
limited_by(Receipt, party="supplier", warehouses=["warehouse_id"])
limited_by(ReceiptLine, party="receipt__supplier", warehouses=["receipt__warehouse_id"])
limited_by(SupplierReturn, party="supplier", warehouses=["warehouse_id"])
named(
    supplier_product_id=SupplierProduct,
    requisition_id=Requisition,
    requisition_line_id=RequisitionLine,
    enquiry_id=Enquiry,
    order_id=PurchaseOrder,
    order_line_id=PurchaseOrderLine,
    receipt_id=Receipt,
    receipt_line_id=ReceiptLine,
    return_id=SupplierReturn,
    document_id=[PurchaseOrder, Receipt, SupplierReturn, Requisition, Enquiry],
)
