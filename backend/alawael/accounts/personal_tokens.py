"""Named keys for programs: made once, shown once, revoked at any time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from alawael.accounts import queries
from alawael.accounts.models import PersonalToken, User
from alawael.accounts.permissions import beyond
from alawael.accounts.tokens import new_personal_token, token_hash
from alawael.core.actors import Actor
from alawael.core.audit import record
from alawael.core.errors import FieldError, Invalid, Refusal, Text, one_error
from alawael.core.unit_of_work import unit_of_work

MOST_TOKENS = 50
#: Noting every single use would turn every read of a program into a write.
_USE_NOTED_EVERY = timedelta(minutes=10)
_PREFIX_SHOWN = 12


class TooManyTokens(Refusal):
    code = "too_many_tokens"
    message = Text(
        "You have {count} tokens. Revoke one that is no longer used.",
        "لديك {count} رمزًا. ألغِ رمزًا لم يعد مستخدمًا.",
    )


@unit_of_work
def create_token(
    user: User,
    *,
    name: str,
    permissions: Sequence[str] = (),
    expires_at: datetime | None,
    by: Actor,
    at: datetime,
) -> tuple[PersonalToken, str]:
    """Make a token that may do `permissions`, or all that its user may when there are none.

    Returns the row and the token itself, which is kept nowhere.
    """
    missing = beyond(queries.permissions_of(user), permissions)
    if missing:
        raise Invalid(
            errors=[
                _not_held(index, name) for index, name in enumerate(permissions) if name in missing
            ]
        )
    if expires_at is not None and expires_at <= at:
        raise one_error(
            "/expires_at",
            "in_the_past",
            Text("Choose a moment in the future.", "اختر وقتًا في المستقبل."),
        )
    held = queries.tokens_of(user).count()
    if held >= MOST_TOKENS:
        raise TooManyTokens(count=held)
    secret = new_personal_token()
    token = PersonalToken.objects.create(
        user=user,
        name=name,
        prefix=secret[:_PREFIX_SHOWN],
        hash=token_hash(secret),
        permissions=sorted(set(permissions)),
        created_at=at,
        expires_at=expires_at,
    )
    facts = {"name": name, "prefix": token.prefix, "user": user.pk, "expires_at": expires_at}
    record(token, "token.created", by=by, at=at, changes=facts)
    return token, secret


@unit_of_work
def revoke_token(user: User, token_id: UUID, *, by: Actor, at: datetime) -> None:
    """Make a token useless from this moment on. Raises NotFound for a token of somebody else."""
    token = queries.token_of(user, token_id)
    if PersonalToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        record(token, "token.revoked", by=by, at=at, changes={"prefix": token.prefix})


@unit_of_work
def revoke_tokens(user: User, *, by: Actor, at: datetime) -> None:
    """Revoke every token of a user who leaves."""
    for token in queries.tokens_of(user).order_by("pk"):
        revoke_token(user, token.pk, by=by, at=at)


def note_use(token: PersonalToken, *, at: datetime) -> None:
    """Remember roughly when a token was last used, so that unused ones can be found."""
    if token.last_used_at is None or at - token.last_used_at >= _USE_NOTED_EVERY:
        _note_use(token, at)


@unit_of_work
def _note_use(token: PersonalToken, at: datetime) -> None:
    PersonalToken.objects.filter(pk=token.pk).update(last_used_at=at)


def _not_held(index: int, permission: str) -> FieldError:
    return FieldError(
        f"/permissions/{index}",
        "permission_not_held",
        Text(
            f"You do not have the permission “{permission}”.",
            f"ليست لديك الصلاحية «{permission}».",
        ),
    )
