"""The door for Granian: bodies are waited for side by side, then one request runs at a time.

Every request runs in the one thread of its process, as it would under WSGI (decision 2), but only
once its body is there, and its answer is sent by the server: neither who sends slowly nor who
reads slowly keeps others waiting (decision 18).

What the response cache can answer at once is answered where it arrives, in the thread in which
Granian hands requests over: it waits for no other request, and costs no change of threads. Where
other machines must be asked first, those that have arrived meanwhile are answered together.
"""

import asyncio
import io
import logging
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from alawael.security.bodies import Bodies, Environ

Headers = list[tuple[str, str]]
WsgiApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Given = tuple[int, Headers, bytes]
AtOnce = Callable[[Environ], Given | None]
#: A request as Granian gives it to the loop: what to call, and with what.
Arrived = tuple[Callable[..., Any], tuple[Any, Any], Any]

log = logging.getLogger(__name__)

#: An answer larger than this is sent from disk, where a slow reader costs no memory.
IN_MEMORY = 1024 * 1024
_BLOCK = 64 * 1024
#: How long the file of an answer stays open here, so that the server can open it (seconds).
_UNTIL_OPENED = 30.0
_MOST_NAMES = 200


def _may_be_kept(scope: Any) -> bool:
    return scope.method in ("GET", "HEAD") and scope.path.startswith("/api/")


class FileAnswer:
    """What a WSGI application answers when it answers a file (PEP 3333, wsgi.file_wrapper)."""

    def __init__(self, file: IO[bytes], block_size: int = _BLOCK) -> None:
        self.file, self.block_size = file, block_size

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.file.read(self.block_size), b"")

    def close(self) -> None:
        self.file.close()

    @property
    def path(self) -> str | None:
        """Where the whole answer lies, when it is a file with a name."""
        whole = isinstance(self.file, io.BufferedReader) and isinstance(self.file.name, str)
        return str(self.file.name) if whole and self.file.tell() == 0 else None


class Application:
    """A WSGI application for Granian's RSGI interface."""

    def __init__(self, application: WsgiApplication) -> None:
        self.application = application
        self.bodies = Bodies()
        self.loop: asyncio.AbstractEventLoop
        self._at_once: AtOnce | None = getattr(application, "at_once", None)
        self._asks_others: bool = getattr(application, "asks_others", False)
        self._waiting: deque[Arrived] = deque()
        self._is_called = False
        self._names = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
        self._always: Environ = {
            "SCRIPT_NAME": "",
            "SERVER_SOFTWARE": "Granian",
            "wsgi.version": (1, 0),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "wsgi.input_terminated": True,
            "wsgi.file_wrapper": FileAnswer,
        }

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        if self._at_once is not None:
            # Granian gives each request to the loop with this, from a thread of its own.
            vars(loop)["call_soon_threadsafe"] = self._before(loop.call_soon_threadsafe)

    def _before(self, give_to_loop: Callable[..., Any]) -> Callable[..., Any]:
        """Answer what can be answered at once; everything else goes to the loop, as ever."""

        def arrived(callback: Callable[..., Any], *args: Any, context: Any = None) -> Any:
            # A request's coroutine, which has not begun, and what it is about (granian._futures).
            scope = getattr(args[1], "scope", None) if len(args) == 2 else None
            if scope is None or not _may_be_kept(scope):
                return give_to_loop(callback, *args, context=context)
            if self._asks_others:
                self._waiting.append((callback, (args[0], args[1]), context))
                if not self._is_called:
                    self._is_called = True
                    give_to_loop(self._answer_waiting)
                return None
            if self._is_answered(scope, args[1]):
                args[0].close()
                return None
            return give_to_loop(callback, *args, context=context)

        return arrived

    def _is_answered(self, scope: Any, request: Any) -> bool:
        if self._at_once is None:
            return False
        try:
            head = self.head_of(scope)
            given = None if self.bodies.is_expected(head) else self._at_once(head)
        except Exception:  # nobody above would answer, so the program does
            log.exception("at_once_failed")
            return False
        return given is not None and self._is_sent(given, request)

    @staticmethod
    def _is_sent(given: Given, request: Any) -> bool:
        try:
            request.proto.response_bytes(*given)
        except Exception:  # nor would anybody go on with the others
            log.exception("not_sent")
            return False
        return True

    def _answer_waiting(self) -> None:
        """Answer what has arrived while others were answered; what remains goes its usual way."""
        # First, so that who comes from here on calls again; once too often does no harm.
        self._is_called = False
        arrived = [self._waiting.popleft() for _ in range(len(self._waiting))]
        given = self._given_together([args[1].scope for _, args, _ in arrived])
        for (callback, args, context), answer in zip(arrived, given, strict=True):
            if answer is not None and self._is_sent(answer, args[1]):
                args[0].close()
            else:
                self.loop.call_soon(callback, *args, context=context)

    def _given_together(self, scopes: list[Any]) -> list[Given | None]:
        given: list[Given | None] = [None] * len(scopes)
        try:
            heads = [self.head_of(scope) for scope in scopes]
            asked = [place for place, head in enumerate(heads) if not self.bodies.is_expected(head)]
            with self._ordinary_thread():
                found = self.application.together([heads[place] for place in asked])  # type: ignore[attr-defined]
            for place, answer in zip(asked, found, strict=True):
                given[place] = answer
        except Exception:  # nobody above would answer, so the program does
            log.exception("together_failed")
        return given

    @contextmanager
    def _ordinary_thread(self) -> Iterator[None]:
        """Nothing within awaits, so this is a thread like others to the program.

        Django would refuse its database to the thread of an event loop, and keep a connection for
        each task.
        """
        asyncio._set_running_loop(None)
        try:
            yield
        finally:
            asyncio._set_running_loop(self.loop)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        environ = self.environ_of(scope)
        body: IO[bytes] | None = None
        if self.bodies.is_expected(environ):
            body = await self.bodies.read(protocol, environ)
        environ["wsgi.input"] = body or io.BytesIO()
        try:
            with self._ordinary_thread():
                self._answer(environ, protocol)
        finally:
            if body is not None:
                body.close()

    def environ_of(self, scope: Any) -> Environ:
        """A request as WSGI has it, but for its body."""
        server, client = scope.server.rpartition(":"), scope.client.rpartition(":")
        environ = self._always | self.head_of(scope)
        environ["SERVER_PROTOCOL"] = f"HTTP/{scope.http_version}"
        environ["SERVER_NAME"], environ["SERVER_PORT"] = server[0].strip("[]"), server[2]
        environ["REMOTE_ADDR"] = client[0].strip("[]")
        environ["wsgi.url_scheme"] = scope.scheme
        if "HTTP_HOST" not in environ:
            environ["HTTP_HOST"] = scope.authority or ""
        return environ

    def head_of(self, scope: Any) -> Environ:
        """What the head of a request says, as WSGI has it."""
        head: Environ = {
            "REQUEST_METHOD": scope.method,
            # WSGI's text is bytes in disguise (PEP 3333).
            "PATH_INFO": scope.path.encode("utf-8", "replace").decode("latin-1"),
            "QUERY_STRING": scope.query_string,
        }
        for name, value in scope.headers.items():
            key = self._names.get(name) or self._named(name)
            if "_" in name:
                continue  # X_Forwarded_For must not pass for X-Forwarded-For
            if key in head:
                head[key] += ("; " if name == "cookie" else ",") + value
            else:
                head[key] = value
        return head

    def _named(self, name: str) -> str:
        key = "HTTP_" + name.upper().replace("-", "_")
        if len(self._names) < _MOST_NAMES:
            self._names[name] = key
        return key

    def _answer(self, environ: Environ, protocol: Any) -> None:
        said: dict[str, Any] = {}

        def start(status: str, headers: Headers, _: Any = None) -> None:
            said.update(status=int(status[:3]), headers=headers)

        answer = self.application(environ, start)
        if isinstance(answer, list):
            protocol.response_bytes(said["status"], said["headers"], b"".join(answer))
            return
        try:
            if isinstance(answer, FileAnswer) and (path := answer.path):
                protocol.response_file(said["status"], said["headers"], path)
            else:
                self._send_all(answer, said["status"], said["headers"], protocol)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()

    def _send_all(
        self, answer: Iterable[bytes], status: int, headers: Headers, protocol: Any
    ) -> None:
        """Make the whole answer now; it is sent while others are answered."""
        kept = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed once it is opened
        for piece in answer:
            kept.write(piece)
        if kept.tell() <= IN_MEMORY:
            kept.seek(0)
            protocol.response_bytes(status, headers, kept.read())
            kept.close()
            return
        kept.flush()
        protocol.response_file(status, headers, f"/dev/fd/{kept.fileno()}")
        self.loop.call_later(_UNTIL_OPENED, kept.close)
