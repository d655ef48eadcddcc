from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Field

from alawael.core.paging import ListQuery
from alawael.core.schemas import CostMoney, Day, In, Moment, Out, QuantityText
from alawael.stock.counts import Uncounted
from alawael.stock.models import CountState

MOST_ENTRIES = 1000


class CountQuery(ListQuery):
    state: CountState | None = None
    warehouse_id: UUID | None = None
    location_id: UUID | None = None
    is_open: bool | None = Field(None, description="Neither posted nor cancelled.")
    is_scheduled: bool | None = None


class CountLineQuery(ListQuery):
    is_counted: bool | None = None
    differs: bool | None = Field(
        None, description="Only what differs; without effect while the count is blind."
    )
    location_id: UUID | None = None
    product_id: UUID | None = None


class CountScheduleQuery(ListQuery):
    warehouse_id: UUID | None = None
    is_due: bool | None = None


class CountIn(In):
    location_id: UUID = Field(description="A warehouse's root, a zone or a bin.")
    category_id: UUID | None = Field(None, description="Only this branch of the catalog.")
    product_ids: list[UUID] = Field([], max_length=MOST_ENTRIES, description="Only these.")
    notes: str = Field("", max_length=2000)


class CountEntryIn(In):
    """A figure for a line; or for what was found: its product and, if not in general, its place."""

    line_id: UUID | None = None
    product_id: UUID | None = None
    location_id: UUID | None = Field(None, description="Left out: the place that is counted.")
    lot_code: str | None = Field(None, min_length=1, max_length=80)
    expires_on: Day | None = None
    quantity: Annotated[QuantityText, Field(ge=0)] = Field(examples=["12"])
    counted_at: Moment | None = Field(
        None, description="When it was counted, if that was before it is sent (offline)."
    )


class CountEntriesIn(In):
    entries: list[CountEntryIn] = Field(min_length=1, max_length=MOST_ENTRIES)


class CountReviewIn(In):
    uncounted: Uncounted | None = Field(
        None, description="What becomes of lines without a figure; left out: they are refused."
    )


class CountLinesIn(In):
    line_ids: list[UUID] = Field(min_length=1, max_length=MOST_ENTRIES)


class CountApprovalIn(In):
    line_ids: list[UUID] | None = Field(
        None, min_length=1, max_length=MOST_ENTRIES, description="Left out: every difference."
    )


class CountPostIn(In):
    on: Day | None = Field(None, description="Left out: today.")


class CountScheduleIn(In):
    every_days: Annotated[int, Field(ge=1, le=3660)] | None = Field(
        description="null: counted only when somebody asks."
    )
    next_on: Day | None = Field(None, description="Left out: as soon as possible.")


class CountFiguresOut(Out):
    lines: int
    counted: int
    differing: int | None = Field(description="null while the count is blind.")
    variance_value: CostMoney = Field(description="Riyals; null while the count is blind.")


class CountRow(Out):
    """A count in a list."""

    id: UUID
    version: int
    state: CountState
    number: str | None = Field(examples=["CNT-000001"])
    location_id: UUID
    location_code: str = Field(alias="location.code")
    location_name_en: str = Field(alias="location.name_en")
    location_name_ar: str = Field(alias="location.name_ar")
    warehouse_id: UUID = Field(alias="location.warehouse_id")
    warehouse_code: str = Field(alias="location.warehouse.code")
    category_id: UUID | None
    category_name_en: str | None = Field(None, alias="category.name_en")
    category_name_ar: str | None = Field(None, alias="category.name_ar")
    is_scheduled: bool
    created_at: Moment
    started_at: Moment | None
    posted_on: date | None
    gained: CostMoney
    lost: CostMoney
    figures: CountFiguresOut


class CountOut(CountRow):
    product_ids: list[UUID]
    notes: str
    created_by: UUID
    posted_by: UUID | None
    snapshot_sequence: int | None
    shows_book: bool = Field(description="Whether the caller sees what the books expect.")
    to_approve: int = Field(description="Differences that still need a second person.")
    next_commands: list[str] = Field(description="What state and rights allow, best first.")


class CountLineOut(Out):
    """Quantities are in the product's stock unit. What the books say is null while it is hidden."""

    id: UUID
    product_id: UUID
    sku: str = Field(alias="product.sku")
    name_en: str = Field(alias="product.name_en")
    name_ar: str = Field(alias="product.name_ar")
    unit_en: str = Field(alias="product.unit.name_en")
    unit_ar: str = Field(alias="product.unit.name_ar")
    location_id: UUID
    location_code: str = Field(alias="location.code")
    lot_id: UUID | None
    lot_code: str | None = Field(None, alias="lot.code")
    counted: QuantityText | None
    counted_at: Moment | None
    counted_by: UUID | None
    counted_by_name: str
    first_counted: QuantityText | None
    first_counted_by_name: str
    needs_recount: bool
    book: QuantityText | None
    variance: QuantityText | None
    variance_value: CostMoney
    approved_by: UUID | None


class CountScheduleRow(Out):
    """A place that is counted regularly."""

    location_id: UUID = Field(alias="pk")
    version: int
    code: str
    name_en: str
    name_ar: str
    warehouse_id: UUID
    warehouse_code: str = Field(alias="warehouse.code")
    count_every_days: int | None
    next_count_on: date | None
