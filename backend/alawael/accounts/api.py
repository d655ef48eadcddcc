from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from alawael.accounts import batches, personal_tokens, queries, services, sessions
from alawael.accounts.models import Role, User
from alawael.accounts.permissions import (
    SignedInRequest,
    before_password_change,
    in_session,
    known_permissions,
    may,
    require,
    signed_in,
    to_change_password,
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
    MeIn,
    MeOut,
    PasswordChangeIn,
    PasswordResetIn,
    PermissionsOut,
    RoleIn,
    RoleOut,
    RolePatchIn,
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
    security_of,
    signed_in_body,
)
from alawael.accounts.services import UserOutcome
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
TOKENS = Listing(TokenOut, sorts={"id": "pk"}, default_sort="-id")

#: What an operation of a batch asks for.
_NEEDED = {"create": "user:create", "update": "user:edit", "deactivate": "user:delete"}


# Coming in and leaving


@router.post(
    "/auth/sign-in",
    auth=None,
    response={200: SignedInOut, **PROBLEMS},
    operation_id="sign_in",
    summary="Sign in with e-mail and password; sets the refresh cookie",
)
def sign_in(request: HttpRequest, payload: SignInIn, response: HttpResponse) -> dict[str, Any]:
    refuse_other_sites(request)
    opened = sessions.sign_in(
        payload.email,
        payload.password,
        ip=client_address(request),
        device=client_device(request),
        browser=device_cookie(request),
        at=now(),
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
    return me(request.user, request.permissions)


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
    return me(user, request.permissions)


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
    auth=may("user:create"),
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
    auth=signed_in,
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
    auth=may("user:edit"),
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
    auth=may("user:delete"),
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
    auth=may("user:edit"),
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
    auth=may("user:edit"),
    response={200: UserSecurityOut, **PROBLEMS},
    operation_id="unlock_user",
    summary="Let a user who was locked out try again at once",
)
def unlock_user(request: SignedInRequest, user_id: UUID) -> dict[str, Any]:
    at = now()
    user = services.unlock_user(user_id, by=request.user, authority=request.permissions, at=at)
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
    auth=may("role:create"),
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
    auth=may("role:edit"),
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
    auth=may("role:delete"),
    response={204: None, **PROBLEMS},
    operation_id="delete_role",
    summary="Remove a role that nobody has",
)
def delete_role(request: SignedInRequest, role_id: UUID) -> Status[None]:
    services.delete_role(
        role_id, expected_version=expected_version(request), by=request.user, at=now()
    )
    return Status(204, None)
