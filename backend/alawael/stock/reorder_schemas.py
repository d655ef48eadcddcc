from decimal import Decimal
from typing import Annotated
from uuid import UUID

from ninja import Field

from alawael.core.paging import ListQuery
from alawael.core.schemas import In, Out, Patch, QuantityText

NotLess = Annotated[QuantityText, Field(ge=0)]
LeadTime = Annotated[int, Field(ge=0, le=1000)]


class ReplenishmentQuery(ListQuery):
    warehouse_id: UUID | None = None
    product_id: UUID | None = None
    supplier_id: UUID | None = None
    is_active: bool | None = None
    only_short: bool = Field(False, description="Only what should be ordered now.")


class ReorderPointIn(In):
    product_id: UUID
    warehouse_id: UUID
    minimum: NotLess = Field(examples=["20"], description="In the product's stock unit.")
    maximum: NotLess = Field(examples=["100"], description="What is ordered up to.")
    multiple: NotLess = Field(
        Decimal(0), examples=["12"], description="Order in multiples; 0: any amount."
    )
    supplier_id: UUID | None = None
    lead_time_days: LeadTime = 0
    is_active: bool = True


class ReorderPointPatch(Patch):
    minimum: NotLess = Decimal(0)
    maximum: NotLess = Decimal(0)
    multiple: NotLess = Decimal(0)
    supplier_id: UUID | None = None
    lead_time_days: LeadTime = 0
    is_active: bool = True


class ReplenishmentOut(Out):
    """A reorder point and how it stands, in the product's stock unit."""

    id: UUID
    version: int
    product_id: UUID
    sku: str = Field(alias="product.sku")
    name_en: str = Field(alias="product.name_en")
    name_ar: str = Field(alias="product.name_ar")
    unit_en: str = Field(alias="product.unit.name_en")
    unit_ar: str = Field(alias="product.unit.name_ar")
    warehouse_id: UUID
    warehouse_code: str = Field(alias="warehouse.code")
    warehouse_name_en: str = Field(alias="warehouse.name_en")
    warehouse_name_ar: str = Field(alias="warehouse.name_ar")
    minimum: QuantityText
    maximum: QuantityText
    multiple: QuantityText
    supplier_id: UUID | None
    supplier_name_en: str | None = Field(None, alias="supplier.name_en")
    supplier_name_ar: str | None = Field(None, alias="supplier.name_ar")
    lead_time_days: int
    is_active: bool
    on_hand: QuantityText
    reserved: QuantityText
    free: QuantityText
    incoming: QuantityText = Field(description="Ordered or on its way.")
    requested: QuantityText = Field(description="On open requisitions, not yet ordered.")
    suggested: QuantityText = Field(description="What to order now.")
    issued: QuantityText = Field(description="To customers within the last 90 days.")
    days_of_cover: int | None = Field(description="null: nothing goes out.")
