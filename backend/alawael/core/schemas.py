"""Types of the API that every domain shares: exact numbers as text, strict input, pages."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from ninja import Field, Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    SerializationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from alawael.core.money import plain
from alawael.core.sight import COSTS, Hidden, SeenOnly

T = TypeVar("T")


def _no_floats(value: Any) -> Any:
    if isinstance(value, float | bool):
        raise ValueError('Send numbers as text, such as "12.50".')
    return value


def _finite(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise ValueError("This is not a number.")
    return value


def _reasonable_day(value: date) -> date:
    if not 1900 <= value.year <= 2199:
        raise ValueError("The year must be between 1900 and 2199.")
    return value


_EXACT = (BeforeValidator(_no_floats), AfterValidator(_finite))


def _answered(write: Callable[[Any], str]) -> PlainSerializer:
    """Write the value in this form in answers and JSON, but leave it exact in `payload.dict()`.

    ninja dumps answers in Python mode; what tells them apart is the context it dumps them with.
    """

    def serialize(value: Any, info: SerializationInfo) -> Any:
        return write(value) if info.mode == "json" or info.context else value

    return PlainSerializer(serialize)


def _utc(moment: datetime) -> str:
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


#: An amount of money, "1234.50".
MoneyText = Annotated[
    Decimal,
    *_EXACT,
    Field(max_digits=15, decimal_places=2),
    _answered(lambda value: f"{value:.2f}"),
    WithJsonSchema(
        {"type": "string", "examples": ["1234.50"], "pattern": r"^-?\d{1,13}(\.\d{1,2})?$"}
    ),
]
#: A quantity, unit price or rate with up to six decimals, "0.5".
QuantityText = Annotated[
    Decimal,
    *_EXACT,
    Field(max_digits=18, decimal_places=6),
    _answered(plain),
    WithJsonSchema(
        {"type": "string", "examples": ["12.5"], "pattern": r"^-?\d{1,12}(\.\d{1,6})?$"}
    ),
]
#: A calendar day within the years that both engines and every calendar here can hold.
Day = Annotated[date, AfterValidator(_reasonable_day)]
#: A moment; answered in UTC with milliseconds.
Moment = Annotated[
    AwareDatetime,
    _answered(_utc),
    WithJsonSchema(
        {"type": "string", "format": "date-time", "examples": ["2026-01-31T08:00:00.123Z"]}
    ),
]


#: What goods cost and what stock is worth: null for whoever may not see costs.
CostMoney = Annotated[MoneyText | None, Hidden(COSTS)]
CostQuantity = Annotated[QuantityText | None, Hidden(COSTS)]


class In(Schema):
    """Base of everything that is sent: unknown fields are refused, text is trimmed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @field_validator("*", mode="after")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        return storable(value)


def _without_defaults(schema: dict[str, Any]) -> None:
    schema.pop("required", None)
    for described in schema.get("properties", {}).values():
        described.pop("default", None)


class Patch(In):
    """Base of changes: every field may be left out, and only what is sent changes.

    Put it before the schema of creation, `class PartyPatch(Patch, PartyIn)`, give the required
    fields a default, and read it with `payload.dict(exclude_unset=True)`.
    """

    model_config = ConfigDict(json_schema_extra=_without_defaults)


class Out(Schema):
    """Base of everything that is answered."""


def storable(value: Any) -> Any:
    """Refuse text that a database cannot keep (NUL); raises ValueError."""
    if isinstance(value, str) and "\x00" in value:
        raise ValueError("The text contains a character that cannot be stored.")
    return value


class Page(Schema, Generic[T]):
    """One page of a list. Pass `next` as `after` to read on; null when this was the last page."""

    items: list[T]
    next: str | None = None
    total: int | None = Field(None, description="Only when asked for with count=true.")


class ProblemError(Schema):
    pointer: str = Field(examples=["/lines/0/quantity"])
    code: str = Field(examples=["missing"])
    message: str = Field(examples=["This value is missing."])


class Problem(Schema):
    """Why a request was refused (RFC 9457). `code` is stable, texts follow Accept-Language."""

    type: str = Field(examples=["https://alawael-erp.com/problems/version_conflict"])
    title: str = Field(examples=["Changed by somebody else"])
    status: int = Field(examples=[412])
    detail: str
    code: str = Field(examples=["version_conflict"])
    errors: list[ProblemError] = []
    request_id: str
    facts: dict[str, Any] = {}


class IdOut(Out):
    id: UUID


class LinkOut(Out):
    """Another document that this one was made from, or that was made from this one."""

    #: As in the audit trail.
    type: str = Field(examples=["invoicing.invoice"])
    id: UUID
    number: str | None = Field(examples=["INV-000001"])
    state: str | None = None


#: The documents that hang together with one; whoever asks sees those that they may open.
Links = Annotated[list[LinkOut], SeenOnly("document_id")]

#: Spread into `response=` so that the contract and its typed clients know the refusals.
PROBLEMS: dict[int, type[Problem]] = dict.fromkeys(
    (400, 401, 403, 404, 408, 409, 411, 412, 413, 414, 422, 429), Problem
)


def file_answer(*media_types: str) -> dict[str, Any]:
    """`openapi_extra` of a route that answers a file of one of these types."""
    content = {
        media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in media_types
    }
    return {"responses": {200: {"description": "The file.", "content": content}}}


class SpanQuery(Schema):
    """Days from `from` to `to`, both included; in Python `first` and `last`."""

    model_config = ConfigDict(populate_by_name=True)

    first: Day = Field(alias="from", examples=["2026-01-01"])
    last: Day = Field(alias="to", examples=["2026-12-31"])

    @model_validator(mode="after")
    def _forwards(self) -> "SpanQuery":
        if self.first > self.last:
            raise ValueError("The first day lies after the last one.")
        return self
