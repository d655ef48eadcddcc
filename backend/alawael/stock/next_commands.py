"""What state and rights allow with a document of stock, the most sensible first."""

from collections.abc import Iterable, Mapping

from alawael.accounts.permissions import SignedInRequest, allows
from alawael.stock.models import (
    CountState,
    StockAdjustment,
    StockAdjustmentState,
    StockCount,
    StockTransfer,
    TransferState,
)

#: What the caller needs to hold for each command.
TRANSFER_RIGHTS = {
    "approve": "transfer:approve",
    "reserve": "transfer:move",
    "dispatch": "transfer:move",
    "move": "transfer:move",
    "receive": "transfer:move",
    "return": "transfer:move",
    "write_off": "transfer:write_off",
    "edit": "transfer:edit",
    "cancel": "transfer:cancel",
}
COUNT_RIGHTS = {
    "start": "count:enter",
    "enter": "count:enter",
    "review": "count:enter",
    "recount": "count:enter",
    "approve": "count:approve",
    "post": "count:post",
    "cancel": "count:cancel",
}
ADJUSTMENT_RIGHTS = {
    "post": "stock:adjust",
    "edit": "stock:edit",
    "discard": "stock:edit",
    "reverse": "stock:reverse",
}
#: At which end of a transfer somebody must be who is limited to own warehouses; for the other
#: commands either end will do.
TRANSFER_ENDS = {
    "reserve": "source",
    "dispatch": "source",
    "return": "source",
    "receive": "destination",
}


def of_transfer(
    transfer: StockTransfer,
    request: SignedInRequest,
    *,
    needs_approval: bool,
    loss_by_another: bool,
) -> list[str]:
    """The last two are the company's rules: two people for a transfer, and for a loss."""
    found = _of_transfer(transfer, needs_approval=needs_approval)
    me = request.user.actor_id
    if needs_approval and transfer.created_by == me:
        found = [name for name in found if name != "approve"]
    if loss_by_another and transfer.dispatched_by == me:
        found = [name for name in found if name != "write_off"]
    here = [name for name in found if _is_at_its_end(transfer, name, request)]
    return _allowed(here, TRANSFER_RIGHTS, request)


def _is_at_its_end(transfer: StockTransfer, name: str, request: SignedInRequest) -> bool:
    end = TRANSFER_ENDS.get(name)
    return end is None or request.sight.sees_warehouse(getattr(transfer, f"{end}_id"))


def _of_transfer(transfer: StockTransfer, *, needs_approval: bool) -> list[str]:
    go = "move" if transfer.is_within else "reserve"
    if transfer.state == TransferState.DRAFT:
        return (["approve"] if needs_approval else [go, "approve"]) + ["edit", "cancel"]
    if transfer.state == TransferState.APPROVED:
        return [go, "cancel"]
    if transfer.state == TransferState.RESERVED:
        return ["dispatch", "reserve", "cancel"]
    if transfer.state == TransferState.IN_TRANSIT:
        return ["receive", "return", "write_off"]
    return []


def of_count(count: StockCount, request: SignedInRequest, *, to_approve: int) -> list[str]:
    """`to_approve` is how many differences still wait for a second person."""
    by_state: Mapping[str, list[str]] = {
        CountState.DRAFT: ["start", "cancel"],
        CountState.COUNTING: ["enter", "review", "cancel"],
        CountState.REVIEW: [
            *(["approve"] if to_approve else ["post"]), "recount", "review", "cancel",
        ],
    }  # fmt: skip
    return _allowed(by_state.get(count.state, []), COUNT_RIGHTS, request)


def of_adjustment(adjustment: StockAdjustment, request: SignedInRequest) -> list[str]:
    """A reversal is not reversed itself."""
    if adjustment.state == StockAdjustmentState.DRAFT:
        return _allowed(["post", "edit", "discard"], ADJUSTMENT_RIGHTS, request)
    if adjustment.state == StockAdjustmentState.POSTED and adjustment.reverses_id is None:
        return _allowed(["reverse"], ADJUSTMENT_RIGHTS, request)
    return []


def _allowed(
    names: Iterable[str], rights: Mapping[str, str], request: SignedInRequest
) -> list[str]:
    return [name for name in names if allows(request.permissions, rights[name])]
