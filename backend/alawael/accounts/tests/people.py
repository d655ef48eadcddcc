"""Users with passwords, and browsers that sign in as them."""

from typing import Any

from alawael.accounts import services
from alawael.accounts.models import User
from alawael.accounts.passwords import hash_password
from alawael.core.actors import SYSTEM
from testing.cast import NOON, ApiClient, a_user

PASSWORD = "seven quiet lamps burning"
OURS = {"HTTP_X_REQUESTED_WITH": "alawael"}


def with_password(user: User, password: str = PASSWORD, **changes: Any) -> User:
    user.password_hash = hash_password(password)
    for name, value in changes.items():
        setattr(user, name, value)
    user.save()
    return user


def sami(**changes: Any) -> User:
    """A salesman who may read users, and signs in with PASSWORD."""
    return with_password(a_user("sami", "user:read"), **changes)


def signed_in(user: User, password: str = PASSWORD) -> ApiClient:
    """A browser in which the user has signed in."""
    browser = ApiClient()
    answer = sign_in(browser, user.email, password)
    assert answer.status_code == 200, answer.content
    use(browser, answer.json()["access_token"])
    return browser


def sign_in(browser: ApiClient, email: str, password: str = PASSWORD, **extra: Any) -> Any:
    return browser.post("/api/auth/sign-in", {"email": email, "password": password}, **extra)


def refresh(browser: ApiClient, **extra: Any) -> Any:
    return browser.post("/api/auth/refresh", **OURS, **extra)


def use(browser: ApiClient, access_token: str) -> None:
    browser.defaults["HTTP_AUTHORIZATION"] = f"Bearer {access_token}"


def an_administrator(name: str = "amal") -> User:
    return services.create_first_administrator(
        email=f"{name}@alawael.test",
        name_en=name.title(),
        name_ar="",
        password=PASSWORD,
        language="en",
        at=NOON,
    )


def another_administrator(name: str) -> User:
    return services.create_user(
        email=f"{name}@alawael.test",
        name_en=name.title(),
        roles=["admin"],
        password=PASSWORD,
        must_change_password=False,
        by=SYSTEM,
        authority=services.EVERYTHING,
        at=NOON,
    ).user
