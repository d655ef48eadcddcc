"""What an installation is told about its settings: everything at once, and never a secret."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from click.testing import CliRunner

from config import env_commands, env_sources
from config.env import KEYS, VARIABLES, Misconfigured, generated_keys, load, new_key, problems
from config.env_commands import env as env_command
from config.env_table import new_env_file, table

RUNBOOK = """\
NODE_ENV=production
PORT=3001

# MongoDB Production
USE_MOCK_DB=false
MONGODB_URI=mongodb+srv://alawael_user:PASSWORD@cluster0.xxxxx.mongodb.net/alawael_production?retryWrites=true&w=majority

# Redis Production
REDIS_ENABLED=true
REDIS_HOST=redis.production.internal
REDIS_PORT=6379
REDIS_PASSWORD=production_redis_password

# Security Production
MAX_LOGIN_ATTEMPTS=5
LOCKOUT_DURATION=900000
ENCRYPTION_KEY=production_encryption_key_from_vault
JWT_SECRET=production_jwt_secret_from_vault
SESSION_SECRET=production_session_secret_from_vault

# Features Production
ENABLE_ADVANCED_ANALYTICS=100
ENABLE_REAL_TIME_SYNC=80
ENABLE_NOTIFICATIONS_V2=60
ENABLE_DARK_MODE=100
ENABLE_ADVANCED_SEARCH=0

# Notifications Production
EMAIL_FROM=notifications@alawael-erp.com
EMAIL_USER=smtp_user_from_vault
EMAIL_PASSWORD=smtp_password_from_vault
EMAIL_SERVICE=sendgrid  # Use sendgrid for production

# Analytics
DATADOG_ENABLED=true
DATADOG_API_KEY=datadog_api_key_from_vault

# Monitoring
SENTRY_ENABLED=true
SENTRY_DSN=sentry_dsn_from_vault

# Logging
LOG_LEVEL=info
LOG_PATH=/var/log/alawael

# Backup
MONGODB_BACKUP_ENABLED=true
MONGODB_BACKUP_INTERVAL=86400000
"""
PLACEHOLDERS = {
    "MONGODB_URI": "mongodb+srv://alawael:Kf8-vQz2Lm9x@cluster0.k3v9q.mongodb.net/alawael_production",
    "REDIS_PASSWORD": "hT6-pWm2-cR8x",
    "ENCRYPTION_KEY": new_key(),
    "JWT_SECRET": new_key(),
    "SESSION_SECRET": new_key(),
    "EMAIL_USER": "apikey",
    "EMAIL_PASSWORD": "SG.nM4kd82jsLq0",
    "DATADOG_API_KEY": "9a8f7c6b5e4d3a2b1c0d9e8f7a6b5c4d",
    "SENTRY_DSN": "https://9a8f7c6b@o1.ingest.sentry.io/2",
}


@pytest.fixture(autouse=True)
def _without_the_settings_of_this_run(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def runbook_file(tmp_path):
    return a_file(tmp_path / ".env.production", RUNBOOK)


@pytest.fixture
def production(tmp_path):
    """The least a production installation has to say."""
    return {
        "ALAWAEL_ENV": "production",
        "PUBLIC_URL": "https://erp.alawael.sa",
        "DATA_DIR": str(tmp_path),
        "JWT_SECRET": new_key(),
        "SESSION_SECRET": new_key(),
        "ENCRYPTION_KEY": new_key(),
    }


def a_file(path, text, mode=0o600):
    path.write_text(text)
    path.chmod(mode)
    return str(path)


def errors(environ):
    return {
        problem.name: problem.message for problem in problems(environ) if not problem.is_warning
    }


def warnings(environ):
    return {problem.name: problem for problem in problems(environ) if problem.is_warning}


def test_the_runbooks_file_is_read_whole_and_only_its_placeholders_are_refused(runbook_file):
    assert set(errors({"ALAWAEL_ENV_FILE": runbook_file})) == set(PLACEHOLDERS)
    assert set(warnings({"ALAWAEL_ENV_FILE": runbook_file})) == {"PUBLIC_URL"}


def test_the_runbooks_file_works_once_its_placeholders_are_filled_in(runbook_file):
    env = load({"ALAWAEL_ENV_FILE": runbook_file, **PLACEHOLDERS})

    assert env.is_production
    assert env.uses_mongodb
    assert env.database_name == "alawael_production"
    assert env.lockout_duration == 900_000
    assert env.enable_real_time_sync == 80
    assert env.email_service == "sendgrid"
    assert env.mongodb_backup_interval == 86_400_000


def test_a_refusal_lists_every_problem_and_what_to_do(production):
    del production["JWT_SECRET"]
    production |= {"PORT": "three", "ENABLE_DARK_MODE": "101", "SESSION_SECRET": "changeme"}

    with pytest.raises(Misconfigured) as refusal:
        load(production)

    assert {problem.name for problem in refusal.value.problems} == {
        "PORT",
        "ENABLE_DARK_MODE",
        "JWT_SECRET",
        "SESSION_SECRET",
    }
    assert "PORT must be a whole number. Write digits only." in str(refusal.value)
    assert "alawael env key" in str(refusal.value)


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("kT9-short", "is 9 characters long and needs 32."),
        ("abcdefgh" * 5, "repeats itself."),
        ("a" * 20 + "b" * 15 + "c", "is too regular to be random."),
        ("please-change-me-7f8a9b0c1d2e3f4a5b6c", "is still a placeholder."),
        ("your-256-bit-key-goes-here-0123456789", "is still a placeholder."),
        ("<put the key of the vault right in here>", "is still a placeholder."),
    ],
)
def test_production_refuses_a_weak_key(production, key, reason):
    assert errors(production | {"JWT_SECRET": key}) == {"JWT_SECRET": reason}


@pytest.mark.parametrize("key", ["9f8c1d7be02a4c5563fe0b9a8d7c6e51", new_key()], ids=["hex", "new"])
def test_production_takes_a_random_key(production, key):
    assert errors(production | {"JWT_SECRET": key}) == {}


def test_staging_is_as_strict_as_production(production):
    assert "JWT_SECRET" in errors(production | {"ALAWAEL_ENV": "staging", "JWT_SECRET": "changeme"})


def test_production_refuses_a_secret_used_twice(production):
    production["SESSION_SECRET"] = production["JWT_SECRET"]

    assert list(errors(production).values()) in (
        ["is the same as JWT_SECRET."],
        ["is the same as SESSION_SECRET."],
    )


def test_production_refuses_a_mock_database(production):
    assert errors(production | {"USE_MOCK_DB": "true"}) == {
        "USE_MOCK_DB": "must be false in production."
    }


@pytest.mark.parametrize(
    ("switch", "missing"),
    [
        ({"REDIS_ENABLED": "true"}, {"REDIS_PASSWORD"}),
        ({"EMAIL_SERVICE": "smtp"}, {"EMAIL_FROM", "EMAIL_USER", "EMAIL_PASSWORD"}),
        ({"DATADOG_ENABLED": "true"}, {"DATADOG_API_KEY"}),
        ({"SENTRY_ENABLED": "true"}, {"SENTRY_DSN"}),
    ],
)
def test_what_is_switched_on_needs_its_secrets(production, switch, missing):
    assert set(errors(production | switch)) == missing


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "70000"),
        ("WORKERS", "-1"),
        ("LOCKOUT_DURATION", "15m"),
        ("ENABLE_ADVANCED_SEARCH", "-1"),
        ("REDIS_ENABLED", "perhaps"),
        ("ALAWAEL_ENV", "prod"),
        ("LOG_LEVEL", "loud"),
        ("EMAIL_SERVICE", "pigeon"),
        ("TRUSTED_PROXIES", "10.0.0.0/40"),
        ("MONGODB_URI", "localhost:27017"),
        ("PUBLIC_URL", "erp.alawael.sa"),
    ],
)
def test_a_wrong_value_is_refused_in_development_too(name, value):
    assert set(errors({name: value})) == {name}


def test_two_names_of_the_environment_must_agree():
    assert "NODE_ENV" in errors({"ALAWAEL_ENV": "development", "NODE_ENV": "production"})


def test_a_secret_may_be_a_file(production, tmp_path):
    key = production.pop("JWT_SECRET")
    production["JWT_SECRET_FILE"] = a_file(tmp_path / "jwt", f"{key}\n")

    assert load(production).jwt_secret == key


def test_a_secret_may_be_a_credential_that_systemd_passes(production, tmp_path):
    key = production.pop("JWT_SECRET")
    a_file(tmp_path / "JWT_SECRET", key)

    assert load(production | {"CREDENTIALS_DIRECTORY": str(tmp_path)}).jwt_secret == key


def test_a_secret_file_that_is_not_there_is_named(production, tmp_path):
    del production["JWT_SECRET"]
    production["JWT_SECRET_FILE"] = str(tmp_path / "nowhere")

    assert "No such file" in errors(production)["JWT_SECRET_FILE"]


def test_a_secret_given_twice_is_refused(production, tmp_path):
    production["JWT_SECRET_FILE"] = a_file(tmp_path / "jwt", new_key())

    assert errors(production)["JWT_SECRET"].startswith("is given twice")


def test_a_secret_file_that_everybody_may_read_is_a_warning(production, tmp_path):
    key = production.pop("JWT_SECRET")
    production["JWT_SECRET_FILE"] = a_file(tmp_path / "jwt", key, mode=0o644)

    assert warnings(production)["JWT_SECRET"].remedy == f"chmod 600 {tmp_path / 'jwt'}"
    assert load(production).jwt_secret == key


def test_the_environment_goes_before_the_file(tmp_path):
    file = a_file(tmp_path / "settings", "PORT=4000\nHOST=10.0.0.1\n")
    env = load({"ALAWAEL_ENV_FILE": file, "PORT": "5000", "DATA_DIR": str(tmp_path)})

    assert (env.port, env.host) == (5000, "10.0.0.1")


def test_a_dollar_in_a_password_is_a_dollar(tmp_path):
    file = a_file(tmp_path / "settings", "REDIS_PASSWORD=a${HOME}b$\n")

    assert (
        load({"ALAWAEL_ENV_FILE": file, "DATA_DIR": str(tmp_path)}).redis_password == "a${HOME}b$"
    )


def test_a_misspelt_name_is_a_warning_with_a_suggestion(tmp_path):
    file = a_file(tmp_path / "settings", "LOCKOUT_DURATON=1\nCOLOUR=blue\n")
    found = warnings({"ALAWAEL_ENV_FILE": file, "JWT_SECRT": "x", "COLORTERM": "truecolor"})

    assert found["LOCKOUT_DURATON"].remedy == "Did you mean LOCKOUT_DURATION?"
    assert found["JWT_SECRT"].remedy == "Did you mean JWT_SECRET?"
    assert set(found) == {"LOCKOUT_DURATON", "JWT_SECRT", "COLOUR"}


def test_development_needs_nothing_and_keeps_its_keys(tmp_path):
    first = load({"DATA_DIR": str(tmp_path)})
    again = load({"DATA_DIR": str(tmp_path)})

    assert first == again
    assert len({first.jwt_secret, first.session_secret, first.encryption_key}) == len(KEYS)
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_processes_that_start_together_agree_on_the_keys(tmp_path):
    together = Barrier(8)

    def start(number):
        together.wait()
        return generated_keys(tmp_path / str(number), KEYS)["JWT_SECRET"]

    with ThreadPoolExecutor(8) as starters:
        keys = [set(starters.map(start, [number] * 8)) for number in range(20)]

    assert [len(chosen) for chosen in keys] == [1] * 20


def test_production_never_uses_generated_keys(tmp_path):
    load({"DATA_DIR": str(tmp_path)})

    assert set(errors({"DATA_DIR": str(tmp_path), "ALAWAEL_ENV": "production"})) == set(KEYS)


def test_looking_at_the_settings_writes_nothing(tmp_path):
    table({"DATA_DIR": str(tmp_path / "data")})

    assert not (tmp_path / "data").exists()


def test_hosts_follow_the_public_address(tmp_path):
    env = load({"DATA_DIR": str(tmp_path), "PUBLIC_URL": "https://erp.alawael.sa/"})

    assert env.hosts[0] == "erp.alawael.sa"
    assert env.site_url == "https://erp.alawael.sa"


def test_no_secret_is_shown_anywhere(runbook_file):
    environ = {"ALAWAEL_ENV_FILE": runbook_file, **PLACEHOLDERS}
    secrets = [
        PLACEHOLDERS[name] for name in PLACEHOLDERS if name not in ("MONGODB_URI", "EMAIL_USER")
    ]
    secrets.append("Kf8-vQz2Lm9x")
    shown = [
        str(table(environ)),
        repr(load(environ)),
        CliRunner(env=environ).invoke(env_command, ["check"]).output,
        CliRunner(env=environ).invoke(env_command, ["check", "--json"]).output,
        str(problems(environ | {"PORT": "x"})),
    ]

    assert [secret for secret in secrets for text in shown if secret in text] == []
    assert "mongodb+srv://alawael:••••@cluster0" in shown[0]


def test_check_fails_on_problems_and_lists_them_as_json(runbook_file):
    result = CliRunner().invoke(
        env_command, ["check", "--file", runbook_file, "--json", "--env", "production"]
    )

    assert result.exit_code == 1
    assert {problem["name"] for problem in json.loads(result.output)["problems"]} == set(
        PLACEHOLDERS
    )


def test_a_new_env_file_is_ready_for_production(tmp_path):
    path = tmp_path / ".env.production"

    made = CliRunner().invoke(env_command, ["init", "--file", str(path)])
    checked = CliRunner().invoke(env_command, ["check", "--file", str(path), "--env", "production"])

    assert (made.exit_code, checked.exit_code) == (0, 0), checked.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == [".env.production"]


def test_a_new_env_file_is_written_where_it_is_looked_for(tmp_path, monkeypatch):
    """In the checkout, wherever the command is typed."""
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    monkeypatch.chdir(tmp_path)
    for module in (env_commands, env_sources):
        monkeypatch.setattr(module, "home", lambda: checkout)

    made = CliRunner().invoke(env_command, ["init"])
    checked = CliRunner().invoke(env_command, ["check", "--env", "production"])

    assert (made.exit_code, checked.exit_code) == (0, 0), checked.output
    assert os.listdir(checkout) == [".env.production"]


def test_a_new_env_file_never_replaces_one_unasked(tmp_path):
    path = a_file(tmp_path / ".env", "ENCRYPTION_KEY=precious\n")

    refused = CliRunner().invoke(env_command, ["init", "--file", path])
    kept = (tmp_path / ".env").read_text()
    forced = CliRunner().invoke(env_command, ["init", "--file", path, "--force"])

    assert refused.exit_code == 1
    assert "precious" in kept
    assert forced.exit_code == 0
    assert "precious" not in (tmp_path / ".env").read_text()


def test_every_new_file_has_keys_of_its_own():
    assert new_env_file() != new_env_file()
