"""How the company of the demo keeps its goods: opening stock, transfers to branches, counts."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from alawael.core.clock import business_day
from alawael.stock import adjusting, count_queries, counts, queries, transfers
from alawael.stock.adjusting import AdjustmentLine
from alawael.stock.counts import Entry
from alawael.stock.models import (
    LocationKind,
    StockAdjustmentKind,
    StockCount,
    StockTransfer,
    StockTransferLine,
    Warehouse,
)
from alawael.stock.transfer_drafting import TransferLine
from alawael.stock.transit import Part
from config.demo.calendar import Calendar
from config.demo.company import MAIN, Stage
from config.demo.goods import Goods

#: How many of the five hundred products a warehouse begins with.
ASSORTMENT = {MAIN: 500, "JED": 160, "DMM": 120, "MED": 70, "ABH": 70, "BUR": 70}
TRANSFER_LINES = 12


class Keeping:
    def __init__(self, stage: Stage, calendar: Calendar) -> None:
        self.stage, self.calendar, self.dice = stage, calendar, stage.dice
        self.omar, self.yasser = stage.staff["omar"], stage.staff["yasser"]
        self.huda = stage.staff["huda"]
        self.assortments = {
            code: self.dice.sample(stage.goods, number) for code, number in ASSORTMENT.items()
        }

    def begin(self, at: datetime) -> None:
        """Enter what is there, then send to branches every month and count every quarter."""
        for code, warehouse in self.stage.warehouses.items():
            self._enter_opening(warehouse, self.assortments[code], at)
        for number, code in enumerate(code for code in self.assortments if code != MAIN):
            self.calendar.later(at, 12 + 4 * number, self._sending_to(code))
        self.calendar.later(at, 6, self.count_what_is_due)

    def _enter_opening(self, warehouse: Warehouse, goods: list[Goods], at: datetime) -> None:
        bins = list(queries.locations(warehouse_id=warehouse.pk, kind=LocationKind.BIN))
        lines = []
        for number, one in enumerate(goods):
            weeks = self.dice.randrange(2, 6) if warehouse.code == MAIN else 2
            lasts = one.family.expires_after_days
            on = business_day(at)
            lines.append(
                AdjustmentLine(
                    one.product.pk,
                    Decimal(one.pace * weeks + 8),
                    location_id=bins[number % len(bins)].pk if bins and number % 3 == 0 else None,
                    unit_cost=one.cost,
                    lot_code=f"OPEN-{on:%y}" if lasts else "",
                    expires_on=on + timedelta(days=lasts) if lasts else None,
                )
            )
        opening = adjusting.draft_adjustment(
            StockAdjustmentKind.OPENING,
            warehouse,
            lines,
            on=business_day(at),
            by=self.omar,
            at=at,
        )
        adjusting.post_adjustment(opening, by=self.omar, at=at)

    def _sending_to(self, code: str) -> "Sending":
        return Sending(self, code)

    def receive(self, transfer_id: UUID, at: datetime) -> None:
        """Everything, or all but two pieces of the first line, which are then looked for."""
        transfer = StockTransfer.objects.get(pk=transfer_id)
        lines = list(StockTransferLine.objects.filter(transfer=transfer).order_by("position"))
        parts = [Part(line.pk, line.in_transit) for line in lines if line.in_transit]
        comes_short = self.dice.random() < 0.15 and parts[0].quantity > 4
        if comes_short:
            parts[0] = Part(parts[0].line_id, parts[0].quantity - 2)
        transfers.receive_transfer(transfer, parts, on=business_day(at), by=self.yasser, at=at)
        if comes_short:
            self.calendar.later(at, 9, lambda at: self._give_up(transfer_id, at))

    def _give_up(self, transfer_id: UUID, at: datetime) -> None:
        transfers.write_off_transfer(
            StockTransfer.objects.get(pk=transfer_id),
            reason="Lost on the way",
            on=business_day(at),
            by=self.huda,
            at=at,
        )

    def count_what_is_due(self, at: datetime) -> None:
        for count in counts.draft_due_counts(on=business_day(at), at=at):
            self._count(count, at)
        self.calendar.later(at, 7, self.count_what_is_due)

    def _count(self, count: StockCount, at: datetime) -> None:
        """Nearly everything is as the books say; what is missing is never promised to anybody."""
        counts.start_count(count, by=self.omar, at=at)
        lines = list(count_queries.lines_of(count).order_by("id"))
        sequence = count_queries.last_sequence()
        books = count_queries.books_at([(line, sequence) for line in lines])
        free = queries.free({line.product_id for line in lines})
        entries = []
        for line, book in zip(lines, books, strict=True):
            differs = self.dice.random() < 0.06 and line.lot_id is None
            step = self.dice.choice((-2, -1, -1, 1)) if differs else 0
            if book + step < 0 or free[line.product_id] < book:
                step = 0
            entries.append(Entry(book + step, line_id=line.pk))
        if not entries:
            counts.cancel_count(count, by=self.huda, at=at)
            return
        current = counts.enter_counts(count, entries, by=self.omar, at=at)
        counts.review_count(current, by=self.omar, at=at)
        counts.approve_count(current, by=self.huda, at=at)
        counts.post_count(current, on=business_day(at), by=self.huda, at=at)


class Sending:
    """Every month, what a branch runs short of."""

    def __init__(self, keeping: Keeping, code: str) -> None:
        self.keeping, self.code = keeping, code

    def __call__(self, at: datetime) -> None:
        keeping, stage = self.keeping, self.keeping.stage
        branch = stage.warehouses[self.code]
        goods = {one.product.pk: one for one in keeping.assortments[self.code]}
        here, there = queries.free(goods, stage.main), queries.free(goods, branch)
        short = sorted(
            (pk for pk, one in goods.items() if there[pk] < one.pace * 2 + 2 and here[pk] > 12),
            key=lambda pk: (there[pk] / goods[pk].pace, goods[pk].product.sku),
        )
        lines = [
            TransferLine(pk, min(Decimal(goods[pk].pace * 4), here[pk] - 8))
            for pk in short[:TRANSFER_LINES]
        ]
        if lines:
            self._send(lines, at)
        keeping.calendar.later(at, 28, self)

    def _send(self, lines: list[TransferLine], at: datetime) -> None:
        keeping, stage = self.keeping, self.keeping.stage
        transfer = transfers.draft_transfer(
            stage.main,
            stage.warehouses[self.code],
            lines,
            expected_on=business_day(at) + timedelta(days=2),
            by=keeping.omar,
            at=at,
        )
        transfers.reserve_transfer(transfer, by=keeping.omar, at=at)
        transfers.dispatch_transfer(transfer, on=business_day(at), by=keeping.omar, at=at)
        keeping.calendar.later(
            at, keeping.dice.randrange(1, 4), lambda at: keeping.receive(transfer.pk, at)
        )
