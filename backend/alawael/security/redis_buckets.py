"""The same allowances for several machines, in Redis."""

import hashlib
import logging
import time
from typing import Any

from redis.exceptions import NoScriptError, RedisClusterException, RedisError

from alawael.security.buckets import Limit, Store, Verdict, decide

log = logging.getLogger(__name__)

#: After a failure the machine counts for itself this long (seconds) before it asks Redis again.
PAUSE = 5.0
_PREFIX = "alawael:limit:"

#: Reads, decides as buckets.py does and writes in one step; Redis's own clock is one for all
#: machines. Microseconds, because Lua's numbers are exact to 2^53.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, window, given = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local whole, most = tonumber(redis.call('GET', KEYS[1]) or '0'), now + 2 * window
if whole > most then whole = now end
local after = math.max(whole, now) + interval * math.max(given, 1)
if after - now <= window or given > 0 then
  after = math.min(after, most)
  redis.call('SET', KEYS[1], string.format('%.0f', after),
             'PX', string.format('%.0f', math.ceil((after - now) / 1000) + 1))
end
return {string.format('%.0f', whole), string.format('%.0f', now)}
"""
_HASH = hashlib.sha1(_TAKE.encode(), usedforsecurity=False).hexdigest()


class InRedis:
    """Counts in Redis, and on this machine alone while Redis does not answer.

    So a lost Redis neither lets everything through nor refuses anybody: a limit is then one for
    each machine. `line` has the client; it is dropped after a failure, because another server may
    have taken over.
    """

    def __init__(self, line: Any, local: Store) -> None:
        self._local, self._line = local, line
        self._again_at = 0.0

    def take(self, key: str, limit: Limit) -> Verdict:
        return self.charge(key, limit, 0)

    def charge(self, key: str, limit: Limit, given: int) -> Verdict:
        if time.monotonic() < self._again_at:
            return self._local.charge(key, limit, given)
        asked = [_PREFIX + key, max(1, limit.interval // 1000), limit.window // 1000, given]
        try:
            whole_at, now = self._run(asked)
        except (RedisError, RedisClusterException, OSError) as error:
            self._line.drop()
            self._again_at = time.monotonic() + PAUSE
            log.warning("rate_limits_without_redis", extra={"reason": type(error).__name__})
            return self._local.charge(key, limit, given)
        return decide(limit, int(whole_at) * 1000, int(now) * 1000, given=given)[0]

    def _run(self, asked: list[Any]) -> Any:
        client = self._line.client
        try:
            return client.evalsha(_HASH, 1, *asked)
        except NoScriptError:
            # Of a cluster, too, only the server that has this key is asked.
            return client.eval(_TAKE, 1, *asked)
