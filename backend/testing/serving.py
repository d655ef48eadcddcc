"""Ask a WSGI application as a server would, without a socket."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from alawael.accounts.models import PersonalToken, User
from alawael.accounts.tokens import token_hash
from alawael.core.clock import now
from testing.cast import NOON

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Said:
    """What the application answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def cache(self) -> str | None:
        return self.headers.get("X-Cache")

    def json(self) -> Any:
        return orjson.loads(self.body)


def ask(app: App, path: str, token: str = "", *, method: str = "GET", **headers: str) -> Said:
    """`ask(app, "/api/products?limit=2", token, If_None_Match="…")`."""
    path, _, query = path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }
    if token:
        environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    said: list[Any] = []

    def start(status: str, given: list[tuple[str, str]], *_: Any) -> None:
        said[:] = [int(status.split()[0]), dict(given)]

    chunks = app(environ, start)
    body = b"".join(chunks)
    if (close := getattr(chunks, "close", None)) is not None:
        close()
    return Said(said[0], said[1], body)


def token_for(user: User, *permissions: str) -> str:
    """A personal token of the user, just used."""
    token = f"alw_served-{user.pk}-{'+'.join(permissions)}"
    PersonalToken.objects.create(
        user=user,
        name="served",
        prefix="alw_served",
        hash=token_hash(token),
        created_at=NOON,
        last_used_at=now(),
        permissions=list(permissions),
    )
    return token
