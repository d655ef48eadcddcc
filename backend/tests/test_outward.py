"""The program asks nobody whom somebody named: no server-side request can be forged (SSRF).

There are no webhooks, no pictures from addresses and no imports from them. What it speaks to stands
in its settings: the database, Redis and the mail server.
"""

import ast

import pytest

from testing.removals import BACKEND

_OPENED = "a socket of its own"
#: What can open a connection.
ABLE = {
    _OPENED,
    "aiohttp",
    "ftplib",
    "http.client",
    "httpx",
    "requests",
    "smtplib",
    "urllib.request",
    "urllib3",
    "xmlrpc",
}
FILES = [path for path in (BACKEND / "alawael").rglob("*.py") if "tests" not in path.parts]


def able_to_ask(tree: ast.AST) -> set[str]:
    """What of this a module imports, or opens with Python's own sockets."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("create_connection", "socket"):
            found.add(_OPENED)
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return found & ABLE


@pytest.mark.parametrize(
    "able", ["import requests", "from urllib import request", "socket.create_connection(x)"]
)
def test_what_could_ask_is_recognised(able):
    assert able_to_ask(ast.parse(able))


def test_no_domain_can_ask_another_server():
    able = {
        path.relative_to(BACKEND).as_posix(): names
        for path in FILES
        if (names := able_to_ask(ast.parse(path.read_text(encoding="utf-8"))))
    }

    assert len(FILES) > 150
    assert able == {}
