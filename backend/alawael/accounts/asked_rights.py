"""Which rights an answer really depended on, noted where rights are looked at.

Two people with different roles get the same answer when all that was asked of their rights, while
it was made, has the same reply for both: the program could not tell them apart. So the response
cache keeps one answer for them (decision 0022). `policy.allows` notes what it is asked; whoever
looks at a set of rights as a whole says so with `note_all`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import local

#: Stands for a look at all rights at once.
ALL = "all of them"


class _Here(local):
    asked: set[str] | None = None


_here = _Here()


@contextmanager
def noting_rights() -> Iterator[set[str]]:
    """Collect the permissions that this thread is asked for meanwhile, held or not."""
    outer, _here.asked = _here.asked, set()
    try:
        yield _here.asked
    finally:
        _here.asked = outer


def note(permission: str) -> None:
    if _here.asked is not None:
        _here.asked.add(permission)


def note_all() -> None:
    note(ALL)
