"""An answer as it is kept: its bytes, packed once for each way of packing, and what it hangs on."""

import hashlib
import re
import zlib
from collections.abc import Callable
from typing import Any

import brotli
import zstandard

Headers = list[tuple[str, str]]

#: Below this, packing makes an answer slower and hardly smaller (bytes).
LEAST_PACKED = 700
#: What an answer costs in memory beside its bytes, roughly: objects, key, headers (bytes).
OVERHEAD = 2_048
#: They belong to one request, or are written anew here.
_NOT_KEPT = {
    "age", "cache-control", "connection", "content-length", "date", "etag", "keep-alive",
    "retry-after", "server", "vary", "x-cache", "x-request-id",
}  # fmt: skip
_VERSION = re.compile(r'^(?:W/)?"(\d{1,9})"$')
_VARY = "Authorization, Accept-Language, Accept-Encoding"

_PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: zstandard.ZstdCompressor(level=6).compress(body),
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: _gzip(body),
}


class Answer:
    """A body, its headers, the cells it hangs on and how long it may be trusted."""

    __slots__ = (
        "body", "cells", "checked", "etag", "head", "made_at", "remote_checked", "remote_since",
        "rights", "route", "since", "size", "until", "variants",
    )  # fmt: skip

    def __init__(
        self,
        *,
        route: str,
        body: bytes,
        headers: Headers,
        cells: tuple[int, ...],
        since: int,
        made_at: float,
        until: float,
        rights: frozenset[str],
    ) -> None:
        self.route, self.body, self.cells = route, body, cells
        #: The rights that were looked at while it was made.
        self.rights = rights
        #: Where the counter stood before the first read, and where it was last found unchanged.
        self.since = self.checked = since
        #: The same, for all machines together.
        self.remote_since: Any = None
        self.remote_checked: Any = None
        self.made_at, self.until = made_at, until
        self.etag = etag_of(body, headers)
        self.head = kept_headers(headers)
        self.variants: dict[str, tuple[Headers, bytes]] = {}
        self.size = OVERHEAD + len(body)

    def variant(self, coding: str) -> tuple[Headers, bytes]:
        """Headers and bytes in this coding ("" for none). Packed the first time it is wanted."""
        found = self.variants.get(coding)
        if found is None:
            found = self.variants[coding] = self._pack(coding)
        return found

    def _pack(self, coding: str) -> tuple[Headers, bytes]:
        body = self.body
        if coding and len(body) >= LEAST_PACKED:
            body = _PACKERS[coding](self.body)
        else:
            coding = ""
        return [*self.common(), *_of_body(body, coding)], body

    def common(self) -> Headers:
        """What a 304 says, too."""
        return [*self.head, *fresh_headers(self.etag)]


def fresh_headers(etag: str) -> Headers:
    return [("ETag", etag), ("Cache-Control", "private, no-cache"), ("Vary", _VARY)]


def kept_headers(headers: Headers) -> Headers:
    return [
        (name, value)
        for name, value in headers
        if name.lower() not in _NOT_KEPT and not name.lower().startswith("ratelimit")
    ]


def etag_of(body: bytes, headers: Headers) -> str:
    """Names this content; keeps the record's version in front, which If-Match wants."""
    content = hashlib.blake2b(body, digest_size=8).hexdigest()
    for name, value in headers:
        if name.lower() == "etag" and (found := _VERSION.match(value)):
            return f'W/"{found[1]}-{content}"'
    return f'W/"{content}"'


def matches(sent: str, etag: str) -> bool:
    """Whether If-None-Match names this ETag (weak comparison, as RFC 9110 wants it)."""
    if sent.strip() == "*":
        return True
    bare = etag.removeprefix("W/")
    return any(part.strip().removeprefix("W/") == bare for part in sent.split(","))


def coding_for(accepted: str) -> str:
    """The best coding of ours that a client takes; "" when it takes none."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        try:
            weights[name.strip()] = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            weights[name.strip()] = 0.0
    anything = weights.get("*", 0.0)
    ranked = [(weights.get(name, anything), -rank, name) for rank, name in enumerate(_PACKERS)]
    best = max(ranked)
    return best[2] if best[0] > 0 else ""


def _of_body(body: bytes, coding: str) -> Headers:
    length = ("Content-Length", str(len(body)))
    return [("Content-Encoding", coding), length] if coding else [length]


def _gzip(body: bytes) -> bytes:
    # No moment in the header: the same answer is the same bytes.
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()
