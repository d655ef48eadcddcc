"""What happens inside the walls: adjustments, transfers, counts."""

from decimal import Decimal
from typing import Any

from alawael.stock import adjusting, counts, queries, transfers
from alawael.stock.models import (
    StockAdjustment,
    StockAdjustmentKind,
    StockBalance,
    StockCount,
    StockTransfer,
)
from alawael.stock.transfer_drafting import TransferLine
from alawael.stock.transit import Part
from testing.random_trade.engine import Choices, NothingThere, World, a_line, command, some, who

REASON = "because it was chosen"


@command
def open_stock(world: World, choices: Choices) -> None:
    product = world.goods(choices)
    line = adjusting.AdjustmentLine(
        product.pk,
        Decimal(10 + choices.below(20)),
        unit_cost=choices.price(),
        lot_code=f"LOT-{choices.below(3)}" if product.sku.startswith("L") else "",
    )
    kind = choices.one_of((StockAdjustmentKind.OPENING, StockAdjustmentKind.GAIN))
    adjustment = adjusting.draft_adjustment(
        kind, world.place(choices), [line], on=world.today, reason=REASON,
        **who(world, choices),
    )  # fmt: skip
    adjusting.post_adjustment(adjustment, **who(world, choices))


@command
def scrap(world: World, choices: Choices) -> None:
    balance = _some_balance(choices)
    line = adjusting.AdjustmentLine(
        balance.product_id, choices.quantity(), location_id=balance.location_id,
        lot_id=balance.lot_id,
    )  # fmt: skip
    adjustment = adjusting.draft_adjustment(
        StockAdjustmentKind.SCRAP, balance.location.warehouse, [line], on=world.today,
        reason=REASON, **who(world, choices),
    )  # fmt: skip
    adjusting.post_adjustment(adjustment, **who(world, choices))


@command
def reverse_adjustment(world: World, choices: Choices) -> None:
    adjustment = some(choices, StockAdjustment, ("posted",))
    adjusting.reverse_adjustment(adjustment, on=world.today, reason=REASON, **who(world, choices))


@command
def plan_transfer(world: World, choices: Choices) -> None:
    balance = _some_balance(choices)
    source = balance.location.warehouse if choices.usually() else choices.one_of(world.warehouses)
    line = TransferLine(balance.product_id, choices.quantity())
    transfer = transfers.draft_transfer(
        source, choices.one_of(world.warehouses), [line], **who(world, choices)
    )
    transfers.reserve_transfer(transfer, partly=choices.flag(), **who(world, choices))
    if choices.flag():
        transfers.dispatch_transfer(transfer, on=world.today, **who(world, choices))


@command
def send_transfer(world: World, choices: Choices) -> None:
    transfer = some(choices, StockTransfer, ("reserved",))
    transfers.dispatch_transfer(transfer, on=world.today, **who(world, choices))


@command
def end_transfer(world: World, choices: Choices) -> None:
    transfer = some(choices, StockTransfer, ("in_transit",))
    part = None
    if choices.flag():
        part = [Part(a_line(choices, transfer).pk, choices.quantity())]
    what = choices.below(5)
    if what == 0:
        transfers.return_transfer(transfer, part, on=world.today, **who(world, choices))
    elif what == 1:
        transfers.write_off_transfer(
            transfer, part, reason=REASON, on=world.today, **who(world, choices)
        )
    else:
        transfers.receive_transfer(transfer, part, on=world.today, **who(world, choices))


@command
def cancel_transfer(world: World, choices: Choices) -> None:
    transfer = some(choices, StockTransfer, ("draft", "reserved"))
    transfers.cancel_transfer(transfer, **who(world, choices))


@command
def begin_count(world: World, choices: Choices) -> None:
    place = queries.root_of(choices.one_of(world.warehouses))
    products = [product.pk for product in world.products]
    count = counts.draft_count(place, product_ids=products, **who(world, choices))
    counts.start_count(count, **who(world, choices))


@command
def enter_count(world: World, choices: Choices) -> None:
    count = some(choices, StockCount, ("counting",))
    entries = [
        counts.Entry(Decimal(choices.below(20)), line_id=line.pk)
        for line in count.lines.all()
        if choices.flag()
    ]
    if not entries:
        raise NothingThere
    counts.enter_counts(count, entries, **who(world, choices))


@command
def end_count(world: World, choices: Choices) -> None:
    count = some(choices, StockCount, ("counting", "review"))
    what = choices.below(5)
    if what == 0:
        counts.cancel_count(count, **who(world, choices))
    elif what == 1:
        counts.approve_count(count, **who(world, choices))
    else:
        counts.review_count(count, uncounted=counts.Uncounted.SKIP, **who(world, choices))
        counts.post_count(count, on=world.today, **who(world, choices))


def _some_balance(choices: Choices) -> Any:
    rows = StockBalance.objects.filter(on_hand__gt=0, location__type="internal")
    latest_first = rows.order_by("-product__cost__last_sequence", "-id")
    found = list(latest_first.select_related("location__warehouse")[:8])
    if not found:
        raise NothingThere
    return choices.one_of(found)
