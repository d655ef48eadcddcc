"""The same allowances for several machines, in Redis."""

import logging
import time
from typing import Any

from redis.exceptions import RedisError

from alawael.security.buckets import Limit, Store, Verdict, decide

log = logging.getLogger(__name__)

#: After a failure the machine counts for itself this long (seconds) before it asks Redis again.
PAUSE = 5.0
_PREFIX = "alawael:limit:"

#: Reads, decides and writes in one step; Redis's own clock is one for all machines. Microseconds,
#: because Lua's numbers are exact to 2^53.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local whole = tonumber(redis.call('GET', KEYS[1]) or '0')
if whole > now + window then whole = now end
local base = math.max(whole, now)
local after = base + interval
if after - now <= window then
  redis.call('SET', KEYS[1], string.format('%.0f', after),
             'PX', string.format('%.0f', math.ceil((after - now) / 1000) + 1))
end
return {string.format('%.0f', whole), string.format('%.0f', now)}
"""


class InRedis:
    """Counts in Redis, and on this machine alone while Redis does not answer.

    So a lost Redis neither lets everything through nor refuses anybody: a limit is then one for
    each machine.
    """

    def __init__(self, client: Any, local: Store) -> None:
        self._local = local
        self._script = client.register_script(_TAKE)
        self._again_at = 0.0

    def take(self, key: str, limit: Limit) -> Verdict:
        if time.monotonic() < self._again_at:
            return self._local.take(key, limit)
        microseconds = [max(1, limit.interval // 1000), limit.window // 1000]
        try:
            whole_at, now = self._script(keys=[_PREFIX + key], args=microseconds)
        except (RedisError, OSError) as error:
            self._again_at = time.monotonic() + PAUSE
            log.warning("rate_limits_without_redis", extra={"reason": type(error).__name__})
            return self._local.take(key, limit)
        return decide(limit, int(whole_at) * 1000, int(now) * 1000)[0]
