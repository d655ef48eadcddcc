"""The import wizard's side: upload, map, check, run, watch, download, undo; and who may."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.client import MULTIPART_CONTENT
from django.test.utils import CaptureQueriesContext

from alawael.core.install import install
from alawael.core.worker import work_until_idle
from alawael.exchange import downloads
from alawael.exchange.tables import recognise, rows
from testing.exchange import a_csv, an_upload, checked, run

HEADINGS = ["Item code", "Name", "Price"]
LAMP = ["LAMP-1", "Desk lamp", "49.50"]


def upload(client, content, name="products.csv", **more):
    file = SimpleUploadedFile(name, content, "text/csv")
    return client.post("/api/imports", {"file": file, **more}, content_type=MULTIPART_CONTENT)


def test_tells_the_whole_story(as_amal):
    install()
    made = upload(as_amal, a_csv([HEADINGS, LAMP, ["", "Nameless", "x"]]))
    assert made.status_code == 201, made.content
    path = f"/api/imports/{made.json()['id']}"
    assert made.json()["profile"] == "products"
    assert made.json()["sample"][0] == LAMP

    assert as_amal.post(f"{path}/check").status_code == 202
    work_until_idle()
    report = as_amal.get(path).json()["check_report"]
    assert (report["rows"]["created"], report["rows"]["refused"]) == (1, 1)

    assert as_amal.post(f"{path}/run").status_code == 202
    work_until_idle()
    detail = as_amal.get(path).json()
    assert (detail["state"], detail["done"], detail["total"]) == ("done", 2, 2)
    assert as_amal.get(f"{path}/records").json()["items"][0]["key"] == "lamp-1"

    outlook = as_amal.post(f"{path}/undo?dry_run=true")
    assert outlook.json() == {"records": {"product": {"created": 1}}}
    assert as_amal.post(f"{path}/undo").status_code == 202
    work_until_idle()
    assert as_amal.get(path).json()["state"] == "undone"


def test_mapping_can_be_corrected(as_amal):
    path = f"/api/imports/{upload(as_amal, a_csv([['A', 'B'], ['X', 'Y']])).json()['id']}"

    wrong = as_amal.patch(path, {"profile": "products", "mapping": {"sku": "C", "no": "A"}})
    right = as_amal.patch(path, {"profile": "products", "mapping": {"sku": "A", "name_en": "B"}})

    assert {error["code"] for error in wrong.json()["errors"]} == {
        "unknown_heading",
        "unknown_column",
    }
    assert (right.status_code, right.json()["state"]) == (200, "mapped")


def test_an_incomplete_mapping_cannot_run(as_amal):
    path = f"/api/imports/{upload(as_amal, a_csv([['A'], ['X']]), profile='products').json()['id']}"

    answer = as_amal.post(f"{path}/run")

    assert (answer.status_code, answer.json()["code"]) == (409, "mapping_incomplete")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "invalid"),
        (bytes(range(256)) * 9, "unreadable_file"),
        (b"only,headings\n", "no_table"),
    ],
)
def test_refuses_what_is_no_table(as_amal, content, code):
    answer = upload(as_amal, content)

    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_refused_rows_can_be_taken_away_without_danger(as_amal, amal, noon, tmp_path):
    evil = ["", '=HYPERLINK("http://evil.example","x")', "-5"]
    batch = checked(an_upload(a_csv([HEADINGS, evil]), by=amal, at=noon), by=amal, at=noon)
    path = f"/api/imports/{batch.pk}/errors"

    table = list(
        csv.reader(io.StringIO(as_amal.get(f"{path}?format=csv").content.decode("utf-8-sig")))
    )
    (tmp_path / "x").write_bytes(as_amal.get(f"{path}?format=xlsx").content)
    sheet = list(rows(tmp_path / "x", recognise(tmp_path / "x")))

    assert table[1][:4] == ["", f"'{evil[1]}", "-5", "2"]
    assert "This value is missing." in table[1][4]
    assert sheet[0].cells[1] == evil[1]
    assert as_amal.get(path).json()["items"][0]["row"] == 2


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cell):
    assert downloads.harmless(cell).startswith("'")


def test_a_template_can_be_filled_in_and_uploaded(as_amal):
    answer = as_amal.get("/api/import-profiles/products/template?format=xlsx")

    made = upload(as_amal, answer.content, name="template.xlsx")

    assert (made.json()["profile"], made.json()["state"]) == ("products", "mapped")


def test_lists_profiles_with_their_columns(as_amal):
    found = {profile["key"]: profile for profile in as_amal.get("/api/import-profiles").json()}

    assert set(found) == {"products", "parties", "online-retail"}
    assert found["products"]["columns"][0]["label_ar"] == "رمز المنتج"


def test_a_finished_import_can_neither_run_again_nor_be_cancelled(as_amal, amal, noon):
    install()
    batch = run(an_upload(a_csv([HEADINGS, LAMP]), by=amal, at=noon), by=amal, at=noon)

    for verb in ("run", "check", "cancel"):
        answer = as_amal.post(f"/api/imports/{batch.pk}/{verb}")
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


def test_cancelling_stops_the_job(as_amal, amal, noon):
    batch = an_upload(a_csv([HEADINGS, LAMP]), by=amal, at=noon)
    as_amal.post(f"/api/imports/{batch.pk}/run")

    answer = as_amal.post(f"/api/imports/{batch.pk}/cancel")
    work_until_idle()

    assert answer.json()["state"] == "cancelled"
    assert as_amal.get(f"/api/imports/{batch.pk}").json()["done"] == 0


def test_a_stale_version_is_refused(as_amal, amal, noon):
    batch = an_upload(a_csv([HEADINGS, LAMP]), by=amal, at=noon)

    answer = as_amal.patch(
        f"/api/imports/{batch.pk}", {"mapping": {"sku": "Name"}}, HTTP_IF_MATCH='"9"'
    )

    assert answer.status_code == 412


@pytest.mark.parametrize(
    ("method", "path", "needed"),
    [
        ("get", "", "import:read"),
        ("get", "/errors", "import:read"),
        ("get", "/records", "import:read"),
        ("patch", "", "import:create"),
        ("post", "/check", "import:create"),
        ("post", "/run", "import:create"),
        ("post", "/cancel", "import:create"),
        ("post", "/undo", "import:undo"),
    ],
)
def test_each_verb_needs_its_permission(signed_in_with, stranger, amal, noon, method, path, needed):
    batch = an_upload(a_csv([HEADINGS, LAMP]), by=amal, at=noon)
    everything_else = {"import:read", "import:create", "import:undo"} - {needed}
    url = f"/api/imports/{batch.pk}{path}"

    assert getattr(signed_in_with(*everything_else), method)(url).status_code == 403
    assert getattr(stranger, method)(url).status_code == 401


@pytest.mark.parametrize(("path", "budget"), [("", 5), ("/{0}/errors", 6), ("/{0}/records", 6)])
def test_lists_ask_few_queries(as_amal, amal, noon, path, budget):
    batches = [
        checked(an_upload(a_csv([HEADINGS, ["", "x", "y"]]), by=amal, at=noon), by=amal, at=noon)
        for _ in range(3)
    ]

    with CaptureQueriesContext(connection) as asked:
        answer = as_amal.get("/api/imports" + path.format(batches[0].pk))

    assert answer.status_code == 200
    assert len(asked) <= budget
