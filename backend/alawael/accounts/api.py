from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from alawael.accounts import (
    batches,
    passkeys,
    personal_tokens,
    queries,
    second_factor,
    services,
    sessions,
)
from alawael.accounts.challenges import LIFETIME
from alawael.accounts.models import Passkey, Role, User
from alawael.accounts.permissions import (
    SignedInRequest,
    before_password_change,
    in_session,
    known_permissions,
    may,
    require,
    signed_in,
    signed_in_unlimited,
    to_change_password,
    to_set_up_second_factor,
)
from alawael.accounts.requests import (
    client_address,
    client_device,
    device_cookie,
    forget_signed_in,
    keep_signed_in,
    never_store,
    refresh_cookie,
    refuse_forged,
    refuse_other_sites,
)
from alawael.accounts.roles import described
from alawael.accounts.schemas import (
    BothFactorsIn,
    CodeIn,
    EnrolmentOut,
    MeIn,
    MeOut,
    OwnSecurityOut,
    PasskeyIn,
    PasskeyOptionsOut,
    PasskeyOut,
    PasskeyPatchIn,
    PasskeySignInIn,
    PasswordChangeIn,
    PasswordProofIn,
    PasswordResetIn,
    PermissionsOut,
    RecoveryCodesOut,
    RoleIn,
    RoleOut,
    RolePatchIn,
    SecondFactorNeededOut,
    SecondFactorSignInIn,
    SessionOut,
    SignedInOut,
    SignInIn,
    TokenCreatedOut,
    TokenIn,
    TokenOut,
    UserBatchIn,
    UserBatchOut,
    UserIn,
    UserOut,
    UserPatchIn,
    UserQuery,
    UserSecurityOut,
    UserWithPasswordOut,
    me,
    own_security_of,
    security_of,
    signed_in_body,
)
from alawael.accounts.services import UserOutcome
from alawael.accounts.sessions import HalfWay
from alawael.core.clock import now
from alawael.core.http import expected_version, with_etag
from alawael.core.paging import Listing, ListQuery
from alawael.core.schemas import PROBLEMS, Page
from alawael.core.search_text import matches

router = Router()

USERS = Listing(
    UserOut,
    sorts={"id": "pk", "email": "email", "name_en": "name_en"},
    default_sort="email",
    search=matches,
)
ROLES = Listing(RoleOut, sorts={"id": "pk", "key": "key"}, default_sort="id")
SESSIONS = Listing(SessionOut, sorts={"id": "pk"}, default_sort="-id")
PASSKEYS = Listing(PasskeyOut, sorts={"id": "pk"}, default_sort="-id")
TOKENS = Listing(TokenOut, sorts={"id": "pk"}, default_sort="-id")

#: What an operation of a batch asks for.
_NEEDED = {"create": "user:create", "update": "user:edit", "deactivate": "user:delete"}


# Coming in and leaving


def _asked_from(request: HttpRequest) -> dict[str, str]:
    """Where a sign-in comes from."""
    return {
        "ip": client_address(request),
        "device": client_device(request),
        "browser": device_cookie(request),
    }


@router.post(
    "/auth/sign-in",
    auth=None,
    response={200: SignedInOut, 202: SecondFactorNeededOut, **PROBLEMS},
    operation_id="sign_in",
    summary="Sign in with e-mail and password; sets the refresh cookie",
    description="202 when a second factor is needed: finish with `/auth/sign-in/second-factor`.",
)
def sign_in(
    request: HttpRequest, payload: SignInIn, response: HttpResponse
) -> Status[dict[str, Any]]:
    refuse_other_sites(request)
    opened = sessions.sign_in(
        payload.email,
        payload.password,
        at=now(),
        **_asked_from(request),
    )
    if isinstance(opened, HalfWay):
        never_store(response)
        seconds = int(LIFETIME.total_seconds())
        return Status(202, {"challenge": opened.challenge, "expires_in": seconds})
    keep_signed_in(response, opened)
    return Status(200, signed_in_body(opened))


@router.post(
    "/auth/sign-in/second-factor",
    auth=None,
    response={200: SignedInOut, **PROBLEMS},
    operation_id="sign_in_with_code",
    summary="Finish a sign-in with a code of the second factor, or a recovery code",
)
def sign_in_with_code(
    request: HttpRequest, payload: SecondFactorSignInIn, response: HttpResponse
) -> dict[str, Any]:
    refuse_other_sites(request)
    opened = second_factor.finish_sign_in(
        payload.challenge, payload.code, at=now(), **_asked_from(request)
    )
    keep_signed_in(response, opened)
    return signed_in_body(opened)


@router.post(
    "/auth/sign-in/passkey/options",
    auth=None,
    response={200: PasskeyOptionsOut, **PROBLEMS},
    operation_id="begin_passkey_sign_in",
    summary="What a browser needs to ask for a passkey",
)
def begin_passkey_sign_in(request: HttpRequest, response: HttpResponse) -> passkeys.Ceremony:
    refuse_other_sites(request)
    never_store(response)
    return passkeys.begin_sign_in(at=now())


@router.post(
    "/auth/sign-in/passkey",
    auth=None,
    response={200: SignedInOut, **PROBLEMS},
    operation_id="sign_in_with_passkey",
    summary="Sign in with a passkey",
)
def sign_in_with_passkey(
    request: HttpRequest, payload: PasskeySignInIn, response: HttpResponse
) -> dict[str, Any]:
    refuse_other_sites(request)
    opened = passkeys.sign_in(
        payload.challenge, payload.credential, at=now(), **_asked_from(request)
    )
    keep_signed_in(response, opened)
    return signed_in_body(opened)


@router.post(
    "/auth/refresh",
    auth=None,
    response={200: SignedInOut, **PROBLEMS},
    operation_id="refresh",
    summary="Exchange the refresh cookie for a new access token and cookie",
    description="Needs the header `X-Requested-With: alawael`.",
)
def refresh(request: HttpRequest, response: HttpResponse) -> dict[str, Any]:
    refuse_forged(request)
    carried_on = sessions.refresh(refresh_cookie(request), ip=client_address(request), at=now())
    keep_signed_in(response, carried_on)
    return signed_in_body(carried_on)


@router.post(
    "/auth/sign-out",
    auth=None,
    response={204: None, **PROBLEMS},
    operation_id="sign_out",
    summary="End this session",
    description="Needs the header `X-Requested-With: alawael`. Works without an access token.",
)
def sign_out(request: HttpRequest, response: HttpResponse) -> Status[None]:
    refuse_forged(request)
    sessions.sign_out_device(refresh_cookie(request), at=now())
    caller = cast(SignedInRequest, request)
    if caller.session_id is not None:
        sessions.sign_out(caller.session_id, by=caller.user, at=now())
    forget_signed_in(response)
    return Status(204, None)


@router.post(
    "/auth/sign-out-everywhere",
    auth=to_change_password,
    response={204: None, **PROBLEMS},
    operation_id="sign_out_everywhere",
    summary="End all my sessions, on every device",
)
def sign_out_everywhere(request: SignedInRequest, response: HttpResponse) -> Status[None]:
    sessions.sign_out_everywhere(request.user, by=request.user, at=now())
    forget_signed_in(response)
    return Status(204, None)


@router.get(
    "/auth/me",
    auth=before_password_change,
    response={200: MeOut, **PROBLEMS},
    operation_id="me",
    summary="Who I am and what I may do",
)
def read_me(request: SignedInRequest, response: HttpResponse) -> dict[str, Any]:
    with_etag(response, request.user)
    known = me(request.user, request.sight, lacks_second_factor=request.lacks_second_factor)
    return {**known, "viewing_as": request.viewing_as}


@router.patch(
    "/auth/me",
    auth=to_change_password,
    response={200: MeOut, **PROBLEMS},
    operation_id="update_me",
    summary="Change my names or language",
)
def update_me(request: SignedInRequest, payload: MeIn, response: HttpResponse) -> dict[str, Any]:
    user = services.update_user(
        request.user.id,
        payload.model_dump(exclude_unset=True),
        expected_version=expected_version(request),
        by=request.user,
        authority=request.permissions,
        at=now(),
    )
    with_etag(response, user)
    return me(user, request.sight, lacks_second_factor=request.lacks_second_factor)


@router.post(
    "/auth/password",
    auth=to_change_password,
    response={204: None, **PROBLEMS},
    operation_id="change_password",
    summary="Change my password; ends my other sessions",
)
def change_password(request: SignedInRequest, payload: PasswordChangeIn) -> Status[None]:
    sessions.change_own_password(
        request.user,
        payload.current_password,
        payload.new_password,
        session_id=request.session_id,
        at=now(),
    )
    return Status(204, None)


@router.get(
    "/auth/sessions",
    auth=signed_in,
    response={200: Page[SessionOut], **PROBLEMS},
    operation_id="list_sessions",
    summary="My devices that are signed in",
)
def list_sessions(request: SignedInRequest, query: Query[ListQuery]) -> Any:
    return SESSIONS.page(request, queries.sessions_of(request.user, at=now()), query)


@router.delete(
    "/auth/sessions/{session_id}",
    auth=in_session,
    response={204: None, **PROBLEMS},
    operation_id="end_session",
    summary="Sign one of my devices out",
)
def end_session(request: SignedInRequest, session_id: UUID) -> Status[None]:
    at = now()
    session = queries.session_of(request.user, session_id, at=at)
    sessions.sign_out(session.pk, by=request.user, at=at)
    return Status(204, None)


@router.get(
    "/auth/tokens",
    auth=signed_in,
    response={200: Page[TokenOut], **PROBLEMS},
    operation_id="list_tokens",
    summary="My personal API tokens",
)
def list_tokens(request: SignedInRequest, query: Query[ListQuery]) -> Any:
    return TOKENS.page(request, queries.tokens_of(request.user), query)


@router.post(
    "/auth/tokens",
    auth=in_session,
    response={201: TokenCreatedOut, **PROBLEMS},
    operation_id="create_token",
    summary="Make a personal API token; it is shown once",
)
def create_token(
    request: SignedInRequest, payload: TokenIn, response: HttpResponse
) -> Status[dict[str, Any]]:
    token, secret = personal_tokens.create_token(
        request.user,
        name=payload.name,
        permissions=payload.permissions,
        expires_at=payload.expires_at,
        by=request.user,
        at=now(),
    )
    never_store(response)
    return Status(201, {**TokenOut.from_orm(token).dict(), "token": secret})


@router.delete(
    "/auth/tokens/{token_id}",
    auth=in_session,
    response={204: None, **PROBLEMS},
    operation_id="revoke_token",
    summary="Revoke one of my personal API tokens",
)
def revoke_token(request: SignedInRequest, token_id: UUID) -> Status[None]:
    personal_tokens.revoke_token(request.user, token_id, by=request.user, at=now())
    return Status(204, None)


# The second factor


@router.get(
    "/auth/security",
    auth=to_set_up_second_factor,
    response={200: OwnSecurityOut, **PROBLEMS},
    operation_id="read_own_security",
    summary="How my account is guarded",
)
def read_own_security(request: SignedInRequest) -> dict[str, Any]:
    return own_security_of(request.user)


@router.post(
    "/auth/second-factor",
    auth=to_set_up_second_factor,
    response={200: EnrolmentOut, **PROBLEMS},
    operation_id="begin_second_factor",
    summary="Get a secret for an authenticator app; asks for my password",
)
def begin_second_factor(
    request: SignedInRequest, payload: PasswordProofIn, response: HttpResponse
) -> second_factor.Enrolment:
    never_store(response)
    return second_factor.enrol(
        request.user, payload.current_password, session_id=request.session_id, at=now()
    )


@router.post(
    "/auth/second-factor/confirm",
    auth=to_set_up_second_factor,
    response={200: RecoveryCodesOut, **PROBLEMS},
    operation_id="confirm_second_factor",
    summary="Switch the second factor on with a first code; answers recovery codes, once",
)
def confirm_second_factor(
    request: SignedInRequest, payload: CodeIn, response: HttpResponse
) -> dict[str, Any]:
    never_store(response)
    codes = second_factor.confirm(
        request.user, payload.code, session_id=request.session_id, at=now()
    )
    return {"codes": codes}


@router.post(
    "/auth/second-factor/remove",
    auth=in_session,
    response={204: None, **PROBLEMS},
    operation_id="remove_second_factor",
    summary="Switch my second factor off; asks for both factors",
)
def remove_second_factor(request: SignedInRequest, payload: BothFactorsIn) -> Status[None]:
    second_factor.switch_off(
        request.user,
        payload.current_password,
        payload.code,
        session_id=request.session_id,
        at=now(),
    )
    return Status(204, None)


@router.post(
    "/auth/recovery-codes",
    auth=in_session,
    response={200: RecoveryCodesOut, **PROBLEMS},
    operation_id="renew_recovery_codes",
    summary="Ten new recovery codes instead of the old ones; asks for both factors",
)
def renew_recovery_codes(
    request: SignedInRequest, payload: BothFactorsIn, response: HttpResponse
) -> dict[str, Any]:
    never_store(response)
    codes = second_factor.renew_codes(
        request.user,
        payload.current_password,
        payload.code,
        session_id=request.session_id,
        at=now(),
    )
    return {"codes": codes}


# Passkeys


@router.get(
    "/auth/passkeys",
    auth=in_session,
    response={200: Page[PasskeyOut], **PROBLEMS},
    operation_id="list_passkeys",
    summary="My passkeys",
)
def list_passkeys(request: SignedInRequest, query: Query[ListQuery]) -> Any:
    return PASSKEYS.page(request, queries.passkeys_of(request.user), query)


@router.post(
    "/auth/passkeys/options",
    auth=to_set_up_second_factor,
    response={200: PasskeyOptionsOut, **PROBLEMS},
    operation_id="begin_passkey",
    summary="What a browser needs to make a passkey; asks for my password",
)
def begin_passkey(
    request: SignedInRequest, payload: PasswordProofIn, response: HttpResponse
) -> passkeys.Ceremony:
    never_store(response)
    return passkeys.begin_registration(
        request.user, payload.current_password, session_id=request.session_id, at=now()
    )


@router.post(
    "/auth/passkeys",
    auth=to_set_up_second_factor,
    response={201: PasskeyOut, **PROBLEMS},
    operation_id="create_passkey",
    summary="Register a passkey",
)
def create_passkey(request: SignedInRequest, payload: PasskeyIn) -> Status[Passkey]:
    passkey = passkeys.register(
        request.user, payload.challenge, payload.credential, name=payload.name, at=now()
    )
    return Status(201, passkey)


@router.patch(
    "/auth/passkeys/{passkey_id}",
    auth=in_session,
    response={200: PasskeyOut, **PROBLEMS},
    operation_id="rename_passkey",
    summary="Rename one of my passkeys",
)
def rename_passkey(request: SignedInRequest, passkey_id: UUID, payload: PasskeyPatchIn) -> Passkey:
    return passkeys.rename(request.user, passkey_id, name=payload.name, at=now())


@router.post(
    "/auth/passkeys/{passkey_id}/remove",
    auth=in_session,
    response={204: None, **PROBLEMS},
    operation_id="remove_passkey",
    summary="Remove one of my passkeys; asks for my password",
)
def remove_passkey(
    request: SignedInRequest, passkey_id: UUID, payload: PasswordProofIn
) -> Status[None]:
    passkeys.remove(
        request.user,
        passkey_id,
        payload.current_password,
        session_id=request.session_id,
        at=now(),
    )
    return Status(204, None)


# Users


@router.get(
    "/users",
    auth=may("user:read"),
    response={200: Page[UserOut], **PROBLEMS},
    operation_id="list_users",
    summary="List users",
)
def list_users(request: SignedInRequest, query: Query[UserQuery]) -> Any:
    return USERS.page(request, queries.users(role=query.role, is_active=query.is_active), query)


@router.post(
    "/users",
    auth=may("user:create", whole_company=True),
    response={201: UserWithPasswordOut, **PROBLEMS},
    operation_id="create_user",
    summary="Let somebody in",
)
def create_user(
    request: SignedInRequest, payload: UserIn, response: HttpResponse
) -> Status[UserOutcome]:
    outcome = services.create_user(
        **payload.model_dump(), by=request.user, authority=request.permissions, at=now()
    )
    with_etag(response, outcome.user)
    never_store(response)
    return Status(201, outcome)


@router.post(
    "/users/batch",
    auth=signed_in_unlimited,
    response={200: UserBatchOut, **PROBLEMS},
    operation_id="change_users",
    summary="Create, change and deactivate up to 100 users: all of it or nothing",
)
def change_users(
    request: SignedInRequest, payload: UserBatchIn, response: HttpResponse
) -> dict[str, Any]:
    for operation in payload.operations:
        require(request, _NEEDED[operation.op])
    operations = [
        batches.UserOperation(
            operation.op,
            operation.id,
            operation.version,
            operation.values.model_dump(exclude_unset=True),
        )
        for operation in payload.operations
    ]
    outcomes = batches.change_users(
        operations, by=request.user, authority=request.permissions, at=now()
    )
    never_store(response)
    return {"results": outcomes}


@router.get(
    "/users/{user_id}",
    auth=may("user:read"),
    response={200: UserOut, **PROBLEMS},
    operation_id="read_user",
    summary="Read a user",
)
def read_user(request: SignedInRequest, user_id: UUID, response: HttpResponse) -> User:
    user = queries.user(user_id)
    with_etag(response, user)
    return user


@router.patch(
    "/users/{user_id}",
    auth=may("user:edit", whole_company=True),
    response={200: UserOut, **PROBLEMS},
    operation_id="update_user",
    summary="Change a user",
)
def update_user(
    request: SignedInRequest, user_id: UUID, payload: UserPatchIn, response: HttpResponse
) -> User:
    user = services.update_user(
        user_id,
        payload.model_dump(exclude_unset=True),
        expected_version=expected_version(request),
        by=request.user,
        authority=request.permissions,
        at=now(),
    )
    with_etag(response, user)
    return user


@router.delete(
    "/users/{user_id}",
    auth=may("user:delete", whole_company=True),
    response={204: None, **PROBLEMS},
    operation_id="deactivate_user",
    summary="Deactivate a user; ends all sessions and tokens",
)
def deactivate_user(request: SignedInRequest, user_id: UUID) -> Status[None]:
    services.deactivate_user(
        user_id,
        expected_version=expected_version(request),
        by=request.user,
        authority=request.permissions,
        at=now(),
    )
    return Status(204, None)


@router.post(
    "/users/{user_id}/reset-password",
    auth=may("user:edit", whole_company=True),
    response={200: UserWithPasswordOut, **PROBLEMS},
    operation_id="reset_password",
    summary="Give a user another password; ends all their sessions",
)
def reset_password(
    request: SignedInRequest, user_id: UUID, payload: PasswordResetIn, response: HttpResponse
) -> UserOutcome:
    outcome = services.reset_password(
        user_id,
        password=payload.password,
        expected_version=expected_version(request),
        by=request.user,
        authority=request.permissions,
        at=now(),
    )
    with_etag(response, outcome.user)
    never_store(response)
    return outcome


@router.get(
    "/users/{user_id}/security",
    auth=may("user:read"),
    response={200: UserSecurityOut, **PROBLEMS},
    operation_id="read_user_security",
    summary="How a user's account is guarded, and whether it is locked",
)
def read_user_security(request: SignedInRequest, user_id: UUID) -> dict[str, Any]:
    return security_of(queries.user(user_id), at=now())


@router.post(
    "/users/{user_id}/unlock",
    auth=may("user:edit", whole_company=True),
    response={200: UserSecurityOut, **PROBLEMS},
    operation_id="unlock_user",
    summary="Let a user who was locked out try again at once",
)
def unlock_user(request: SignedInRequest, user_id: UUID) -> dict[str, Any]:
    at = now()
    user = services.unlock_user(user_id, by=request.user, authority=request.permissions, at=at)
    return security_of(user, at=at)


@router.post(
    "/users/{user_id}/sign-out",
    auth=may("user:edit", whole_company=True),
    response={200: UserSecurityOut, **PROBLEMS},
    operation_id="sign_out_user",
    summary="End all sessions of a user",
)
def sign_out_user(request: SignedInRequest, user_id: UUID) -> dict[str, Any]:
    at = now()
    user = services.sign_out_user(user_id, by=request.user, authority=request.permissions, at=at)
    return security_of(user, at=at)


@router.post(
    "/users/{user_id}/reset-second-factor",
    auth=may("user:edit", whole_company=True),
    response={200: UserSecurityOut, **PROBLEMS},
    operation_id="reset_second_factor",
    summary="Remove a user's second factor and passkeys; ends all their sessions",
)
def reset_second_factor(request: SignedInRequest, user_id: UUID) -> dict[str, Any]:
    at = now()
    user = services.reset_second_factor(
        user_id, by=request.user, authority=request.permissions, at=at
    )
    return security_of(user, at=at)


# Roles


@router.get(
    "/permissions",
    auth=may("role:read"),
    response={200: PermissionsOut, **PROBLEMS},
    operation_id="list_permissions",
    summary="Every permission that a role can hold, with its names",
)
def list_permissions(request: SignedInRequest) -> dict[str, Any]:
    return {"items": [described(permission) for permission in sorted(known_permissions)]}


@router.get(
    "/roles",
    auth=may("role:read"),
    response={200: Page[RoleOut], **PROBLEMS},
    operation_id="list_roles",
    summary="List roles",
)
def list_roles(request: SignedInRequest, query: Query[ListQuery]) -> Any:
    return ROLES.page(request, queries.roles(), query)


@router.post(
    "/roles",
    auth=may("role:create", whole_company=True),
    response={201: RoleOut, **PROBLEMS},
    operation_id="create_role",
    summary="Make a role",
)
def create_role(request: SignedInRequest, payload: RoleIn, response: HttpResponse) -> Status[Role]:
    role = services.create_role(
        **payload.model_dump(), by=request.user, authority=request.permissions, at=now()
    )
    with_etag(response, role)
    return Status(201, role)


@router.get(
    "/roles/{role_id}",
    auth=may("role:read"),
    response={200: RoleOut, **PROBLEMS},
    operation_id="read_role",
    summary="Read a role",
)
def read_role(request: SignedInRequest, role_id: UUID, response: HttpResponse) -> Role:
    role = queries.role(role_id)
    with_etag(response, role)
    return role


@router.patch(
    "/roles/{role_id}",
    auth=may("role:edit", whole_company=True),
    response={200: RoleOut, **PROBLEMS},
    operation_id="update_role",
    summary="Change a role; it holds from everybody's next request",
)
def update_role(
    request: SignedInRequest, role_id: UUID, payload: RolePatchIn, response: HttpResponse
) -> Role:
    role = services.update_role(
        role_id,
        payload.model_dump(exclude_unset=True),
        expected_version=expected_version(request),
        by=request.user,
        authority=request.permissions,
        at=now(),
    )
    with_etag(response, role)
    return role


@router.delete(
    "/roles/{role_id}",
    auth=may("role:delete", whole_company=True),
    response={204: None, **PROBLEMS},
    operation_id="delete_role",
    summary="Remove a role that nobody has",
)
def delete_role(request: SignedInRequest, role_id: UUID) -> Status[None]:
    services.delete_role(
        role_id, expected_version=expected_version(request), by=request.user, at=now()
    )
    return Status(204, None)
