"""Examples of the API, taken from what the tests send and get: `scripts/examples` keeps them.

With ALAWAEL_RECORD_EXAMPLES naming a folder, each successful request of a test is written there.
The best one of each operation becomes its example in the OpenAPI schema, so an example is always
something that the program has really answered.
"""

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

FOLDER = os.environ.get("ALAWAEL_RECORD_EXAMPLES", "")

#: Rows of a list and lines of a document that an example shows.
MOST_ROWS = 2
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$")
_REFERENCE = re.compile(r'"#/components/schemas/([^"]+)"')
#: Values that look like secrets, or are made anew each time.
_SECRET = re.compile(r"(password|token|secret|challenge|recovery_codes|codes|uri|csrf)$")
_LONGEST_TEXT = 400


def record(method: str, path: str, sent: bytes, response: Any) -> None:
    """Keep one request and its answer, when it is asked for and succeeded."""
    if not FOLDER or not 200 <= response.status_code < 300:
        return
    operation = _operation_of(method.lower(), path)
    if operation is None:
        return
    told = {
        "operation": operation,
        "test": os.environ.get("PYTEST_CURRENT_TEST", ""),
        "status": response.status_code,
        "request": _json(sent),
        "response": _json(getattr(response, "content", b"")),
    }
    with (Path(FOLDER) / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(told) + "\n")


@cache
def _paths() -> list[tuple[str, re.Pattern[str], str]]:
    from config.api import api

    return [
        (method, _pattern(path), told["operationId"])
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, told in methods.items()
    ]


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)) + "$")


def _operation_of(method: str, path: str) -> str | None:
    # Of several that fit, one with fewer variable parts: /invoices/batch is no invoice's page.
    fitting = [
        (pattern.pattern.count("[^/]+"), operation)
        for its_method, pattern, operation in _paths()
        if its_method == method and pattern.match(path)
    ]
    return min(fitting)[1] if fitting else None


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None


def best(recorded: Iterator[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Of each operation the example that shows most and is still read at a glance."""
    chosen: dict[str, tuple[Any, dict[str, Any]]] = {}
    for told in recorded:
        rank = _rank(told)
        if told["operation"] not in chosen or rank > chosen[told["operation"]][0]:
            chosen[told["operation"]] = (rank, told)
    return {operation: _tidied(told) for operation, (_, told) in sorted(chosen.items())}


def unfit(schema: dict[str, Any], told: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Examples that their schema refuses, and those that an operation lacks: its id, and why."""
    for operation in _operations(schema):
        name = operation["operationId"]
        if name not in told:
            continue
        for part, wanted in _schemas(operation, str(told[name].get("status", ""))):
            if part not in told[name]:
                yield name, f"no {part}"
                continue
            checker = jsonschema_rs.validator_for(_complete(wanted, schema))
            for error in checker.iter_errors(told[name][part]):
                yield name, f"{part}: {error.message}"


def _complete(wanted: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A part of the schema with all that it refers to, and nothing else of the hundreds."""
    everything = schema["components"]["schemas"]
    needed: dict[str, Any] = {}
    waiting = [json.dumps(wanted)]
    while waiting:
        for name in set(_REFERENCE.findall(waiting.pop())) - set(needed):
            needed[name] = everything[name]
            waiting.append(json.dumps(everything[name], default=str))
    return {**wanted, "components": {"schemas": needed}}


def without(schema: dict[str, Any], told: dict[str, dict[str, Any]]) -> list[str]:
    """Operations that send or answer JSON and have no example."""
    return sorted(
        operation["operationId"]
        for operation in _operations(schema)
        if operation["operationId"] not in told and any(_schemas(operation))
    )


def _operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in schema["paths"].values():
        yield from methods.values()


def _schemas(operation: dict[str, Any], status: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """What an operation takes and, with this status or any good one, answers in JSON."""
    answers = [
        answer
        for its_status, answer in operation["responses"].items()
        if str(its_status) == status or (not status and int(its_status) < 300)
    ]
    for part, places in (("request", [operation.get("requestBody", {})]), ("response", answers)):
        for place in places[:1]:
            content = place.get("content", {}).get("application/json")
            if content:
                yield part, content["schema"]


def _rank(told: dict[str, Any]) -> tuple[bool, int, str]:
    """Plain words, then as much as can be shown; the last part makes the choice repeatable."""
    shown = _shortened(told["request"]), _shortened(told["response"])
    text = json.dumps(shown, ensure_ascii=False)
    plain = "<" not in text and "\\u0000" not in text and len(text) < 8_000
    request, response = (_values(part) for part in shown)
    return plain, 3 * min(request, 30) + min(response, 60), told["test"] + text[:200]


def _values(told: Any) -> int:
    """How many values say something."""
    if isinstance(told, dict):
        return sum(_values(value) for value in told.values())
    if isinstance(told, list):
        return sum(_values(value) for value in told)
    return int(told not in (None, "", False))


def _tidied(told: dict[str, Any]) -> dict[str, Any]:
    ids: dict[str, str] = {}
    parts = {
        part: _settled(_shortened(told[part]), "", ids)
        for part in ("request", "response")
        if told[part] is not None
    }
    return {"status": told["status"], **parts}


def _shortened(told: Any) -> Any:
    if isinstance(told, dict):
        return {key: _shortened(value) for key, value in told.items()}
    if isinstance(told, list):
        return [_shortened(value) for value in told[:MOST_ROWS]]
    return told


def _settled(told: Any, name: str, ids: dict[str, str]) -> Any:
    """Without what differs from run to run, and without anything that looks like a secret."""
    if isinstance(told, dict):
        return {key: _settled(value, key, ids) for key, value in told.items()}
    if isinstance(told, list):
        return [_settled(value, name, ids) for value in told]
    if not isinstance(told, str):
        return told
    if _is_secret(name, told):
        return "…"
    if _MOMENT.match(told):
        return "2026-03-01T09:00:00.000Z"
    return _UUID.sub(lambda found: _stable(found[0], ids), told)[:_LONGEST_TEXT]


def _is_secret(name: str, told: str) -> bool:
    return bool(_SECRET.search(name)) and len(told) >= 6


def _stable(uuid: str, ids: dict[str, str]) -> str:
    return ids.setdefault(uuid, f"019579c4-8e80-7000-8000-{len(ids) + 1:012d}")
