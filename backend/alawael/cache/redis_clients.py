"""Connections to Redis: one server, a server that Sentinels name, or a cluster."""

from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from redis import Redis
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode, RedisCluster
from redis.exceptions import RedisClusterException, RedisError
from redis.retry import Retry
from redis.sentinel import Sentinel

#: Longer than this the cache is not worth waiting for (seconds).
PATIENCE = 0.04

#: What a client raises when it gets no answer; a cluster's own exceptions are no RedisErrors.
Failed = (RedisError, RedisClusterException, OSError)


class Line:
    """A way to Redis that is made when it is first needed, and anew after it was dropped.

    The first matters for a cluster, which is asked for its nodes at once and may be away while the
    program starts. The second matters wherever another server can take over: what stays connected
    to the one before would be answered by it.
    """

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        self.url, self.patience = url, patience
        self._client: Any = None

    @property
    def client(self) -> Any:
        client = self._client
        if client is None:
            client = self._client = client_for(self.url, patience=self.patience)
        return client

    def drop(self) -> None:
        """Ask for the way again next time. Who is using the old one may end what it does."""
        self._client = None


def client_for(url: str, *, patience: float = PATIENCE) -> Any:
    """A client for `redis://`, `redis+sentinel://` or `redis+cluster://`; `rediss…` with TLS.

    Several hosts are separated by commas; a Sentinel address ends with the name of its service:
    `redis+sentinel://:password@one:26379,two:26379/alawael`. The password is the server's; where
    the Sentinels have one too, `?sentinel_password=` says it. `?db=` chooses a database there.
    """
    parts = urlsplit(url)
    options: dict[str, Any] = {
        "socket_timeout": patience,
        "socket_connect_timeout": patience,
        "retry": Retry(NoBackoff(), 0),
        "health_check_interval": 0,
    }
    scheme, _, kind = parts.scheme.partition("+")
    if scheme not in ("redis", "rediss") or kind not in ("", "sentinel", "cluster"):
        raise ValueError(f"{parts.scheme}:// is no address of Redis.")
    if not kind:
        return Redis.from_url(url, **options)
    user, password, hosts = _people_and_hosts(parts.netloc)
    own: dict[str, Any] = {"username": user, "password": password, "ssl": scheme == "rediss"}
    if kind == "sentinel":
        return _master_named_by(hosts, parts, options, own)
    nodes: Any = [ClusterNode(*place) for place in hosts]  # type: ignore[no-untyped-call]
    return RedisCluster(startup_nodes=nodes, **options, **own)


def _master_named_by(
    hosts: list[tuple[str, int]], parts: SplitResult, options: dict[str, Any], own: dict[str, Any]
) -> Any:
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    of_sentinels = {"password": asked.get("sentinel_password"), "ssl": own["ssl"]}
    sentinel: Any = Sentinel(  # type: ignore[no-untyped-call]
        hosts,
        sentinel_kwargs=options | of_sentinels,
        **options,
        **own,
        db=int(asked.get("db", 0)),
    )
    return sentinel.master_for(parts.path.strip("/") or "mymaster")


def _people_and_hosts(place: str) -> tuple[str | None, str | None, list[tuple[str, int]]]:
    credentials, _, listed = place.rpartition("@")
    user, _, password = credentials.partition(":")
    hosts = []
    for part in listed.split(","):
        host, _, port = part.rpartition(":") if ":" in part else (part, "", "")
        hosts.append((host, int(port or 6379)))
    return unquote(user) or None, unquote(password) or None, hosts
