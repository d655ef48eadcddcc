import re

import pytest
from django.http import HttpResponse
from django.test import Client

from alawael.security.cors import AllowOrigins
from alawael.security.headers import (
    SecurityHeadersMiddleware,
    for_static_files,
    headers_of_documents,
    headers_of_everything,
    page_policy,
)


@pytest.fixture
def page(tmp_path, settings):
    """The web app as Vite builds it, in short."""
    settings.WEB_APP = tmp_path / "index.html"
    settings.WEB_APP.write_text('<meta property="csp-nonce" nonce="__CSP_NONCE__">')
    return lambda: Client().get("/orders")


def test_a_page_runs_nothing_that_is_not_ours(page):
    first, second = page(), page()

    policy = first["Content-Security-Policy"]
    found = re.search(r"'nonce-([\w-]{22,})'", policy)
    assert found
    nonce = found[1]
    assert f'nonce="{nonce}"' in first.content.decode()
    assert nonce not in second["Content-Security-Policy"]
    for part in ("unsafe", " * ", "https:", "http:", "strict-dynamic"):
        assert part not in policy
    for rule in (
        "default-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "script-src-attr 'none'",
        "style-src-attr 'none'",
        "connect-src 'self'",
    ):
        assert rule in policy.split("; ")


def test_every_answer_carries_the_headers(page):
    client = Client(raise_request_exception=False)
    answers = [page(), client.get("/api/health/live"), client.get("/api/no-such-route")]
    answers.append(client.post("/api/auth/sign-in", b"{", content_type="application/json"))

    for answer in answers:
        for name in headers_of_everything():
            assert answer.headers.get(name), name
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "unsafe" not in answer["Content-Security-Policy"]
    for answer in answers[1:]:
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert answer["Cache-Control"] in ("private, no-cache", "no-store")


def test_what_a_browser_may_show_shares_nothing_with_who_opened_it(page, rf):
    printed = SecurityHeadersMiddleware(lambda _: HttpResponse(content_type="application/pdf"))

    for answer in (page(), printed(rf.get("/api/invoices/1/pdf"))):
        for name in headers_of_documents():
            assert answer.headers.get(name), name
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_files_of_the_web_app_carry_them_too():
    headers: dict[str, str] = {}

    for_static_files(headers, "/srv/dist/icon.svg", "/icon.svg")

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_https_is_insisted_on_where_people_use_it(settings):
    assert "Strict-Transport-Security" not in headers_of_everything()
    settings.HSTS, settings.SECURE_COOKIES = True, True

    assert headers_of_everything()["Strict-Transport-Security"] == (
        "max-age=63072000; includeSubDomains"
    )
    assert "upgrade-insecure-requests" in page_policy("n")


def _call(application, **environ):
    said = {}

    def start(status, headers, *_):
        said["status"], said["headers"] = status, dict(headers)

    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/api/products", **environ}
    list(application(environ, start))
    return said


def test_only_listed_origins_may_call_and_never_with_a_cookie():
    def inner(environ, start_response):
        start_response("200 OK", [("ETag", '"1"')])
        return [b"{}"]

    application = AllowOrigins(inner, ["https://shop.example/"])

    listed = _call(application, HTTP_ORIGIN="https://shop.example")["headers"]
    assert listed["Access-Control-Allow-Origin"] == "https://shop.example"
    assert "Access-Control-Allow-Credentials" not in listed
    assert listed["Vary"] == "Origin"
    for other in ("https://evil.example", "https://shop.example.evil.example", "null", ""):
        answer = _call(application, HTTP_ORIGIN=other)["headers"]
        assert "Access-Control-Allow-Origin" not in answer
        assert answer["Vary"] == "Origin"
    ask = {"REQUEST_METHOD": "OPTIONS", "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "POST"}
    preflight = _call(application, HTTP_ORIGIN="https://shop.example", **ask)
    assert preflight["status"].startswith("204")
    assert "Authorization" in preflight["headers"]["Access-Control-Allow-Headers"]
    refused = _call(application, HTTP_ORIGIN="https://evil.example", **ask)
    assert "Access-Control-Allow-Methods" not in refused["headers"]


class Kept:
    """A program whose cache holds one answer."""

    def __call__(self, environ, start_response):
        raise AssertionError("The program is not asked.")

    def at_once(self, environ):
        return None if "HTTP_RANGE" in environ else (200, [("ETag", '"1"')], b"{}")


def test_an_answer_from_the_cache_is_marked_for_the_origin_that_asks():
    application = AllowOrigins(Kept(), ["https://shop.example"])

    listed = application.at_once({"HTTP_ORIGIN": "https://shop.example"})
    other = application.at_once({"HTTP_ORIGIN": "https://evil.example"})

    assert listed is not None
    assert dict(listed[1])["Access-Control-Allow-Origin"] == "https://shop.example"
    assert other == (200, [("ETag", '"1"'), ("Vary", "Origin")], b"{}")
    assert application.at_once({"HTTP_RANGE": "bytes=0-1"}) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_ORIGIN": "null"},
    ],
)
@pytest.mark.parametrize("path", ["/api/auth/refresh", "/api/auth/sign-out"])
def test_another_site_cannot_use_the_cookie(headers, path):
    browser = Client(raise_request_exception=False)

    forged = browser.post(path, HTTP_X_REQUESTED_WITH="alawael", **headers)
    plain_form = browser.post(path, HTTP_SEC_FETCH_SITE="same-origin")

    assert (forged.status_code, forged.json()["code"]) == (403, "cross_site")
    assert (plain_form.status_code, plain_form.json()["code"]) == (403, "cross_site")
