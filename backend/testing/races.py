"""Doing things at the same moment."""

import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connection

from alawael.core.errors import Refusal

T = TypeVar("T")

#: How many try at once where one shall win. A unit that starts again costs the MongoDB test server
#: a tenth of a second, and of 64 that want one row most start again: `make full` has the time.
FULL = connection.vendor == "sqlite" or os.environ.get("ALAWAEL_TEST_FULL") == "true"
MANY = 64 if FULL else 16


def at_once(function: Callable[[T], Any], items: Iterable[T]) -> list[Any]:
    """Call the function for every item at the same moment, a thread each.

    A refusal counts as a result and is given as its code; any other error is raised.
    """
    items = list(items)
    start = threading.Barrier(len(items))

    def run(item: T) -> Any:
        try:
            start.wait(timeout=30)
            return function(item)
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(run, items))
