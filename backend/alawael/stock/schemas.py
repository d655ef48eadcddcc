from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import SerializationInfo

from alawael.core.paging import ListQuery
from alawael.core.schemas import (
    CostMoney,
    CostQuantity,
    Day,
    In,
    Moment,
    MoneyText,
    Out,
    Patch,
    ProblemError,
    QuantityText,
)
from alawael.core.sight import COSTS, Written, may_read
from alawael.stock import adjusting
from alawael.stock.models import (
    NOTHING,
    CostingMethod,
    LocationKind,
    LocationType,
    StockAdjustment,
    StockAdjustmentKind,
    StockAdjustmentState,
    Tracking,
)

MOST_LINES = 1000
NotNegative = Annotated[QuantityText, Field(ge=0)]
NotNegativeMoney = Annotated[MoneyText, Field(ge=0)]


class PreviewedStock(Out):
    """What a place would gain (or, negative, lose)."""

    product_id: UUID
    sku: str
    name_en: str
    name_ar: str
    #: Empty when only the value would change.
    location_code: str
    lot_code: str | None
    quantity: QuantityText
    value: CostMoney


class PreviewedPosting(Out):
    """A line that would be posted to the ledger."""

    account_code: str
    account_name_en: str
    account_name_ar: str
    debit: MoneyText | None
    credit: MoneyText | None
    party_id: UUID | None
    tells_costs: bool = Field(
        description="Whether the amounts tell what goods cost: null for who may not see that."
    )


class _WithoutCosts(Written):
    """Postings without the amounts that tell what goods cost, for who may not see that."""

    def _written(self, value: Any, write: Any, info: SerializationInfo) -> Any:
        if not may_read((info.context or {}).get("request"), COSTS):
            hidden = {"debit": None, "credit": None}
            value = [row.model_copy(update=hidden) if row.tells_costs else row for row in value]
        return write(value)


class CommandPreview(Out):
    """What a command would do to stock and books; `dry_run=true` answers it and changes nothing."""

    stock: list[PreviewedStock]
    journal: Annotated[list[PreviewedPosting], _WithoutCosts()]
    warnings: list[ProblemError] = Field(
        [], description="What deserves a second look; none of it keeps the command from going."
    )


class StockDocumentOut(Out):
    """The document behind a row, as the audit trail names it ("sales.shipment")."""

    document_type: str
    document_id: UUID
    document_number: str


class StockedProduct(Out):
    id: UUID
    sku: str
    name_en: str
    name_ar: str
    unit_id: UUID


class StockPlace(Out):
    id: UUID
    code: str
    name_en: str
    name_ar: str
    type: LocationType
    warehouse_id: UUID | None


class StockLot(Out):
    id: UUID
    code: str
    is_serial: bool
    expires_on: date | None


class WarehouseIn(In):
    code: str = Field(min_length=1, max_length=17, examples=["RUH"])
    name_en: str = Field("", max_length=120, examples=["Riyadh"])
    name_ar: str = Field("", max_length=120, examples=["الرياض"])
    address_en: str = Field("", max_length=300)
    address_ar: str = Field("", max_length=300)
    allows_negative: bool = Field(
        False, description="Goods may be issued before their receipt was entered."
    )


class WarehousePatch(Patch):
    name_en: str = Field("", max_length=120)
    name_ar: str = Field("", max_length=120)
    address_en: str = Field("", max_length=300)
    address_ar: str = Field("", max_length=300)
    allows_negative: bool = False
    is_active: bool = True


class WarehouseOut(Out):
    id: UUID
    version: int
    code: str
    name_en: str
    name_ar: str
    address_en: str
    address_ar: str
    allows_negative: bool
    is_active: bool


class WarehouseQuery(ListQuery):
    is_active: bool | None = None


class LocationIn(In):
    """A zone or a bin below another place of a warehouse."""

    parent_id: UUID = Field(description="The warehouse's root, or a zone.")
    kind: Literal["zone", "bin"] = "bin"
    type: Literal["internal", "quality"] = Field(
        "internal", description="Goods under quality control can never be set aside."
    )
    code: str = Field(min_length=1, max_length=60, examples=["RUH-A-01"])
    name_en: str = Field("", max_length=120)
    name_ar: str = Field("", max_length=120)
    count_every_days: int | None = Field(None, ge=1, le=3660)


class LocationPatch(Patch):
    code: str = Field("", min_length=1, max_length=60)
    name_en: str = Field("", max_length=120)
    name_ar: str = Field("", max_length=120)
    is_active: bool = True
    count_every_days: int | None = Field(None, ge=1, le=3660)
    next_count_on: Day | None = None


class LocationOut(Out):
    id: UUID
    version: int
    warehouse_id: UUID | None
    parent_id: UUID | None
    kind: LocationKind
    type: LocationType
    code: str
    name_en: str
    name_ar: str
    is_active: bool
    count_every_days: int | None
    next_count_on: date | None


class LocationQuery(ListQuery):
    warehouse_id: UUID | None = None
    parent_id: UUID | None = None
    type: LocationType | None = None
    kind: LocationKind | None = None
    is_active: bool | None = None


class StockBalanceQuery(ListQuery):
    product_id: UUID | None = None
    warehouse_id: UUID | None = None
    location_id: UUID | None = None
    lot_id: UUID | None = None
    type: LocationType | None = Field(None, description="Of the location.")
    expiring_before: Day | None = Field(None, description="Lots that expire before this day.")
    include_empty: bool = False


class StockBalanceOut(Out):
    id: UUID
    product: StockedProduct
    location: StockPlace
    lot: StockLot | None
    on_hand: QuantityText
    reserved: QuantityText
    available: QuantityText


class StockMoveQuery(ListQuery):
    product_id: UUID | None = None
    location_id: UUID | None = Field(None, description="At either end.")
    warehouse_id: UUID | None = Field(None, description="At either end.")
    lot_id: UUID | None = None
    document_id: UUID | None = None
    first_on: Day | None = Field(None, description="Effective on this day or later.")
    last_on: Day | None = Field(None, description="Effective on this day or earlier.")


class StockMoveOut(StockDocumentOut):
    id: UUID
    sequence: int
    product: StockedProduct
    lot: StockLot | None
    source: StockPlace
    destination: StockPlace
    quantity: QuantityText
    unit_cost: CostQuantity
    value: CostMoney
    effective_on: date
    posted_at: Moment
    line_id: UUID | None
    reverses_id: UUID | None


class StockCardQuery(Schema):
    warehouse_id: UUID | None = Field(None, description="Only what came into or left it.")
    after: int | None = Field(None, ge=1, description="`next` of the page before this one.")
    limit: int = Field(50, ge=1, le=200)


class StockCardRow(StockDocumentOut):
    sequence: int
    kind: Literal["move", "value"]
    effective_on: date
    posted_at: Moment
    source: StockPlace | None
    destination: StockPlace | None
    lot: StockLot | None
    quantity: QuantityText = Field(description="Signed.")
    unit_cost: CostQuantity
    value: CostMoney = Field(description="Signed.")
    quantity_after: QuantityText
    value_after: CostMoney = Field(description="Null within one warehouse.")


class StockCardOut(Out):
    """What happened to a product, latest first."""

    product: StockedProduct
    items: list[StockCardRow] = Field(alias="rows")
    next: int | None


class ValuationQuery(Schema):
    on: Day | None = Field(None, description="Left out: today.")
    limit: int = Field(200, ge=1, le=1000, description="Products per page.")
    after: str | None = Field(
        None, max_length=160, description="`next` of the page before this one."
    )


class ValuationRow(Out):
    product: StockedProduct
    quantity: QuantityText
    unit_cost: QuantityText
    value: MoneyText


class ValuationOut(Out):
    """What was held at the end of a day; `ledger_value` is what the books show for it."""

    on: date
    value: MoneyText = Field(description="Of all products, not only of this page.")
    ledger_value: MoneyText
    items: list[ValuationRow] = Field(alias="rows", description="By SKU.")
    next: str | None = Field(description="`after` for the next page; null on the last one.")


class AvailabilityQuery(Schema):
    product_ids: str = Field(max_length=8000, description="Ids, separated by commas; at most 200.")


class AvailabilityOut(Out):
    product_id: UUID
    warehouse_id: UUID
    on_hand: QuantityText
    reserved: QuantityText
    free: QuantityText


class LotQuery(ListQuery):
    product_id: UUID | None = None
    expiring_before: Day | None = None


class LotOut(StockLot):
    version: int
    product: StockedProduct


class LotTraceOut(Out):
    """Where a lot came from, where it stands, where it went."""

    lot: LotOut
    came_from: list[StockMoveOut]
    stands: list[StockBalanceOut]
    went_to: list[StockMoveOut]


class StockItemPatch(Patch):
    costing: CostingMethod = CostingMethod.MOVING_AVERAGE
    tracking: Tracking = Tracking.NONE
    has_expiry: bool = False
    needs_inspection: bool = False
    weight_kg: NotNegative = NOTHING
    volume_m3: NotNegative = NOTHING


class StockItemOut(Out):
    product_id: UUID
    version: int
    costing: CostingMethod
    tracking: Tracking
    has_expiry: bool
    needs_inspection: bool
    weight_kg: QuantityText
    volume_m3: QuantityText


class StockSettingsPatch(Patch):
    frozen_until: Day | None = Field(
        None, description="Nothing is moved on or before this day, except by who may back-date."
    )
    count_approval_above: NotNegativeMoney | None = None
    transfer_needs_approval: bool = False
    write_off_by_another: bool = True


class StockSettingsOut(Out):
    version: int
    frozen_until: date | None
    count_approval_above: MoneyText | None
    transfer_needs_approval: bool
    write_off_by_another: bool


class AdjustmentLineIn(In):
    product_id: UUID
    quantity: QuantityText = Field(gt=0, examples=["12"])
    unit_id: UUID | None = Field(None, description="Left out: the product's stock unit.")
    location_id: UUID | None = Field(None, description="Left out: the warehouse itself.")
    lot_id: UUID | None = None
    lot_code: str = Field("", max_length=80, description="A lot by its code; new ones are made.")
    expires_on: Day | None = None
    unit_cost: QuantityText | None = Field(
        None, ge=0, description="Riyals for one stock unit that comes in; opening stock needs it."
    )


class AdjustmentIn(In):
    kind: StockAdjustmentKind
    warehouse_id: UUID
    effective_on: Day | None = Field(None, description="Left out: today.")
    reason: str = Field("", max_length=300, examples=["Broken in the rack"])
    notes: str = Field("", max_length=2000)
    lines: list[AdjustmentLineIn] = Field(min_length=1, max_length=MOST_LINES)


class AdjustmentPatch(Patch):
    effective_on: Day = Field(date(2000, 1, 1))
    reason: str = Field("", max_length=300)
    notes: str = Field("", max_length=2000)
    lines: list[AdjustmentLineIn] = Field([], min_length=1, max_length=MOST_LINES)


class AdjustmentReversal(In):
    on: Day | None = Field(None, description="Left out: today.")
    reason: str = Field("", max_length=300)


class AdjustmentQuery(ListQuery):
    kind: StockAdjustmentKind | None = None
    state: StockAdjustmentState | None = None
    warehouse_id: UUID | None = None


class AdjustmentRow(Out):
    id: UUID
    version: int
    kind: StockAdjustmentKind
    state: StockAdjustmentState
    number: str | None
    warehouse: WarehouseOut
    effective_on: date
    reason: str
    value: CostMoney = Field(description="Put onto, or (negative) taken off, the stock value.")
    reverses_id: UUID | None
    posted_at: Moment | None


class AdjustmentLineOut(Out):
    id: UUID
    position: int
    product: StockedProduct
    location: StockPlace
    lot: StockLot | None
    unit_id: UUID
    quantity: QuantityText
    stock_quantity: QuantityText
    unit_cost: CostQuantity
    value: CostMoney


class AdjustmentOut(AdjustmentRow):
    notes: str
    entry_id: UUID | None
    created_at: Moment
    reversed_by_id: UUID | None
    lines: list[AdjustmentLineOut]
    next_commands: list[str] = Field(description="What state and rights allow, best first.")

    @staticmethod
    def resolve_lines(adjustment: StockAdjustment) -> Any:
        return adjusting.lines_of(adjustment)

    @staticmethod
    def resolve_reversed_by_id(adjustment: StockAdjustment) -> UUID | None:
        return adjusting.reversal_of(adjustment)
