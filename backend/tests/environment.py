"""Chooses test settings and engine; loaded by pytest before Django reads its settings.

ALAWAEL_TEST_ENGINE is `sqlite` (the default) or `mongodb`, which needs MONGODB_TEST_URI. What a
developer keeps in the shell or in .env for the real program never reaches a test.
"""

import atexit
import os
import tempfile

import pytest

from config.env import VARIABLES
from testing import emptying

for name in [*VARIABLES, *(f"{name}_FILE" for name in VARIABLES), "NODE_ENV", "ALAWAEL_ENV_FILE"]:
    os.environ.pop(name, None)
os.environ["ALAWAEL_ENV"] = "test"

engine = os.environ.setdefault("ALAWAEL_TEST_ENGINE", "sqlite")
if engine not in ("sqlite", "mongodb"):
    raise pytest.UsageError(f"ALAWAEL_TEST_ENGINE must be sqlite or mongodb, not {engine!r}.")
if engine == "mongodb" and not os.environ.get("MONGODB_TEST_URI"):
    raise pytest.UsageError("ALAWAEL_TEST_ENGINE=mongodb needs MONGODB_TEST_URI.")
if engine == "mongodb":
    os.environ["MONGODB_URI"] = os.environ["MONGODB_TEST_URI"]
    # Several runs may share one server.
    os.environ["MONGODB_DATABASE"] = f"alawael_{os.getpid()}"
    emptying.watch_writes()

# Generated secrets and files of a run end with the run.
_data = tempfile.TemporaryDirectory(prefix="alawael-test-")
atexit.register(_data.cleanup)
os.environ["DATA_DIR"] = _data.name


def pytest_report_header() -> str:
    return f"engine: {engine}"
