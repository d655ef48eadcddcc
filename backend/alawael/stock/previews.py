"""What a command would do to stock and books, found out by doing it and rolling it back."""

from collections.abc import Callable
from typing import Any

from ninja import Field, Schema

from alawael.core.unit_of_work import rehearse
from alawael.ledger.models import AccountRole, JournalEntry, JournalLine, LedgerRole
from alawael.stock import queries
from alawael.stock.models import Location, StockMove, ValueAdjustment

#: Accounts on which stands what goods cost; the other side of their entries says the same.
_TELL_COSTS = [
    LedgerRole.INVENTORY,
    LedgerRole.IN_TRANSIT,
    LedgerRole.GRNI,
    LedgerRole.COGS,
    LedgerRole.GOODS_DELIVERED_NOT_INVOICED,
    LedgerRole.PRICE_VARIANCE,
    LedgerRole.LANDED_COST,
]


class DryRun(Schema):
    """What every command takes in its query."""

    dry_run: bool = Field(False, description="Show what would happen; write nothing.")


def do(query: DryRun, command: Callable[[], Any], answer: Callable[[], Any]) -> Any:
    """Rehearse the command with `dry_run`, or carry it out and answer the document."""
    if query.dry_run:
        return preview(command)
    command()
    return answer()


def preview(function: Callable[[], Any]) -> dict[str, list[dict[str, Any]]]:
    """Rehearse a command; answers the stock and ledger rows that it would add.

    Raises what the command raises. Call it outside of a unit of work.
    """
    return rehearse(lambda: _watched(function))


def _watched(function: Callable[[], Any]) -> dict[str, list[dict[str, Any]]]:
    before = _last(StockMove, "sequence"), _last(ValueAdjustment, "sequence")
    entries = _last(JournalEntry, "number")
    function()
    return {"stock": _stock_since(*before), "journal": _journal_since(entries)}


def _last(model: Any, name: str) -> int:
    return model.objects.order_by(f"-{name}").values_list(name, flat=True).first() or 0


def _stock_since(moves: int, adjustments: int) -> list[dict[str, Any]]:
    rows = []
    for move in queries.moves().filter(sequence__gt=moves).order_by("sequence"):
        for place, sign in ((move.source, -1), (move.destination, 1)):
            if place.holds_stock:
                rows.append(_stock_row(move, place, sign))
    later = ValueAdjustment.objects.filter(sequence__gt=adjustments).select_related("product")
    rows.extend(_value_row(row) for row in later.order_by("sequence") if row.amount)
    return rows


def _stock_row(move: StockMove, place: Location, sign: int) -> dict[str, Any]:
    return {
        "product_id": move.product_id,
        "sku": move.product.sku,
        "name_en": move.product.name_en,
        "name_ar": move.product.name_ar,
        "location_code": place.code,
        "lot_code": move.lot.code if move.lot else None,
        "quantity": sign * move.quantity,
        "value": sign * move.value,
    }


def _value_row(row: ValueAdjustment) -> dict[str, Any]:
    return {
        "product_id": row.product_id,
        "sku": row.product.sku,
        "name_en": row.product.name_en,
        "name_ar": row.product.name_ar,
        "location_code": "",
        "lot_code": None,
        "quantity": 0 * row.quantity,
        "value": row.amount,
    }


def _journal_since(number: int) -> list[dict[str, Any]]:
    found = JournalLine.objects.filter(entry__number__gt=number).select_related("account")
    lines = list(found.order_by("place"))
    telling = AccountRole.objects.filter(role__in=_TELL_COSTS).values_list("account_id", flat=True)
    costs = set(telling)
    entries = {line.entry_id for line in lines if line.account_id in costs}
    return [
        {
            "account_code": line.account.code,
            "account_name_en": line.account.name_en,
            "account_name_ar": line.account.name_ar,
            "debit": line.debit,
            "credit": line.credit,
            "party_id": line.party_id,
            "tells_costs": line.entry_id in entries,
        }
        for line in lines
    ]
