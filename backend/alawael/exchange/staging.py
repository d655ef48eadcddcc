"""The rows of a file, sorted into items, on the disk of the machine that works on them.

A scratch database of its own: it is made again from the stored file whenever a job starts, so
losing it costs a second, and memory stays small however long the file is.
"""

import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from alawael.exchange import tables
from alawael.exchange.tables import SourceRow

_BATCH = 5_000


class Sorted(NamedTuple):
    """To which item a row belongs, and where that item comes among the others."""

    key: str
    order: str = ""


@dataclass(frozen=True)
class Item:
    """What is imported as one: a row, or all rows of one document, product or customer."""

    place: int
    key: str
    rows: Sequence[SourceRow]


class Staging:
    """Rows and items of one file. Use through `staged`."""

    def __init__(self, scratch: sqlite3.Connection) -> None:
        self._scratch = scratch
        self.rows = 0
        self.blank = 0

    def fill(
        self,
        found: Iterable[SourceRow],
        sorters: Mapping[str, Callable[[SourceRow], Sorted | None]],
        during: Callable[[int], None] = lambda rows: None,
    ) -> None:
        """Take the rows in and sort them into the items of every phase."""
        self._scratch.executescript(
            "CREATE TABLE line (number INTEGER PRIMARY KEY, cells TEXT);"
            "CREATE TABLE mark (phase TEXT, key TEXT, ord TEXT, number INTEGER);"
            "CREATE TABLE item (phase TEXT, place INTEGER, key TEXT, PRIMARY KEY (phase, place))"
            " WITHOUT ROWID;"
        )
        lines: list[tuple[int, str]] = []
        marks: list[tuple[str, str, str, int]] = []
        for row in found:
            if tables.is_blank(row):
                self.blank += 1
                continue
            self.rows += 1
            lines.append((row.number, json.dumps(row.cells, ensure_ascii=False)))
            for phase, sorter in sorters.items():
                if (mark := sorter(row)) is not None:
                    marks.append((phase, mark.key, mark.order, row.number))
            if len(lines) >= _BATCH:
                self._write(lines, marks)
                during(self.rows)
        self._write(lines, marks)
        self._scratch.executescript(
            "CREATE INDEX mark_of_item ON mark (phase, key, number);"
            "INSERT INTO item SELECT phase,"
            " row_number() OVER (PARTITION BY phase ORDER BY min(ord), min(number)), key"
            " FROM mark GROUP BY phase, key;"
        )

    def _write(self, lines: list[tuple[int, str]], marks: list[tuple[str, str, str, int]]) -> None:
        self._scratch.executemany("INSERT INTO line VALUES (?, ?)", lines)
        self._scratch.executemany("INSERT INTO mark VALUES (?, ?, ?, ?)", marks)
        lines.clear()
        marks.clear()

    def count(self, phase: str) -> int:
        row = self._scratch.execute("SELECT count(*) FROM item WHERE phase = ?", [phase])
        return int(row.fetchone()[0])

    def items(self, phase: str, after: int, limit: int) -> list[Item]:
        """The next items behind a place, with their rows in the order of the file."""
        found = self._scratch.execute(
            "SELECT item.place, item.key, line.number, line.cells FROM item"
            " JOIN mark ON mark.phase = item.phase AND mark.key = item.key"
            " JOIN line ON line.number = mark.number"
            " WHERE item.phase = ? AND item.place > ? AND item.place <= ?"
            " ORDER BY item.place, line.number",
            [phase, after, after + limit],
        )
        grouped: dict[tuple[int, str], list[SourceRow]] = {}
        for place, key, number, cells in found:
            grouped.setdefault((place, key), []).append(SourceRow(number, json.loads(cells)))
        return [Item(place, key, tuple(rows)) for (place, key), rows in grouped.items()]

    def every_row(self) -> Iterator[SourceRow]:
        for number, cells in self._scratch.execute("SELECT number, cells FROM line"):
            yield SourceRow(number, json.loads(cells))


@contextmanager
def staged() -> Iterator[Staging]:
    """An empty scratch database that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="alawael-import-") as folder:
        scratch = sqlite3.connect(Path(folder) / "scratch.sqlite3", isolation_level=None)
        scratch.execute("PRAGMA journal_mode=OFF")
        scratch.execute("PRAGMA synchronous=OFF")
        scratch.execute("PRAGMA cache_size=-8000")
        try:
            yield Staging(scratch)
        finally:
            scratch.close()


@contextmanager
def on_disk(stream: BinaryIO) -> Iterator[Path]:
    """The bytes of a stream as a file with a path, gone afterwards."""
    with tempfile.NamedTemporaryFile(prefix="alawael-import-") as copy:
        stream.seek(0)
        while piece := stream.read(1024 * 1024):
            copy.write(piece)
        copy.flush()
        yield Path(copy.name)
