"""What always holds about transfers."""

from collections.abc import Iterator

from django.db.models import Sum

from alawael.core.money import ZERO
from alawael.core.verify import missing_numbers, proof
from alawael.ledger.models import AccountRole, JournalLine, LedgerRole
from alawael.stock.models import (
    NOTHING,
    LocationType,
    StockBalance,
    StockTransfer,
    StockTransferLine,
    TransferState,
)
from alawael.stock.transfers import SERIES


@proof("Transfer numbers have no gap")
def _numbers() -> Iterator[str]:
    numbers = StockTransfer.objects.filter(number__isnull=False).values_list("number", flat=True)
    yield from missing_numbers(SERIES, (int(str(number).rpartition("-")[2]) for number in numbers))


@proof("Goods in transit are those of open transfers")
def _in_transit() -> Iterator[str]:
    lines = StockTransferLine.objects.filter(in_transit__gt=0)
    expected = _by_product(lines.values("product_id").annotate(sum=Sum("in_transit")).order_by())
    there = StockBalance.objects.filter(location__type=LocationType.IN_TRANSIT)
    found = _by_product(there.values("product_id").annotate(sum=Sum("on_hand")).order_by())
    for product in sorted(expected.keys() | found.keys(), key=str):
        if expected.get(product, NOTHING) != found.get(product, NOTHING):
            yield (
                f"{found.get(product, NOTHING)} of product {product} are in transit, "
                f"{expected.get(product, NOTHING)} on transfers."
            )
    stray = lines.exclude(transfer__state=TransferState.IN_TRANSIT)
    for number in stray.values_list("transfer__number", flat=True)[:20]:
        yield f"{number} is not on its way, but some of its goods are."
    yield from _transit_account()


def _transit_account() -> Iterator[str]:
    roles = {
        role.role: role.account_id
        for role in AccountRole.objects.filter(
            role__in=[LedgerRole.IN_TRANSIT, LedgerRole.INVENTORY]
        )
    }
    account = roles.get(LedgerRole.IN_TRANSIT)
    if account is None or account == roles.get(LedgerRole.INVENTORY):
        return
    sums = JournalLine.objects.filter(account_id=account).aggregate(
        debits=Sum("debit"), credits=Sum("credit")
    )
    booked = (sums["debits"] or ZERO) - (sums["credits"] or ZERO)
    value = StockTransferLine.objects.aggregate(sum=Sum("transit_value"))["sum"] or ZERO
    if booked != value:
        yield f"Goods in transit are booked with {booked}, transfers hold {value}."


def _by_product(rows: "object") -> dict[object, object]:
    return {row["product_id"]: row["sum"] for row in rows}  # type: ignore[attr-defined]
