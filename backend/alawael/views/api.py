from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Status

from alawael.accounts.permissions import SignedInRequest, signed_in
from alawael.core.clock import now
from alawael.core.http import expected_version, with_etag
from alawael.core.paging import Listing, ListQuery
from alawael.core.schemas import PROBLEMS, Page
from alawael.views import queries, services
from alawael.views.models import SavedView
from alawael.views.schemas import ListKey, ViewChange, ViewIn, ViewOut

router = Router(auth=signed_in)

VIEWS = Listing(ViewOut, sorts={"name": "name", "id": "id"}, default_sort="name")


class ViewQuery(ListQuery):
    list_key: ListKey | None = None


@router.get(
    "/views",
    response={200: Page[ViewOut], **PROBLEMS},
    operation_id="list_views",
    summary="Your saved views and the shared ones",
)
def list_views(request: SignedInRequest, query: Query[ViewQuery]) -> dict[str, Any] | HttpResponse:
    rows = queries.views_for(request.user)
    if query.list_key:
        rows = rows.filter(list_key=query.list_key)
    return VIEWS.page(request, rows, query)


@router.post(
    "/views",
    response={201: ViewOut, **PROBLEMS},
    operation_id="save_view",
    summary="Save a view of a list",
)
def save_view(
    request: SignedInRequest, response: HttpResponse, payload: ViewIn
) -> Status[SavedView]:
    view = services.save_view(**payload.dict(), by=request.user, at=now())
    with_etag(response, view)
    return Status(201, view)


@router.patch(
    "/views/{view_id}",
    response={200: ViewOut, **PROBLEMS},
    operation_id="change_view",
    summary="Change one of your views",
)
def change_view(
    request: SignedInRequest, response: HttpResponse, view_id: UUID, payload: ViewChange
) -> SavedView:
    view = services.change_view(
        queries.own_view(request.user, view_id),
        payload.dict(exclude_unset=True, exclude_none=True),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    with_etag(response, view)
    return view


@router.delete(
    "/views/{view_id}",
    response={204: None, **PROBLEMS},
    operation_id="delete_view",
    summary="Delete one of your views",
)
def delete_view(request: SignedInRequest, view_id: UUID) -> Status[None]:
    services.delete_view(
        queries.own_view(request.user, view_id),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    return Status(204, None)
