"""The cache of this process: made when it is first needed, told of every change from the start."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings

from alawael.cache.layer import CacheLayer
from alawael.cache.stamps import Stamps
from alawael.cache.statistics import Statistics
from alawael.cache.wiring import Application, Wiring
from alawael.core.clock import now
from alawael.core.version import VERSION

if TYPE_CHECKING:
    from alawael.cache.machines import Machines
    from alawael.cache.remote import Change

#: How long a change may still come after the line to MongoDB broke during its commit: longer
#: than the server lets a transaction live (seconds).
DOUBT = 120


@lru_cache(maxsize=1)
def stamps() -> Stamps:
    """The table that all processes on this machine share."""
    return Stamps(settings.CACHE_STAMPS)


@lru_cache(maxsize=1)
def machines() -> "Machines | None":
    """The other machines over the same database; None where there can be none."""
    if not settings.CACHE_REDIS_URL:
        return None
    # Only here, so that a program without Redis does not load its client.
    from alawael.cache.machines import Machines
    from alawael.cache.redis_clients import Line
    from alawael.cache.remote import RedisAnswers, RedisStamps

    line = Line(settings.CACHE_REDIS_URL)
    return Machines(
        stamps(),
        RedisStamps(line, settings.CACHE_SPACE),
        RedisAnswers(
            line,
            # Two releases beside each other share changes, not answers.
            f"{settings.CACHE_SPACE}:{VERSION}",
            settings.CACHE_SECRET,
            settings.CACHE_LIFETIME_MS / 1000,
        ),
        probe=Line(settings.CACHE_REDIS_URL, patience=1.0),
        clock=now,
    )


class Changes:
    """Hears of every change of this process and announces it to all the others."""

    def begin(self, cells: set[int]) -> tuple[int, "Change | None"]:
        if (others := machines()) is not None:
            return others.begin(cells)
        return stamps().begin(cells), None

    def finish(self, change: tuple[int, "Change | None"]) -> None:
        if (others := machines()) is not None:
            others.finish(*change)
        else:
            stamps().finish(change[0])

    def doubt(self, change: tuple[int, "Change | None"]) -> None:
        # Open in Redis, too, until somebody finds it abandoned.
        stamps().doubt(change[0], DOUBT)


_layer: CacheLayer | None = None


def layer(application: Application, wiring: Any) -> CacheLayer:
    """The layer around the program; one for each process."""
    global _layer
    operations = sorted({route.operation for route in wiring.routes.values()})
    kept_by: Wiring = wiring
    _layer = CacheLayer(
        application,
        stamps=stamps(),
        wiring=kept_by,
        count=Statistics(settings.CACHE_STATISTICS, operations),
        most_bytes=settings.CACHE_MEMORY,
        lifetime=settings.CACHE_LIFETIME_MS / 1000,
        remote=machines(),
    )
    return _layer


def state() -> Literal["operational", "degraded", "disabled"]:
    """Whether answers are kept; degraded means that the other machines cannot be heard."""
    if not settings.CACHE_ENABLED:
        return "disabled"
    others = machines()
    return "operational" if others is None or others.is_reachable() else "degraded"


def throw_away(cells: set[int]) -> None:
    """Let nobody on any machine give what hangs on these cells."""
    changes = Changes()
    changes.finish(changes.begin(cells))


def current() -> CacheLayer | None:
    """The layer of this process; None in one that serves no requests, or without a cache."""
    return _layer
