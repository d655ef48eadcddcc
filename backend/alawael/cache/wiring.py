"""What the layer must be told about the program it stands in front of, and what it tells back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from alawael.cache.answers import Answer

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
#: Status, headers and body of an answer.
Given = tuple[int, list[tuple[str, str]], bytes]

#: Stands for a look at all rights at once.
ALL_RIGHTS = "*"
ALL = frozenset({ALL_RIGHTS})
_MOST_REPLIES = 500

#: Where a request carries what is to be noted about it.
NOTES = "alawael.cache.notes"


@dataclass(frozen=True)
class Route:
    """A route whose answers may be kept."""

    operation: str
    #: Whether the answer depends on who asks, beyond what that person may do.
    per_user: bool


class Tally(Protocol):
    """Counts what a caller is given from the cache; `now` is the time of day in seconds.

    `has_room` and `add_beside` may be called from one thread beside the program's.
    """

    def is_over(self, now: float) -> bool:
        """Whether nothing is to be given without asking the program."""

    def add(self, now: float) -> None:
        """One more was given."""

    def has_room(self, now: float) -> bool:
        """Whether one more may be given without asking anybody."""

    def add_beside(self) -> None:
        """One more was given, and there was room for it."""


@dataclass(frozen=True)
class Caller:
    """Whoever a token belongs to, as far as an answer depends on it."""

    user: str
    #: All that this person may do and see.
    scope: str
    #: The rows that this person is limited to.
    limits: str
    #: Whether this person holds a right.
    may: Callable[[str], bool] = field(compare=False)
    #: None where nobody counts.
    tally: Tally | None = field(default=None, compare=False)
    _replies: dict[frozenset[str], str] = field(default_factory=dict, compare=False)

    def replies(self, rights: frozenset[str]) -> str:
        """What is replied to each of these rights: the same text, the same replies."""
        said = self._replies.get(rights)
        if said is None:
            if len(self._replies) >= _MOST_REPLIES:
                self._replies.clear()
            said = "|".join(f"{name}={self.may(name)}" for name in sorted(rights))
            self._replies[rights] = said = self.scope if ALL_RIGHTS in rights else said
        return said


@dataclass
class Notes:
    """What is learnt about a request while Django answers it."""

    caller: Caller | None = None
    cells: set[int] | None = None
    #: The rights that were looked at.
    rights: frozenset[str] = ALL


class Wiring(Protocol):
    """The program's side; its wiring knows it."""

    @property
    def routes(self) -> dict[str, Route]:
        """Every route whose answers may be kept, by its pattern."""

    def route(self, path: str) -> Route | None:
        """The route of a path, when its answers may be kept."""

    def identify(self, environ: Environ, remembered: float) -> Caller | None:
        """Verify the token, as Django would; None unless it is good for `remembered` seconds."""

    def day(self) -> str:
        """The business day: what is overdue today was not yesterday."""

    def language(self, environ: Environ) -> str: ...

    def reference(self, environ: Environ) -> str:
        """The id of this request."""

    def switched_off(self) -> frozenset[str]:
        """Operations whose answers are not to be kept for now."""


class Remote(Protocol):
    """What other machines have changed; asked anew for what arrives."""

    def position(self) -> Any:
        """Where all machines together stand; None when nobody can say."""

    def unchanged(self, cells: tuple[int, ...], since: Any, position: Any) -> bool: ...

    def may_keep(self, cells: tuple[int, ...], since: Any) -> bool: ...

    def get(self, key: Any) -> Answer | None: ...

    def put(self, key: Any, answer: Answer) -> None: ...
