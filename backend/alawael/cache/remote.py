"""What other machines change, and what they have kept, through Redis.

Redis holds the same two things as the shared memory of a machine (stamps.py): a counter with the
stamps of the cells, and the changes that are open. The counter is asked for after a request
came, so nothing is ever given on trust.

A Redis that was restarted or flushed, or whose replica took over, may have forgotten changes.
Therefore all of it belongs to an era with a random name, and every script carries that name in
its text: a server that lost its memory does not know the scripts any more and says NOSCRIPT. Then
a new era must begin, in which nothing of before is valid; machines.py says how. Before version 7
Redis gave scripts on to its replicas and into its snapshots, so it does not serve for this.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import uuid4

import orjson
from redis.exceptions import NoScriptError, RedisError

from alawael.cache.answers import Answer
from alawael.cache.redis_clients import Line
from alawael.cache.tags import EVERYTHING
from alawael.cache.wiring import ALL

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


class Forgotten(RedisError):
    """This server knows no era, or not that one any more."""


class Unsettled(RedisError):
    """The eras changed faster than we could follow."""


class TooOld(RedisError):
    """This server is older than version 7."""


class RedisStamps:
    """The counter, stamps and open changes in Redis. Every method may raise what `Failed` names."""

    def __init__(self, line: Line, space: str) -> None:
        self.line = line
        # One slot of a cluster: the braces say what is hashed.
        self.keys = [f"{{{space}}}:{name}" for name in ("state", "stamps", "open")]
        self.era = ""
        self._hashes: dict[str, str] = {}

    def position(self) -> Position:
        for _ in range(4):
            era, counter = self._run("position")
            if era is not None and era.decode() == self.era:
                return Position(self.era, int(counter))
            self._follow()
        raise Unsettled("position")

    def begin(self, cells: Iterable[int]) -> Change:
        change = Change(uuid4().hex, tuple(cells))
        self._stamp("begin", change)
        return change

    def finish(self, change: Change) -> str:
        """Gives back the era that heard of it. May be said again."""
        return self._stamp("finish", change)

    def unchanged(self, cells: Sequence[int], since: Position) -> bool:
        if since.era != self.era:
            return False
        return bool(self._run("unchanged", since.era, since.counter, EVERYTHING, *cells))

    def may_keep(self, cells: Sequence[int], since: Position) -> bool:
        if since.era != self.era:
            return False
        asked = (since.era, since.counter, ABANDONED, EVERYTHING, *cells)
        return bool(self._run("may_keep", *asked))

    def known_era(self) -> str:
        """The era that this server speaks of; empty when it knows none."""
        era = self.line.client.hget(self.keys[0], "era")
        return era.decode() if era else ""

    def begin_era(self, era: str, *, over: str) -> None:
        """Begin an era with a name that was never used; another one that was faster holds."""
        client = self.line.client
        where = _server_of(client, self.keys[0])
        if int(client.info("server", **where)["redis_version"].split(".")[0]) < 7:
            raise TooOld("The response cache needs Redis 7.")
        for text in _texts(era).values():
            client.execute_command("SCRIPT LOAD", text, **where)
        now = client.eval(_NEW_ERA, len(self.keys), *self.keys, over, era)
        self._adopt(now.decode())

    def _stamp(self, name: str, change: Change) -> str:
        for _ in range(4):
            era = self.era
            if self._run(name, era, change.name, *change.cells):
                return era
            self._follow()
        raise Unsettled(name)

    def _run(self, name: str, *given: Any) -> Any:
        if not self.era:
            self._follow()
            return self._nothing(name)
        try:
            return self.line.client.evalsha(self._hashes[name], len(self.keys), *self.keys, *given)
        except NoScriptError:
            if self.known_era() == self.era:
                # It was restarted from what it knew a while ago.
                raise Forgotten(self.era) from None
            self._follow()
            return self._nothing(name)

    @staticmethod
    def _nothing(name: str) -> Any:
        return (None, None) if name == "position" else 0

    def _follow(self) -> None:
        """Take over the era that another one began."""
        era = self.known_era()
        if not era:
            raise Forgotten("any era")
        self._adopt(era)

    def _adopt(self, era: str) -> None:
        self.era = era
        self._hashes = {
            name: hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
            for name, text in _texts(era).items()
        }


def _server_of(client: Any, key: str) -> dict[str, Any]:
    """How to ask the one server of a cluster that has this key; nothing to say elsewhere."""
    if not hasattr(client, "get_node_from_key"):
        return {}
    return {"target_nodes": client.get_node_from_key(key)}


class RedisAnswers:
    """Answers that any machine may take over, sealed so that only we can have written them."""

    def __init__(self, line: Line, space: str, secret: bytes, lifetime: float) -> None:
        self.line, self.space, self.secret = line, space, secret
        self.lifetime = int(lifetime * 1000)

    def get(self, key: Any) -> Answer | None:
        name = self._name(key)
        packed = self.line.client.get(name)
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
            rights=frozenset(head.get("rights", ALL)),
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
                "rights": sorted(answer.rights),
                "since": list(answer.remote_since),
            }
        )
        packed = len(head).to_bytes(4, "big") + head + answer.body
        self.line.client.set(name, self._seal(name, packed) + packed, px=self.lifetime)

    def _name(self, key: Any) -> str:
        said = orjson.dumps(key)
        return f"{self.space}:answer:{hashlib.blake2b(said, digest_size=20).hexdigest()}"

    def _seal(self, name: str, packed: bytes) -> bytes:
        # The name is sealed, too: an answer cannot be put in another one's place.
        return hashlib.blake2b(name.encode() + packed, key=self.secret, digest_size=32).digest()


def _texts(era: str) -> dict[str, str]:
    return {name: f"-- era {era}\n{text}" for name, text in _SCRIPTS.items()}
