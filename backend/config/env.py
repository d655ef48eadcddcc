"""Every setting of an installation: its name, type, unit, default, and whether it is a secret.

Names and units are those of the production runbook, and ours follow its manner. `load` gives the
settings or refuses with every problem at once. Nothing here may import Django, so that `alawael
env check` works when the settings do not.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, cast
from urllib.parse import quote, unquote, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.config import JsonDict

from config import env_rules
from config.env_sources import ENVIRONMENTS, Given, Problem, Reading, home, is_readable_by_all, read

GROUPS = {
    "server": "Server",
    "database": "Database",
    "cache": "Response cache",
    "redis": "Redis",
    "security": "Security",
    "features": "Features",
    "notifications": "Notifications",
    "monitoring": "Analytics, monitoring and logs",
    "backup": "Backup",
    "jobs": "Background work and imports",
}


class Misconfigured(Exception):
    """The settings cannot be used. Says everything that is wrong with them."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = "".join(f"\n  ✗ {problem}" for problem in problems)
        super().__init__(f"The settings have {count}:{lines}\nalawael env check shows them all.")


class About(NamedTuple):
    """What people need to know about a variable besides its type."""

    group: str
    unit: str = ""
    secret: Literal["", "key", "password", "token", "url"] = ""
    """A key is ours to choose, a password is chosen with a server, a token is given to us."""


def variable(group: str, default: Any, description: str, **about: Any) -> Any:
    known = About(group, **about)
    extra: JsonDict = {"about": known._asdict()}
    return Field(default, description=description, json_schema_extra=extra, repr=not known.secret)


def _split(value: Any) -> Any:
    return (
        [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, str)
        else value
    )


def _networks(value: Any) -> Any:
    return tuple(ip_network(part, strict=False) for part in _split(value))


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_split)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(_networks)]
Port = Annotated[int, Field(ge=1, le=65535)]
Count = Annotated[int, Field(ge=1)]
Milliseconds = Annotated[int, Field(ge=1)]
Percentage = Annotated[int, Field(ge=0, le=100)]


class Env(BaseModel):
    """The settings, by their names in lower case: `env.port`, `env.mongodb_uri`.

    Use `hosts`, `site_url`, `sqlite_file` and `database_name` for what may be left empty.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    # Server
    alawael_env: Literal["development", "test", "staging", "production"] = variable(
        "server",
        "development",
        "What this installation is. `production` and `staging` refuse weak settings. "
        "`NODE_ENV` is read as another name of it.",
    )
    host: str = variable(
        "server", "127.0.0.1", "Address to listen on; `0.0.0.0` for every network."
    )
    port: Port = variable("server", 3001, "Port to listen on.")
    workers: Annotated[int, Field(ge=0)] = variable(
        "server", 0, "Processes that answer requests; 0 means one per core.", unit="processes"
    )
    public_url: str = variable(
        "server",
        "",
        "Address people use, for links in mail and documents. Empty means `http://localhost:PORT`.",
    )
    allowed_hosts: Names = variable(
        "server",
        (),
        "Host names that are answered, separated by commas. Empty means the host of `PUBLIC_URL` "
        "and this machine; when that is empty too, every name.",
    )
    trusted_proxies: Networks = variable(
        "server",
        "127.0.0.1/32,::1/128",
        "Networks of the proxies whose `X-Forwarded-For` is believed, separated by commas.",
    )
    cors_origins: Names = variable(
        "server",
        (),
        "Other sites whose pages may call the API with a token, such as `https://shop.example`, "
        "separated by commas. Empty means none.",
    )
    data_dir: Path = variable(
        "server", "data", "Folder of the embedded database, uploads and generated secrets."
    )

    # Database
    use_mock_db: bool = variable(
        "database",
        False,
        "`true` keeps to the embedded database, whatever `MONGODB_URI` says. Not in production.",
    )
    mongodb_uri: str = variable(
        "database",
        "",
        "Address of the MongoDB replica set or cluster. Empty means the embedded SQLite database.",
        secret="url",
    )
    mongodb_database: str = variable(
        "database", "", "Name of the database. Empty means the one in `MONGODB_URI`, or `alawael`."
    )
    sqlite_path: str = variable(
        "database",
        "",
        "File of the embedded database. Empty means `alawael.sqlite3` in `DATA_DIR`.",
    )

    # Response cache
    cache_enabled: bool = variable(
        "cache",
        True,
        "Keep answers and give them again until something they were made from changes. "
        "On MongoDB this needs Redis, through which the machines tell each other.",
    )
    cache_memory: Count = variable(
        "cache",
        67_108_864,
        "Memory for kept answers, in each process that answers requests.",
        unit="bytes",
    )
    cache_lifetime: Milliseconds = variable(
        "cache", 900_000, "How long an answer is kept at most, if nothing changes.", unit="ms"
    )

    # Redis
    redis_enabled: bool = variable(
        "redis", False, "Share the cache and rate limits between machines through Redis."
    )
    redis_host: str = variable("redis", "127.0.0.1", "Host of the Redis server.")
    redis_port: Port = variable("redis", 6379, "Port of the Redis server.")
    redis_password: str = variable(
        "redis",
        "",
        "Password of the Redis server.",
        secret="password",
    )

    redis_url: str = variable(
        "redis",
        "",
        "Address of Redis, instead of the three above: `redis://`, `rediss://`, "
        "`redis+sentinel://HOST:PORT,…/SERVICE` or `redis+cluster://HOST:PORT,…`.",
        secret="url",
    )

    # Security
    max_login_attempts: Count = variable(
        "security", 5, "Failed sign-ins before an account is locked.", unit="attempts"
    )
    lockout_duration: Milliseconds = variable(
        "security", 900_000, "How long an account stays locked.", unit="ms"
    )
    encryption_key: str = variable(
        "security",
        "",
        "Key that seals confidential columns and uploaded files. Losing it loses them.",
        secret="key",
    )
    encryption_key_old: str = variable(
        "security",
        "",
        "Former keys, separated by commas: they still open what they sealed.",
        secret="token",
    )
    jwt_secret: str = variable(
        "security",
        "",
        "Key that signs access tokens.",
        secret="key",
    )
    jwt_secret_old: str = variable(
        "security",
        "",
        "Former keys, separated by commas: tokens that they signed stay good until they run out.",
        secret="token",
    )
    session_secret: str = variable(
        "security",
        "",
        "Key that hashes the addresses in the counts of attempts to sign in.",
        secret="key",
    )
    session_secret_old: str = variable(
        "security",
        "",
        "Former keys, separated by commas, until they are dropped.",
        secret="token",
    )
    access_token_lifetime: Milliseconds = variable(
        "security", 600_000, "How long an access token is good for.", unit="ms"
    )
    refresh_token_lifetime: Milliseconds = variable(
        "security", 1_209_600_000, "How long a session lasts without being used.", unit="ms"
    )

    rate_limit_enabled: bool = variable(
        "security",
        True,
        "`false` lifts the limits below, to measure how fast the program is.",
    )
    rate_limit_window: Milliseconds = variable(
        "security", 60_000, "Time that the limits below are counted in.", unit="ms"
    )
    rate_limit_user: Count = variable(
        "security", 6_000, "Requests of one person in a window, over all devices.", unit="requests"
    )
    rate_limit_token: Count = variable(
        "security", 6_000, "Requests with one personal token in a window.", unit="requests"
    )
    rate_limit_address: Count = variable(
        "security",
        600,
        "Requests of one address in a window that come without a valid sign-in.",
        unit="requests",
    )
    rate_limit_sign_in: Count = variable(
        "security",
        60,
        "Attempts to sign in of one address in a window.",
        unit="requests",
    )

    # Features
    enable_advanced_analytics: Percentage = variable(
        "features", 100, "Share of users who start with advanced analytics.", unit="%"
    )
    enable_real_time_sync: Percentage = variable(
        "features", 100, "Share of users whose screens start updating themselves.", unit="%"
    )
    enable_notifications_v2: Percentage = variable(
        "features", 100, "Share of users who start with the new notifications.", unit="%"
    )
    enable_dark_mode: Percentage = variable(
        "features", 100, "Share of users who are offered the dark theme.", unit="%"
    )
    enable_advanced_search: Percentage = variable(
        "features", 100, "Share of users who start with advanced search.", unit="%"
    )

    # Notifications
    email_service: Annotated[Literal["none", "smtp", "sendgrid"], BeforeValidator(_lower)] = (
        variable("notifications", "none", "Who delivers mail: `none`, `smtp` or `sendgrid`.")
    )
    email_from: str = variable("notifications", "", "Sender of every mail.")
    email_host: str = variable(
        "notifications", "localhost", "Mail server for `smtp`; it must offer STARTTLS."
    )
    email_port: Port = variable("notifications", 587, "Port of the mail server.")
    email_user: str = variable("notifications", "", "User name at the mail service.")
    email_password: str = variable(
        "notifications",
        "",
        "Password or API key at the mail service.",
        secret="token",
    )

    # Analytics, monitoring and logs
    datadog_enabled: bool = variable("monitoring", False, "Send metrics to Datadog.")
    datadog_api_key: str = variable(
        "monitoring",
        "",
        "API key at Datadog.",
        secret="token",
    )
    sentry_enabled: bool = variable("monitoring", False, "Report errors to Sentry.")
    sentry_dsn: str = variable(
        "monitoring",
        "",
        "Address of the project at Sentry.",
        secret="token",
    )
    log_level: Annotated[
        Literal["debug", "info", "warning", "error", "critical"],
        BeforeValidator(lambda value: {"warn": "warning"}.get(_lower(value), _lower(value))),
    ] = variable(
        "monitoring",
        "info",
        "Least important line that is logged: debug, info, warning, error, critical.",
    )
    log_path: str = variable(
        "monitoring", "", "Folder for log files, besides standard output. Empty means none."
    )

    # Backup
    mongodb_backup_enabled: bool = variable("backup", False, "Back the database up regularly.")
    mongodb_backup_interval: Milliseconds = variable(
        "backup", 86_400_000, "Time between two backups.", unit="ms"
    )

    # Background work and imports
    job_lease: Milliseconds = variable(
        "jobs",
        30_000,
        "How long a worker may be silent before its job is given to another one.",
        unit="ms",
    )
    job_poll_interval: Milliseconds = variable(
        "jobs", 500, "How often an idle worker looks for work.", unit="ms"
    )
    max_upload_size: Count = variable(
        "jobs", 52_428_800, "Largest file that can be uploaded.", unit="bytes"
    )

    @property
    def is_production(self) -> bool:
        return self.alawael_env == "production"

    @property
    def is_strict(self) -> bool:
        """Staging rehearses production, so it is as strict."""
        return self.alawael_env in STRICT

    @property
    def uses_mongodb(self) -> bool:
        return bool(self.mongodb_uri) and not self.use_mock_db

    @property
    def database_name(self) -> str:
        """The MongoDB database."""
        in_uri = unquote(urlsplit(self.mongodb_uri).path.strip("/"))
        return self.mongodb_database or in_uri or "alawael"

    @property
    def redis_address(self) -> str:
        """Where Redis is, password included."""
        if self.redis_url:
            return self.redis_url
        password = f":{quote(self.redis_password, safe='')}@" if self.redis_password else ""
        return f"redis://{password}{self.redis_host}:{self.redis_port}/0"

    @property
    def sqlite_file(self) -> Path:
        return home() / self.sqlite_path if self.sqlite_path else self.data_dir / "alawael.sqlite3"

    @property
    def site_url(self) -> str:
        """The address people use, without a slash at the end."""
        return self.public_url.rstrip("/") or f"http://localhost:{self.port}"

    @staticmethod
    def former(keys: str) -> tuple[str, ...]:
        """The keys in a setting such as JWT_SECRET_OLD."""
        return tuple(key.strip() for key in keys.split(",") if key.strip())

    @property
    def hosts(self) -> list[str]:
        """What Django's ALLOWED_HOSTS needs."""
        if self.allowed_hosts:
            return list(self.allowed_hosts)
        if self.public_url:
            return [urlsplit(self.public_url).hostname or "", "localhost", "127.0.0.1", "[::1]"]
        return ["*"]


STRICT = ("staging", "production")
VARIABLES = {name.upper(): field for name, field in Env.model_fields.items()}
ABOUT = {
    name: About(**cast(Any, field.json_schema_extra)["about"]) for name, field in VARIABLES.items()
}
SECRETS = [name for name, about in ABOUT.items() if about.secret]
KEYS = [name for name, about in ABOUT.items() if about.secret == "key"]

# What a switch needs before production may turn it on.
NEEDED_WITH = {
    "REDIS_ENABLED": ["REDIS_PASSWORD"],
    "EMAIL_SERVICE": ["EMAIL_FROM", "EMAIL_USER", "EMAIL_PASSWORD"],
    "DATADOG_ENABLED": ["DATADOG_API_KEY"],
    "SENTRY_ENABLED": ["SENTRY_DSN"],
}


@dataclass(frozen=True)
class Verdict:
    """What was read, what it means, and what is wrong with it."""

    reading: Reading
    env: Env | None
    problems: list[Problem]


def load(environ: Mapping[str, str]) -> Env:
    """The settings of this installation. Raises Misconfigured with every problem at once.

    Development and tests need no settings at all: the keys they lack are made once and kept in
    DATA_DIR/secrets.json.
    """
    verdict = judge(environ)
    errors = [problem for problem in verdict.problems if not problem.is_warning]
    if errors or verdict.env is None:
        raise Misconfigured(errors)
    missing = [name for name in KEYS if name not in verdict.reading.given]
    made = generated_keys(verdict.env.data_dir, missing) if missing else {}
    return verdict.env.model_copy(update={name.lower(): key for name, key in made.items()})


def problems(environ: Mapping[str, str]) -> list[Problem]:
    """Everything that is wrong or doubtful, at once."""
    return judge(environ).problems


def judge(environ: Mapping[str, str]) -> Verdict:
    reading = read(environ, names=VARIABLES, secrets=SECRETS)
    found = list(reading.problems)
    env = _parse(reading.given, found)
    strict = reading.environment in STRICT
    found += _problems_of_use(reading.given, strict=strict)
    if strict:
        found += _problems_of_production(reading.given, env)
        # One sentence a variable: what is misread first, then what is missing or weak.
        found = list({(p.name, p.is_warning): p for p in reversed(found)}.values())[::-1]
    return Verdict(reading, env, found)


def generated_keys(data_dir: Path, names: list[str]) -> dict[str, str]:
    """Keys for `names`, the same ones on every start, whichever process asks first."""
    data_dir.mkdir(parents=True, exist_ok=True)
    file = os.open(data_dir / "secrets.json", os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(file, "r+", encoding="utf-8") as store:
        fcntl.flock(store, fcntl.LOCK_EX)
        text = store.read()
        keys: dict[str, str] = json.loads(text) if text else {}
        new = {name: new_key() for name in names if name not in keys}
        if new:
            keys |= new
            store.seek(0)
            store.write(json.dumps(keys, indent=2) + "\n")
            store.truncate()
    return {name: keys[name] for name in names}


def new_key() -> str:
    return secrets.token_urlsafe(48)


def _parse(given: Mapping[str, Given], found: list[Problem]) -> Env | None:
    values = {name.lower(): entry.value for name, entry in given.items()}
    values["data_dir"] = str(home() / values.get("data_dir", "data"))
    values.setdefault("trusted_proxies", VARIABLES["TRUSTED_PROXIES"].default)
    try:
        return Env.model_validate(values)
    except ValidationError as refusal:
        for error in refusal.errors(include_input=False):
            name = str(error["loc"][0]).upper()
            found.append(Problem(name, *_in_words(name, error["type"], error.get("ctx", {}))))
        return None


def _in_words(name: str, kind: str, limits: Mapping[str, Any]) -> tuple[str, str]:
    about = ABOUT[name]
    unit = f" ({about.unit})" if about.unit else ""
    match kind:
        case "int_parsing" | "int_from_float":
            return f"must be a whole number{unit}.", "Write digits only."
        case "bool_parsing":
            return "must be true or false.", "Write one of the two."
        case "literal_error":
            return "is not one of the known values.", f"Write {limits['expected']}."
        case "greater_than_equal":
            return f"must be at least {limits['ge']}{unit}.", "Correct the number."
        case "less_than_equal":
            return f"must be at most {limits['le']}{unit}.", "Correct the number."
        case "value_error":
            return f"cannot be read: {limits['error']}.", "Correct it."
        case _:
            return "cannot be read.", "Correct it."


def _problems_of_use(given: Mapping[str, Given], *, strict: bool) -> Iterator[Problem]:
    """What is wrong in every environment, and files that everybody may read."""
    for name in ("MONGODB_URI", "PUBLIC_URL", "SENTRY_DSN"):
        schemes = ("mongodb", "mongodb+srv") if name == "MONGODB_URI" else ("http", "https")
        value = given[name].value if name in given else ""
        if value and not env_rules.is_placeholder(value) and not _is_url(value, schemes):
            expected = " or ".join(f"{scheme}://" for scheme in schemes)
            yield Problem(name, "is no address.", f"It starts with {expected} and names a host.")
    exposed = {entry.where for name, entry in given.items() if name in SECRETS and entry.where}
    for where in sorted(exposed) if strict else []:
        if is_readable_by_all(Path(where)):
            name = next(name for name, entry in given.items() if entry.where == where)
            message = f"and what else is in {where} can be read by every user of this machine."
            yield Problem(name, message, f"chmod 600 {where}", is_warning=True)


def _problems_of_production(given: Mapping[str, Given], env: Env | None) -> Iterator[Problem]:
    values = {name: entry.value for name, entry in given.items()}
    yield from _placeholders(values)
    yield from _missing(values, env)
    yield from _weak(values)
    for name, other in env_rules.used_twice({n: values[n] for n in SECRETS if n in values}):
        if not env_rules.is_placeholder(values[name]):
            yield Problem(
                name, f"is the same as {other}.", "Give each its own: a leak stays small."
            )
    if env and env.use_mock_db:
        remedy = "Set it to false. Without MONGODB_URI the embedded database is used."
        yield Problem("USE_MOCK_DB", "must be false in production.", remedy)
    if "PUBLIC_URL" not in values:
        remedy = "Set the address people use, such as https://erp.your-company.com."
        message = "is not set: every host name is answered and links say localhost."
        yield Problem("PUBLIC_URL", message, remedy, is_warning=True)


def _placeholders(values: Mapping[str, str]) -> Iterator[Problem]:
    for name, value in values.items():
        if name == "ALAWAEL_ENV" or name not in ABOUT:
            continue
        if ABOUT[name].secret == "url":
            part = env_rules.placeholder_in_url(value)
            if part:
                yield Problem(name, f"still has a placeholder as {part}.", "Write the real one.")
        elif VARIABLES[name].annotation is str and env_rules.is_placeholder(value):
            yield Problem(name, "is still a placeholder.", _how_to_get(name))


def _missing(values: Mapping[str, str], env: Env | None) -> Iterator[Problem]:
    for name in KEYS:
        if name not in values:
            yield Problem(name, "is missing.", _how_to_get(name))
    for switch, needed in NEEDED_WITH.items():
        on = env is not None and getattr(env, switch.lower()) not in (False, "none")
        for name in needed if on else []:
            if name not in values:
                yield Problem(name, f"is missing, and {switch} needs it.", _how_to_get(name))


def _weak(values: Mapping[str, str]) -> Iterator[Problem]:
    judges = {"key": env_rules.weakness_of_key, "password": env_rules.weakness_of_password}
    for name, value in values.items():
        judge_of_kind = judges.get(ABOUT[name].secret)
        weakness = judge_of_kind(value) if judge_of_kind else ""
        if weakness and not env_rules.is_placeholder(value):
            yield Problem(name, weakness, _how_to_get(name))


def _how_to_get(name: str) -> str:
    match ABOUT[name].secret:
        case "key":
            return f"Make one with `alawael env key`, and set {name} or {name}_FILE."
        case "password" | "token":
            return f"Set {name} or {name}_FILE to the real one."
        case _:
            return "Write the real one."


def _is_url(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.netloc.rpartition("@")[2])


__all__ = ["ENVIRONMENTS", "Env", "Misconfigured", "Problem", "load", "problems"]
