"""A table inside a file that somebody sent: recognised by its content and read within bounds.

CSV in the encodings and with the delimiters that people really have, also compressed with gzip,
and XLSX. Whatever its name says, nothing else gets through, and nothing can unpack without end.
"""

import codecs
import csv
import gzip
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import BinaryIO, cast

from python_calamine import CalamineError, CalamineWorkbook

from alawael.core.errors import Refusal, Text

MOST_COLUMNS = 300
MOST_ROWS = 1_000_000
#: A spreadsheet is laid out in memory as a whole, a CSV file is not.
MOST_CELLS = 3_000_000
LONGEST_LINE = 1_000_000
#: What a file may unpack to. 50 MB of real trade data unpack to less than this.
MOST_UNPACKED = 600 * 1024 * 1024
#: Beyond this size a file that shrinks a hundredfold was made to do harm.
SUSPICIOUS_FROM = 20 * 1024 * 1024
SUSPICIOUS_RATIO = 100
HEAD = 64 * 1024
_DELIMITERS = ",;\t|"
_BLOCK = 1024 * 1024
ENCODINGS = ("utf-8", "cp1256", "cp1252", "utf-16")


class UnreadableFile(Refusal):
    """The file is not a table that we can read; subclasses say why."""

    code = "unreadable_file"
    status = 422
    title = Text("The file cannot be read", "تعذرت قراءة الملف")
    message = Text(
        "This is neither a CSV nor an XLSX file. Save it as one of these and try again.",
        "هذا الملف ليس بصيغة CSV ولا XLSX. احفظه بإحدى الصيغتين ثم أعد المحاولة.",
    )


class NoTable(UnreadableFile):
    code = "no_table"
    message = Text(
        "The file has no rows below its headings.", "لا يحتوي الملف على صفوف تحت العناوين."
    )


class TooMuchInside(UnreadableFile):
    code = "file_bomb"
    message = Text(
        "The file unpacks to far more than is reasonable. Split it or send it unpacked.",
        "ينفك ضغط الملف إلى حجم غير معقول. قسّمه أو أرسله دون ضغط.",
    )


class TooWide(UnreadableFile):
    code = "too_many_columns"
    message = Text(
        "The table has more than {most} columns. Remove those that are not needed.",
        "يحتوي الجدول على أكثر من {most} عمودًا. احذف ما لا حاجة إليه.",
    )


class TooManyCells(UnreadableFile):
    code = "too_many_cells"
    message = Text(
        "The table is too large for a spreadsheet import. Save it as CSV or split it.",
        "الجدول أكبر من أن يُستورد كملف جدول. احفظه بصيغة CSV أو قسّمه.",
    )


class WrongEncoding(UnreadableFile):
    code = "wrong_encoding"
    message = Text(
        "The text is not {encoding}. Choose another encoding or save the file as UTF-8.",
        "النص ليس بترميز {encoding}. اختر ترميزًا آخر أو احفظ الملف بترميز UTF-8.",
    )


class BrokenQuotes(UnreadableFile):
    code = "broken_quotes"
    message = Text(
        "A line or cell near row {row} is too long; a closing quotation mark is probably missing.",
        "السطر أو الخلية قرب الصف {row} أطول من اللازم، والأرجح أن علامة تنصيص لم تُغلق.",
    )


@dataclass(frozen=True)
class Shape:
    """How to read a file: what `recognise` found and the user may correct."""

    kind: str  # "csv" or "xlsx"
    packed: bool = False
    encoding: str = ""
    delimiter: str = ""


@dataclass(frozen=True)
class SourceRow:
    """A row of the file; `number` counts as a spreadsheet does, the headings being row 1."""

    number: int
    cells: list[str]


def recognise(path: Path) -> Shape:
    """Find out what a file is, reading all of it once. Raises UnreadableFile."""
    with path.open("rb") as stream:
        start = stream.read(4)
    if start.startswith(b"PK"):
        _check_workbook(path)
        return Shape("xlsx")
    packed = start.startswith(b"\x1f\x8b")
    with _bytes_of(path, packed) as stream:
        encoding = _encoding(stream)
    with _bytes_of(path, packed) as stream:
        head = stream.read(HEAD).decode(encoding, errors="ignore")
    return Shape("csv", packed, encoding, _delimiter(head))


def headings(path: Path, shape: Shape) -> list[str]:
    """The names of the columns, each once and none empty. Raises UnreadableFile."""
    first = next(_raw_rows(path, shape), None)
    if first is None or not any(cell.strip() for cell in first.cells):
        raise NoTable()
    names: list[str] = []
    for number, cell in enumerate(first.cells, 1):
        name = cell.strip()[:200] or f"Column {number}"
        names.append(name if name not in names else f"{name} ({number})")
    return names


def rows(path: Path, shape: Shape) -> Iterator[SourceRow]:
    """Every row below the headings, blank ones too. Raises UnreadableFile."""
    found = _raw_rows(path, shape)
    next(found, None)
    for row in found:
        if row.number > MOST_ROWS + 1:
            raise TooManyCells()
        yield row


def is_blank(row: SourceRow) -> bool:
    return not any(cell.strip() for cell in row.cells)


def with_corrections(shape: Shape, *, encoding: str = "", delimiter: str = "") -> Shape:
    """The shape as the user insists on it; a spreadsheet knows neither."""
    if shape.kind == "xlsx":
        return shape
    return replace(
        shape, encoding=encoding or shape.encoding, delimiter=delimiter or shape.delimiter
    )


def _raw_rows(path: Path, shape: Shape) -> Iterator[SourceRow]:
    return _sheet_rows(path) if shape.kind == "xlsx" else _text_rows(path, shape)


# CSV


def _bytes_of(path: Path, packed: bool) -> BinaryIO:
    plain = path.open("rb")
    if not packed:
        return plain
    return cast(BinaryIO, io.BufferedReader(_Unpacking(plain, path.stat().st_size), _BLOCK))


class _Unpacking(io.RawIOBase):
    """gzip that gives up before a bomb goes off."""

    def __init__(self, plain: BinaryIO, packed_size: int) -> None:
        self._plain = plain
        self._unpacked = cast(BinaryIO, gzip.GzipFile(fileobj=plain))
        self._most = min(MOST_UNPACKED, max(SUSPICIOUS_FROM, packed_size * SUSPICIOUS_RATIO))
        self._seen = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int] | bytearray", /) -> int:  # type: ignore[override]
        try:
            piece = self._unpacked.read(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableFile() from error
        self._seen += len(piece)
        if self._seen > self._most:
            raise TooMuchInside()
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._plain.close()
        super().close()


def _encoding(stream: BinaryIO) -> str:
    """UTF-8 if every byte fits, else the Arabic Windows code page."""
    block = stream.read(_BLOCK)
    if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    utf8 = codecs.getincrementaldecoder("utf-8")()
    fits, seen = True, 0
    while block:
        seen += len(block)
        if b"\x00" in block or _is_binary(block):
            raise UnreadableFile()
        if fits:
            try:
                utf8.decode(block)
            except UnicodeDecodeError:
                fits = False
        block = stream.read(_BLOCK)
    if not seen:
        raise NoTable()
    return "utf-8-sig" if fits else "cp1256"


def _is_binary(block: bytes) -> bool:
    """Text has hardly any control characters besides tab and line ends."""
    controls = len(block) - len(block.translate(None, bytes(set(range(32)) - {9, 10, 12, 13})))
    return controls > len(block) // 200


def _delimiter(head: str) -> str:
    """The candidate that splits the first lines most evenly."""
    lines = [re.sub(r'"[^"]*"', "", line) for line in head.splitlines()[:20] if line.strip()]

    def evenness(delimiter: str) -> tuple[int, int]:
        counts = Counter(line.count(delimiter) for line in lines)
        counts.pop(0, None)
        if not counts or not lines[0].count(delimiter):
            return (0, 0)
        return (counts.most_common(1)[0][1], lines[0].count(delimiter))

    return max(_DELIMITERS, key=evenness) if lines else ","


def _text_rows(path: Path, shape: Shape) -> Iterator[SourceRow]:
    number = 0
    encoding = "utf-8-sig" if shape.encoding == "utf-8" else shape.encoding
    with _bytes_of(path, shape.packed) as stream:
        text = io.TextIOWrapper(stream, encoding=encoding, newline="")
        try:
            for number, cells in enumerate(
                csv.reader(_lines(text), delimiter=shape.delimiter or ","), 1
            ):
                if len(cells) > MOST_COLUMNS:
                    raise TooWide(most=MOST_COLUMNS)
                yield SourceRow(number, cells)
        except UnicodeError as error:
            raise WrongEncoding(encoding=shape.encoding) from error
        except csv.Error as error:
            raise BrokenQuotes(row=number + 1) from error


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Lines that end within reason."""
    count = 0
    while line := text.readline(LONGEST_LINE):
        count += 1
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            if line.count(",") + line.count(";") + line.count("\t") > MOST_COLUMNS:
                raise TooWide(most=MOST_COLUMNS)
            raise BrokenQuotes(row=count)
        yield line


# XLSX

_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Za-z]{1,4})(\d{1,9})["']""")


def _check_workbook(path: Path) -> None:
    """Unpack every part once, within bounds, and see that the sheet fits into memory.

    The reader lays a sheet out as a full rectangle: two cells in opposite corners would take all
    memory there is.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if "xl/workbook.xml" not in {part.filename for part in parts}:
                raise UnreadableFile()
            size = sum(part.file_size for part in parts)
            most = min(MOST_UNPACKED, max(SUSPICIOUS_FROM, path.stat().st_size * SUSPICIOUS_RATIO))
            if size > most or len(parts) > 2000:
                raise TooMuchInside()
            for part in parts:
                # Reading to the end also proves that the size it states is true (CRC).
                _check_part(archive, part)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError) as error:
        raise UnreadableFile() from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    columns, lines, rest = 0, 0, b""
    is_sheet = part.filename.startswith("xl/worksheets/")
    with archive.open(part) as stream:
        while block := stream.read(_BLOCK):
            if not is_sheet:
                continue
            for letters, digits in _CELL.findall(rest + block):
                columns = max(columns, _column(letters))
                lines = max(lines, int(digits))
            rest = block[-200:]
    if columns > MOST_COLUMNS:
        raise TooWide(most=MOST_COLUMNS)
    if columns * lines > MOST_CELLS or lines > MOST_ROWS:
        raise TooManyCells()


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _sheet_rows(path: Path) -> Iterator[SourceRow]:
    """The rows of the first sheet that has any."""
    try:
        book = CalamineWorkbook.from_path(path)
        for index in range(len(book.sheet_names)):
            sheet = book.get_sheet_by_index(index)
            if sheet.start is None:
                continue
            for number, cells in enumerate(sheet.iter_rows(), sheet.start[0] + 1):
                yield SourceRow(number, [_as_text(cell) for cell in cells])
            return
    except CalamineError as error:
        raise UnreadableFile() from error


def _as_text(cell: int | float | str | bool | time | date | datetime | timedelta) -> str:
    """A cell as text, the way a person would have typed it into a CSV file."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        # repr is the shortest text that reads back as the same number.
        return str(int(cell)) if cell.is_integer() and abs(cell) < 10**15 else repr(cell)
    if isinstance(cell, datetime):
        whole_day = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
        return cell.date().isoformat() if whole_day else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
