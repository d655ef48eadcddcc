"""Model fields that keep exact numbers as integers, because SQLite stores decimals as floats."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable

from alawael.core.ids import new_id
from alawael.core.money import MONEY_DECIMALS, QUANTITY_DECIMALS

#: The largest whole number that SQLite and BSON both hold.
LARGEST = 2**63 - 1


class ScaledField(models.BigIntegerField):  # type: ignore[type-arg]
    """A `Decimal` with a fixed number of decimals, stored as a whole number.

    Sums, comparisons and `F` updates are therefore exact on both engines. In an `F` expression
    add or take away `steps(amount)`, never a bare `Decimal`.
    """

    decimals: int
    if TYPE_CHECKING:  # how django-stubs learns what the attribute takes and gives
        _pyi_private_set_type: Decimal | Combinable  # type: ignore[assignment]
        _pyi_private_get_type: Decimal  # type: ignore[assignment]
        _pyi_lookup_exact_type: Decimal  # type: ignore[assignment]

    def from_db_value(self, value: int | None, *_: object) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-self.decimals)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(str(value))
        except InvalidOperation as error:
            raise ValidationError(f"{value!r} is not a number.") from error

    def get_prep_value(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return self.steps(Decimal(value))

    @classmethod
    def steps(cls, amount: Decimal) -> int:
        """The stored whole number of an amount, for `F` expressions.

        Raises ValueError when the amount has more decimals than the field keeps: rounding is a
        decision that belongs to a rule, not to storage.
        """
        scaled = amount.scaleb(cls.decimals)
        whole = scaled.to_integral_value(rounding=ROUND_HALF_UP)
        if whole != scaled:
            raise ValueError(f"{amount} has more than {cls.decimals} decimals.")
        if abs(whole) > LARGEST:
            raise ValueError(f"{amount} is too large.")
        return int(whole)

    def formfield(self, **kwargs: Any) -> Any:
        return None


class MoneyField(ScaledField):
    """An amount of money with two decimals, stored in minor units (halalas)."""

    decimals = MONEY_DECIMALS


class QuantityField(ScaledField):
    """A quantity, unit price or rate with six decimals, stored in millionths."""

    decimals = QUANTITY_DECIMALS


class Record(models.Model):
    """Anything with an id of ours and a version that every change moves on by one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class Row(models.Model):
    """Anything written once, or part of a record: an id of ours and no version of its own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True
