from datetime import date
from typing import Annotated, Any
from uuid import UUID

from ninja import Field

from alawael.core.paging import ListQuery
from alawael.core.schemas import CostMoney, Day, In, Moment, Out, QuantityText
from alawael.stock import transfer_queries
from alawael.stock.models import TransferState

MOST_LINES = 1000
Positive = Annotated[QuantityText, Field(gt=0)]


class TransferQuery(ListQuery):
    state: TransferState | None = None
    source_id: UUID | None = None
    destination_id: UUID | None = None
    warehouse_id: UUID | None = Field(None, description="At either end.")
    product_id: UUID | None = None
    is_open: bool | None = Field(None, description="Neither closed nor cancelled.")


class TransferLineIn(In):
    product_id: UUID
    quantity: Positive = Field(examples=["24"])
    unit_id: UUID | None = Field(None, description="Left out: the product's stock unit.")
    lot_id: UUID | None = Field(None, description="Left out: whatever expires first.")
    source_location_id: UUID | None = Field(
        None, description="Left out: wherever in the warehouse it is free."
    )
    destination_location_id: UUID | None = Field(
        None, description="Needed within one warehouse; left out otherwise: the warehouse itself."
    )


class TransferIn(In):
    source_id: UUID = Field(description="The warehouse that goods leave.")
    destination_id: UUID = Field(
        description="The warehouse that they go to; the same one to move them between bins."
    )
    expected_on: Day | None = None
    reference: str = Field("", max_length=120)
    notes: str = Field("", max_length=2000)
    lines: list[TransferLineIn] = Field(min_length=1, max_length=MOST_LINES)


class TransferChange(In):
    """Only what is sent changes; `lines` replaces all lines."""

    expected_on: Day | None = None
    reference: str = Field("", max_length=120)
    notes: str = Field("", max_length=2000)
    lines: list[TransferLineIn] | None = Field(None, min_length=1, max_length=MOST_LINES)


class TransferReservation(In):
    partly: bool = Field(False, description="Set aside what there is, rather than refuse.")


class TransferPart(In):
    """So much of a line, in its product's stock unit."""

    line_id: UUID
    quantity: Positive = Field(examples=["10"])
    lot_id: UUID | None = Field(None, description="Left out: in the order in which they go.")
    location_id: UUID | None = Field(
        None, description="The bin it is taken from or put into; left out: as the transfer says."
    )


class TransferStep(In):
    """A day and, unless the whole transfer is meant, the parts of it."""

    on: Day | None = Field(None, description="Left out: today.")
    parts: list[TransferPart] | None = Field(None, min_length=1, max_length=MOST_LINES)


class TransferLoss(TransferStep):
    reason: str = Field(min_length=1, max_length=300, examples=["Broken in the lorry"])


class TransferMove(In):
    on: Day | None = Field(None, description="Left out: today.")


class TransferProgress(Out):
    """Over all lines, in stock units."""

    lines: int
    quantity: QuantityText
    dispatched: QuantityText
    in_transit: QuantityText
    received: QuantityText
    transit_value: CostMoney


class TransferRow(Out):
    """A transfer in a list."""

    id: UUID
    version: int
    state: TransferState
    number: str | None = Field(examples=["TRF-000001"])
    source_id: UUID
    source_code: str = Field(alias="source.code")
    source_name_en: str = Field(alias="source.name_en")
    source_name_ar: str = Field(alias="source.name_ar")
    destination_id: UUID
    destination_code: str = Field(alias="destination.code")
    destination_name_en: str = Field(alias="destination.name_en")
    destination_name_ar: str = Field(alias="destination.name_ar")
    expected_on: date | None
    dispatched_on: date | None
    reference: str
    created_at: Moment
    progress: TransferProgress


class TravellingOut(Out):
    """Of one lot, still on its way."""

    lot_id: UUID | None
    lot_code: str | None
    quantity: QuantityText

    @staticmethod
    def resolve_lot_id(sent: Any) -> UUID | None:
        return sent.lot.pk if sent.lot else None

    @staticmethod
    def resolve_lot_code(sent: Any) -> str | None:
        return sent.lot.code if sent.lot else None


class TransferLineOut(Out):
    """Quantities are in the product's stock unit, but for `unit_quantity`, which is as typed."""

    id: UUID = Field(alias="line.id")
    position: int = Field(alias="line.position")
    product_id: UUID = Field(alias="line.product_id")
    sku: str = Field(alias="line.product.sku")
    name_en: str = Field(alias="line.product.name_en")
    name_ar: str = Field(alias="line.product.name_ar")
    stock_unit_en: str = Field(alias="line.product.unit.name_en")
    stock_unit_ar: str = Field(alias="line.product.unit.name_ar")
    unit_id: UUID = Field(alias="line.unit_id")
    unit_en: str = Field(alias="line.unit.name_en")
    unit_ar: str = Field(alias="line.unit.name_ar")
    unit_quantity: QuantityText = Field(alias="line.unit_quantity")
    lot_id: UUID | None = Field(alias="line.lot_id")
    lot_code: str | None = Field(None, alias="line.lot.code")
    source_location_id: UUID | None = Field(alias="line.source_location_id")
    source_location_code: str | None = Field(None, alias="line.source_location.code")
    destination_location_id: UUID | None = Field(alias="line.destination_location_id")
    destination_location_code: str | None = Field(None, alias="line.destination_location.code")
    quantity: QuantityText = Field(alias="line.quantity")
    reserved: QuantityText
    dispatched: QuantityText = Field(alias="line.dispatched")
    in_transit: QuantityText = Field(alias="line.in_transit")
    received: QuantityText = Field(alias="line.received")
    returned: QuantityText = Field(alias="line.returned")
    written_off: QuantityText = Field(alias="line.written_off")
    transit_value: CostMoney = Field(alias="line.transit_value")
    travelling: list[TravellingOut]


class TransferOut(TransferRow):
    notes: str
    created_by: UUID
    approved_by: UUID | None
    dispatched_by: UUID | None
    closed_at: Moment | None
    lines: list[TransferLineOut]
    next_commands: list[str] = Field(description="What state and rights allow, best first.")

    @staticmethod
    def resolve_progress(transfer: Any) -> Any:
        return transfer_queries.progress_of([transfer])[transfer.pk]

    @staticmethod
    def resolve_lines(transfer: Any) -> list[Any]:
        return transfer_queries.lines_of(transfer)
