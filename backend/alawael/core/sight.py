"""What core knows of who may see what: a request carries somebody's sight, set by `accounts`."""

from collections.abc import Iterable
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

from django.db.models import Model, QuerySet
from pydantic import (
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    SerializationInfo,
    WrapSerializer,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from alawael.core.errors import Forbidden, Text

M = TypeVar("M", bound=Model)

#: Who holds it sees what goods cost and what stock is worth.
COSTS = "cost:read"


class Sees(Protocol):
    """What somebody sees (`accounts.policy.Sight`)."""

    def rows(self, rows: QuerySet[M]) -> QuerySet[M]:
        """Of these rows, those that this person sees."""

    def allows(self, permission: str) -> bool:
        """Whether this person may do something."""

    def unseen(self, name: str, ids: Iterable[UUID]) -> set[UUID]:
        """Which of the ids that travel under a name this person does not see."""


class FieldHidden(Forbidden):
    code = "field_hidden"
    message = Text(
        "“{field}” is shown with the permission “{permission}” only. Ask an administrator.",
        "لا يُعرض «{field}» إلا بالصلاحية «{permission}». اطلبها من مدير النظام.",
    )


class Written:
    """A field of an answer that is written as whoever asks may see it."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return WrapSerializer(self._written).__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        # What stands in the contract is what the field holds, however it is written.
        held = {name: value for name, value in schema.items() if name != "serialization"}
        return handler(cast(CoreSchema, held))

    def _written(self, value: Any, write: Any, info: SerializationInfo) -> Any:
        raise NotImplementedError


class Hidden(Written):
    """In an answer's field, `Annotated[MoneyText | None, Hidden("cost:read")]`: null for whoever
    lacks the permission, wherever the schema is answered."""

    #: Every permission that some field asks for.
    permissions: set[str] = set()

    def __init__(self, permission: str) -> None:
        self.permission = permission
        self.permissions.add(permission)

    def _written(self, value: Any, write: Any, info: SerializationInfo) -> Any:
        shown = value is None or may_read((info.context or {}).get("request"), self.permission)
        return write(value) if shown else None


class SeenOnly(Written):
    """In an answer's list, `Annotated[list[LinkOut], SeenOnly("document_id")]`: only those items
    whose `id`, which travels under that name, whoever asks may see."""

    def __init__(self, name: str) -> None:
        self.name = name

    def _written(self, items: list[Any], write: Any, info: SerializationInfo) -> Any:
        sight: Sees | None = getattr((info.context or {}).get("request"), "sight", None)
        if sight is None or not items:
            return write(items)
        unseen = sight.unseen(self.name, [item.id for item in items])
        return write([item for item in items if item.id not in unseen])


def may_read(request: Any, permission: str) -> bool:
    """Whether whoever asks may see what is hidden behind a permission; the program itself may."""
    sight: Sees | None = getattr(request, "sight", None)
    return sight is None or sight.allows(permission)


def seen(request: Any, rows: QuerySet[M]) -> QuerySet[M]:
    """Of these rows, those that whoever asks may see."""
    return seen_by(getattr(request, "sight", None), rows)


def seen_by(sight: Sees | None, rows: QuerySet[M]) -> QuerySet[M]:
    """Of these rows, those that somebody sees; the program itself (None) sees all."""
    return rows if sight is None else sight.rows(rows)


def hidden_behind(schema: Any, name: str) -> str | None:
    """The permission without which a schema's field is hidden; None for what everybody sees."""
    field = schema.model_fields.get(name)
    marks = (mark for mark in (field.metadata if field else ()) if isinstance(mark, Hidden))
    return next((mark.permission for mark in marks), None)


def refuse_hidden(request: Any, schema: Any, name: str) -> None:
    """Raise FieldHidden when whoever asks may not see a schema's field."""
    permission = hidden_behind(schema, name)
    if permission is not None and not may_read(request, permission):
        raise FieldHidden(field=name, permission=permission)
