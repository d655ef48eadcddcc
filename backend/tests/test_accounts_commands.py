import pytest
from click.testing import CliRunner

from alawael.accounts.models import PersonalToken, User
from alawael.accounts.tests.people import PASSWORD, an_administrator, sami, sign_in, signed_in
from alawael.core.models import AuditEvent
from config.accounts_commands import createadmin, token, users
from testing.cast import ApiClient

AMAL = ["--email", "Amal@alawael.test", "--name-en", "Amal"]


def run(command, *arguments, **options):
    return CliRunner().invoke(command, list(arguments), **options)


def test_createadmin_asks_for_the_password_twice(db):
    result = run(createadmin, *AMAL, input=f"{PASSWORD}\n{PASSWORD}\n")

    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    assert sign_in(ApiClient(), "amal@alawael.test").json()["user"]["roles"] == ["admin"]


def test_createadmin_reads_the_password_from_a_file(db, tmp_path):
    file = tmp_path / "password"
    file.write_text(PASSWORD + "\n")

    assert run(createadmin, *AMAL, "--password-file", str(file)).exit_code == 0
    assert sign_in(ApiClient(), "amal@alawael.test").status_code == 200


def test_createadmin_has_no_argument_for_a_password(db):
    assert run(createadmin, *AMAL, "--password", PASSWORD).exit_code == 2


def test_createadmin_refuses_a_weak_password_with_a_sentence(db):
    result = run(createadmin, *AMAL, input="admin123\nadmin123\n")

    assert result.exit_code == 1
    assert "at least 12 characters" in result.output
    assert not User.objects.exists()


def test_createadmin_rescues_an_installation_nobody_can_enter(db):
    first = an_administrator("rita")
    first.is_active = False
    first.save()

    result = run(createadmin, *AMAL, "--password-file", "-", input=PASSWORD)

    assert result.exit_code == 0, result.output
    assert signed_in(User.objects.get(email="amal@alawael.test")).get("/api/users")


def test_users_are_listed_deactivated_and_given_new_passwords(db):
    an_administrator()
    user = sami()
    browser = signed_in(user)

    reset = run(users, "reset-password", "SAMI@alawael.test")
    temporary = reset.stdout.strip()
    shut = run(users, "deactivate", user.email)

    assert browser.get("/api/auth/me").status_code == 401
    assert "-" in temporary
    assert shut.exit_code == 0
    assert "sami" not in run(users, "list").output
    assert "sami@alawael.test  Sami  role-of-sami" in run(users, "list", "--all").output


def test_the_last_administrator_stays_on_the_command_line_too(db):
    an_administrator()

    result = run(users, "deactivate", "amal@alawael.test")

    assert result.exit_code == 1
    assert "last active administrator" in result.output


def test_a_token_is_printed_once_listed_and_revoked(db):
    user = sami()

    made = run(token, "create", user.email, "--name", "Nightly", "--permission", "user:read")
    secret = made.stdout.strip()
    client = ApiClient()
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    row = PersonalToken.objects.get()
    listed = run(token, "list", user.email).output

    assert client.get("/api/users").status_code == 200
    assert row.prefix in listed
    assert secret not in listed
    assert run(token, "revoke", user.email, str(row.pk)).exit_code == 0
    assert client.get("/api/users").status_code == 401
    assert AuditEvent.objects.get(action="token.revoked").actor_name == "system"


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        (token, ["list", "nobody@alawael.test"]),
        (token, ["create", "nobody@alawael.test", "--name", "a"]),
        (users, ["deactivate", "nobody@alawael.test"]),
        (users, ["reset-password", "nobody@alawael.test"]),
    ],
)
def test_an_unknown_user_is_said(db, command, arguments):
    result = run(command, *arguments)

    assert result.exit_code == 1
    assert "There is no user nobody@alawael.test." in result.output


def test_a_locked_user_is_let_in_again_from_the_server(db):
    user = sami()
    for _ in range(5):
        sign_in(ApiClient(), user.email, "not the password at all")
    assert sign_in(ApiClient(), user.email).status_code == 429

    assert run(users, "unlock", user.email).exit_code == 0

    assert sign_in(ApiClient(), user.email).status_code == 200
