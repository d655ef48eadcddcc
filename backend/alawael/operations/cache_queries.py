"""The response cache as an operator wants to see it: of a whole machine, not of one process."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from django.conf import settings

from alawael.cache import queries, runtime
from alawael.cache.statistics import OUTCOMES, RouteCount
from alawael.cache.tags import EVERYTHING, cell_of_route, cell_of_row, known_tables, write_cells


@dataclass(frozen=True)
class RouteFigures:
    operation: str
    path: str
    is_on: bool
    per_user: bool
    hits: int
    misses: int
    bypasses: int
    guarded: int
    hit_ratio: float


@dataclass(frozen=True)
class CacheFigures:
    state: Literal["operational", "degraded", "disabled"]
    hit_ratio: float
    hits: int
    misses: int
    processes: int
    entries: int
    bytes: int
    most_bytes: int
    evicted: int
    oldest_at: datetime | None
    routes: list[RouteFigures]


def figures() -> CacheFigures:
    """What the cache of this machine did since it was started, and what it holds."""
    layer = runtime.current()
    if layer is None:
        return CacheFigures(runtime.state(), 0.0, 0, 0, 0, 0, 0, 0, 0, None, [])
    layer.note()
    counted = {count.operation: count for count in layer.count.routes()}
    off = queries.switched_off()
    routes = [
        _route(pattern, route.operation, route.per_user, counted.get(route.operation), off)
        for pattern, route in sorted(layer.wiring.routes.items())
    ]
    held = layer.count.memories()
    hits = sum(route.hits for route in routes)
    misses = sum(route.misses + route.guarded for route in routes)
    return CacheFigures(
        state=runtime.state(),
        hit_ratio=hits / (hits + misses) if hits + misses else 0.0,
        hits=hits,
        misses=misses,
        processes=held.processes,
        entries=held.entries,
        bytes=held.bytes,
        most_bytes=settings.CACHE_MEMORY * max(1, held.processes),
        evicted=held.evicted,
        oldest_at=datetime.fromtimestamp(held.oldest, UTC) if held.oldest else None,
        routes=routes,
    )


def _route(
    pattern: str, operation: str, per_user: bool, count: RouteCount | None, off: frozenset[str]
) -> RouteFigures:
    count = count or RouteCount(operation, *(0 for _ in OUTCOMES))
    return RouteFigures(
        operation=operation,
        path=template(pattern),
        is_on=operation not in off,
        per_user=per_user,
        hits=count.hits,
        misses=count.misses,
        bypasses=count.bypasses,
        guarded=count.guarded,
        hit_ratio=count.hit_ratio,
    )


def template(pattern: str) -> str:
    """Django's `api/products/<product_id>` as the contract writes it."""
    named = pattern.replace("<path:", "<").replace("<", "{").replace(">", "}")
    return f"/{named}"


def is_kept(operation: str) -> bool:
    layer = runtime.current()
    return layer is not None and any(
        route.operation == operation for route in layer.wiring.routes.values()
    )


def operations_at(pattern: str) -> list[str]:
    """The operations that answer addresses like this one. Too many rather than too few."""
    layer = runtime.current()
    if layer is None:
        return []
    start, has_rest, _ = pattern.partition("*")
    found = []
    for known, route in layer.wiring.routes.items():
        fixed, varies, _ = template(known).partition("{")
        goes_on = bool(has_rest) and fixed.startswith(start)
        fits = bool(varies) and start.startswith(fixed)
        if start == fixed or goes_on or fits:
            found.append(route.operation)
    return sorted(found)


def is_table(name: str) -> bool:
    return name in known_tables()


def cells_of(*, operations: list[str], table: str | None, row: Any) -> set[int]:
    """What must be stamped so that nobody gives what was kept of these any more."""
    cells = {cell_of_route(operation) for operation in operations}
    if table is not None and row is not None:
        cells.add(cell_of_row(table, row))
    elif table is not None:
        cells |= write_cells(table, None)
    return cells


def everything() -> set[int]:
    return {EVERYTHING}


def as_text() -> str:
    """The figures for Prometheus, in its text format."""
    found = figures()
    lines = [
        "# HELP alawael_cache_up Whether answers are kept (1), or the other machines unheard (0).",
        "# TYPE alawael_cache_up gauge",
        f"alawael_cache_up {int(found.state == 'operational')}",
        "# HELP alawael_cache_requests_total Requests to routes that may be kept, by outcome.",
        "# TYPE alawael_cache_requests_total counter",
    ]
    for route in found.routes:
        for outcome, count in (
            ("hit", route.hits),
            ("miss", route.misses),
            ("bypass", route.bypasses),
            ("stale_guard", route.guarded),
        ):
            if count:
                labels = f'operation="{route.operation}",outcome="{outcome}"'
                lines.append(f"alawael_cache_requests_total{{{labels}}} {count}")
    for name, kind, value, meaning in (
        ("bytes", "gauge", found.bytes, "Memory of kept answers, all processes of the machine."),
        ("entries", "gauge", found.entries, "Answers kept, all processes of the machine."),
        ("evictions_total", "counter", found.evicted, "Answers thrown out for want of room."),
        ("processes", "gauge", found.processes, "Processes that keep answers."),
    ):
        lines += [
            f"# HELP alawael_cache_{name} {meaning}",
            f"# TYPE alawael_cache_{name} {kind}",
            f"alawael_cache_{name} {value}",
        ]
    if found.oldest_at is not None:
        lines += [
            "# HELP alawael_cache_oldest_timestamp_seconds When the oldest kept answer was made.",
            "# TYPE alawael_cache_oldest_timestamp_seconds gauge",
            f"alawael_cache_oldest_timestamp_seconds {found.oldest_at.timestamp():.0f}",
        ]
    return "\n".join(lines) + "\n"
