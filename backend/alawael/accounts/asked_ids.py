"""The ids that a request names, and whether its caller may see what they stand for."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.http import HttpRequest

from alawael.accounts.policy import Sight, models_named, unseen
from alawael.core.errors import FieldError, Invalid, NotFound

UNSEEN = "not_found"


class Asked(NamedTuple):
    """One id in a request: where it stands, under which name."""

    pointer: str
    name: str
    id: UUID


def refuse_unseen(request: HttpRequest, sight: Sight, *, open_to_all: frozenset[str]) -> None:
    """Refuse a request that names what its caller may not see.

    Raises NotFound for ids in the path and Invalid for those in the query or the body, whether
    they are somebody else's or do not exist.
    """
    matched = request.resolver_match
    path = [
        _asked(f"/{name}", name, value)
        for name, value in (matched.kwargs if matched else {}).items()
    ]
    if _unseen(sight, [one for one in path if one and one.name not in open_to_all]):
        raise NotFound()
    others = [one for one in _in_query_and_body(request) if one.name not in open_to_all]
    if wrong := _unseen(sight, others):
        raise Invalid(errors=[FieldError(one.pointer, UNSEEN, NotFound.message) for one in wrong])


def _unseen(sight: Sight, asked: list[Asked]) -> list[Asked]:
    by_name: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        by_name[one.name].append(one)
    hidden = {name: unseen(sight, name, {one.id for one in some}) for name, some in by_name.items()}
    return [one for one in asked if one.id in hidden[one.name]]


def _in_query_and_body(request: HttpRequest) -> Iterator[Asked]:
    for name, values in request.GET.lists():
        for value in values:
            if found := _asked(f"/{name}", name, value):
                yield found
    if request.content_type == "application/json" and request.body:
        try:
            yield from _within(orjson.loads(request.body), "", "")
        except orjson.JSONDecodeError:
            return  # the endpoint says what is wrong with it


def _within(value: Any, pointer: str, name: str) -> Iterator[Asked]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _within(inner, f"{pointer}/{key}", key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _within(inner, f"{pointer}/{index}", name)
    elif found := _asked(pointer, name, value):
        yield found


def _asked(pointer: str, name: str, value: Any) -> Asked | None:
    if not models_named(name) or not isinstance(value, str | UUID):
        return None
    try:
        return Asked(pointer, name, UUID(str(value)))
    except ValueError:
        return None
