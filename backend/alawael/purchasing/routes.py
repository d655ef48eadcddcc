"""What the route modules share: doing a command or rehearsing it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from alawael.accounts.permissions import SignedInRequest
from alawael.core.fields import Record
from alawael.core.http import with_etag
from alawael.purchasing.reading import Reader, Sheet
from alawael.purchasing.schemas import PurchasingDryRun
from alawael.stock.previews import preview

PAGING = frozenset({"limit", "after", "sort", "q", "fields", "count"})


def do(query: PurchasingDryRun, command: Callable[[], Any], answer: Callable[[], Any]) -> Any:
    """Rehearse the command with `dry_run`, or carry it out and answer the document."""
    if query.dry_run:
        return preview(command)
    command()
    return answer()


def reader_of(request: SignedInRequest) -> Reader:
    return Reader(request.user.pk, request.permissions)


def shown(response: HttpResponse, record: Record, sheet: Sheet) -> Sheet:
    """The sheet, with the version of its record as ETag."""
    with_etag(response, record)
    return sheet
