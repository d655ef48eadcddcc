"""Removals: for each protection, the edit that takes it away and the test that must then fail.

They stand in backend/tests/removals, one file for each area:

    [[removal]]
    guards = "ASVS 6.3.1: tries are limited"
    file = "alawael/accounts/attempts.py"     # below backend/
    find = "a text that stands in the file exactly once"
    put = "what stands there without the protection"
    test = "alawael/accounts/tests/test_lockout.py::test_after_the_last_try"
    engine = "both"                           # or "mongodb"; "sqlite" where nothing is said
    migrated = true                           # where the test needs what only a migration makes
    chance = true                             # a race: its threads may miss each other, not always

`scripts/removals` tries them, each in a copy of the program.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

BACKEND = Path(__file__).resolve().parent.parent
LISTS = BACKEND / "tests" / "removals"
ENGINES = {"sqlite": ("sqlite",), "mongodb": ("mongodb",), "both": ("sqlite", "mongodb")}


class NotARemoval(Exception):
    """What a list says does not fit the program, or not any more."""


@dataclass(frozen=True)
class Removal:
    area: str
    guards: str
    file: str
    find: str
    put: str
    test: str
    engine: str = "sqlite"
    migrated: bool = False
    chance: bool = False

    @property
    def engines(self) -> tuple[str, ...]:
        return ENGINES[self.engine]

    def applied_to(self, source: str) -> str:
        """The text of the file without the protection. Raises NotARemoval."""
        times = source.count(self.find)
        if times != 1:
            raise NotARemoval(f"{self.file} has the text {times} times, not once: {self.find!r}")
        if self.find == self.put:
            raise NotARemoval(f"Nothing would change in {self.file}.")
        return source.replace(self.find, self.put)


def removals() -> list[Removal]:
    """All of them, by area and in the order of their lists."""
    return [
        Removal(area=path.stem, **entry)
        for path in sorted(LISTS.glob("*.toml"))
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["removal"]
    ]
