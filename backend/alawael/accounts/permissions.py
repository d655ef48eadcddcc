"""Who may call an endpoint. Every route names its permission, or says it is open."""

import logging
from collections.abc import Sequence
from typing import Any, Literal, cast
from uuid import UUID

from django.http import HttpRequest
from ninja.security import HttpBearer

from alawael.accounts.asked_ids import refuse_unseen
from alawael.accounts.models import User
from alawael.accounts.policy import Sight
from alawael.accounts.policy import allows as allows
from alawael.accounts.policy import beyond as beyond
from alawael.accounts.policy import common as common
from alawael.accounts.roles import named
from alawael.core.errors import Forbidden, Text, Unauthenticated

log = logging.getLogger(__name__)

#: Every permission that some endpoint asks for; roles choose from these.
known_permissions: set[str] = set()
WholeCompany = Literal[False, True, "warehouses"]
WAREHOUSES = "warehouses"


class PasswordChangeRequired(Forbidden):
    code = "password_change_required"
    title = Text("Choose a new password", "اختر كلمة مرور جديدة")
    message = Text(
        "Somebody else chose your password. Replace it with one of your own before you go on.",
        "كلمة مرورك الحالية اختارها شخص آخر. استبدلها بكلمة مرور خاصة بك قبل المتابعة.",
    )


class SecondFactorRequired(Forbidden):
    code = "second_factor_required"
    title = Text("Set up a second factor", "فعّل التحقق بخطوتين")
    message = Text(
        "One of your roles requires a second factor. Set it up before you go on.",
        "أحد أدوارك يتطلب التحقق بخطوتين. فعّله قبل المتابعة.",
    )


class SessionRequired(Forbidden):
    code = "session_required"
    message = Text(
        "A personal token cannot do this. Sign in with your password.",
        "لا يمكن تنفيذ هذا برمز شخصي. سجّل الدخول بكلمة المرور.",
    )


class SignedInRequest(HttpRequest):
    """A request whose caller is known; `permissions` is what the caller may do here and now."""

    user: User  # type: ignore[assignment]
    actor_id: Any
    permissions: frozenset[str]
    #: The same permissions with the rows that the caller is limited to.
    sight: Sight
    #: None when the caller uses a personal token.
    session_id: UUID | None
    #: A role asks for a second factor that this person has not set up yet.
    lacks_second_factor: bool
    #: The key of the role that the caller looks at the program as; None for oneself.
    viewing_as: str | None


class _Signed(HttpBearer):
    """Signed in, with the permission if one is named."""

    openapi_description = "An access token from /api/auth/sign-in, or a personal API token."

    def __init__(
        self,
        permission: str | None = None,
        *,
        needs_session: bool = False,
        needs_own_password: bool = True,
        needs_second_factor: bool = True,
        also: Sequence[str] = (),
        whole_company: WholeCompany = False,
        open_ids: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self.permission = permission
        self.needs_session = needs_session
        self.needs_own_password = needs_own_password
        self.needs_second_factor = needs_second_factor
        self.also = tuple(also)
        self.whole_company = whole_company
        self.open_ids = frozenset(open_ids)

    def __call__(self, request: HttpRequest) -> User:
        if getattr(request, "user", None) is None:
            raise Unauthenticated()
        caller = cast(SignedInRequest, request)
        if self.needs_own_password and caller.user.must_change_password:
            raise PasswordChangeRequired()
        if self.needs_second_factor and getattr(caller, "lacks_second_factor", False):
            raise SecondFactorRequired()
        if self.needs_session and caller.session_id is None:
            raise SessionRequired()
        if self.permission:
            require(caller, self.permission)
        for permission in self.also:
            require(caller, permission)
        if caller.sight.is_limited:
            self._refuse_beyond_limits(caller)
        return caller.user

    def _refuse_beyond_limits(self, caller: SignedInRequest) -> None:
        if self.whole_company:
            caller.sight.refuse_limited(only_warehouses=self.whole_company == WAREHOUSES)
        refuse_unseen(caller, caller.sight, open_to_all=self.open_ids)

    def authenticate(self, request: HttpRequest, token: str) -> User:
        return self(request)


def may(
    permission: str,
    *,
    also: Sequence[str] = (),
    whole_company: WholeCompany = False,
    open_ids: Sequence[str] = (),
) -> _Signed:
    """Let only callers with this permission ("invoice:post") pass. Use as `auth=` of a route.

    Ids in the request must belong to rows that the caller sees, but for the names in `open_ids`.
    With `whole_company` only those pass who are limited in nothing: half a balance sheet is none;
    with "warehouses" those who are limited to customers pass, too.
    `also` names further permissions.
    """
    known_permissions.update((permission, *also))
    return _Signed(permission, also=also, whole_company=whole_company, open_ids=open_ids)


#: Anybody who is signed in.
signed_in = _Signed()
#: Anybody who is signed in and sees the whole company.
signed_in_unlimited = _Signed(whole_company=True)
#: Signed in with a password on this device; a personal token will not do.
in_session = _Signed(needs_session=True)
#: The few routes that stay open to those who must replace their password first.
before_password_change = _Signed(needs_own_password=False, needs_second_factor=False)
to_change_password = _Signed(
    needs_session=True, needs_own_password=False, needs_second_factor=False
)
#: What stays open to those who must set a second factor up first.
to_set_up_second_factor = _Signed(needs_session=True, needs_second_factor=False)


def require(request: SignedInRequest, permission: str) -> None:
    """Raise Forbidden unless the caller holds the permission."""
    if not allows(request.permissions, permission):
        log.warning("forbidden", extra={"user": str(request.user.id), "permission": permission})
        raise Forbidden(**named(permission))


def is_known(permission: str) -> bool:
    """Whether a role may name it: one that a route asks for, or a wildcard over some."""
    kind, _, action = permission.partition(":")
    if action == "*":
        return any(known.startswith(f"{kind}:") for known in known_permissions)
    return permission == "*" or permission in known_permissions
