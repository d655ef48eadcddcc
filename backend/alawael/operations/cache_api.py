from django.http import HttpRequest, HttpResponse
from ninja import Router

from alawael.accounts.permissions import SignedInRequest, may
from alawael.cache import runtime, services
from alawael.core.clock import now
from alawael.core.errors import NotFound, Text, one_error
from alawael.core.schemas import PROBLEMS, file_answer
from alawael.operations import cache_queries
from alawael.operations.cache_schemas import CacheOut, CachePurgeIn, CachePurgeOut, CacheSwitchIn

router = Router()


@router.get(
    "/cache",
    auth=may("cache:read", whole_company=True),
    response={200: CacheOut, **PROBLEMS},
    operation_id="read_cache",
    summary="What the response cache of this machine holds, and how often it helped",
)
def read_cache(request: SignedInRequest) -> cache_queries.CacheFigures:
    return cache_queries.figures()


@router.post(
    "/cache/purge",
    auth=may("cache:manage", whole_company=True),
    response={200: CachePurgeOut, **PROBLEMS},
    operation_id="purge_cache",
    summary="Throw kept answers away, on every machine",
)
def purge_cache(request: SignedInRequest, payload: CachePurgeIn) -> dict[str, list[str]]:
    if payload.everything:
        runtime.throw_away(cache_queries.everything())
        return {"operations": []}
    if payload.pattern is None and payload.table is None:
        raise one_error(
            "/pattern",
            "missing",
            Text("Say what to throw away.", "حدّد ما تريد حذفه."),
        )
    if payload.table is not None and not cache_queries.is_table(payload.table):
        raise one_error(
            "/table", "unknown_table", Text("There is no such table.", "لا يوجد جدول كهذا.")
        )
    found = cache_queries.operations_at(payload.pattern) if payload.pattern else []
    cells = cache_queries.cells_of(operations=found, table=payload.table, row=payload.row)
    if cells:
        runtime.throw_away(cells)
    return {"operations": found}


@router.put(
    "/cache/routes/{operation}",
    auth=may("cache:manage", whole_company=True),
    response={200: CacheOut, **PROBLEMS},
    operation_id="switch_cache_route",
    summary="Keep the answers of one operation, or ask every time",
)
def switch_cache_route(
    request: SignedInRequest, operation: str, payload: CacheSwitchIn
) -> cache_queries.CacheFigures:
    if not cache_queries.is_kept(operation):
        raise NotFound()
    services.switch(operation, on=payload.is_on, by=request.user, at=now())
    return cache_queries.figures()


@router.get(
    "/metrics",
    auth=may("cache:read", whole_company=True),
    response=PROBLEMS,
    operation_id="read_metrics",
    summary="The figures of the response cache, for Prometheus",
    openapi_extra=file_answer("text/plain"),
)
def read_metrics(request: HttpRequest) -> HttpResponse:
    return HttpResponse(cache_queries.as_text(), "text/plain; version=0.0.4; charset=utf-8")
