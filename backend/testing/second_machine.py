"""Settings of a second machine over the same database: it shares no memory with the first one."""

import os
from pathlib import Path

from config.settings import *  # noqa: F403 - everything else is the same

CACHE_STAMPS = Path(os.environ["SECOND_MACHINE_STAMPS"])
