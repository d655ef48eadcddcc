"""What goods are worth: moving average, and first in, first out. Pure arithmetic, no database.

Every riyal that comes in goes out again: the last piece takes what is left, so that nothing is
worth something. What cannot be kept on goods any more is answered as `gone`: an expense.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from alawael.core.money import ZERO, round_money, round_quantity

NOTHING = Decimal(0)


def share(value: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """The part of a value that falls on a part of a quantity, in halalas; all of it on all."""
    if part == whole:
        return value
    return round_money(value * part / whole) if part else ZERO


@dataclass
class Layer:
    """What is left of one receipt, and what that is worth."""

    sequence: int
    quantity: Decimal
    remaining: Decimal
    value: Decimal


@dataclass
class Worth:
    """All held pieces of a product. `layers` is None for the moving average.

    The quantity is below zero while goods were issued before their receipt; the value is then
    what they were issued at, below zero as well.
    """

    quantity: Decimal = NOTHING
    value: Decimal = ZERO
    last_unit_cost: Decimal = NOTHING
    layers: list[Layer] | None = None

    @property
    def uncosted(self) -> Decimal:
        """Pieces issued beyond what was held."""
        return max(-self.quantity, NOTHING)

    def value_of(self, quantity: Decimal) -> Decimal:
        """What so many pieces are worth now: at the average, beyond that at the last known cost."""
        held = min(quantity, max(self.quantity, NOTHING))
        inside = share(self.value, held, self.quantity) if held else ZERO
        return inside + round_money((quantity - held) * self.last_unit_cost)

    def at_average(self, quantity: Decimal) -> Decimal:
        """What so many further pieces cost at today's average; at the last cost without any."""
        if self.quantity > 0:
            return round_money(quantity * self.value / self.quantity)
        return round_money(quantity * self.last_unit_cost)

    def receive(self, quantity: Decimal, value: Decimal, sequence: int) -> Decimal:
        """Take pieces in; answers what is gone: goods issued before cost that much more."""
        covered = min(quantity, self.uncosted)
        gone = ZERO
        if covered:
            issued_at = share(-self.value, covered, self.uncosted)
            gone = share(value, covered, quantity) - issued_at
        self.quantity += quantity
        self.value += value - gone
        if self.layers is not None and quantity > covered:
            kept = quantity - covered
            self.layers.append(Layer(sequence, kept, kept, self.value if covered else value))
        self._note_cost(value, quantity)
        return gone

    def issue(
        self, quantity: Decimal, value: Decimal | None = None, sequence: int | None = None
    ) -> tuple[Decimal, Decimal]:
        """Let pieces go; answers their value, and what is gone besides.

        A given `value` is kept (a receipt is reversed at what it cost). With the moving average
        the rest then carries the difference, unless there is no rest to carry it. `sequence` names
        the layer that they are taken from first.
        """
        cost = self._take(quantity, sequence)
        value = cost if value is None else value
        rest, left = self.quantity - quantity, self.value - value
        rest_carries_it = self.layers is None and rest > 0 and left >= 0
        gone = ZERO if rest_carries_it else cost - value
        self.quantity, self.value = rest, left - gone
        if self.layers is None and rest > 0:
            self.last_unit_cost = round_quantity(self.value / rest)
        return value, gone

    def revalue(
        self, amount: Decimal, quantity: Decimal, sequence: int | None = None
    ) -> tuple[Decimal, Decimal]:
        """Spread a later fact about `quantity` pieces: on those still held, and what is gone.

        First in, first out asks the receipt of that sequence, or else the newest ones.
        """
        layers = None if self.layers is None else list(self._newest(quantity, sequence))
        if layers is None:
            held, worth = min(quantity, max(self.quantity, NOTHING)), self.value
        else:
            held = sum((part for _, part in layers), NOTHING)
            worth = sum((layer.value for layer, _ in layers), ZERO)
        # Goods are never worth less than nothing, whatever a bill says.
        on_hand = max(share(amount, held, quantity), -worth) if held else ZERO
        self.value += on_hand
        _spread(on_hand, held, layers or [])
        if held and self.layers is None:
            self.last_unit_cost = round_quantity(self.value / self.quantity)
        return on_hand, amount - on_hand

    def _take(self, quantity: Decimal, sequence: int | None) -> Decimal:
        """Take pieces off the layers, oldest first; what they were worth there."""
        if self.layers is None:
            return self.value_of(quantity)
        wanted, worth = quantity, ZERO
        for layer in sorted(self.layers, key=lambda one: (one.sequence != sequence, one.sequence)):
            part = min(wanted, layer.remaining)
            value = share(layer.value, part, layer.remaining)
            layer.remaining, layer.value = layer.remaining - part, layer.value - value
            wanted, worth = wanted - part, worth + value
        self.layers = [layer for layer in self.layers if layer.remaining]
        return worth + round_money(wanted * self.last_unit_cost)

    def _newest(self, quantity: Decimal, sequence: int | None) -> Iterator[tuple[Layer, Decimal]]:
        for layer in sorted(self.layers or [], key=lambda one: -one.sequence):
            part = min(quantity, layer.remaining)
            if part and sequence in (None, layer.sequence):
                quantity -= part
                yield layer, part

    def _note_cost(self, value: Decimal, quantity: Decimal) -> None:
        if self.layers is None and self.quantity > 0:
            value, quantity = self.value, self.quantity
        self.last_unit_cost = round_quantity(value / quantity)


def _spread(amount: Decimal, quantity: Decimal, layers: list[tuple[Layer, Decimal]]) -> None:
    """Change the value of the layers by the parts taken of them, none below zero."""
    for layer, part in layers:
        piece = max(share(amount, part, quantity), -layer.value)
        layer.value += piece
        amount, quantity = amount - piece, quantity - part
    for layer, _ in layers:
        piece = max(amount, -layer.value)
        layer.value += piece
        amount -= piece
