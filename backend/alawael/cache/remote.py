"""What other machines change, and what they have kept, through Redis.

Redis holds the same two things as the shared memory of a machine (stamps.py): a counter with the
stamps of the cells, and the changes that are open. Every request asks for the counter, so nothing
is ever given on trust.

A Redis that was restarted or flushed, or whose replica took over, may have forgotten changes.
Therefore all of it belongs to an era with a random name, and every script carries that name in
its text: a server that lost its memory does not know the scripts any more, says NOSCRIPT, and a new
era begins, in which nothing of before is valid.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple
from uuid import uuid4

import orjson
from redis.exceptions import NoScriptError, RedisError

from alawael.cache.answers import Answer
from alawael.cache.tags import EVERYTHING

#: An open change whose process never came back is closed after this long (seconds).
ABANDONED = 180

_SCRIPTS = {
    "position": """
        return redis.call('HMGET', KEYS[1], 'era', 'counter')
    """,
    # ARGV: era, change, cells
    "begin": """
        if redis.call('HGET', KEYS[1], 'era') ~= ARGV[1] then return 0 end
        local moment = redis.call('HINCRBY', KEYS[1], 'counter', 1)
        for place = 3, #ARGV do redis.call('HSET', KEYS[2], ARGV[place], moment) end
        local cells = table.concat(ARGV, ',', 3)
        redis.call('HSET', KEYS[3], ARGV[2], redis.call('TIME')[1] .. '|' .. cells)
        return moment
    """,
    # ARGV: era, change, cells
    "finish": """
        if redis.call('HGET', KEYS[1], 'era') ~= ARGV[1] then return 0 end
        local moment = redis.call('HINCRBY', KEYS[1], 'counter', 1)
        for place = 3, #ARGV do redis.call('HSET', KEYS[2], ARGV[place], moment) end
        redis.call('HDEL', KEYS[3], ARGV[2])
        return moment
    """,
    # ARGV: era, since, cells
    "unchanged": """
        if redis.call('HGET', KEYS[1], 'era') ~= ARGV[1] then return 0 end
        local since = tonumber(ARGV[2])
        for place = 3, #ARGV do
            local stamp = redis.call('HGET', KEYS[2], ARGV[place])
            if stamp and tonumber(stamp) > since then return 0 end
        end
        return 1
    """,
    # ARGV: era, since, longest an open change may take, cells
    "may_keep": """
        if redis.call('HGET', KEYS[1], 'era') ~= ARGV[1] then return 0 end
        local since, mine, good = tonumber(ARGV[2]), {}, 1
        for place = 4, #ARGV do
            local stamp = redis.call('HGET', KEYS[2], ARGV[place])
            if stamp and tonumber(stamp) > since then good = 0 end
            mine[ARGV[place]] = true
        end
        local now, open = redis.call('TIME')[1], redis.call('HGETALL', KEYS[3])
        for place = 1, #open, 2 do
            local began, cells = string.match(open[place + 1], '^(%d+)|(.*)$')
            local abandoned = now - began > tonumber(ARGV[3])
            local moment = abandoned and redis.call('HINCRBY', KEYS[1], 'counter', 1)
            for cell in string.gmatch(cells, '%d+') do
                if mine[cell] or cell == '0' then good = 0 end
                if abandoned then redis.call('HSET', KEYS[2], cell, moment) end
            end
            if abandoned then redis.call('HDEL', KEYS[3], open[place]) end
        end
        return good
    """,
}  # fmt: skip
#: ARGV: the era that is over, the new one. Gives back the era that holds now.
_NEW_ERA = """
    local now = redis.call('HGET', KEYS[1], 'era')
    if now and now ~= ARGV[1] then return now end
    redis.call('HSET', KEYS[1], 'era', ARGV[2])
    redis.call('HINCRBY', KEYS[1], 'counter', 1)
    redis.call('DEL', KEYS[2], KEYS[3])
    return ARGV[2]
"""


class Position(NamedTuple):
    """Where all machines together stand."""

    era: str
    counter: int


class Change(NamedTuple):
    name: str
    cells: tuple[int, ...]


class Unsettled(RedisError):
    """The eras changed faster than we could follow."""


class RedisStamps:
    """The counter, stamps and open changes in Redis. Every method may raise RedisError."""

    def __init__(self, client: Any, space: str) -> None:
        self.client = client
        # One slot of a cluster: the braces say what is hashed.
        self.keys = [f"{{{space}}}:{name}" for name in ("state", "stamps", "open")]
        self.era = ""
        self._hashes: dict[str, str] = {}

    def position(self) -> Position:
        for _ in range(4):
            era, counter = self._run("position")
            if era is not None and era.decode() == self.era:
                return Position(self.era, int(counter))
            self._follow(era.decode() if era else "")
        raise Unsettled("position")

    def begin(self, cells: Iterable[int]) -> Change:
        change = Change(uuid4().hex, tuple(cells))
        self._stamp("begin", change)
        return change

    def finish(self, change: Change) -> None:
        self._stamp("finish", change)

    def unchanged(self, cells: Sequence[int], since: Position) -> bool:
        if since.era != self.era:
            return False
        return bool(self._run("unchanged", since.era, since.counter, EVERYTHING, *cells))

    def may_keep(self, cells: Sequence[int], since: Position) -> bool:
        if since.era != self.era:
            return False
        asked = (since.era, since.counter, ABANDONED, EVERYTHING, *cells)
        return bool(self._run("may_keep", *asked))

    def new_era(self) -> None:
        """From here on nothing that was kept before is valid anywhere."""
        self._start_era(over=self._known_era())

    def _stamp(self, name: str, change: Change) -> None:
        for _ in range(4):
            if self._run(name, self.era, change.name, *change.cells):
                return
            self._follow(self._known_era())
        raise Unsettled(name)

    def _run(self, name: str, *given: Any) -> Any:
        if not self.era:
            self._follow(self._known_era())
        try:
            return self.client.evalsha(self._hashes[name], len(self.keys), *self.keys, *given)
        except NoScriptError:
            # This server has no memory of the era: it was restarted, or another one took over.
            self._start_era(over=self.era)
            return self._nothing(name)

    @staticmethod
    def _nothing(name: str) -> Any:
        return (None, None) if name == "position" else 0

    def _known_era(self) -> str:
        era = self.client.hget(self.keys[0], "era")
        return era.decode() if era else ""

    def _follow(self, era: str) -> None:
        """Take over the era that another one began, or begin one where there is none."""
        if not era:
            self._start_era(over="")
        elif era != self.era:
            self._adopt(era)

    def _start_era(self, *, over: str) -> None:
        era = secrets.token_hex(8)
        for text in _texts(era).values():
            self.client.script_load(text)
        now = self.client.eval(_NEW_ERA, len(self.keys), *self.keys, over, era)
        self._adopt(now.decode())

    def _adopt(self, era: str) -> None:
        self.era = era
        self._hashes = {
            name: hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
            for name, text in _texts(era).items()
        }


class RedisAnswers:
    """Answers that any machine may take over, sealed so that only we can have written them."""

    def __init__(self, client: Any, space: str, secret: bytes, lifetime: float) -> None:
        self.client, self.space, self.secret = client, space, secret
        self.lifetime = int(lifetime * 1000)

    def get(self, key: Any) -> Answer | None:
        name = self._name(key)
        packed = self.client.get(name)
        if packed is None or not hmac.compare_digest(packed[:32], self._seal(name, packed[32:])):
            return None
        length = int.from_bytes(packed[32:36], "big")
        head = orjson.loads(packed[36 : 36 + length])
        answer = Answer(
            route=head["route"],
            body=packed[36 + length :],
            headers=[(name, value) for name, value in head["headers"]],
            cells=tuple(head["cells"]),
            since=0,
            made_at=head["made_at"],
            until=head["until"],
        )
        answer.etag = head["etag"]
        answer.remote_since = Position(*head["since"])
        return answer

    def put(self, key: Any, answer: Answer) -> None:
        name = self._name(key)
        head = orjson.dumps(
            {
                "route": answer.route,
                "headers": answer.head,
                "cells": answer.cells,
                "made_at": answer.made_at,
                "until": answer.until,
                "etag": answer.etag,
                "since": list(answer.remote_since),
            }
        )
        packed = len(head).to_bytes(4, "big") + head + answer.body
        self.client.set(name, self._seal(name, packed) + packed, px=self.lifetime)

    def _name(self, key: Any) -> str:
        said = orjson.dumps(key)
        return f"{self.space}:answer:{hashlib.blake2b(said, digest_size=20).hexdigest()}"

    def _seal(self, name: str, packed: bytes) -> bytes:
        # The name is sealed, too: an answer cannot be put in another one's place.
        return hashlib.blake2b(name.encode() + packed, key=self.secret, digest_size=32).digest()


def _texts(era: str) -> dict[str, str]:
    return {name: f"-- era {era}\n{text}" for name, text in _SCRIPTS.items()}


Connect = Callable[[], Any]
