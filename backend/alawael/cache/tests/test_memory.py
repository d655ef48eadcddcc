from types import SimpleNamespace
from typing import Any

from alawael.cache.memory import Memory


def test_the_oldest_is_found_while_others_are_read():
    memory = Memory(1_000)

    class Read:
        """An answer that somebody asks for while its age is looked at."""

        size = 10

        @property
        def made_at(self) -> float:
            memory.get("first")
            return 5.0

    answers: dict[str, Any] = {"first": SimpleNamespace(size=10, made_at=3.0), "second": Read()}
    for key, answer in {**answers, "third": Read()}.items():
        memory.put(key, answer)

    assert memory.oldest() == 3.0
