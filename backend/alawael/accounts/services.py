"""Users and roles: who exists and what they may do. Sessions and tokens have modules of their own.

`authority` is what the caller may do. Nobody can give, or take over, more than that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError
from django.db.models import F

from alawael.accounts import attempts, queries, second_factor
from alawael.accounts.models import ADMIN, THE_ONE, Administration, Role, User
from alawael.accounts.passwords import check_password, hash_password, temporary_password
from alawael.accounts.permissions import beyond, is_known
from alawael.accounts.personal_tokens import revoke_tokens
from alawael.accounts.roles import BUILTIN, named
from alawael.accounts.sessions import end_sessions
from alawael.core.actors import SYSTEM, Actor
from alawael.core.audit import difference, record
from alawael.core.claims import change
from alawael.core.errors import (
    AlreadyExists,
    FieldError,
    Forbidden,
    Invalid,
    Refusal,
    Text,
    one_error,
)
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import in_unit, unit_of_work

EVERYTHING = frozenset({"*"})
#: What a role may keep its holders to.
LIMITS = ("own_customers_only", "own_warehouses_only")


class AlreadySetUp(Refusal):
    code = "already_set_up"
    message = Text(
        "This installation has users already. Sign in instead.",
        "تم إعداد هذا النظام من قبل. سجّل الدخول.",
    )


class LastAdministrator(Refusal):
    code = "last_administrator"
    message = Text(
        "This is the last active administrator. Make somebody else administrator first.",
        "هذا آخر مدير نظام نشط. عيّن مديرًا آخر أولًا.",
    )


class BeyondYourPermissions(Forbidden):
    code = "beyond_your_permissions"
    message = Text(
        "This involves the permission “{name}”, which you do not have yourself.",
        "يتضمن هذا الصلاحية «{name_ar}» وهي ليست لديك.",
    )


class EmailTaken(AlreadyExists):
    code = "email_taken"
    message = Text(
        "There is a user with this e-mail address already.",
        "يوجد مستخدم بهذا البريد الإلكتروني بالفعل.",
    )


class RoleKeyTaken(AlreadyExists):
    code = "role_key_taken"
    message = Text("There is a role with this key already.", "يوجد دور بهذا المفتاح بالفعل.")


class RoleInUse(Refusal):
    code = "role_in_use"
    message = Text(
        "{count} users have this role. Give them another one first.",
        "عدد المستخدمين الذين لديهم هذا الدور: {count}. امنحهم دورًا آخر أولًا.",
    )


class BuiltinRoleStays(Refusal):
    code = "builtin_role"
    message = Text(
        "This role comes with the program. It can be edited, but not removed.",
        "هذا الدور جزء من البرنامج. يمكن تعديله ولا يمكن حذفه.",
    )


class AdministratorRoleFixed(Refusal):
    code = "administrator_role_fixed"
    message = Text(
        "Administrators may always do everything. Make another role for less.",
        "لمدير النظام كل الصلاحيات دائمًا. أنشئ دورًا آخر بصلاحيات أقل.",
    )


class Entry(NamedTuple):
    """A password ready to be stored. `shown` is one we made up, to be shown once."""

    hash: str
    shown: str | None


@dataclass(frozen=True)
class UserOutcome:
    """A user as it is now, and the temporary password if we made one."""

    user: User
    temporary_password: str | None


def create_user(
    *,
    email: str,
    name_en: str = "",
    name_ar: str = "",
    language: str = "en",
    roles: Sequence[str] = (),
    warehouse_ids: Sequence[UUID] = (),
    password: str | None = None,
    must_change_password: bool = True,
    by: Actor,
    authority: Iterable[str],
    at: datetime,
) -> UserOutcome:
    """Let somebody in. Without a password a temporary one is made, which is shown once."""
    entry = entry_for(password, about=[email, name_en, name_ar])
    values = {
        "email": email,
        "name_en": name_en,
        "name_ar": name_ar,
        "language": language,
        "roles": roles,
        "warehouse_ids": warehouse_ids,
        # Who did not choose the password must replace it.
        "must_change_password": must_change_password or entry.shown is not None,
    }
    return create_user_with(values, entry, by=by, authority=authority, at=at)


@unit_of_work
def update_user(
    user_id: UUID,
    values: Mapping[str, Any],
    *,
    expected_version: int | None,
    by: Actor,
    authority: Iterable[str],
    at: datetime,
) -> User:
    """Change any of email, name_en, name_ar, language, roles, warehouse_ids, is_active.

    Deactivating ends every session and token at once. The last active administrator stays one.
    """
    user = queries.user(user_id)
    changes = _columns(values)
    _refuse_beyond(authority, user, changes)
    _check_user(user, changes)
    loses_administrator = user.is_administrator and not (
        changes.get("is_active", True) and ADMIN in changes.get("role_keys", [ADMIN])
    )
    if loses_administrator:
        _refuse_last_administrator(user)
    news = difference(user, changes)
    if not news and expected_version in (None, user.version):
        return user
    names = {name: changes.get(name, getattr(user, name)) for name in ("name_en", "name_ar")}
    text = searchable(changes.get("email", user.email), *names.values())
    change(user, expected_version=expected_version, search_text=text, **changes)
    record(user, "user.changed", by=by, at=at, changes=news)
    if "is_active" in news and not user.is_active:
        end_sessions(user, because="deactivated", by=by, at=at)
        revoke_tokens(user, by=by, at=at)
    return user


def deactivate_user(
    user_id: UUID,
    *,
    expected_version: int | None,
    by: Actor,
    authority: Iterable[str],
    at: datetime,
) -> User:
    """Shut somebody out. The user stays, because the audit trail names them."""
    return update_user(
        user_id,
        {"is_active": False},
        expected_version=expected_version,
        by=by,
        authority=authority,
        at=at,
    )


def reset_password(
    user_id: UUID,
    *,
    password: str | None,
    expected_version: int | None,
    by: Actor,
    authority: Iterable[str],
    at: datetime,
) -> UserOutcome:
    """Give a user another password, to be replaced at the next sign-in, and end all sessions."""
    user = queries.user(user_id)
    entry = entry_for(password, about=_known_of(user))
    return _reset_password(
        user_id, entry, expected_version=expected_version, by=by, authority=authority, at=at
    )


@unit_of_work
def unlock_user(user_id: UUID, *, by: Actor, authority: Iterable[str], at: datetime) -> User:
    """Let a user who was locked out try again at once. Unlocking what is open is fine."""
    user = queries.user(user_id)
    _refuse_beyond(authority, user, {})
    if attempts.unlock(user):
        record(user, "user.unlocked", by=by, at=at)
    return user


@unit_of_work
def sign_out_user(user_id: UUID, *, by: Actor, authority: Iterable[str], at: datetime) -> User:
    """End every session of a user, on every device. Personal tokens go on working."""
    user = queries.user(user_id)
    _refuse_beyond(authority, user, {})
    end_sessions(user, because="signed_out_by_administrator", by=by, at=at)
    return user


@unit_of_work
def reset_second_factor(
    user_id: UUID, *, by: Actor, authority: Iterable[str], at: datetime
) -> User:
    """Help somebody who lost their telephone: codes and passkeys go, and all sessions end."""
    user = queries.user(user_id)
    _refuse_beyond(authority, user, {})
    second_factor.reset(user, by=by, at=at)
    return queries.user(user_id)


@unit_of_work
def create_role(
    *,
    key: str,
    name_en: str,
    name_ar: str,
    permissions: Sequence[str],
    requires_second_factor: bool = False,
    own_customers_only: bool = False,
    own_warehouses_only: bool = False,
    by: Actor,
    authority: Iterable[str],
    at: datetime,
) -> Role:
    """Make a role of permissions that the caller holds too."""
    _check_names({"name_en": name_en, "name_ar": name_ar})
    _check_permissions(permissions, authority)
    if Role.objects.filter(key=key).exists():
        raise RoleKeyTaken(errors=[FieldError("/key", "role_key_taken", RoleKeyTaken.message)])
    role = Role.objects.create(
        key=key,
        name_en=name_en,
        name_ar=name_ar,
        permissions=sorted(set(permissions)),
        requires_second_factor=requires_second_factor,
        own_customers_only=own_customers_only,
        own_warehouses_only=own_warehouses_only,
    )
    facts = {"key": key, "permissions": role.permissions}
    facts |= {name: True for name in LIMITS if getattr(role, name)}
    record(role, "role.created", by=by, at=at, changes=facts)
    return role


@unit_of_work
def update_role(
    role_id: UUID,
    values: Mapping[str, Any],
    *,
    expected_version: int | None,
    by: Actor,
    authority: Iterable[str],
    at: datetime,
) -> Role:
    """Change a role's names, permissions or limits, from the next request of everybody on."""
    role = queries.role(role_id)
    changes = dict(values)
    if role.key == ADMIN and any(changes.get(name) for name in LIMITS):
        raise AdministratorRoleFixed()
    _check_names({"name_en": role.name_en, "name_ar": role.name_ar, **changes})
    if "permissions" in changes:
        changes["permissions"] = sorted(set(changes["permissions"]))
        if role.key == ADMIN and changes["permissions"] != role.permissions:
            raise AdministratorRoleFixed()
        # What the caller lacks can be neither given to others nor taken from them.
        added_or_taken = set(changes["permissions"]) ^ set(role.permissions)
        _check_permissions(changes["permissions"], authority, touched=added_or_taken)
    news = difference(role, changes)
    if not news and expected_version in (None, role.version):
        return role
    change(role, expected_version=expected_version, is_edited=True, **changes)
    record(role, "role.changed", by=by, at=at, changes=news)
    return role


@unit_of_work
def delete_role(role_id: UUID, *, expected_version: int | None, by: Actor, at: datetime) -> None:
    """Remove a role that nobody has."""
    role = queries.role(role_id)
    if role.is_builtin:
        raise BuiltinRoleStays()
    users = queries.users(role=role.key).count()
    if users:
        raise RoleInUse(count=users)
    change(role, expected_version=expected_version)
    record(role, "role.deleted", by=by, at=at, changes={"key": role.key})
    Role.objects.filter(pk=role.pk).delete()


@unit_of_work
def install_roles(*, at: datetime) -> None:
    """Bring the built-in roles up to this release. Those that were edited here stay as they are."""
    found = {role.key: role for role in Role.objects.filter(key__in=list(BUILTIN))}
    for key, builtin in BUILTIN.items():
        permissions = sorted(builtin.permissions)
        role = found.get(key)
        if role is None:
            role = Role.objects.create(
                key=key,
                name_en=builtin.name.en,
                name_ar=builtin.name.ar,
                permissions=permissions,
                is_builtin=True,
            )
            record(role, "role.created", by=SYSTEM, at=at, changes={"permissions": permissions})
        elif not role.is_edited and role.permissions != permissions:
            news = difference(role, {"permissions": permissions})
            change(role, permissions=permissions)
            record(role, "role.changed", by=SYSTEM, at=at, changes=news)


def create_first_administrator(
    *, email: str, name_en: str, name_ar: str, password: str, language: str, at: datetime
) -> User:
    """Make the first user, who administers. Of several set-ups at once exactly one succeeds.

    Raises AlreadySetUp when there is any user.
    """
    if not queries.setup_needed():
        raise AlreadySetUp()
    entry = entry_for(password, about=[email, name_en, name_ar])
    values = {
        "email": email,
        "name_en": name_en,
        "name_ar": name_ar,
        "language": language,
        "roles": [ADMIN],
        "must_change_password": False,
    }
    try:
        return _create_first_administrator(values, entry, at=at)
    except IntegrityError as error:
        if in_unit():
            raise
        raise AlreadySetUp() from error


@unit_of_work
def _create_first_administrator(values: Mapping[str, Any], entry: Entry, *, at: datetime) -> User:
    _pass_administration()
    if not queries.setup_needed():
        raise AlreadySetUp()
    install_roles(at=at)
    return create_user_with(values, entry, by=SYSTEM, authority=EVERYTHING, at=at).user


@unit_of_work
def create_user_with(
    values: Mapping[str, Any],
    entry: Entry,
    *,
    by: Actor,
    authority: Iterable[str],
    at: datetime,
) -> UserOutcome:
    """Create a user whose password has been judged and hashed before the unit began."""
    columns = _columns(values)
    user = User(created_at=at, password_hash=entry.hash, **columns)
    _refuse_beyond(authority, user, columns)
    _check_user(user, columns, is_new=True)
    user.search_text = searchable(user.email, user.name_en, user.name_ar)
    user.save(force_insert=True)
    facts = {"email": user.email, "roles": user.role_keys}
    record(user, "user.created", by=by, at=at, changes=facts)
    return UserOutcome(user, entry.shown)


@unit_of_work
def _reset_password(
    user_id: UUID,
    entry: Entry,
    *,
    expected_version: int | None,
    by: Actor,
    authority: Iterable[str],
    at: datetime,
) -> UserOutcome:
    user = queries.user(user_id)
    _refuse_beyond(authority, user, {})
    change(
        user,
        expected_version=expected_version,
        password_hash=entry.hash,
        must_change_password=True,
    )
    record(user, "user.password_reset", by=by, at=at)
    end_sessions(user, because="password_reset", by=by, at=at)
    return UserOutcome(user, entry.shown)


def entry_for(password: str | None, *, about: Iterable[str]) -> Entry:
    """Judge and hash a password, or make one up. Slow on purpose: call it outside a unit."""
    if password is None:
        shown = temporary_password()
        return Entry(hash_password(shown), shown)
    check_password(password, about=about)
    return Entry(hash_password(password), None)


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, by the names of the columns."""
    columns = dict(values)
    if "roles" in columns:
        columns["role_keys"] = sorted(set(columns.pop("roles")))
    if "warehouse_ids" in columns:
        columns["warehouse_ids"] = sorted({str(one) for one in columns["warehouse_ids"]})
    if "email" in columns:
        columns["email"] = queries.folded_email(columns["email"])
    return columns


def _known_of(user: User) -> list[str]:
    return [user.email, user.name_en, user.name_ar]


def _refuse_beyond(authority: Iterable[str], user: User, changes: Mapping[str, Any]) -> None:
    """Whoever could edit a mightier user, or hand out a mightier role, could take its place."""
    roles = {*user.role_keys, *changes.get("role_keys", ())}
    missing = beyond(authority, queries.permissions_of_roles(roles)) if roles else []
    if missing:
        raise BeyondYourPermissions(**named(missing[0]))


def _check_user(user: User, changes: Mapping[str, Any], *, is_new: bool = False) -> None:
    _check_names({"name_en": user.name_en, "name_ar": user.name_ar, **changes})
    if is_new and not user.email:
        raise one_error(
            "/email", "missing", Text("Enter an e-mail address.", "أدخل البريد الإلكتروني.")
        )
    email = changes.get("email")
    if email and (is_new or email != user.email) and queries.user_by_email(email):
        raise EmailTaken(errors=[FieldError("/email", "email_taken", EmailTaken.message)])
    if changes.get("role_keys"):
        _check_roles_exist(changes["role_keys"])


def _check_roles_exist(keys: Sequence[str]) -> None:
    known = set(Role.objects.filter(key__in=keys).values_list("key", flat=True))
    unknown = [key for key in keys if key not in known]
    if unknown:
        raise one_error(
            "/roles",
            "unknown_role",
            Text(f"There is no role “{unknown[0]}”.", f"لا يوجد دور باسم «{unknown[0]}»."),
        )


def _check_names(names: Mapping[str, Any]) -> None:
    if not names["name_en"] and not names["name_ar"]:
        raise one_error(
            "/name_en",
            "name_missing",
            Text(
                "Enter a name in English, in Arabic, or both.",
                "أدخل الاسم بالعربية أو بالإنجليزية أو بكلتيهما.",
            ),
        )


def _check_permissions(
    permissions: Sequence[str], authority: Iterable[str], *, touched: Iterable[str] | None = None
) -> None:
    touched = set(permissions if touched is None else touched)
    errors = [
        FieldError(
            f"/permissions/{index}",
            "unknown_permission",
            Text(
                f"There is no permission “{permission}”.",
                f"لا توجد صلاحية باسم «{permission}».",
            ),
        )
        for index, permission in enumerate(permissions)
        if permission in touched and not is_known(permission)
    ]
    if errors:
        raise Invalid(errors=errors)
    missing = beyond(authority, touched)
    if missing:
        raise BeyondYourPermissions(**named(missing[0]))


def _refuse_last_administrator(user: User) -> None:
    """Two administrators who deactivate each other at once must not both succeed."""
    _pass_administration()
    if not queries.active_administrators().exclude(pk=user.pk).exists():
        raise LastAdministrator()


def _pass_administration() -> None:
    """Write the one shared row: of two units that do so at once, one waits or runs again."""
    if not Administration.objects.filter(pk=THE_ONE).update(turns=F("turns") + 1):
        Administration.objects.create(pk=THE_ONE)
