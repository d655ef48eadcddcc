"""Lists: keyset pages, sorted and filtered by the server, with the fields that were asked for."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import orjson
from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field as SchemaField
from ninja import Schema
from pydantic import ConfigDict, field_validator

from alawael.core.audit import jsonable
from alawael.core.errors import Text, one_error
from alawael.core.schemas import storable
from alawael.core.sight import refuse_hidden, seen

M = TypeVar("M", bound=Model)


class ListQuery(Schema):
    """What every list understands; domains add their filters as further fields."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    limit: int = SchemaField(50, ge=1, le=200, description="Rows per page.")
    after: str | None = SchemaField(
        None, max_length=600, description="`next` of the page before this one."
    )
    sort: str | None = SchemaField(
        None, max_length=60, description="A sortable field; with “-” in front, the other way round."
    )
    q: str | None = SchemaField(None, max_length=200, description="Words to search for.")
    fields: str | None = SchemaField(
        None, max_length=600, description="Only these fields of each row, separated by commas."
    )
    count: bool = SchemaField(False, description="Also count all matching rows.")

    @field_validator("*", mode="after")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        return storable(value)


@dataclass(frozen=True)
class Listing:
    """How one kind of row is listed: its schema, what it sorts by, how it is searched.

    `sorts` maps public names to lookup paths; every path should be indexed. `complete` gets the
    rows of a page and adds to them what is reckoned for all of them at once. `reckoned` are sorts
    by a number that no column holds: each gets all rows that match, and answers it by their key.
    """

    schema: type[Schema]
    sorts: Mapping[str, str]
    default_sort: str
    search: Callable[[str], Q] | None = None
    complete: Callable[[list[Any]], None] | None = None
    reckoned: Mapping[str, Callable[[QuerySet[Any]], Mapping[UUID, int]]] | None = None

    def page(
        self, request: HttpRequest, rows: QuerySet[M], query: ListQuery
    ) -> dict[str, Any] | HttpResponse:
        """One page of those `rows` that the caller may see, ready to be answered.

        Raises Invalid for an unknown sort, field or a cursor of another list, and FieldHidden for
        a sort or field that the caller may not see.
        """
        rows = seen(request, rows)
        if query.q and self.search:
            rows = rows.filter(self.search(query.q))
        total = rows.count() if query.count else None
        sort = query.sort or self.default_sort
        path, descending = self._sort(sort)
        refuse_hidden(request, self.schema, sort.removeprefix("-"))
        reckon = (self.reckoned or {}).get(path)
        found, following = (
            _by_number(rows, query, path, descending, reckon(rows))
            if reckon
            else _by_column(rows, query, path, descending)
        )
        if self.complete:
            self.complete(found)
        answer = {"items": found, "next": following, "total": total}
        return self._only(query.fields, answer, request) if query.fields else answer

    def _sort(self, sort: str) -> tuple[str, bool]:
        name = sort.removeprefix("-")
        reckoned = self.reckoned or {}
        if name in reckoned:
            return name, sort.startswith("-")
        if name not in self.sorts:
            choices = ", ".join(sorted([*self.sorts, *reckoned]))
            raise one_error(
                "/sort",
                "unknown_sort",
                Text(f"Sort by one of: {choices}.", f"رتّب حسب أحد الحقول: {choices}."),
            )
        return self.sorts[name], sort.startswith("-")

    def _only(self, fields: str, answer: dict[str, Any], request: HttpRequest) -> HttpResponse:
        wanted = {name.strip() for name in fields.split(",") if name.strip()}
        unknown = sorted(wanted - set(self.schema.model_fields))
        if unknown:
            raise one_error(
                "/fields",
                "unknown_field",
                Text(f"There is no field {unknown[0]}.", f"لا يوجد حقل باسم {unknown[0]}."),
            )
        for name in sorted(wanted):
            refuse_hidden(request, self.schema, name)
        context = {"request": request}
        items = [
            self.schema.model_validate(row, context=context).model_dump(
                mode="json", include=wanted, context=context
            )
            for row in answer["items"]
        ]
        return HttpResponse(orjson.dumps({**answer, "items": items}), "application/json")


def _by_column(
    rows: QuerySet[M], query: ListQuery, path: str, descending: bool
) -> tuple[list[M], str | None]:
    """The rows of a page and the mark of the next one."""
    if query.after:
        rows = rows.filter(_behind(rows, path, descending, _mark(query.after, path, rows.model)))
    direction = "-" if descending else ""
    found = list(rows.order_by(f"{direction}{path}", f"{direction}pk")[: query.limit + 1])
    more, found = len(found) > query.limit, found[: query.limit]
    return found, _encode(path, _value(found[-1], path), found[-1].pk) if more else None


def _by_number(
    rows: QuerySet[M], query: ListQuery, name: str, descending: bool, numbers: Mapping[UUID, int]
) -> tuple[list[M], str | None]:
    """The same for what was reckoned: behind the mark as the figures are now."""
    places = sorted(((number, key) for key, number in numbers.items()), reverse=descending)
    if query.after:
        mark = _number_mark(query.after, name)
        places = [one for one in places if (one < mark if descending else one > mark)]
    more, places = len(places) > query.limit, places[: query.limit]
    found = rows.in_bulk([key for _, key in places])
    following = _encode(name, *places[-1]) if more else None
    return [found[key] for _, key in places if key in found], following


def _number_mark(cursor: str, name: str) -> tuple[int, UUID]:
    number, key = _decode(cursor, name)
    try:
        return int(number), UUID(key)
    except (ValueError, TypeError, ArithmeticError) as error:
        raise _foreign_cursor() from error


def _behind(rows: QuerySet[M], path: str, descending: bool, mark: tuple[Any, Any]) -> Q:
    """The rows after a mark. Both engines sort null before every value."""
    value, pk = mark
    beyond = Q(pk__lt=pk) if descending else Q(pk__gt=pk)
    if path in ("pk", "id"):
        return beyond
    nullable = _field(rows.model, path).null
    if value is None:
        same = Q(**{f"{path}__isnull": True}) & beyond
        return same if descending else same | Q(**{f"{path}__isnull": False})
    further = Q(**{f"{path}__{'lt' if descending else 'gt'}": value})
    if descending and nullable:
        further |= Q(**{f"{path}__isnull": True})
    return further | (Q(**{path: value}) & beyond)


def _field(model: type[Model], path: str) -> "Field[Any, Any]":
    field: Any = None
    for name in path.split("__"):
        field = model._meta.get_field(name)
        model = field.related_model or model
    return field  # type: ignore[no-any-return]


def _value(row: Model, path: str) -> Any:
    value: Any = row
    for name in path.split("__"):
        value = getattr(value, name)
    return value


def _encode(path: str, value: Any, pk: Any) -> str:
    mark = orjson.dumps([path, jsonable(value), str(pk)])
    return base64.urlsafe_b64encode(mark).decode().rstrip("=")


def _mark(cursor: str, path: str, model: type[Model]) -> tuple[Any, Any]:
    """The sort value and key that a cursor stands for, as the columns know them.

    A cursor is only encoded, not signed, so whatever it holds is checked.
    """
    value, pk = _decode(cursor, path)
    key = model._meta.pk
    try:
        if path not in ("pk", "id") and value is not None:
            field = _field(model, path)
            value = field.to_python(value)
            field.get_prep_value(value)
        return value, key.to_python(pk)
    except (ValueError, TypeError, ArithmeticError, ValidationError) as error:
        raise _foreign_cursor() from error


def _decode(cursor: str, path: str) -> tuple[Any, Any]:
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        mark = orjson.loads(base64.urlsafe_b64decode(padded))
        made_for, value, pk = mark
    except (ValueError, binascii.Error, TypeError):
        made_for, value, pk = None, None, None
    if made_for != path or not isinstance(pk, str) or isinstance(value, list | dict):
        raise _foreign_cursor()
    return value, pk


def _foreign_cursor() -> Exception:
    return one_error(
        "/after",
        "unknown_cursor",
        Text(
            "This page mark belongs to another list or sort order. Start from the first page.",
            "علامة الصفحة هذه تخص قائمة أو ترتيبًا آخر. ابدأ من الصفحة الأولى.",
        ),
    )
