"""A small program behind our door, for test_slow_senders.py: it says what came.

With ASKS_OTHERS it answers as the cache does where there are other machines.
"""

import os
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import django

django.setup()

from alawael.security.intake import REFUSED  # noqa: E402 - settings first
from config.door import Application  # noqa: E402

LARGE = 30_000_000
_file = Path(tempfile.mkdtemp(prefix="alawael-slow-")) / "large"
_file.write_bytes(b"f" * LARGE)


class Program:
    """What it gives at once lets go whoever waits for it."""

    asks_others = bool(os.environ.get("ASKS_OTHERS"))

    def __init__(self) -> None:
        self.given = threading.Event()
        self.largest = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/api/waits":
            told = b"let go" if self.given.wait(8) else b"nobody came"
            start_response("200 OK", [("Content-Length", str(len(told)))])
            return [told]
        if environ["PATH_INFO"] == "/api/busy":
            time.sleep(0.5)
        if environ["PATH_INFO"] == "/api/largest":
            told = str(self.largest).encode()
            start_response("200 OK", [("Content-Length", str(len(told)))])
            return [told]
        return program(environ, start_response)

    def at_once(self, environ: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes] | None:
        if environ["PATH_INFO"] == "/api/broken":
            raise ValueError("at once")
        if environ["PATH_INFO"] != "/api/kept":
            return None
        self.given.set()
        return 200, [("Content-Length", "4")], b"kept"

    def together(
        self, environs: Sequence[dict[str, Any]]
    ) -> list[tuple[int, list[tuple[str, str]], bytes] | None]:
        self.largest = max(self.largest, len(environs))
        return [self.at_once(environ) for environ in environs]


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


application = Application(Program())
application.bodies.tick = 0.2
