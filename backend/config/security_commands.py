"""`alawael security audit`: what a careful operator looks at before people are let in."""

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import click
from rich.console import Console
from rich.table import Table

from config.env import Misconfigured, judge
from config.env_sources import is_readable_by_all

Grade = Literal["good", "warning", "bad", "not checked"]
ROOT = Path(__file__).resolve().parents[2]
_MARKS = {"good": "[green]✓[/]", "warning": "[yellow]![/]", "bad": "[red]✗[/]", "not checked": "–"}


@dataclass(frozen=True)
class Finding:
    """One line of the table: what was looked at, how it is, and what to do."""

    area: str
    grade: Grade
    message: str


#: What a secret looks like, wherever it stands. Generated ones of tests and examples are shorter.
SECRETS = {
    "private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\n[A-Za-z0-9+/]"),
    "cloud key": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    "token of GitHub": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36}\b"),
    "key of SendGrid": re.compile(r"\bSG\.[\w-]{22}\.[\w-]{43}\b"),
    "token of Slack": re.compile(r"\bxox[abprs]-[0-9A-Za-z-]{20,}"),
    "personal token of ours": re.compile(r"\balw_[A-Za-z0-9_-]{43}\b"),
    "password in an address": re.compile(r"mongodb(?:\+srv)?://[^\s:/@$<{]+:[^\s@$<{]{12,}@(?!\$)"),
    "key in a settings file": re.compile(
        r"^(?:JWT_SECRET|SESSION_SECRET|ENCRYPTION_KEY)=[\w+/=-]{40,}$", re.MULTILINE
    ),
}
_MADE_UP_IN_TESTS = "password in an address"
_SEARCHED_AT_MOST = 2_000_000

#: Header → what its value must contain, of the page and of the API.
_EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "frame-ancestors 'none'",
}
#: And of the page alone: data is no document that could use them.
_OF_PAGES = {"permissions-policy": "camera", "cross-origin-opener-policy": "same-origin"}


@click.group()
def security() -> None:
    """Look at how safe this installation is."""


@security.command()
@click.option("--url", help="A running server whose headers are looked at.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.option("--offline", is_flag=True, help="Do not ask anybody about known weaknesses.")
@click.pass_context
def audit(context: click.Context, url: str | None, as_json: bool, offline: bool) -> None:
    """Look at settings, secrets in the code, what is sealed in the database, dependencies, and the
    headers of a running server.

    Exit code 1 when anything is bad. What could not be looked at is said, never taken for good.
    """
    findings = [*of_settings(dict(os.environ)), *of_secrets(ROOT), *of_seals()]
    findings += of_dependencies(offline)
    findings += of_server(url) if url else [Finding("Headers", "not checked", "Give --url.")]
    if as_json:
        click.echo(json.dumps([asdict(one) for one in findings], indent=2, ensure_ascii=False))
    else:
        _print(findings)
    context.exit(1 if any(one.grade == "bad" for one in findings) else 0)


def of_settings(environ: dict[str, str]) -> Iterator[Finding]:
    """What `alawael env check` says, and what it leaves to the operator."""
    verdict = judge(environ)
    for problem in verdict.problems:
        yield Finding("Settings", "warning" if problem.is_warning else "bad", str(problem))
    env = verdict.env
    if env is None:
        return
    if not verdict.problems:
        yield Finding("Settings", "good", f"No problems ({env.alawael_env}).")
    if not env.is_strict:
        yield Finding("Settings", "warning", f"This is {env.alawael_env}: weak values are allowed.")
    elif not env.site_url.startswith("https://"):
        yield Finding("Settings", "bad", "PUBLIC_URL is not https://: cookies and HSTS need it.")
    if not env.rate_limit_enabled:
        yield Finding("Settings", "bad", "RATE_LIMIT_ENABLED is false: nothing is limited.")
    if any(network.num_addresses > 2**16 for network in env.trusted_proxies):
        yield Finding("Settings", "warning", "TRUSTED_PROXIES is wide: who is in it can forge any.")
    keys = env.data_dir / "secrets.json"
    if keys.exists() and is_readable_by_all(keys):
        yield Finding("Settings", "bad", f"{keys} can be read by everybody: chmod 600 {keys}")


def of_secrets(root: Path) -> Iterator[Finding]:
    """Secrets in the files of the checkout that git knows."""
    names = _tracked(root)
    if names is None:
        yield Finding("Secrets", "not checked", "This is no git checkout.")
        return
    found = [
        Finding("Secrets", "bad", f"{name}: looks like a {kind}.")
        for name in names
        for kind in _kinds_in(root / name)
    ]
    yield from found
    if not found:
        yield Finding("Secrets", "good", f"Nothing that looks like one in {len(names)} files.")


def _tracked(root: Path) -> list[str] | None:
    command = ["git", "-C", str(root), "ls-files", "-z"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True, timeout=30)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    return [name for name in listed.stdout.decode("utf-8", "replace").split("\0") if name]


def _kinds_in(path: Path) -> list[str]:
    try:
        if path.stat().st_size > _SEARCHED_AT_MOST:
            return []
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    found = [kind for kind, pattern in SECRETS.items() if pattern.search(text)]
    # Tests of our settings write addresses with made-up passwords.
    return [kind for kind in found if "tests" not in path.parts or kind != _MADE_UP_IN_TESTS]


def of_seals() -> list[Finding]:
    """Whether the database holds what should be sealed and is not, or not by the key in force."""
    from django.db import DatabaseError

    try:
        wrong = list(_open_seals())
    except (_NotReached, DatabaseError) as reason:
        return [
            Finding(
                "Seals", "not checked", f"The database was not read: {reason.__cause__ or reason}"
            )
        ]
    return wrong or [Finding("Seals", "good", "Everything is sealed by the key in force.")]


class _NotReached(Exception):
    """There is no database to look at, or the settings do not lead to it."""


def _open_seals() -> Iterator[Finding]:
    _reach_the_database()
    from alawael.core.resealing import count_outdated, count_unsealed, held_by_keys, sealed_columns

    for name, count in count_unsealed().items():
        message = f"{count} values of {name} stand in the clear: alawael keys rotate"
        yield Finding("Seals", "bad", message)
    lost = sum(held_by_keys(column)[""] for column in sealed_columns())
    if lost:
        message = f"{lost} values need a key that is not known: alawael keys status"
        yield Finding("Seals", "bad", message)
    if outdated := count_outdated() - lost:
        message = f"{outdated} values are sealed by a former key: alawael keys rotate"
        yield Finding("Seals", "warning", message)


def _reach_the_database() -> None:
    """Raises _NotReached. A database file that is not there is not made by looking for it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        import django

        django.setup()
    except Misconfigured as error:
        raise _NotReached("the settings are wrong.") from error
    from django.db import connection

    file = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor == "sqlite" and not file.exists():
        raise _NotReached(f"{file} is not there.")


def of_dependencies(offline: bool) -> Iterator[Finding]:
    """Known weaknesses of what is locked, from pip-audit where it is installed and reaches out."""
    lock = ROOT / "requirements.lock"
    if offline or not lock.exists():
        yield Finding("Dependencies", "not checked", "Nobody was asked about known weaknesses.")
        return
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--no-deps"]
    command += ["--disable-pip", "--format", "json", "--progress-spinner", "off"]
    try:
        told = subprocess.run(command, capture_output=True, timeout=180, check=False)  # noqa: S603
        packages = json.loads(told.stdout)["dependencies"]
    except (OSError, subprocess.SubprocessError, ValueError, KeyError):
        reason = "pip-audit is not installed (pip install pip-audit), or it reached nobody."
        yield Finding("Dependencies", "not checked", reason)
        return
    weak = [one for one in packages if one.get("vulns")]
    for one in weak:
        ids = ", ".join(weakness["id"] for weakness in one["vulns"])
        yield Finding("Dependencies", "bad", f"{one['name']} {one.get('version', '')}: {ids}")
    if not weak:
        yield Finding("Dependencies", "good", f"No known weakness in {len(packages)} packages.")


def of_server(url: str) -> list[Finding]:
    """The headers of a running server, of its page and of its API."""
    base = url.rstrip("/")
    if not base.startswith(("http://", "https://")):
        raise click.BadParameter("The address starts with http:// or https://.")
    try:
        page, answer = _headers(f"{base}/"), _headers(f"{base}/api/health/live")
    except (OSError, urllib.error.URLError) as error:
        return [Finding("Headers", "not checked", f"{base} does not answer: {error}")]
    wrong = [
        Finding("Headers", "bad", f"{place}: {name} should contain “{value}”.")
        for place, headers, wanted in (
            ("page", page, _EVERYWHERE | _OF_PAGES),
            ("API", answer, _EVERYWHERE),
        )
        for name, value in wanted.items()
        if value not in headers.get(name, "")
    ]
    policy = page.get("content-security-policy", "")
    if "unsafe" in policy or "'nonce-" not in policy:
        wrong.append(Finding("Headers", "bad", "page: the content policy is not one of nonces."))
    if base.startswith("https://") and "max-age" not in page.get("strict-transport-security", ""):
        wrong.append(Finding("Headers", "bad", "page: there is no Strict-Transport-Security."))
    if "ratelimit-limit" not in answer:
        wrong.append(Finding("Headers", "warning", "API: no RateLimit-Limit; limits seem off."))
    return wrong or [Finding("Headers", "good", f"All as they should be at {base}.")]


def _headers(url: str) -> dict[str, str]:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - http(s), checked above
        return {name.lower(): value for name, value in answer.headers.items()}


def _print(findings: list[Finding]) -> None:
    table = Table(box=None, pad_edge=False)
    for column in ("", "Area", "Finding"):
        table.add_column(column, overflow="fold")
    for one in findings:
        table.add_row(_MARKS[one.grade], one.area, f"{one.message}")
    console = Console()
    console.print(table)
    grades = [one.grade for one in findings]
    counts = ", ".join(f"{grades.count(kind)} {kind}" for kind in ("bad", "warning", "not checked"))
    console.print(f"\n{counts}. Grade: {grade_of(grades)}", highlight=False)


def grade_of(grades: list[Grade]) -> str:
    """A: everything was looked at and good. B: something is open. C: something is bad."""
    if "bad" in grades:
        return "C"
    return "A" if set(grades) <= {"good"} else "B"
