from datetime import timedelta

from alawael.core import job_queue
from alawael.core.clock import now
from alawael.core.jobs import forget_idempotency_keys  # noqa: F401 - registers the schedules
from alawael.core.models import AuditEvent, Job, JobState
from alawael.core.schedules import fire_due
from alawael.core.tests.test_jobs import note
from alawael.core.worker import housekeeping
from alawael.operations.queries import PULSE_PERIOD


def test_health_answers_the_runbooks_fields_without_a_token(stranger):
    health = stranger.get("/api/health").json()

    assert health["database"] == "connected"
    assert health["uptime"].endswith("s")
    assert health["memory"].endswith("Mb")
    assert {"status", "cache", "version", "engine"} <= health.keys()


def test_health_notices_a_worker_and_misses_it_when_it_is_gone(stranger):
    assert stranger.get("/api/health").json()["worker"] == "silent"

    fire_due(at=now())
    assert stranger.get("/api/health").json()["status"] == "ok"

    fire_due(at=now() - timedelta(hours=1))
    from alawael.core.models import Schedule

    Schedule.objects.update(next_at=now() - 3 * PULSE_PERIOD)
    assert stranger.get("/api/health").json()["status"] == "degraded"


def test_live_and_ready_are_asked_separately(stranger):
    assert stranger.get("/api/health/live").json() == {"status": "ok"}
    assert stranger.get("/api/health/ready").json()["status"] == "ready"


def test_a_job_can_be_followed_cancelled_and_replayed(as_amal):
    job = job_queue.enqueue(note, "paper")

    assert as_amal.get(f"/api/jobs/{job.pk}").json()["state"] == "ready"
    assert as_amal.post(f"/api/jobs/{job.pk}/cancel").json()["state"] == "cancelled"
    again = as_amal.post(f"/api/jobs/{job.pk}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "job_too_late")

    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED)
    assert as_amal.post(f"/api/jobs/{job.pk}/replay").json()["state"] == "ready"


def test_jobs_are_listed_only_with_the_permission(signed_in_with):
    assert signed_in_with("job:read").get("/api/jobs").json()["items"] == []
    assert signed_in_with().get("/api/jobs").status_code == 403


def test_the_audit_trail_is_searched_and_proven(as_amal):
    as_amal.post("/api/views", {"list_key": "products", "name": "Mine", "state": {}})
    housekeeping()

    trail = as_amal.get("/api/audit?action=view.saved").json()["items"]
    assert [event["actor_name"] for event in trail] == ["Amal"]
    proof = as_amal.get("/api/audit/proof").json()
    assert (proof["holds"], proof["waiting"]) == (True, 0)

    AuditEvent.objects.update(actor_name="Mallory")
    assert as_amal.get("/api/audit/proof").json()["contradictions"] == [
        "Audit event 1 was altered."
    ]
