"""Wiring only: the environment (config/env.py) turned into Django's settings."""

import hashlib
import os
from pathlib import Path
from typing import Any

import django_mongodb_backend  # noqa: F401 - registers the engine's query compilers early

from config import logs
from config.env import load

env = load(os.environ)

ENVIRONMENT = env.alawael_env
HOST, PORT, SITE_URL = env.host, env.port, env.site_url
WEB_WORKERS = env.workers
WEB_APP = Path(__file__).resolve().parents[2] / "frontend" / "dist" / "index.html"
IN_PRODUCTION, IS_STRICT = env.is_production, env.is_strict
TESTING = env.alawael_env == "test"

DEBUG = False
SECRET_KEY = env.session_secret
JWT_SECRET = env.jwt_secret
SECRET_KEY_FALLBACKS = list(env.former(env.session_secret_old))
JWT_SECRETS_OLD = env.former(env.jwt_secret_old)
ENCRYPTION_KEY, ENCRYPTION_KEYS_OLD = env.encryption_key, env.former(env.encryption_key_old)
MAX_LOGIN_ATTEMPTS, LOCKOUT_DURATION_MS = env.max_login_attempts, env.lockout_duration
ACCESS_TOKEN_LIFETIME_MS = env.access_token_lifetime
REFRESH_TOKEN_LIFETIME_MS = env.refresh_token_lifetime
SECURE_COOKIES = IN_PRODUCTION or SITE_URL.startswith("https://")
# A rehearsal or a laptop must not forbid plain HTTP to a browser for two years.
HSTS = IS_STRICT and SITE_URL.startswith("https://")
TRUSTED_PROXIES = env.trusted_proxies
CORS_ORIGINS = env.cors_origins
# Tests and their browsers ask faster than people do; what tests the limits switches them on.
RATE_LIMIT_ENABLED = env.rate_limit_enabled and not TESTING
RATE_LIMIT_WINDOW_MS = env.rate_limit_window
RATE_LIMITS = {
    "user": env.rate_limit_user,
    "token": env.rate_limit_token,
    "address": env.rate_limit_address,
    "sign-in": env.rate_limit_sign_in,
}
RATE_LIMIT_FILE = env.data_dir / "rate-limits"
# Counted on this machine when empty. The way there is the cache's, which security may not know.
RATE_LIMIT_REDIS_URL = env.redis_address if env.redis_enabled else ""
RATE_LIMIT_REDIS_LINE = "alawael.cache.redis_clients.Line"
SECURITY_EVENTS_KEPT = not TESTING
# OWASP's argon2id parameters (19 MiB). Tests sign in hundreds of times and guard nothing.
PASSWORD_HASHING = (
    {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
    if TESTING
    else {"time_cost": 2, "memory_cost": 19 * 1024, "parallelism": 1}
)
ALLOWED_HOSTS = env.hosts

INSTALLED_APPS = [
    "alawael.core",
    "alawael.cache",
    "alawael.security",
    "alawael.accounts",
    "alawael.files",
    "alawael.views",
    "alawael.parties",
    "alawael.catalog",
    "alawael.ledger",
    "alawael.stock",
    "alawael.invoicing",
    "alawael.payments",
    "alawael.purchasing",
    "alawael.sales",
    "alawael.exchange",
    "alawael.analytics",
    "alawael.operations",
]
MIDDLEWARE = [
    "alawael.security.headers.SecurityHeadersMiddleware",
    "config.middleware.RequestMiddleware",
    "alawael.security.watch.WatchMiddleware",
    "alawael.security.intake.IntakeMiddleware",
    "alawael.accounts.authentication.AuthenticationMiddleware",
    "alawael.security.limits.RateLimitMiddleware",
    "alawael.core.idempotency.IdempotencyMiddleware",
    "config.cache_wiring.NotingMiddleware",
]
ROOT_URLCONF = "config.urls"
APPEND_SLASH = False


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        # Django's own, which also tells the response cache what is read and written.
        "ENGINE": "alawael.cache.sqlite",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
            ),
        },
        "TEST": {"NAME": path.with_name(f"test-{path.name}")},
    }


def _mongodb(uri: str, name: str) -> dict[str, Any]:
    return {
        "ENGINE": "alawael.core.mongodb",
        "HOST": uri,
        "NAME": name,
        "CONN_MAX_AGE": None,
        "OPTIONS": {"retryWrites": True, "appname": "alawael"},
    }


DATABASES = {
    "default": (
        _mongodb(env.mongodb_uri, env.database_name)
        if env.uses_mongodb
        else _sqlite(env.sqlite_file)
    )
}
# Only Django's own table of migrations uses this; every model of ours brings a UUIDv7 key.
DEFAULT_AUTO_FIELD = (
    "django_mongodb_backend.fields.ObjectIdAutoField"
    if env.uses_mongodb
    else "django.db.models.AutoField"
)
SILENCED_SYSTEM_CHECKS = ["models.W042"]

# The response cache. Its stamps lie beside the embedded database, so that every program that opens
# the one shares the other, whatever its DATA_DIR is. The other machines of a MongoDB server could
# change what this one kept; without Redis to hear of it, nothing is kept there.
USES_MONGODB = env.uses_mongodb
CACHE_REDIS_URL = env.redis_address if env.redis_enabled else ""
CACHE_ENABLED = env.cache_enabled and bool(CACHE_REDIS_URL or not env.uses_mongodb)
CACHE_MEMORY, CACHE_LIFETIME_MS = env.cache_memory, env.cache_lifetime
_beside = env.data_dir / "mongodb" if env.uses_mongodb else env.sqlite_file.resolve()
CACHE_STAMPS = _beside.with_name(f"{_beside.name}-stamps")
CACHE_STATISTICS = env.data_dir / "cache-statistics"
# What machines tell each other has one place for each database, whatever keys they hold just now.
# What they keep is sealed, so another installation's answers are never taken for ours.
CACHE_SPACE = f"alawael:{env.database_name if env.uses_mongodb else 'sqlite'}"
CACHE_SECRET = hashlib.blake2b(f"response cache {JWT_SECRET}".encode(), digest_size=32).digest()

TASKS = {"default": {"BACKEND": "alawael.core.job_queue.LeasedBackend"}}
JOB_LEASE_MS, JOB_POLL_INTERVAL_MS = env.job_lease, env.job_poll_interval

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False

# An upload is streamed to disk; a JSON body is held in memory and therefore small.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
MAX_UPLOAD_SIZE = env.max_upload_size
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# Without a mail service, mail is written into files to be looked at.
EMAIL_BACKEND = (
    "django.core.mail.backends.filebased.EmailBackend"
    if env.email_service == "none"
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_FILE_PATH = env.data_dir / "mail"
EMAIL_HOST = "smtp.sendgrid.net" if env.email_service == "sendgrid" else env.email_host
EMAIL_PORT, EMAIL_USE_TLS, EMAIL_TIMEOUT = env.email_port, True, 20
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env.email_user, env.email_password
DEFAULT_FROM_EMAIL = env.email_from or "alawael@localhost"

LOGGING_CONFIG = None  # config/logs.py configures the standard library through structlog
if not TESTING:
    logs.configure(env.log_level, env.log_path, as_json=env.is_strict)
