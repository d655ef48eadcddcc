"""Who did it: users are actors, and so is the program itself."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


class Actor(Protocol):
    """Somebody in whose name a change is made and audited."""

    @property
    def actor_id(self) -> UUID: ...

    @property
    def actor_name(self) -> str: ...


@dataclass(frozen=True)
class _System:
    actor_id: UUID = UUID(int=0)
    actor_name: str = "system"


#: The program itself: schedules, set-up, imports resumed by the worker.
SYSTEM: Actor = _System()
