"""Reading what people really send, and nothing else."""

import gzip
import io
import zipfile
from datetime import date

import pytest

from alawael.exchange import tables
from testing.exchange import a_csv, a_workbook, packed

LINES = [["sku", "name"], ["LAMP-1", "مصباح مكتب"], ["DESK-2", 'Desk, "large"']]


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "table"
        path.write_bytes(content)
        return path

    return write


def read(path):
    shape = tables.recognise(path)
    return [tables.headings(path, shape), *(row.cells for row in tables.rows(path, shape))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1256", "utf-16"])
def test_reads_arabic_in_the_encodings_people_have(file, encoding):
    assert read(file(a_csv(LINES, encoding=encoding))) == LINES


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_finds_the_delimiter(file, delimiter):
    assert read(file(a_csv(LINES, delimiter=delimiter))) == LINES


def test_reads_a_compressed_file(file):
    assert read(file(packed(a_csv(LINES)))) == LINES


def test_reads_a_workbook_whatever_its_cells_hold(file):
    rows: list[list[object]] = [
        ["sku", "price", "from"],
        ["LAMP-1", 12.5, date(2026, 3, 31)],
        ["7", 7, True],
    ]

    assert read(file(a_workbook(rows))) == [
        ["sku", "price", "from"],
        ["LAMP-1", "12.5", "2026-03-31"],
        ["7", "7", "true"],
    ]


def test_counts_rows_as_a_spreadsheet_does(file):
    path = file(b"sku,name\n\nA,1\n\nB,2\n")
    numbered = {
        row.cells[0]: row.number for row in tables.rows(path, tables.recognise(path)) if row.cells
    }

    assert numbered["B"] == 5


def test_names_every_column_once(file):
    path = file(b"name,,name\n1,2,3\n")

    assert tables.headings(path, tables.recognise(path)) == ["name", "Column 2", "name (3)"]


@pytest.mark.parametrize(
    "content",
    [
        bytes(range(256)) * 40,
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"\x00\x01\x02" * 500,
        b"\x1f\x8b" + b"not gzip at all",
        b"PK\x03\x04" + b"not a zip at all",
        gzip.compress(b"\x00\x01\x02" * 1000),
        packed(a_csv(LINES))[:-12],
    ],
    ids=["bytes", "pdf", "gzip in name only", "zip in name only", "binary inside", "cut off"],
)
def test_refuses_what_is_not_a_table(file, content):
    with pytest.raises(tables.UnreadableFile):
        read(file(content))


def test_refuses_a_zip_that_is_no_workbook(file):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("readme.txt", "hello")

    with pytest.raises(tables.UnreadableFile):
        read(file(content.getvalue()))


def test_refuses_a_gzip_bomb(file):
    bomb = gzip.compress(b"a,b\n" * 8_000_000)
    assert len(bomb) < 200_000

    with pytest.raises(tables.TooMuchInside):
        read(file(bomb))


def test_refuses_a_zip_bomb(file):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 64_000_000)

    with pytest.raises(tables.TooMuchInside):
        read(file(content.getvalue()))


def test_refuses_a_sheet_whose_corners_are_too_far_apart(file):
    """Laid out as a rectangle, these two cells would take all memory there is."""
    with pytest.raises(tables.TooManyCells):
        tables.recognise(file(_with_corner(a_workbook(LINES), b"GA900000")))


def test_refuses_a_sheet_that_is_too_wide(file):
    with pytest.raises(tables.TooWide):
        tables.recognise(file(_with_corner(a_workbook(LINES), b"XFD9")))


def _with_corner(workbook, place):
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(content, "w") as copy:
        for part in source.infolist():
            text = source.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                text = text.replace(b'r="B3"', b'r="' + place + b'"')
            copy.writestr(part.filename, text)
    return content.getvalue()


def test_refuses_a_million_columns(file):
    with pytest.raises(tables.TooWide):
        read(file(b"a," * 1_000_000 + b"\n1\n"))


def test_refuses_a_quotation_mark_that_never_closes(file):
    with pytest.raises(tables.BrokenQuotes):
        read(file(b'a,b\n1,"' + b"x,y\n" * 100_000))


def test_says_so_when_the_chosen_encoding_is_wrong(file):
    path = file(a_csv(LINES, encoding="cp1256"))
    shape = tables.with_corrections(tables.recognise(path), encoding="utf-8")

    with pytest.raises(tables.WrongEncoding):
        list(tables.rows(path, shape))


@pytest.mark.parametrize("content", [b"\n\n", b"\xef\xbb\xbf"])
def test_refuses_a_file_without_headings(file, content):
    with pytest.raises(tables.UnreadableFile):
        read(file(content))
