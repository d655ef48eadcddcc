"""How the documents of sales hang on customers and warehouses; the policy reads it."""

from alawael.accounts.policy import limited_by, named
from alawael.sales.models import (
    CustomerReturn,
    SalesOrder,
    SalesOrderLine,
    Shipment,
    ShipmentLine,
)

limited_by(SalesOrder, customer="customer", warehouses=["warehouse_id"])
limited_by(SalesOrderLine, customer="order__customer", warehouses=["order__warehouse_id"])
limited_by(Shipment, customer="customer", warehouses=["warehouse_id"])
limited_by(ShipmentLine, customer="shipment__customer", warehouses=["shipment__warehouse_id"])
limited_by(CustomerReturn, customer="customer", warehouses=["warehouse_id"])
named(
    order_id=SalesOrder,
    order_line_id=SalesOrderLine,
    shipment_id=Shipment,
    shipment_line_id=ShipmentLine,
    return_id=CustomerReturn,
    document_id=[SalesOrder, Shipment, CustomerReturn],
)
