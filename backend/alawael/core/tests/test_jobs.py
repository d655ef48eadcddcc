"""Jobs run at least once, whoever dies; each claim has one winner."""

import threading
from datetime import timedelta

import pytest
from django_tasks import TaskResultStatus, task

from alawael.core import job_queue
from alawael.core.clock import now
from alawael.core.errors import Refusal
from alawael.core.models import Job, JobState
from alawael.core.unit_of_work import unit_of_work
from testing.races import at_once

done: list[str] = []


@task()
def note(word):
    done.append(word)
    return {"word": word}


@task()
def fail():
    raise ValueError("no paper in the printer")


@task()
def refuse():
    raise Refusal()


@task()
def look_up():
    job_queue.current_job().progress(1, 2, "half way")


@pytest.fixture(autouse=True)
def _fresh(db):
    done.clear()


def run_all():
    while job_queue.run_next(worker="worker"):
        pass


def test_runs_a_job_and_keeps_its_result():
    result = note.enqueue("paper")
    run_all()

    assert done == ["paper"]
    assert note.get_result(result.id).status == TaskResultStatus.SUCCESSFUL
    assert note.get_result(result.id).return_value == {"word": "paper"}


def test_a_job_exists_only_when_its_unit_commits():
    @unit_of_work
    def refused():
        note.enqueue("paper")
        raise Refusal()

    with pytest.raises(Refusal):
        refused()

    assert not Job.objects.exists()


def test_a_failed_job_waits_and_is_tried_again():
    job = job_queue.enqueue(fail)
    run_all()

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.READY, 1)
    assert job.run_at > now()
    assert job.last_error == "ValueError: no paper in the printer"


def test_the_last_failed_attempt_is_a_dead_letter_that_can_be_replayed():
    job = job_queue.enqueue(fail, max_attempts=1)
    run_all()
    job.refresh_from_db()
    assert job.state == JobState.FAILED

    assert job_queue.replay(job, at=now())
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.READY, 0)


def test_a_refusal_is_not_tried_again():
    job = job_queue.enqueue(refuse)
    run_all()

    job.refresh_from_db()
    assert job.state == JobState.FAILED


def test_one_of_many_workers_wins_a_job():
    papers = [f"paper {number}" for number in range(8)]
    for paper in papers:
        note.enqueue(paper)

    def work(number):
        for _ in papers:
            job_queue.run_next(worker=f"worker-{number}")

    at_once(work, range(8))

    assert sorted(done) == papers


def test_a_job_whose_worker_was_killed_runs_again_after_its_lease():
    job = job_queue.enqueue(note, "paper")
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, worker="dead", attempts=1, lease_until=now() - timedelta(seconds=1)
    )

    run_all()

    assert done == ["paper"]
    job.refresh_from_db()
    assert job.attempts == 2


def test_a_leased_job_is_left_alone():
    job = job_queue.enqueue(note, "paper")
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, worker="busy", attempts=1, lease_until=now() + timedelta(seconds=9)
    )

    run_all()

    assert done == []


def test_a_worker_that_lost_its_lease_may_write_no_more():
    job = job_queue.enqueue(note, "paper")
    handle = job_queue.JobHandle(job.pk, "slow", 1, threading.Event())
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, worker="other", attempts=2)

    with pytest.raises(job_queue.LeaseLost):
        unit_of_work(handle.fence)()


def test_the_units_of_a_job_renew_its_lease_and_spare_the_heartbeat():
    job = job_queue.enqueue(note, "paper")
    handle = job_queue.JobHandle(job.pk, "busy", 1, threading.Event())
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, worker="busy", attempts=1, lease_until=now()
    )
    unit_of_work(handle.fence)()
    job.refresh_from_db()
    renewed = job.lease_until
    assert renewed is not None
    assert renewed > now() + job_queue.lease() / 2

    unit_of_work(handle.renew)()
    job.refresh_from_db()
    assert job.lease_until == renewed

    Job.objects.filter(pk=job.pk).update(lease_until=now() + job_queue.lease() / 2)
    unit_of_work(handle.renew)()
    job.refresh_from_db()
    assert job.lease_until is not None
    assert job.lease_until > now() + job_queue.lease() * 0.9


def test_an_interrupted_job_goes_back_without_counting_the_attempt():
    job = job_queue.enqueue(look_up)
    stopping = threading.Event()
    stopping.set()

    job_queue.run_next(worker="worker", stopping=stopping)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.done, job.total) == (JobState.READY, 0, 1, 2)


def test_a_dedupe_key_is_held_until_the_job_ends():
    first = job_queue.enqueue(note, "paper", dedupe_key="import-7")
    again = job_queue.enqueue(note, "paper", dedupe_key="import-7")
    run_all()
    later = job_queue.enqueue(note, "paper", dedupe_key="import-7")

    assert first.pk == again.pk != later.pk


def test_a_cancelled_job_does_not_run():
    job = job_queue.enqueue(note, "paper")
    assert job_queue.cancel(job, at=now())
    run_all()

    assert done == []
