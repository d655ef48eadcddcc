from typing import Annotated, Any
from uuid import UUID

import orjson
from ninja import Field
from pydantic import AfterValidator

from alawael.core.schemas import In, Out

LARGEST_STATE = 8_000


def _small(state: dict[str, Any]) -> dict[str, Any]:
    text = orjson.dumps(state)
    if len(text) > LARGEST_STATE or b"\\u0000" in text:
        raise ValueError("This is too much for a view.")
    return state


ViewState = Annotated[dict[str, Any], AfterValidator(_small)]
ListKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,59}$", examples=["products"])]


class ViewIn(In):
    list_key: ListKey
    name: str = Field(min_length=1, max_length=80, examples=["Active goods"])
    state: ViewState = Field(examples=[{"sort": "sku", "is_active": True}])
    is_shared: bool = False
    is_default: bool = False


class ViewChange(In):
    name: str | None = Field(None, min_length=1, max_length=80)
    state: ViewState | None = None
    is_shared: bool | None = None
    is_default: bool | None = None


class ViewOut(Out):
    id: UUID
    version: int
    list_key: str
    name: str
    state: dict[str, Any]
    is_shared: bool
    is_default: bool
    owner_id: UUID
    owner_name: str = Field(alias="owner.actor_name")
