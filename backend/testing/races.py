"""Doing things at the same moment."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connection

from alawael.core.errors import Refusal

T = TypeVar("T")


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
