from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Status

from alawael.accounts.permissions import SignedInRequest, may, signed_in_unlimited
from alawael.accounts.queries import setup_needed
from alawael.accounts.requests import (
    client_address,
    client_device,
    keep_signed_in,
    refuse_other_sites,
)
from alawael.accounts.schemas import SignedInOut, signed_in_body
from alawael.accounts.sessions import start_session
from alawael.core import job_queue
from alawael.core.clock import now
from alawael.core.errors import Refusal, Text
from alawael.core.models import Job, JobState
from alawael.core.paging import Listing, ListQuery
from alawael.core.rows import existing
from alawael.core.schemas import PROBLEMS, Moment, Page
from alawael.core.sight import COSTS
from alawael.core.version import VERSION
from alawael.operations import queries, services
from alawael.operations.schemas import (
    AuditEventOut,
    AuditProofOut,
    HealthOut,
    JobOut,
    LiveOut,
    ReadyOut,
    SetUpIn,
    SetUpState,
)

router = Router()

JOBS = Listing(JobOut, sorts={"id": "id", "run_at": "run_at", "state": "state"}, default_sort="-id")
AUDIT = Listing(AuditEventOut, sorts={"id": "id", "at": "at"}, default_sort="-id")


class JobQuery(ListQuery):
    state: JobState | None = None
    task: str | None = Field(None, max_length=200)


class AuditQuery(ListQuery):
    record_type: str | None = Field(None, max_length=60)
    record_id: UUID | None = None
    actor_id: UUID | None = None
    action: str | None = Field(None, max_length=60)
    since: Moment | None = None
    until: Moment | None = None


class TooLate(Refusal):
    code = "job_too_late"
    message = Text(
        "This job is {state}; that is no longer possible.", "حالة المهمة {state}؛ لم يعد هذا ممكنًا."
    )


@router.get(
    "/health",
    auth=None,
    response={200: HealthOut, 503: HealthOut},
    operation_id="health",
    summary="How the program is doing",
)
def health(request: HttpRequest) -> Status[dict[str, Any]]:
    found = queries.health(at=now())
    status = 503 if found.status == "down" else 200
    return Status(status, {**found.__dict__, "version": VERSION})


@router.get(
    "/health/live",
    auth=None,
    response=LiveOut,
    operation_id="health_live",
    summary="Whether this process answers at all (restart it when not)",
)
def live(request: HttpRequest) -> dict[str, str]:
    return {"status": "ok"}


@router.get(
    "/health/ready",
    auth=None,
    response={200: ReadyOut, 503: ReadyOut},
    operation_id="health_ready",
    summary="Whether this process should get traffic",
)
def ready(request: HttpRequest) -> Status[dict[str, str | None]]:
    reason = queries.unready_because()
    if reason:
        return Status(503, {"status": "not_ready", "reason": reason})
    return Status(200, {"status": "ready", "reason": None})


@router.get(
    "/setup",
    auth=None,
    response=SetUpState,
    operation_id="read_setup",
    summary="Whether the first set-up is still to be done",
)
def read_setup(request: HttpRequest) -> dict[str, bool]:
    return {"needed": setup_needed()}


@router.post(
    "/setup",
    auth=None,
    response={201: SignedInOut, **PROBLEMS},
    operation_id="set_up",
    summary="Make the first administrator and the company, once; signs in",
)
def set_up(request: HttpRequest, response: HttpResponse, payload: SetUpIn) -> Status[Any]:
    refuse_other_sites(request)
    user = services.set_up(company=payload.company.dict(), admin=payload.admin.dict(), at=now())
    opened = start_session(
        user, ip=client_address(request), device=client_device(request), at=now()
    )
    keep_signed_in(response, opened)
    return Status(201, signed_in_body(opened))


@router.get(
    "/jobs",
    auth=may("job:read", whole_company=True),
    response={200: Page[JobOut], **PROBLEMS},
    operation_id="list_jobs",
    summary="Background jobs, newest first",
)
def list_jobs(request: SignedInRequest, query: Query[JobQuery]) -> dict[str, Any] | HttpResponse:
    rows = queries.jobs()
    if query.state:
        rows = rows.filter(state=query.state)
    if query.task:
        rows = rows.filter(task=query.task)
    return JOBS.page(request, rows, query)


@router.get(
    "/jobs/{job_id}",
    auth=signed_in_unlimited,
    response={200: JobOut, **PROBLEMS},
    operation_id="read_job",
    summary="One job and how far it is",
)
def read_job(request: SignedInRequest, job_id: UUID) -> Job:
    # Whoever started a job knows its id and may follow it; the list needs a permission.
    return _job(job_id)


@router.post(
    "/jobs/{job_id}/cancel",
    auth=may("job:manage", whole_company=True),
    response={200: JobOut, **PROBLEMS},
    operation_id="cancel_job",
    summary="Stop a job that has not finished",
)
def cancel_job(request: SignedInRequest, job_id: UUID) -> Job:
    job = _job(job_id)
    if not job_queue.cancel(job, at=now()):
        raise TooLate(state=job.state)
    return _job(job_id)


@router.post(
    "/jobs/{job_id}/replay",
    auth=may("job:manage", whole_company=True),
    response={200: JobOut, **PROBLEMS},
    operation_id="replay_job",
    summary="Try a failed job again",
)
def replay_job(request: SignedInRequest, job_id: UUID) -> Job:
    job = _job(job_id)
    if not job_queue.replay(job, at=now()):
        raise TooLate(state=job.state)
    return _job(job_id)


@router.get(
    "/audit",
    auth=may("audit:read", whole_company=True, also=[COSTS]),
    response={200: Page[AuditEventOut], **PROBLEMS},
    operation_id="list_audit",
    summary="Who did what, newest first",
)
def list_audit(request: SignedInRequest, query: Query[AuditQuery]) -> dict[str, Any] | HttpResponse:
    rows = queries.audit_events()
    for name in ("record_type", "record_id", "actor_id", "action"):
        if (value := getattr(query, name)) is not None:
            rows = rows.filter(**{name: value})
    if query.since:
        rows = rows.filter(at__gte=query.since)
    if query.until:
        rows = rows.filter(at__lt=query.until)
    return AUDIT.page(request, rows, query)


@router.get(
    "/audit/proof",
    auth=may("audit:read", whole_company=True, also=[COSTS]),
    response={200: AuditProofOut, **PROBLEMS},
    operation_id="prove_audit",
    summary="Whether the audit trail is whole",
)
def prove_audit(request: SignedInRequest) -> queries.AuditProof:
    return queries.audit_proof()


def _job(job_id: UUID) -> Job:
    return existing(queries.jobs().filter(pk=job_id))
