"""The response cache in real servers, while its Redis is killed, frozen, flushed and locked."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from testing.redis import needs_redis

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_two_servers_never_give_an_old_answer_whatever_happens_to_redis():
    """The short form of `make cache-truth FAULTS=1`: two servers of two processes, one Redis."""
    needs_redis()
    environ = {**os.environ, "FAULTS": "1", "MONGODB_TEST_URI": ""}
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(ROOT / "benchmarks" / "cache_truth.py"), "3000"],
        env=environ,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "stale answers: 0" in done.stdout
    assert int(re.findall(r"HIT ([\d,]+)", done.stdout)[0].replace(",", "")) > 800
    assert int(re.findall(r"(\d+) faults", done.stdout)[0]) >= 4
