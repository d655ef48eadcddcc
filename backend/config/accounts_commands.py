"""`alawael createadmin`, `token` and `users`: looking after who may come in, from the server.

Whoever may run these owns the machine, so they act in the name of the program itself. Passwords
come from the keyboard or from a file, never from an argument, which every user of a machine sees.
"""

import sys
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar
from uuid import UUID

import click

from alawael.accounts import personal_tokens, queries, services
from alawael.accounts.models import ADMIN, User
from alawael.core.actors import SYSTEM
from alawael.core.clock import now
from alawael.core.errors import Refusal

P = ParamSpec("P")
T = TypeVar("T")
LANGUAGE = click.Choice(["en", "ar"])
PASSWORD_FILE = click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="Read the password from this file; - for standard input.",
)


def _in_words(command: Callable[P, T]) -> Callable[P, T]:
    """A refusal ends the command with its sentences instead of a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except Refusal as refusal:
            details = [f"  {error.pointer[1:]}: {error.message.en}" for error in refusal.errors]
            raise click.ClickException("\n".join([refusal.sentence("en"), *details])) from None

    return run


@click.command()
@click.option("--email", prompt="E-mail address")
@click.option("--name-en", default="", help="Name in English.")
@click.option("--name-ar", default="", help="Name in Arabic.")
@click.option("--language", type=LANGUAGE, default="en", show_default=True)
@PASSWORD_FILE
@_in_words
def createadmin(
    email: str, name_en: str, name_ar: str, language: str, password_file: Path | None
) -> None:
    """Make an administrator: the first one, or another when nobody can sign in any more."""
    if not name_en and not name_ar:
        name_en = click.prompt("Name")
    password = _password(password_file)
    if queries.setup_needed():
        services.create_first_administrator(
            email=email,
            name_en=name_en,
            name_ar=name_ar,
            password=password,
            language=language,
            at=now(),
        )
    else:
        services.install_roles(at=now())
        services.create_user(
            email=email,
            name_en=name_en,
            name_ar=name_ar,
            language=language,
            roles=[ADMIN],
            password=password,
            must_change_password=False,
            by=SYSTEM,
            authority=services.EVERYTHING,
            at=now(),
        )
    click.echo(f"{queries.folded_email(email)} can sign in and administers the program.")


@click.group()
def users() -> None:
    """See who may come in, shut somebody out, give a new password."""


@users.command("list")
@click.option("--all", "everybody", is_flag=True, help="Deactivated users too.")
def list_users(everybody: bool) -> None:
    """Print one line per user: address, name, roles, last sign-in."""
    for user in queries.users(is_active=None if everybody else True).order_by("email"):
        last = user.last_sign_in_at
        seen = last.strftime("%Y-%m-%d %H:%M UTC") if last else "never"
        state = "" if user.is_active else "  (deactivated)"
        roles = ",".join(user.role_keys) or "no role"
        click.echo(f"{user.email}  {user.actor_name}  {roles}  {seen}{state}")


@users.command()
@click.argument("email")
@_in_words
def deactivate(email: str) -> None:
    """Shut a user out at once: every session and token ends."""
    services.deactivate_user(
        _user(email).id,
        expected_version=None,
        by=SYSTEM,
        authority=services.EVERYTHING,
        at=now(),
    )
    click.echo(f"{email} is deactivated.")


@users.command("reset-password")
@click.argument("email")
@PASSWORD_FILE
@_in_words
def reset_password(email: str, password_file: Path | None) -> None:
    """Give a user a temporary password, printed once; all their sessions end."""
    outcome = services.reset_password(
        _user(email).id,
        password=_password(password_file) if password_file else None,
        expected_version=None,
        by=SYSTEM,
        authority=services.EVERYTHING,
        at=now(),
    )
    click.echo("The password must be replaced at the next sign-in.", err=True)
    if outcome.temporary_password:
        click.echo(outcome.temporary_password)


@users.command()
@click.argument("email")
@_in_words
def unlock(email: str) -> None:
    """Let a user who was locked out try again at once."""
    services.unlock_user(_user(email).id, by=SYSTEM, authority=services.EVERYTHING, at=now())
    click.echo(f"{email} may sign in again.")


@click.group()
def token() -> None:
    """Personal API tokens: keys for programs."""


@token.command("create")
@click.argument("email")
@click.option("--name", required=True, help="What the token is for.")
@click.option("--permission", "permissions", multiple=True, help="The token may do only this.")
@click.option("--days", type=click.IntRange(1, 3650), help="How long it is good for.")
@_in_words
def create_token(email: str, name: str, permissions: tuple[str, ...], days: int | None) -> None:
    """Print a new token of a user. It is shown this once and kept nowhere."""
    at = now()
    _, secret = personal_tokens.create_token(
        _user(email),
        name=name,
        permissions=permissions,
        expires_at=at + timedelta(days=days) if days else None,
        by=SYSTEM,
        at=at,
    )
    click.echo(secret)


@token.command("list")
@click.argument("email")
def list_tokens(email: str) -> None:
    """Print one line per token of a user: id, beginning, name, limits, end."""
    for found in queries.tokens_of(_user(email)).order_by("pk"):
        limits = ",".join(found.permissions) or "all that the user may"
        end = f"until {found.expires_at:%Y-%m-%d}" if found.expires_at else "no end"
        click.echo(f"{found.pk}  {found.prefix}…  {found.name}  {limits}  {end}")


@token.command("revoke")
@click.argument("email")
@click.argument("token_id", type=click.UUID)
@_in_words
def revoke_token(email: str, token_id: UUID) -> None:
    """Make a token useless at once."""
    personal_tokens.revoke_token(_user(email), token_id, by=SYSTEM, at=now())
    click.echo("Revoked.")


def _user(email: str) -> User:
    user = queries.user_by_email(email)
    if user is None:
        raise click.ClickException(f"There is no user {email}.")
    return user


def _password(file: Path | None) -> str:
    if file is None:
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
    return text.rstrip("\r\n")
