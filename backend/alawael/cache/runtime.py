"""The cache of this process: made when it is first needed, told of every change from the start."""

from functools import lru_cache
from typing import Any

from django.conf import settings

from alawael.cache.layer import Application, CacheLayer, Wiring
from alawael.cache.stamps import Stamps
from alawael.cache.statistics import Statistics

#: How long a change may still come after the line to MongoDB broke during its commit: longer
#: than the server lets a transaction live (seconds).
DOUBT = 120


@lru_cache(maxsize=1)
def stamps() -> Stamps:
    """The table that all processes on this machine share."""
    return Stamps(settings.CACHE_STAMPS)


class Changes:
    """Hears of every change of this process and stamps it for all the others."""

    def begin(self, cells: set[int]) -> int:
        return stamps().begin(cells)

    def finish(self, change: int) -> None:
        stamps().finish(change)

    def doubt(self, change: int) -> None:
        stamps().doubt(change, DOUBT)


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
    )
    return _layer


def current() -> CacheLayer | None:
    """The layer of this process; None in one that serves no requests, or without a cache."""
    return _layer
