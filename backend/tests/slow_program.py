"""A small program behind our door, for test_slow_senders.py: it says what came."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import django

django.setup()

from alawael.security.intake import REFUSED  # noqa: E402 - settings first
from config.door import Application  # noqa: E402

LARGE = 30_000_000
_file = Path(tempfile.mkdtemp(prefix="alawael-slow-")) / "large"
_file.write_bytes(b"f" * LARGE)


def program(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path, refused = environ["PATH_INFO"], environ.get(REFUSED)
    if path == "/made":
        start_response("200 OK", [("Content-Length", str(LARGE))])
        return (b"m" * 100_000 for _ in range(LARGE // 100_000))
    if path == "/file":
        start_response("200 OK", [("Content-Length", str(LARGE))])
        wrapped: Iterable[bytes] = environ["wsgi.file_wrapper"](_file.open("rb"))
        return wrapped
    body = environ["wsgi.input"].read()
    told = refused.code if refused else f"{len(body)} {environ.get('HTTP_X_FORWARDED_FOR', '')}"
    start_response("200 OK", [("Content-Length", str(len(told)))])
    return [told.encode()]


application = Application(program)
application.bodies.tick = 0.2
