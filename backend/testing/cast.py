"""Everybody knows them: Amal runs the place, a colleague may what a test says."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from alawael.accounts.models import ADMIN, PersonalToken, Role, User
from alawael.accounts.tokens import token_hash
from alawael.core.clock import now
from testing import examples

NOON = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)


@pytest.fixture
def noon() -> datetime:
    return NOON


def a_role(key: str, *permissions: str) -> Role:
    return Role.objects.create(
        key=key, name_en=key, name_ar="", permissions=list(permissions), is_builtin=key == ADMIN
    )


def a_user(name: str, *permissions: str, is_active: bool = True, role: Role | None = None) -> User:
    """A user whose one role permits exactly these."""
    role = role or a_role(f"role-of-{name}", *permissions)
    return User.objects.create(
        email=f"{name}@alawael.test",
        name_en=name.title(),
        search_text=f"{name} {name}@alawael.test",
        created_at=NOON,
        role_keys=[role.key],
        is_active=is_active,
    )


@pytest.fixture
def amal(db: None) -> User:
    """The administrator."""
    return a_user("amal", role=a_role(ADMIN, "*"))


class ApiClient(Client):
    """A client that speaks JSON: `client.post("/api/…", {...})` sends and `.json()` reads.

    With a user it carries a personal token, limited to the permissions if any are named.
    """

    def __init__(self, user: User | None = None, *permissions: str) -> None:
        headers = {"HTTP_ACCEPT": "application/json"}
        if user is not None:
            token = f"alw_test-{user.pk}-{'+'.join(permissions)}"
            PersonalToken.objects.create(
                user=user,
                name="test",
                prefix="alw_test",
                hash=token_hash(token),
                created_at=NOON,
                # Just used, so that the first request of a test does not have to note it.
                last_used_at=now(),
                permissions=list(permissions),
            )
            headers["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        super().__init__(raise_request_exception=False, **headers)  # type: ignore[arg-type]

    def generic(self, method: str, path: str, data: Any = "", *args: Any, **extra: Any) -> Any:  # type: ignore[override]
        response = super().generic(method, path, data, *args, **extra)
        examples.record(method, path.partition("?")[0], data, response)
        return response

    def post(  # type: ignore[override]
        self, path: str, data: Any = None, content_type: str = "application/json", **extra: Any
    ) -> Any:
        return super().post(path, {} if data is None else data, content_type=content_type, **extra)

    def patch(  # type: ignore[override]
        self, path: str, data: Any = None, content_type: str = "application/json", **extra: Any
    ) -> Any:
        return super().patch(path, {} if data is None else data, content_type=content_type, **extra)


@pytest.fixture
def as_amal(amal: User) -> ApiClient:
    return ApiClient(amal)


@pytest.fixture
def signed_in_with(db: None) -> Callable[..., ApiClient]:
    """A client whose user holds exactly these permissions: `signed_in_with("product:read")`."""
    made = iter(range(1000))

    def make(*permissions: str) -> ApiClient:
        return ApiClient(a_user(f"colleague{next(made)}", *permissions))

    return make


@pytest.fixture
def stranger(db: None) -> ApiClient:
    """Nobody: no token at all."""
    return ApiClient()
