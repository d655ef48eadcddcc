"""Tables to take away: templates to fill in, and the rows that were refused with their reasons."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import xlsxwriter  # type: ignore[import-untyped]
from django.http import HttpResponse

from alawael.core.errors import Text
from alawael.exchange import queries
from alawael.exchange.models import Import, RefusedRow
from alawael.exchange.profiles.base import Profile

Form = Literal["csv", "xlsx"]
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_PLAIN_NUMBER = re.compile(r"^[+-]?[\d.,]+$")
_ROW = Text("Row", "الصف")
_REASON = Text("Reason", "السبب")


def template(profile: Profile, *, language: str, form: Form) -> HttpResponse:
    """The headings of a profile with one example row."""
    headings = [column.label.within(language) for column in profile.columns]
    example = [column.example for column in profile.columns]
    return _table([headings, example], f"{profile.key}-template", form, language)


def refused(batch: Import, *, language: str, form: Form) -> HttpResponse:
    """The refused rows as they stand in the file, with their number and every reason."""
    headings = [*batch.headings, _ROW.within(language), _REASON.within(language)]
    name = f"refused-{batch.file.name.partition('.')[0]}"
    return _table([headings, *_refused_lines(batch, language)], name, form, language)


def _refused_lines(batch: Import, language: str) -> Iterable[list[str]]:
    width = len(batch.headings)
    rows = queries.refused_rows(batch).order_by("row", "id").iterator(chunk_size=1000)
    number, line = None, []
    for refused_row in rows:
        if refused_row.row != number:
            if number is not None:
                yield line
            number = refused_row.row
            cells = (refused_row.as_sent + [""] * width)[:width]
            line = [*cells, str(number), ""]
        line[-1] = "; ".join(part for part in (line[-1], _reason(refused_row, language)) if part)
    if number is not None:
        yield line


def _reason(row: RefusedRow, language: str) -> str:
    message = row.message_ar if language == "ar" else row.message_en
    return f"{row.column}: {message}" if row.column else message


def _table(rows: Iterable[Sequence[str]], name: str, form: Form, language: str) -> HttpResponse:
    if form == "xlsx":
        response = HttpResponse(_workbook(rows, language), XLSX_TYPE)
    else:
        response = HttpResponse(_comma_separated(rows), CSV_TYPE)
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-") or "table"
    response["Content-Disposition"] = f'attachment; filename="{safe}.{form}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _comma_separated(rows: Iterable[Sequence[str]]) -> bytes:
    # With a mark of its encoding: Excel reads Arabic only then.
    text = io.StringIO()
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; an apostrophe says that it is text."""
    if cell.startswith(_FORMULA) and not _PLAIN_NUMBER.match(cell):
        return f"'{cell}"
    return cell


def _workbook(rows: Iterable[Sequence[str]], language: str) -> bytes:
    with TemporaryDirectory(prefix="alawael-sheet-") as folder:
        path = Path(folder) / "sheet.xlsx"
        book = xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": folder})
        sheet = book.add_worksheet()
        if language == "ar":
            sheet.right_to_left()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                # Always text, never a formula or a link.
                sheet.write_string(number, place, cell)
        book.close()
        return path.read_bytes()
