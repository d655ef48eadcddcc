"""What held goods are worth, written by compare-and-set, product by product."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import models

from alawael.core.actors import Actor
from alawael.core.claims import insert_missing
from alawael.core.money import ZERO
from alawael.core.numbering import take_number, take_numbers
from alawael.core.unit_of_work import StartAgain, unit_of_work
from alawael.ledger import services as ledger
from alawael.ledger.books import Posting
from alawael.ledger.models import LedgerRole
from alawael.stock import queries
from alawael.stock.models import (
    CostingMethod,
    CostLayer,
    CostState,
    StockItem,
    StockMove,
    ValueAdjustment,
)
from alawael.stock.worth import Layer, Worth

#: Moves and value adjustments share one order.
SERIES = "stock_move"


@dataclass(frozen=True)
class Revaluation:
    """How a later cost fact was split: onto goods still held, and onto goods that are gone."""

    on_hand: Decimal
    gone: Decimal


@unit_of_work
def revalue(
    product_id: UUID,
    amount: Decimal,
    *,
    quantity: Decimal,
    document: models.Model,
    number: str,
    on: date,
    by: Actor,
    at: datetime,
    move: StockMove | None = None,
) -> Revaluation:
    """Note a later fact about what `quantity` pieces cost, `amount` riyals more (or less).

    The share of the pieces still held goes onto the stock value (domain 3.6.2: 70 of 100 pieces
    carry 35.00 of 50.00); the caller posts `on_hand` to INVENTORY and `gone` to an expense. `move`
    is the receipt of the pieces, which first in, first out asks for what is left of it.
    """
    costs = Costs.of([product_id])
    worth = costs[product_id]
    on_hand, gone = worth.revalue(amount, quantity, move.sequence if move else None)
    sequence = take_number(SERIES)
    costs.write(sequence)
    ValueAdjustment(
        sequence=sequence,
        product_id=product_id,
        amount=on_hand,
        amount_gone=gone,
        quantity=quantity,
        move=move,
        **_facts(document, number, on=on, by=by, at=at),
    ).save(force_insert=True)
    return Revaluation(on_hand, gone)


class Costs:
    """The worth of some products as this unit of work sees and changes it."""

    def __init__(
        self,
        states: Mapping[UUID, CostState],
        layers: Mapping[UUID, list[CostLayer]],
        fifo: Collection[UUID],
    ) -> None:
        self._states = states
        self._layers = layers
        self._worth = {
            product_id: Worth(
                quantity=state.quantity,
                value=state.value,
                last_unit_cost=state.last_unit_cost,
                layers=[_layer(row) for row in layers.get(product_id, [])]
                if product_id in fifo
                else None,
            )
            for product_id, state in states.items()
        }

    @classmethod
    def of(
        cls, product_ids: Iterable[UUID], items: Mapping[UUID, StockItem] | None = None
    ) -> "Costs":
        """Read states, and layers of what is costed first in, first out.

        `items` saves the look-up of how the products are kept.
        """
        ids = set(product_ids)
        items = queries.stock_items(ids) if items is None else items
        fifo = {pk for pk, item in items.items() if item.costing == CostingMethod.FIFO}
        layers: dict[UUID, list[CostLayer]] = {}
        if fifo:
            rows = CostLayer.objects.filter(product_id__in=fifo).order_by("sequence")
            for row in rows:
                layers.setdefault(row.product_id, []).append(row)
        return cls(queries.cost_of(ids), layers, fifo)

    def __getitem__(self, product_id: UUID) -> Worth:
        return self._worth[product_id]

    def write(self, sequence: int, product_ids: Collection[UUID] | None = None) -> None:
        """Write what changed (of these products), in their order.

        When somebody else changed one since it was read, the whole unit starts again.
        """
        new = []
        for product_id in sorted(self._worth if product_ids is None else product_ids):
            state, worth = self._states[product_id], self._worth[product_id]
            values = {
                "quantity": worth.quantity,
                "value": worth.value,
                "last_unit_cost": worth.last_unit_cost,
                "uncosted": worth.uncosted,
                "last_sequence": sequence,
            }
            if state._state.adding:
                new.append(CostState(product_id=product_id, **values))
            else:
                _claim(CostState, state.pk, {"version": state.version}, values)
            self._write_layers(product_id, worth.layers or [])
        insert_missing(new)

    def _write_layers(self, product_id: UUID, layers: Iterable[Layer]) -> None:
        now = {layer.sequence: layer for layer in layers}
        before = {row.sequence: row for row in self._layers.get(product_id, [])}
        used_up = [row.pk for sequence, row in before.items() if sequence not in now]
        if used_up and CostLayer.objects.filter(pk__in=used_up).delete()[0] != len(used_up):
            raise StartAgain()
        for sequence, row in before.items():
            layer = now.get(sequence)
            if layer and (layer.remaining, layer.value) != (row.remaining, row.value):
                seen = {"remaining": row.remaining, "value": row.value}
                after = {"remaining": layer.remaining, "value": layer.value}
                _claim(CostLayer, row.pk, seen, after)
        CostLayer.objects.bulk_create(
            CostLayer(
                product_id=product_id,
                sequence=layer.sequence,
                quantity=layer.quantity,
                remaining=layer.remaining,
                value=layer.value,
            )
            for sequence, layer in now.items()
            if sequence not in before
        )


def settle(
    gone: Mapping[UUID, Decimal],
    *,
    document: models.Model,
    number: str,
    on: date,
    by: Actor,
    at: datetime,
) -> None:
    """Post what goods issued earlier turned out to cost, beside the entry of the document.

    It is the difference that a receipt (or a reversal) finds out about goods that have left, so
    it belongs to the cost of goods sold: one adjustment row a product, and one entry for all.
    """
    found = {pk: amount for pk, amount in sorted(gone.items()) if amount}
    if not found:
        return
    first = take_numbers(SERIES, len(found))
    facts = _facts(document, number, on=on, by=by, at=at)
    ValueAdjustment.objects.bulk_create(
        ValueAdjustment(
            sequence=sequence, product_id=product_id, amount=-amount, amount_gone=amount, **facts
        )
        for sequence, (product_id, amount) in enumerate(found.items(), first)
    )
    total = sum(found.values(), ZERO)
    if not total:
        return
    cost, stock = (LedgerRole.COGS, LedgerRole.INVENTORY)
    debited, credited = (cost, stock) if total > 0 else (stock, cost)
    ledger.post(
        [Posting(debited, debit=abs(total)), Posting(credited, credit=abs(total))],
        on=on,
        memo=f"{number}: cost of goods issued before it was known",
        kind="stock_settlement",
        source=document,
        source_number=number,
        by=by,
        at=at,
    )


def _layer(row: CostLayer) -> Layer:
    return Layer(row.sequence, row.quantity, row.remaining, row.value)


def _claim(
    model: type[CostState] | type[CostLayer],
    pk: UUID,
    seen: Mapping[str, object],
    after: Mapping[str, object],
) -> None:
    if "version" in seen:
        after = {**after, "version": int(str(seen["version"])) + 1}
    if not model.objects.filter(pk=pk, **seen).update(**after):
        raise StartAgain()


def _facts(
    document: models.Model, number: str, *, on: date, by: Actor, at: datetime
) -> dict[str, object]:
    return {
        "effective_on": on,
        "posted_at": at,
        "posted_by": by.actor_id,
        "document_type": document._meta.label_lower,
        "document_id": document.pk,
        "document_number": number,
    }
