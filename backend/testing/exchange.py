"""Files that people might send, and imports of them."""

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, BinaryIO

import xlsxwriter  # type: ignore[import-untyped]

from alawael.core.actors import Actor
from alawael.core.worker import work_until_idle
from alawael.exchange import jobs, queries, services
from alawael.exchange.models import Import

RETAIL_HEADINGS = (
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
)


def a_csv(
    rows: Iterable[Sequence[str]], *, delimiter: str = ",", encoding: str = "utf-8-sig"
) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def a_workbook(rows: Iterable[Sequence[Any]]) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return content.getvalue()


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def a_stream(content: bytes) -> BinaryIO:
    return io.BytesIO(content)


def an_upload(
    content: bytes, *, by: Actor, at: datetime, profile: str = "", name: str = "table.csv"
) -> Import:
    return services.upload(
        a_stream(content), name=name, content_type="text/csv", profile=profile, by=by, at=at
    )


def checked(batch: Import, *, by: Actor, at: datetime) -> Import:
    """The import after a check that has come to its end."""
    jobs.start_check(batch, expected_version=None, by=by, at=at)
    work_until_idle()
    return queries.import_called(batch.pk)


def run(batch: Import, *, by: Actor, at: datetime) -> Import:
    """The import after a run that has come to its end."""
    jobs.start_run(batch, expected_version=None, by=by, at=at)
    work_until_idle()
    return queries.import_called(batch.pk)


def undone(batch: Import, *, by: Actor, at: datetime) -> Import:
    """The import after an undo that has come to its end."""
    jobs.start_undo(batch, expected_version=None, by=by, at=at)
    work_until_idle()
    return queries.import_called(batch.pk)


#: One of everything the real table surprises with, in few rows.
RETAIL_ROWS = (
    ("536000", "22941", "CHRISTMAS LIGHTS", "6", "02-12-2010 10:03", "8.5", "12431", "Australia"),
    ("536000", "POST", "POSTAGE", "1", "02-12-2010 10:04", "18", "12431", "Australia"),
    ("535999", "22941", "LIGHTS 10 REINDEER", "2", "01-12-2010 09:00", "8.5", "12400", "Norway"),
    ("535999", "22941", "LIGHTS 10 REINDEER", "3", "01-12-2010 09:00", "7.95", "12400", "Norway"),
    ("537000", "84029E", 'SIGN, "RED"', "4", "03-01-2011 12:00", "0", "", "EIRE"),
    ("C537001", "22941", "CHRISTMAS LIGHTS", "-2", "04-01-2011 12:00", "8.5", "12431", "Belgium"),
    ("C537002", "99999", "NEVER SOLD", "-1", "05-01-2011 12:00", "10", "12400", "Norway"),
)  # fmt: skip
RETAIL_TOTAL = "82.85"


#: Σ goods lines at 60 % of their price: what invoices ship, what C537001 and C537002 bring back.
RETAIL_SHIPPED, RETAIL_RETURNED = "55.11", "16.20"


def with_goods(batch: Import, *, by: Actor, at: datetime, **options: str) -> Import:
    """The import with goods that shall be received and shipped."""
    return services.remap(
        batch,
        profile=None,
        mapping=None,
        options={"goods": "ship", **options},
        expected_version=None,
        by=by,
        at=at,
    )


def a_retail_csv(*rows: Sequence[str]) -> bytes:
    """The table of an earlier system; its usual rows when none are given."""
    return a_csv([RETAIL_HEADINGS, *(rows or RETAIL_ROWS)])
