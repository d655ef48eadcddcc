from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from alawael.accounts.models import (
    ADMIN,
    Administration,
    Passkey,
    PersonalToken,
    Role,
    Session,
    User,
    holding,
)
from alawael.accounts.policy import allows
from alawael.accounts.tokens import token_hash
from alawael.core.rows import existing


def setup_needed() -> bool:
    """Whether nobody has been made yet, so that the first administrator may be."""
    return not User.objects.exists()


def is_set_up() -> bool:
    return Administration.objects.exists()


def users(*, role: str | None = None, is_active: bool | None = None) -> QuerySet[User]:
    found = User.objects.all()
    if role is not None:
        found = found.filter(role_keys__contains=holding(role))
    if is_active is not None:
        found = found.filter(is_active=is_active)
    return found


def user(user_id: UUID) -> User:
    return existing(User.objects.filter(pk=user_id))


def user_by_email(email: str) -> User | None:
    return User.objects.filter(email=folded_email(email)).first()


def folded_email(email: str) -> str:
    """How an e-mail address is stored and compared."""
    return email.strip().lower()


def active_users(ids: Iterable[UUID]) -> set[UUID]:
    """Which of these are users who may sign in."""
    wanted = set(ids)
    if not wanted:
        return set()
    return set(User.objects.filter(pk__in=wanted, is_active=True).values_list("pk", flat=True))


def active_administrators() -> QuerySet[User]:
    return users(role=ADMIN, is_active=True)


def holders_of(permission: str) -> list[User]:
    """The active users whose roles permit this."""
    roles = [role.key for role in Role.objects.all() if allows(role.permissions, permission)]
    found = {user.pk: user for key in roles for user in users(role=key, is_active=True)}
    return list(found.values())


def roles() -> QuerySet[Role]:
    return Role.objects.all()


def role(role_id: UUID) -> Role:
    return existing(Role.objects.filter(pk=role_id))


class Granted(NamedTuple):
    """What the roles of a user permit and demand together."""

    permissions: frozenset[str]
    requires_second_factor: bool
    #: A limit holds only where every role has it: another role opens what one keeps shut.
    own_customers_only: bool = False
    own_warehouses_only: bool = False


def granted_to(user: User) -> Granted:
    return granted_by(user.role_keys)


def granted_by(keys: Iterable[str]) -> Granted:
    """What these roles grant to somebody who holds all of them."""
    found = list(Role.objects.filter(key__in=list(keys)))
    return Granted(
        permissions=frozenset(name for role in found for name in role.permissions),
        requires_second_factor=any(role.requires_second_factor for role in found),
        own_customers_only=bool(found) and all(role.own_customers_only for role in found),
        own_warehouses_only=bool(found) and all(role.own_warehouses_only for role in found),
    )


def lacks_second_factor(granted: Granted, session: Session) -> bool:
    """Whether a role demands a factor that neither an app nor the passkey of this session gave."""
    has_one = session.user.has_second_factor or session.with_passkey
    return granted.requires_second_factor and not has_one


def permissions_of(user: User) -> frozenset[str]:
    """The union of what the user's roles permit."""
    return permissions_of_roles(user.role_keys)


def permissions_of_roles(keys: Iterable[str]) -> frozenset[str]:
    granted = Role.objects.filter(key__in=list(keys)).values_list("permissions", flat=True)
    return frozenset(permission for permissions in granted for permission in permissions)


def sessions_of(user: User, *, at: datetime) -> QuerySet[Session]:
    """The user's devices that are signed in."""
    return Session.objects.filter(user=user, ended_at=None, expires_at__gt=at)


def session_of(user: User, session_id: UUID, *, at: datetime) -> Session:
    return existing(sessions_of(user, at=at).filter(pk=session_id))


def live_session(session_id: UUID, *, at: datetime) -> Session | None:
    """A session that has not ended, with its active user."""
    return (
        Session.objects.select_related("user")
        .filter(pk=session_id, ended_at=None, expires_at__gt=at, user__is_active=True)
        .first()
    )


def tokens_of(user: User) -> QuerySet[PersonalToken]:
    """The user's personal tokens that were not revoked, expired ones among them."""
    return PersonalToken.objects.filter(user=user, revoked_at=None)


def token_of(user: User, token_id: UUID) -> PersonalToken:
    return existing(tokens_of(user).filter(pk=token_id))


def passkeys_of(user: User) -> QuerySet[Passkey]:
    return Passkey.objects.filter(user=user)


def passkey_of(user: User, passkey_id: UUID) -> Passkey:
    return existing(passkeys_of(user).filter(pk=passkey_id))


def live_personal_token(token: str, *, at: datetime) -> PersonalToken | None:
    """The personal token that this text is, with its active user."""
    found = (
        PersonalToken.objects.select_related("user")
        .filter(hash=token_hash(token), revoked_at=None, user__is_active=True)
        .first()
    )
    return None if found is None or (found.expires_at and found.expires_at <= at) else found
