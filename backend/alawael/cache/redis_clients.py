"""Connections to Redis: one server, a server that Sentinels name, or a cluster."""

from typing import Any
from urllib.parse import unquote, urlsplit

from redis import Redis
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode, RedisCluster
from redis.retry import Retry
from redis.sentinel import Sentinel

#: Longer than this the cache is not worth waiting for (seconds).
PATIENCE = 0.04


def client_for(url: str, *, patience: float = PATIENCE) -> Any:
    """A client for `redis://`, `rediss://`, `redis+sentinel://` or `redis+cluster://`.

    Several hosts are separated by commas; a Sentinel address ends with the name of its service:
    `redis+sentinel://:password@one:26379,two:26379/alawael`.
    """
    parts = urlsplit(url)
    options: dict[str, Any] = {
        "socket_timeout": patience,
        "socket_connect_timeout": patience,
        "retry": Retry(NoBackoff(), 0),
        "health_check_interval": 0,
    }
    if parts.scheme in ("redis", "rediss"):
        return Redis.from_url(url, **options)
    user, password, hosts = _people_and_hosts(parts.netloc)
    options |= {"username": user, "password": password}
    if parts.scheme == "redis+sentinel":
        sentinel: Any = Sentinel(  # type: ignore[no-untyped-call]
            hosts,
            sentinel_kwargs={"socket_timeout": patience, "password": password},
            **options,
        )
        return sentinel.master_for(parts.path.strip("/") or "mymaster")
    if parts.scheme == "redis+cluster":
        nodes: Any = [ClusterNode(*place) for place in hosts]  # type: ignore[no-untyped-call]
        return RedisCluster(startup_nodes=nodes, **options)
    raise ValueError(f"{parts.scheme}:// is no address of Redis.")


def _people_and_hosts(place: str) -> tuple[str | None, str | None, list[tuple[str, int]]]:
    credentials, _, listed = place.rpartition("@")
    user, _, password = credentials.partition(":")
    hosts = []
    for part in listed.split(","):
        host, _, port = part.rpartition(":") if ":" in part else (part, "", "")
        hosts.append((host, int(port or 6379)))
    return unquote(user) or None, unquote(password) or None, hosts
