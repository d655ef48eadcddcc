"""What the response cache gives: hits and misses in a second, beside nginx and a bare constant.

    python benchmarks/cache.py [SECONDS]     loopback only; needs wrk, and nginx to compare with
    REDIS=1 python benchmarks/cache.py       the same with a Redis of its own
    WORKERS=1 …                              processes that answer (a core each)

The load tool is wrk (apt): one thread keeps 32 connections busy and tells the distribution of
the times. It runs on the same machine and takes a core from whom it measures, so the figures are
for comparing with each other. All answer the same bytes.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from bench import BACKEND, fresh_database

CONNECTIONS = 32
WORKERS = os.environ.get("WORKERS", "1")
PROGRAM, CONSTANT = "config.rsgi:application", "cache_constant:application"
#: As `alawael serve` serves the program, and as Granian serves the least that there is.
DOORS = {
    PROGRAM: ["--interface", "rsgi", "--loop", "uvloop"],
    CONSTANT: ["--interface", "wsgi", "--blocking-threads", "1"],
}
_NGINX = """
worker_processes {workers}; pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off;
events {{ worker_connections 256; }}
http {{
  access_log off; open_file_cache max=10; sendfile on; keepalive_requests 10000000;
  default_type application/json;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; location / {{ root {folder}/www; }} }}
}}
"""
_DONE = """
done = function(summary, latency, requests)
  for _, part in pairs({50, 95, 99}) do
    io.write(string.format("p%d %.2f ms\\n", part, latency:percentile(part) / 1000))
  end
end
"""
# Every request asks something else, so that none is kept yet.
_MISSES = """
local number = {start}
request = function()
  number = number + 1
  return wrk.format("GET", "{path}&mark=" .. number)
end
"""


def main(seconds: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="alawael-bench-cache-"))
    fresh_database()
    token, path = furnish()
    with redis(folder), program(folder) as (port, server):
        url, header = f"http://127.0.0.1:{port}{path}", f"Authorization: Bearer {token}"
        body = subprocess.run(  # noqa: S603
            [shutil.which("curl") or "curl", "-sf", "-H", header, url],
            capture_output=True,
            check=True,
        ).stdout
        print(f"answer: {len(body):,} bytes, {WORKERS} process(es), {CONNECTIONS} connections")
        (folder / "www").mkdir()
        (folder / "www" / "answer").write_bytes(body)
        before = memory_of(server)
        load(url, header, seconds=2)
        hits = load(url, header, seconds=seconds)
        asking = _MISSES.format(start=int(time.time()), path=path)
        misses = load(url, header, seconds=seconds, asking=asking)
        after = memory_of(server)
    with bare(folder) as port:
        load(f"http://127.0.0.1:{port}/", header, seconds=2)
        constant = load(f"http://127.0.0.1:{port}/", header, seconds=seconds)
    nginx = None
    if shutil.which("nginx"):
        with nginx_for(folder) as port:
            load(f"http://127.0.0.1:{port}/answer", header, seconds=2)
            nginx = load(f"http://127.0.0.1:{port}/answer", header, seconds=seconds)
    show("nginx, the same bytes", nginx, constant)
    show("bare WSGI constant", constant, constant)
    show("cache hits", hits, constant)
    show("cache misses", misses, constant)
    print(f"memory of the server: {before:.0f} MB before, {after:.0f} MB after")
    shutil.rmtree(folder, ignore_errors=True)


def furnish() -> tuple[str, str]:
    """Twenty products and an administrator's token."""
    from alawael.accounts.models import ADMIN, User
    from alawael.core.actors import SYSTEM
    from alawael.core.clock import now
    from testing.catalog import a_product
    from testing.serving import token_for

    for number in range(20):
        a_product(f"LAMP-{number:03}")
    user = User.objects.create(
        email="bench@alawael.test", name_en="Bench", role_keys=[ADMIN], created_at=now()
    )
    assert SYSTEM
    return token_for(user), "/api/products?limit=20"


@contextmanager
def program(folder: Path) -> Iterator[tuple[int, psutil.Process]]:
    # As people run it: counted against allowances, which wrk shall not use up.
    chosen = {
        "ALAWAEL_ENV": "development",
        "LOG_LEVEL": "warning",
        "RATE_LIMIT_USER": "1000000000",
        "RATE_LIMIT_TOKEN": "1000000000",
    }
    with granian(PROGRAM, chosen) as (port, process):
        yield port, process


@contextmanager
def bare(folder: Path) -> Iterator[int]:
    chosen = {"CONSTANT_FILE": str(folder / "www" / "answer")}
    with granian(CONSTANT, chosen) as (port, _):
        yield port


@contextmanager
def granian(application: str, chosen: dict[str, str]) -> Iterator[tuple[int, psutil.Process]]:
    """The same server with the same options as `alawael serve`, around another application."""
    from testing.redis import free_port

    port = free_port()
    command = [
        sys.executable, "-m", "granian", *DOORS[application], "--host", "127.0.0.1",
        "--port", str(port), "--workers", WORKERS, "--no-ws",
        "--no-access-log", "--log-level", "warning", application,
    ]  # fmt: skip
    path = os.pathsep.join([str(BACKEND), str(Path(__file__).parent)])
    process = subprocess.Popen(  # noqa: S603
        command, env=os.environ | {"PYTHONPATH": path, "PORT": str(port)} | chosen
    )
    try:
        wait_for(port)
        yield port, psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


@contextmanager
def nginx_for(folder: Path) -> Iterator[int]:
    from testing.redis import free_port

    port = free_port()
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, port=port, workers=WORKERS))
    folder.chmod(0o755)
    process = subprocess.Popen(  # noqa: S603
        [shutil.which("nginx") or "nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)],
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def redis(folder: Path) -> Iterator[None]:
    if not os.environ.get("REDIS"):
        yield
        return
    from testing.redis import RedisServer

    server = RedisServer(folder)
    server.start()
    os.environ |= {"REDIS_ENABLED": "true", "REDIS_URL": server.url}
    print("with Redis")
    try:
        yield
    finally:
        server.stop()


def wait_for(port: int) -> None:
    import socket

    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                time.sleep(0.5)
                return
        time.sleep(0.1)
    raise SystemExit(f"Nothing listens on port {port}.")


def load(url: str, header: str, *, seconds: int, asking: str = "") -> dict[str, float]:
    """Requests a second, and the times within which 50, 95 and 99 of 100 were answered (ms)."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(asking + _DONE)
        script.flush()
        command = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{seconds}s"]
        command += ["-s", script.name, "-H", header, url]
        said = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, check=True
        ).stdout
    if "Non-2xx" in said:
        print("! not every answer was a 200")
    found = {"rate": float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])}
    return found | {part: float(ms) for part, ms in re.findall(r"(p\d+) ([\d.]+) ms", said)}


def memory_of(server: psutil.Process) -> float:
    """Proportional memory of the server and its workers (MB)."""
    return sum(one.memory_full_info().pss for one in [server, *server.children()]) / 1e6


def show(name: str, found: dict[str, float] | None, constant: dict[str, float]) -> None:
    if found is None:
        print(f"{name:22} not on this machine")
        return
    share = found["rate"] / constant["rate"]
    times = "  ".join(f"{part} {found[part]:7.2f} ms" for part in ("p50", "p95", "p99"))
    print(f"{name:22} {found['rate']:>8,.0f}/s {share:>6.1%} of the constant   {times}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
