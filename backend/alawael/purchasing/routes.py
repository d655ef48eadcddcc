"""What the route modules share: who reads, and the version of what is shown."""

from django.http import HttpResponse

from alawael.accounts.permissions import SignedInRequest
from alawael.core.fields import Record
from alawael.core.http import with_etag
from alawael.purchasing.reading import Reader, Sheet

PAGING = frozenset({"limit", "after", "sort", "q", "fields", "count"})


def reader_of(request: SignedInRequest) -> Reader:
    return Reader(request.user.pk, request.permissions)


def shown(response: HttpResponse, record: Record, sheet: Sheet) -> Sheet:
    """The sheet, with the version of its record as ETag."""
    with_etag(response, record)
    return sheet
