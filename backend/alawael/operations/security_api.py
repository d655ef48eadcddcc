"""The security page of the administration: what was attempted, and what it means."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Field, Query, Router, Schema
from pydantic import ConfigDict

from alawael.accounts.permissions import SignedInRequest, may
from alawael.core.clock import now
from alawael.core.paging import Listing, ListQuery
from alawael.core.schemas import PROBLEMS, Moment, Out, Page
from alawael.operations.queries import names_of_users
from alawael.security import queries
from alawael.security.models import AnomalyRule, EventKind

router = Router()

#: What the report covers when nobody says.
USUALLY = timedelta(days=1)


class SecurityEventOut(Out):
    id: UUID
    kind: EventKind
    first_at: Moment
    last_at: Moment
    count: int = Field(description="How often at least; events that are alike are one row.")
    address: str = Field(description="An IPv4 address or an IPv6 network.")
    user_id: UUID | None
    user_name: str
    detail: str = Field(examples=["user:edit"])


class SecurityEventQuery(ListQuery):
    kind: EventKind | None = None
    address: str | None = Field(None, max_length=60)
    user_id: UUID | None = None
    since: Moment | None = None
    until: Moment | None = None


class ThreatSpan(Schema):
    model_config = ConfigDict(extra="ignore")

    since: Moment | None = Field(None, description="A day ago when left out.")
    until: Moment | None = None


class ThreatCount(Out):
    key: str
    name: str
    count: int


class AnomalyOut(Out):
    id: UUID
    rule: AnomalyRule
    at: Moment
    count: int
    subject: str = Field(description="A user's id or an address.")
    name: str = Field(description="The user's name, or the address.")


class ThreatReportOut(Out):
    since: Moment
    until: Moment
    kinds: list[ThreatCount]
    addresses: list[ThreatCount]
    users: list[ThreatCount]
    anomalies: list[AnomalyOut]


def _with_names(rows: list[Any]) -> None:
    names = names_of_users({str(row.user_id) for row in rows if row.user_id})
    for row in rows:
        row.user_name = names.get(str(row.user_id), "")


EVENTS = Listing(
    SecurityEventOut,
    sorts={"id": "pk", "last_at": "last_at", "count": "count"},
    default_sort="-id",
    complete=_with_names,
)


@router.get(
    "/security/events",
    auth=may("security:read", whole_company=True),
    response={200: Page[SecurityEventOut], **PROBLEMS},
    operation_id="list_security_events",
    summary="What was refused that nobody does by mistake, newest first",
)
def list_security_events(
    request: SignedInRequest, query: Query[SecurityEventQuery]
) -> dict[str, Any] | HttpResponse:
    rows = queries.events(
        kind=query.kind,
        address=query.address,
        user_id=query.user_id,
        since=query.since,
        until=query.until,
    )
    return EVENTS.page(request, rows, query)


@router.get(
    "/security/report",
    auth=may("security:read", whole_company=True),
    response={200: ThreatReportOut, **PROBLEMS},
    operation_id="read_threat_report",
    summary="What was attempted in a span of time: what, from where, in whose name",
)
def read_threat_report(request: SignedInRequest, query: Query[ThreatSpan]) -> dict[str, Any]:
    until = query.until or now()
    since = query.since or until - USUALLY
    report = queries.threat_report(since=since, until=until)
    names = names_of_users(
        {count.key for count in report.users} | {a.subject for a in report.anomalies}
    )

    def named(counts: list[queries.Count]) -> list[dict[str, Any]]:
        return [{"key": c.key, "name": names.get(c.key, c.key), "count": c.count} for c in counts]

    return {
        "since": since,
        "until": until,
        "kinds": named(report.kinds),
        "addresses": named(report.addresses),
        "users": named(report.users),
        "anomalies": [
            {
                "id": one.pk,
                "rule": one.rule,
                "at": one.at,
                "count": one.count,
                "subject": one.subject,
                "name": names.get(one.subject, one.subject),
            }
            for one in report.anomalies
        ],
    }
