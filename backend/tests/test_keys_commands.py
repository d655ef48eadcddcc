"""`alawael keys`: the steps of docs/operations/keys.md, typed one after the other."""

import json
import os

import pytest
from click.testing import CliRunner

from alawael.accounts.models import SecondFactor
from alawael.core.sealing import key_id, opened, sealed
from config.env import load
from config.env_keys import Keys, NotOurs, keys_of, write_keys
from config.keys_commands import keys
from testing.cast import NOON, a_user

FIRST, SECOND, JWT, SESSION = (f"{name}-key-{name[::-1]}-0123456789" for name in
                               ("first", "second", "token", "session"))  # fmt: skip


@pytest.fixture
def settings_file(tmp_path, monkeypatch):
    """An .env file that is in use, with a comment and a mode of its own."""
    path = tmp_path / "settings.env"
    text = f"# ours\nJWT_SECRET={JWT}\nENCRYPTION_KEY={FIRST}\n#ENCRYPTION_KEY_OLD=\nPORT=3999\n"
    path.write_text(text + f"SESSION_SECRET={SESSION}")
    path.chmod(0o640)
    for name in ("ENCRYPTION_KEY", "JWT_SECRET", "SESSION_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ALAWAEL_ENV_FILE", str(path))
    return path


def run(*arguments, fails=False):
    result = CliRunner().invoke(keys, arguments)
    assert (result.exit_code != 0) == fails, result.output
    return result.output


def restart(settings):
    """What a process that starts now would know."""
    env = load(os.environ)
    settings.ENCRYPTION_KEY = env.encryption_key
    settings.ENCRYPTION_KEYS_OLD = env.former(env.encryption_key_old)


def test_a_key_is_replaced_step_by_step_over_several_processes(db, settings, settings_file):
    restart(settings)
    factor = SecondFactor(user=a_user("sami"), created_at=NOON)
    factor.secret = sealed(factor, secret="abc")["secret"]
    factor.save(force_insert=True)

    run("new", "ENCRYPTION_KEY", "--prepare")
    assert keys_of("ENCRYPTION_KEY", os.environ).present == FIRST
    restart(settings)
    run("switch", "ENCRYPTION_KEY")
    restart(settings)
    assert "1 values still need them" in run("drop", "ENCRYPTION_KEY", fails=True)
    assert "1 values were sealed again" in run("rotate", "--yes")
    assert f"Nothing needs {key_id(FIRST)}" in run("status")
    run("drop", "ENCRYPTION_KEY")
    restart(settings)

    assert opened(SecondFactor.objects.get(), "secret") == "abc"
    assert settings.ENCRYPTION_KEY != FIRST
    assert settings.ENCRYPTION_KEYS_OLD == ()
    known, in_force = json.loads(run("status", "--json")), key_id(settings.ENCRYPTION_KEY)
    assert known["sealed"]["accounts_secondfactor.secret"] == {in_force: 1, "": 0}
    assert (known["outdated"], known["lost"]) == (0, 0)
    assert "is sealed by the key in force" in run("rotate")


def test_a_rotation_asks_whether_everybody_knows_the_key(db, settings, settings_file):
    restart(settings)
    factor = SecondFactor(user=a_user("sami"), created_at=NOON)
    factor.secret = sealed(factor, secret="abc")["secret"]
    factor.save(force_insert=True)
    run("new", "ENCRYPTION_KEY")
    restart(settings)

    assert "Has every process been restarted" in run("rotate", fails=True)
    settings.ENCRYPTION_KEYS_OLD = ()
    assert "1 values need a key that is not known" in run("status", fails=True)


def test_the_file_keeps_what_else_is_in_it(settings_file):
    run("new", "JWT_SECRET")

    now = keys_of("JWT_SECRET", os.environ)
    text = settings_file.read_text()
    assert now.others == (JWT,)
    assert now.present != JWT
    assert text.startswith(f"# ours\nJWT_SECRET={now.present}\nENCRYPTION_KEY={FIRST}\n")
    assert "PORT=3999" in text
    assert settings_file.stat().st_mode & 0o777 == 0o640
    assert f"SESSION_SECRET={SESSION}\nJWT_SECRET_OLD={JWT}\n" in text
    run("drop", "JWT_SECRET")
    assert keys_of("JWT_SECRET", os.environ) == Keys("JWT_SECRET", now.present, ())


def test_files_of_a_vault_are_written_and_the_environment_is_not(settings_file, monkeypatch):
    present, former = settings_file.with_name("key"), settings_file.with_name("key-old")
    present.write_text(FIRST)
    former.write_text("")
    settings_file.write_text(f"ENCRYPTION_KEY_FILE={present}\nENCRYPTION_KEY_OLD_FILE={former}\n")

    run("new", "ENCRYPTION_KEY")

    assert former.read_text() == f"{FIRST}\n"
    assert keys_of("ENCRYPTION_KEY", os.environ).present == present.read_text().strip() != FIRST
    monkeypatch.setenv("JWT_SECRET", JWT)
    with pytest.raises(NotOurs):
        write_keys(Keys("JWT_SECRET", SECOND, (JWT,)), os.environ)
    assert "comes from the environment" in run("new", "JWT_SECRET", fails=True)
