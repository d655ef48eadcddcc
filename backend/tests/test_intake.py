import time

import orjson
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from alawael.core.search_text import fold
from alawael.exchange.downloads import harmless
from alawael.ledger.csv_files import cell
from alawael.payments.statement_files import (
    StatementAmountUnread,
    UnreadableStatement,
    amount_of,
    read_statement,
)
from alawael.security.intake import DEEPEST, is_too_deep
from config.api import api
from config.logs import _hide_secrets, _on_one_line, _to_json

JSON = "application/json"


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def _nested(levels):
    return b"[" * levels + b"]" * levels


def test_json_nests_within_reason():
    within, beyond = _nested(DEEPEST), _nested(DEEPEST + 1)
    wide = orjson.dumps([{"a": [1]}] * 1000)

    assert not is_too_deep(within, orjson.loads(within))
    assert is_too_deep(beyond, orjson.loads(beyond))
    assert not is_too_deep(wide, orjson.loads(wide))


@pytest.mark.parametrize("body", [_nested(60), _nested(900), _nested(200_000), b'{"a":' * 500])
def test_deep_json_is_a_problem_and_no_failure(client, body):
    answer = client.post("/api/auth/sign-in", body, content_type=JSON)

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


def test_a_large_body_is_refused_before_it_is_read(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024**2
    answer = client.post("/api/auth/sign-in", b" " * (1024**2 + 1), content_type=JSON)

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    # Its stated size alone is looked at.
    claimed = client.generic(
        "POST", "/api/imports", b"", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(10**15),
    )  # fmt: skip
    assert claimed.status_code == 413


def test_a_long_query_is_refused(client):
    answer = client.get("/api/health/live?q=" + "x" * 9000)

    assert (answer.status_code, answer.json()["code"]) == (414, "address_too_long")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"--x\r\nbroken", "multipart/form-data; boundary="),
        (b"--x\r\nbroken", "multipart/form-data"),
        (
            b"".join(
                b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n1\r\n' % number
                for number in range(300)
            )
            + b"--x--\r\n",
            "multipart/form-data; boundary=x",
        ),
    ],
)
def test_a_malformed_form_is_a_problem_and_no_failure(as_amal, body, kind):
    answer = as_amal.generic("POST", "/api/imports", body, content_type=kind)

    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json"


def test_operators_of_a_database_are_only_text(db, as_amal, amal):
    """What makes MongoDB compare or run something is a wrong type here, or plain text."""
    operator = {"$ne": ""}
    for path, body in [
        ("/api/auth/sign-in", {"email": operator, "password": operator}),
        ("/api/auth/sign-in", {"email": amal.email, "password": {"$gt": ""}}),
        ("/api/products", {"sku": {"$regex": ".*"}, "name_en": operator}),
        ("/api/users", {"email": {"$where": "sleep(1000)"}, "roles": [operator]}),
    ]:
        assert as_amal.post(path, body).status_code == 422, path
    for query in ("q[$ne]=x", "q=$where", "sort[$gt]=", "q=%7B%22%24ne%22%3A1%7D"):
        answer = as_amal.get(f"/api/users?{query}")
        assert answer.status_code in (200, 422)
        assert query == "sort[$gt]=" or not (answer.json().get("items") and "q=" in query)
    assert as_amal.get("/api/users?after=eyIkbmUiOiAxfQ").status_code == 422


@given(st.builds(str.__add__, st.sampled_from(["", *"=+-@\t\r"]), st.text(max_size=40)))
def test_no_cell_of_a_download_is_a_formula(text):
    for safe in (harmless(text), cell(text)):
        if safe.startswith(("=", "@", "\t", "\r")):
            raise AssertionError(safe)
        if safe.startswith(("+", "-")):
            assert set(safe) <= set("+-0123456789.,"), safe


@pytest.mark.parametrize("sent", ["=cmd|'/C calc'!A0", "@SUM(1)", "+1+cmd", "-2+3+cmd", "\t=1"])
def test_a_formula_becomes_text(sent):
    assert harmless(sent) == cell(sent) == f"'{sent}"


def test_one_event_is_one_line_whatever_was_sent():
    sent = 'x\r\n{"message":"forged","user":"amal"}\n\x1b[2J'

    shown = _on_one_line(None, "", {"path": sent})["path"]
    written = _to_json(None, "", {"path": sent})

    for line in (shown, written):
        assert line.isprintable()
        assert "\n" not in line
        assert "\x1b" not in line


@pytest.mark.parametrize("name", ["password", "JWT_SECRET", "Authorization", "api_key", "cookie"])
def test_a_log_hides_secrets(name):
    line = _to_json(None, "", _hide_secrets(None, "", {"path": "/x", name: "three calm harbours"}))

    assert "harbours" not in line
    assert '"path":"/x"' in line


def test_every_answer_says_its_type(client, db):
    told = [
        client.get("/api/health/live"),
        client.get("/api/no-such-route"),
        client.post("/api/auth/sign-in", b"{", content_type=JSON),
        client.get("/api/users"),
    ]

    assert [answer["Content-Type"].partition(";")[0] for answer in told] == [
        "application/json",
        *["application/problem+json"] * 3,
    ]


def test_a_failure_tells_nothing_about_the_inside(client, db, monkeypatch):
    def fail(*_args, **_options):
        raise RuntimeError("table users has no column named shoe_size")

    monkeypatch.setattr("alawael.accounts.queries.user_by_email", fail)

    answer = client.post(
        "/api/auth/sign-in", {"email": "a@b.test", "password": "x"}, content_type=JSON
    )

    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert answer.json()["request_id"] in answer.json()["detail"]
    assert b"shoe_size" not in answer.content


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/search", b'{"query":"<script>alert(1)</script>"}'),  # the runbook's own request
        ("/api/search", b'{"query":"\\u003cScript src=x>"}'),
        ("/api/no-such-route?q=%3Cscript%3E", b"{}"),
        ("/api/auth/sign-in", b'{"email":"javascript:alert(1)","password":"x"}'),
    ],
)
def test_text_that_looks_like_code_is_logged_and_stays_text(client, db, caplog, path, body):
    answer = client.post(path, body, content_type=JSON)

    told = [record for record in caplog.records if record.message == "sanitized"]
    assert [(one.path, one.looked_like) for one in told] == [
        (path.partition("?")[0], "javascript" if b"javascript" in body else "script")
    ]
    assert b"alert" not in answer.content
    assert "html" not in answer["Content-Type"]
    caplog.clear()
    client.post(path.partition("?")[0], b'{"query":"3 < 4 > 2, a<b"}', content_type=JSON)
    assert "sanitized" not in caplog.text


def test_a_name_that_looks_like_code_is_kept_and_given_back_as_text(as_amal, amal):
    name = "<script>alert(1)</script>"

    answer = as_amal.patch(f"/api/users/{amal.pk}", {"name_en": name})

    assert answer.json()["name_en"] == name
    assert answer["Content-Type"].startswith("application/json")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "script-src" not in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_a_name_cannot_add_a_header(as_amal):
    answer = as_amal.get(
        "/api/import-profiles/x%0d%0aSet-Cookie:%20a=b/template", HTTP_X_REQUEST_ID="a\r\nb: c"
    )

    assert answer.status_code in (404, 422)
    assert "Set-Cookie" not in answer
    assert "\n" not in answer["X-Request-Id"]


_XML_BOMB = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><Document><x>&c;</x></Document>"""
_XML_READS = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<Document><x>&a;</x></Document>"""
_XML_ASKS = b"""<?xml version="1.0"?><!DOCTYPE d SYSTEM "http://127.0.0.1:9/d" [<!ENTITY a "ha">]>
<Document><x>&a;</x></Document>"""


@pytest.mark.parametrize("content", [_XML_BOMB, _XML_READS, _XML_ASKS])
def test_xml_neither_unpacks_nor_reads_nor_asks(content):
    with pytest.raises(UnreadableStatement, match="broken or unsafe"):
        read_statement(content)


_LONG = 200_000


@pytest.mark.parametrize(
    "hostile",
    [
        "1," * _LONG,
        "(" * _LONG,
        " " * _LONG + "x",
        "ـ" * _LONG,
        "a" * _LONG + "!",
        "=" * _LONG,
        "0" * _LONG + "e" * 9,
    ],
    ids=lambda text: repr(text[:2]),
)
def test_no_pattern_takes_long_over_hostile_text(hostile):
    began = time.process_time()

    fold(hostile)
    harmless(hostile)
    cell(hostile)
    for read in (amount_of, lambda text: read_statement(text.encode())):
        try:
            read(hostile)
        except (ValueError, UnreadableStatement, StatementAmountUnread):
            pass
        except Exception as error:
            assert "columns" in type(error).__name__.lower(), error  # noqa: PT017

    assert time.process_time() - began < 2


def test_the_description_of_the_api_is_made_once(client, monkeypatch):
    first = client.get("/api/openapi.json")
    monkeypatch.setattr(api, "get_openapi_schema", lambda: {"paths": {}})

    again = client.get("/api/openapi.json")

    assert first.json()["paths"]
    assert again.content == first.content
