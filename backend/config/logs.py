"""Log lines: one JSON object each in production (flat ECS names), coloured text on a terminal.

A secret never reaches a log: values whose key speaks of one are replaced.
"""

import logging
import logging.handlers
import re
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import orjson
import structlog

from alawael.core.version import VERSION

Event = MutableMapping[str, Any]
_SECRET = re.compile(r"password|secret|token|authorization|cookie|api_?key|dsn|iban|otp", re.I)
_ECS = {"event": "message", "timestamp": "@timestamp", "level": "log.level", "logger": "log.logger"}


def configure(level: str, folder: str, *, as_json: bool) -> None:
    """Send every logger of the process to standard error, and to a file in `folder` if given."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _hide_secrets,
    ]
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if folder:
        path = Path(folder)
        path.mkdir(parents=True, exist_ok=True)
        # Follows the file when a rotation renames it; truncating copies would lose lines.
        handlers.append(logging.handlers.WatchedFileHandler(path / "alawael.jsonl"))
    for handler in handlers:
        on_screen = not as_json and isinstance(handler, logging.StreamHandler)
        on_screen = on_screen and not isinstance(handler, logging.FileHandler)
        last = _for_people() if on_screen else [_to_ecs, _to_json]
        handler.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=shared,
                processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            )
        )
    root = logging.getLogger()
    root.handlers[:] = handlers
    root.setLevel(level.upper())
    for noisy in ("pymongo", "django_tasks", "_granian"):
        logging.getLogger(noisy).setLevel(max(root.level, logging.WARNING))
    # Every request has its own line already, with its status.
    logging.getLogger("django.request").setLevel(logging.CRITICAL)


def _for_people() -> list[Any]:
    return [
        _on_one_line,
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            pad_event_to=24,
            # The values of a failing function may be somebody's password.
            exception_formatter=structlog.dev.RichTracebackFormatter(show_locals=False),
        ),
    ]


def _hide_secrets(_: Any, __: str, event: Event) -> Event:
    for key in event:
        if _SECRET.search(key) and event[key]:
            event[key] = "•••"
    return event


def _on_one_line(_: Any, __: str, event: Event) -> Event:
    """What somebody sent cannot begin a line of its own, nor colour or clear a terminal."""
    for key, value in event.items():
        if key not in ("exception", "stack") and isinstance(value, str) and not value.isprintable():
            event[key] = "".join(
                letter if letter.isprintable() else letter.encode("unicode_escape").decode()
                for letter in value
            )
    return event


def _to_ecs(_: Any, __: str, event: Event) -> Event:
    if event.get("exc_info"):
        event = structlog.processors.format_exc_info(None, "", event)
        event["error.stack_trace"] = event.pop("exception", "")
    named = {_ECS.get(key, key): value for key, value in event.items()}
    named["service.name"], named["service.version"] = "alawael", VERSION
    return named


def _to_json(_: Any, __: str, event: Event) -> str:
    # JSON escapes line breaks, so that one event is always one line.
    return orjson.dumps(event, default=str).decode()
