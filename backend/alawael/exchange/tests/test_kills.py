"""A worker may be killed anywhere: the next one ends with the same figures, and nothing twice."""

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from alawael.core.clock import now
from alawael.core.install import install
from alawael.core.models import Job
from alawael.core.verify import verify
from alawael.core.worker import work_until_idle
from alawael.exchange import jobs, queries
from alawael.exchange.models import ImportState
from alawael.exchange.reports import reconciles
from alawael.invoicing.models import Invoice
from alawael.stock.models import NOTHING, StockBalance, StockMove
from testing.exchange import a_retail_csv, an_upload, with_goods
from testing.parties import our_company

DOCUMENTS = 60

#: A worker of its own on the test's database.
WORKER = """
import django
django.setup()
from alawael.core import job_queue
job_queue.run_next(worker="doomed")
"""
#: One that kills itself between two units. MongoDB ends the transaction of a dead client after a
#: minute; the server that tests use never does, so there nobody may die inside of one.
CAREFUL_WORKER = """
import os, signal, sys
import django
django.setup()
from alawael.core import job_queue
progress = job_queue.JobHandle.progress
def last_progress(self, done, total, message=""):
    progress(self, done, total, message)
    if total and done >= int(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGKILL)
job_queue.JobHandle.progress = last_progress
job_queue.run_next(worker="doomed")
"""


@pytest.fixture
def batch(amal, noon):
    install()
    our_company()
    rows = [
        (str(536000 + n // 2), f"{22000 + n % 40}", f"THING {n % 40}", str(n % 9 + 1),
         f"{n % 28 + 1:02}-12-2010 10:03", "1.25", f"{12400 + n // 2 % 7}", "Norway")
        for n in range(DOCUMENTS * 2)
    ]  # fmt: skip
    # Both lines of a document bear its first line's moment.
    rows = [(*row[:4], rows[place // 2 * 2][4], *row[5:]) for place, row in enumerate(rows)]
    return an_upload(a_retail_csv(*rows), by=amal, at=noon)


def killed_in_the_middle(batch, *, at_least):
    """Start a worker on the import, and kill it as soon as it has come some way."""
    on_mongodb = connection.vendor == "mongodb"
    variable = "MONGODB_DATABASE" if on_mongodb else "SQLITE_PATH"
    script = CAREFUL_WORKER if on_mongodb else WORKER
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(Path(__file__).parents[3]),
        variable: str(connection.settings_dict["NAME"]),
    }
    worker = subprocess.Popen([sys.executable, "-c", script, str(at_least)], env=environ)  # noqa: S603
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            seen = queries.import_called(batch.pk)
            if worker.poll() is not None or (seen.done >= at_least and not on_mongodb):
                break
            time.sleep(0.01)
    finally:
        worker.kill()
        worker.wait()
    connection.close()
    # Its lease would run out by itself; the test does not wait for that.
    Job.objects.filter(state="running").update(lease_until=now() - timedelta(seconds=1))
    return queries.import_called(batch.pk)


@pytest.mark.slow
@pytest.mark.parametrize("at_least", [1, 40, 80])
def test_a_killed_run_ends_with_the_same_figures(batch, amal, noon, at_least):
    jobs.start_run(batch, expected_version=None, by=amal, at=noon)

    half_way = killed_in_the_middle(batch, at_least=at_least)
    work_until_idle()

    assert half_way.state == ImportState.RUNNING, "killed too late to prove anything"
    done = queries.import_called(batch.pk)
    assert done.state == ImportState.DONE
    assert done.run_report is not None
    assert done.run_report["rows"]["created"] == DOCUMENTS * 2
    assert reconciles(done.run_report)
    assert Invoice.objects.count() == DOCUMENTS
    assert queries.imported_records(batch).filter(kind="invoice").count() == DOCUMENTS
    assert [finding.name for finding in verify() if not finding.holds] == []


@pytest.mark.slow
def test_goods_move_once_though_the_run_is_killed(batch, amal, noon):
    batch = with_goods(batch, by=amal, at=noon)
    jobs.start_run(batch, expected_version=None, by=amal, at=noon)

    half_way = killed_in_the_middle(batch, at_least=40)
    work_until_idle()

    assert half_way.state == ImportState.RUNNING, "killed too late to prove anything"
    report = queries.import_called(batch.pk).run_report
    assert report is not None
    assert report["facts"]["goods_moves"] == DOCUMENTS * 4
    assert StockMove.objects.count() == DOCUMENTS * 4
    assert not StockBalance.objects.exclude(on_hand=NOTHING).exists()
    assert [finding.name for finding in verify() if not finding.holds] == []


@pytest.mark.slow
def test_a_killed_undo_ends_with_nothing_left(batch, amal, noon):
    jobs.start_run(batch, expected_version=None, by=amal, at=noon)
    work_until_idle()
    jobs.start_undo(queries.import_called(batch.pk), expected_version=None, by=amal, at=noon)

    half_way = killed_in_the_middle(batch, at_least=20)
    work_until_idle()

    assert half_way.state == ImportState.UNDOING, "killed too late to prove anything"
    assert queries.import_called(batch.pk).state == ImportState.UNDONE
    assert Invoice.objects.filter(kind="credit_note").count() == DOCUMENTS
    assert [finding.name for finding in verify() if not finding.holds] == []
