"""How stock and its documents hang on warehouses; the policy reads it (`accounts.policy`)."""

from alawael.accounts.policy import free, limited_by, named
from alawael.stock.models import (
    Location,
    Lot,
    ReorderPoint,
    Reservation,
    StockAdjustment,
    StockBalance,
    StockCount,
    StockCountLine,
    StockMove,
    StockTransfer,
    Warehouse,
)

# Everybody knows the warehouses: one must be able to send goods to another one.
limited_by(Warehouse, warehouses=["pk"], is_listed_to_all=True)
limited_by(Location, warehouses=["warehouse_id"], or_none=True)
limited_by(StockBalance, warehouses=["location__warehouse_id"])
limited_by(StockMove, warehouses=["source__warehouse_id", "destination__warehouse_id"])
limited_by(Reservation, warehouses=["location__warehouse_id"])
limited_by(StockAdjustment, warehouses=["warehouse_id"])
limited_by(StockTransfer, warehouses=["source_id", "destination_id"])
limited_by(StockCount, warehouses=["location__warehouse_id"])
limited_by(StockCountLine, warehouses=["location__warehouse_id"])
limited_by(ReorderPoint, warehouses=["warehouse_id"])
named(
    warehouse_id=Warehouse,
    location_id=Location,
    parent_id=Location,
    adjustment_id=StockAdjustment,
    transfer_id=StockTransfer,
    count_id=StockCount,
    point_id=ReorderPoint,
    document_id=[StockAdjustment, StockTransfer, StockCount],
    lot_id=Lot,
)
# Lines belong to the document that the path names. Of a transfer's two ends one must be the
# caller's own (`stock.next_commands`); `warehouse_ids` are a user's own warehouses.
free("line_id", "line_ids", "destination_id", "warehouse_ids")
free("source_location_id", "destination_location_id")
