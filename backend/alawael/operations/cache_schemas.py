from typing import Literal
from uuid import UUID

from ninja import Field

from alawael.core.schemas import In, Moment, Out


class CacheRouteOut(Out):
    operation: str = Field(examples=["list_products"])
    path: str = Field(examples=["/api/products"])
    is_on: bool
    per_user: bool = Field(description="Kept for each user apart, because it depends on who asks.")
    hits: int
    misses: int
    bypasses: int = Field(description="Asked of the database on purpose.")
    guarded: int = Field(description="Not kept, because something changed while it was made.")
    hit_ratio: float = Field(ge=0, le=1)


class CacheOut(Out):
    """The response cache of this machine, all its processes together, since they were started."""

    state: Literal["operational", "degraded", "disabled"]
    hit_ratio: float = Field(ge=0, le=1)
    hits: int
    misses: int
    processes: int
    entries: int
    bytes: int
    most_bytes: int = Field(description="What all processes together may keep.")
    evicted: int = Field(description="Thrown out for want of room.")
    oldest_at: Moment | None
    routes: list[CacheRouteOut]


class CachePurgeIn(In):
    """What to throw away: by address, by table or row, or everything."""

    pattern: str | None = Field(
        None,
        max_length=300,
        examples=["/api/products*"],
        description="Addresses; * stands for anything. More may go than it names, never less.",
    )
    table: str | None = Field(None, max_length=100, examples=["catalog_product"])
    row: UUID | None = Field(None, description="Only what was made from this row of the table.")
    everything: bool = False


class CachePurgeOut(Out):
    operations: list[str] = Field(description="The operations whose answers went, when few.")


class CacheSwitchIn(In):
    is_on: bool
