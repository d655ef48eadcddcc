import json
import subprocess

import pytest
from click.testing import CliRunner

from alawael.security.headers import headers_of_documents, headers_of_everything, page_policy
from config import security_commands
from config.cli import main
from config.env import new_key
from config.security_commands import Finding, grade_of, of_secrets, of_server, of_settings


@pytest.fixture
def checkout(tmp_path):
    def commit(name, text):
        (tmp_path / name).write_text(text)
        for command in (["init", "-q"], ["add", name]):
            subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
        return [finding.grade for finding in of_secrets(tmp_path)]

    return commit


@pytest.mark.parametrize(
    "secret",
    [
        "-----BEGIN " + "PRIVATE KEY-----\nMIIEvQ",
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "mongodb+srv://alawael:" + "correct-horse-battery@db.example/x",
        "JWT_SECRET=" + "a1B2c3D4" * 6,
        "alw_" + "x" * 43,
    ],
)
def test_a_secret_in_the_code_is_found(checkout, secret):
    assert checkout("notes.txt", secret) == ["bad"]


def test_an_example_is_no_secret(checkout):
    harmless = "JWT_SECRET=production_jwt_secret_from_vault\nmongodb://user:PASSWORD@host/x\nalw_…"
    assert checkout("notes.txt", harmless) == ["good"]


def test_our_own_code_holds_no_secret():
    found = list(of_secrets(security_commands.ROOT))

    assert [one.message for one in found if one.grade == "bad"] == []


def test_settings_are_judged(tmp_path):
    keys = {name: new_key() for name in ("JWT_SECRET", "SESSION_SECRET", "ENCRYPTION_KEY")}
    strict = {"ALAWAEL_ENV": "production", "DATA_DIR": str(tmp_path), **keys}

    def grades(**more):
        return {one.grade for one in of_settings({**strict, **more})}

    assert grades(PUBLIC_URL="https://erp.example") == {"good"}
    assert "bad" in grades(PUBLIC_URL="http://erp.example")
    assert "bad" in grades(PUBLIC_URL="https://erp.example", RATE_LIMIT_ENABLED="false")
    assert "bad" in grades(JWT_SECRET="changeme")
    assert grades(PUBLIC_URL="https://erp.example", TRUSTED_PROXIES="0.0.0.0/0") == {
        "good",
        "warning",
    }


def test_headers_of_a_server_are_judged(monkeypatch):
    """What the program itself sends is good, and a page with less is not."""
    page = lowered(headers_of_documents()) | {"content-security-policy": page_policy("x" * 22)}
    answer = lowered(headers_of_everything()) | {"ratelimit-limit": "600"}
    monkeypatch.setattr(
        security_commands, "_headers", lambda url: answer if "/api/" in url else page
    )
    assert [one.grade for one in of_server("http://localhost:1")] == ["good"]
    page["content-security-policy"] += " 'unsafe-inline'"
    assert "bad" in [one.grade for one in of_server("http://localhost:1")]
    del page["x-frame-options"], page["permissions-policy"]
    assert len(of_server("https://localhost:1")) == 4


def lowered(headers):
    return {name.lower(): value for name, value in headers.items()}


def test_what_was_not_looked_at_is_never_called_good(db, monkeypatch):
    assert grade_of(["good", "not checked"]) == "B"
    assert grade_of(["good", "good"]) == "A"
    assert grade_of(["good", "bad"]) == "C"
    monkeypatch.setattr(security_commands, "of_secrets", lambda _: [Finding("x", "bad", "y")])
    told = CliRunner().invoke(main, ["security", "audit", "--offline", "--json"])

    assert told.exit_code == 1
    areas = {one["area"]: one["grade"] for one in json.loads(told.output)}
    assert areas["Dependencies"] == areas["Headers"] == "not checked"
