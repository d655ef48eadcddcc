from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field
from pydantic import AfterValidator, ConfigDict, StringConstraints

from alawael.accounts import attempts, queries
from alawael.accounts.models import Language, Session, User
from alawael.accounts.permissions import allows, known_permissions
from alawael.accounts.policy import Sight, sight_of
from alawael.accounts.second_factor import codes_left
from alawael.accounts.sessions import SignedIn
from alawael.core.paging import ListQuery
from alawael.core.schemas import In, Moment, Out, storable

#: Passwords are taken as they were typed: a space at the end counts.
PasswordText = Annotated[
    str, StringConstraints(strip_whitespace=False, min_length=1, max_length=1000)
]
EmailText = Annotated[
    str,
    StringConstraints(max_length=254, pattern=r"^[^@\s<>\"(),;:]+@[^@\s<>\"(),;:]+$"),
    Field(examples=["amal@example.com"]),
]
NameText = Annotated[str, StringConstraints(max_length=120)]
RoleKeyText = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_-]{1,39}$"),
    Field(examples=["sales"]),
]
#: Six digits of an authenticator app, or a recovery code, with or without its dashes.
CodeText = Annotated[str, StringConstraints(min_length=1, max_length=60)]
SecretText = Annotated[str, StringConstraints(min_length=1, max_length=100)]
PasskeyName = Annotated[str, StringConstraints(min_length=1, max_length=80)]
PermissionText = Annotated[
    str,
    StringConstraints(max_length=80, pattern=r"^(\*|[a-z_]+:([a-z_]+|\*))$"),
    Field(examples=["invoice:read"]),
]


def _all_storable(values: list[str]) -> list[str]:
    return [storable(value) for value in values]


RoleKeys = Annotated[list[RoleKeyText], Field(max_length=20), AfterValidator(_all_storable)]
Permissions = Annotated[list[PermissionText], Field(max_length=300), AfterValidator(_all_storable)]
WarehouseIds = Annotated[
    list[UUID],
    Field(
        max_length=200,
        description="The user's own warehouses; they count where the roles keep to them.",
    ),
]


# Signing in


class SignInIn(In):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {"email": "amal@example.com", "password": "four unrelated words here"}
        }
    )

    email: Annotated[str, StringConstraints(min_length=1, max_length=254)]
    password: PasswordText


class MeOut(Out):
    """Who is signed in, and everything that the screens need to know about them."""

    id: UUID
    version: int
    email: str
    name_en: str
    name_ar: str
    language: Language
    roles: list[str] = Field(examples=[["sales"]])
    permissions: list[str] = Field(
        description="What this caller may do. Wildcards are listed and also spelled out.",
        examples=[["product:read", "invoice:create"]],
    )
    must_change_password: bool
    has_second_factor: bool
    must_set_up_second_factor: bool = Field(
        description="Nothing else is open until a second factor is set up."
    )
    own_customers_only: bool = Field(
        description="Whether this caller sees only the customers whose salesperson they are."
    )
    warehouse_ids: list[UUID] | None = Field(
        description="The warehouses whose stock and documents this caller sees; null means all."
    )
    viewing_as: str | None = Field(
        None, description="The role whose eyes this answer is for, when `X-View-As` names one."
    )


class SignedInOut(Out):
    access_token: str
    expires_in: int = Field(
        description="Seconds until the token must be refreshed.", examples=[600]
    )
    user: MeOut


class SecondFactorNeededOut(Out):
    challenge: str = Field(description="Send it back with a code, within five minutes.")
    expires_in: int = Field(description="Seconds.", examples=[300])


class SecondFactorSignInIn(In):
    challenge: SecretText
    code: CodeText


class PasswordProofIn(In):
    current_password: PasswordText


class BothFactorsIn(PasswordProofIn):
    code: CodeText


class CodeIn(In):
    code: CodeText


class EnrolmentOut(Out):
    secret: str = Field(description="For typing into an authenticator app; shown this once.")
    uri: str = Field(description="The same as an otpauth:// address.")
    qr: str = Field(description="The address as a QR code, an SVG image in a data: URI.")


class RecoveryCodesOut(Out):
    codes: list[str] = Field(description="Each serves once. Shown this once and kept nowhere.")


class OwnSecurityOut(Out):
    has_second_factor: bool
    requires_second_factor: bool = Field(description="Whether one of my roles asks for it.")
    recovery_codes_left: int


class PasskeyOut(Out):
    id: UUID
    name: str
    created_at: Moment
    last_used_at: Moment | None


class PasskeyOptionsOut(Out):
    challenge: str = Field(description="Send it back with the credential, within five minutes.")
    options: dict[str, Any] = Field(
        description="For `navigator.credentials`, as WebAuthn's JSON forms have it."
    )


class PasskeySignInIn(In):
    challenge: SecretText
    credential: dict[str, Any] = Field(description="`PublicKeyCredential.toJSON()`.")


class PasskeyIn(PasskeySignInIn):
    name: PasskeyName


class PasskeyPatchIn(In):
    name: PasskeyName


class MeIn(In):
    model_config = ConfigDict(json_schema_extra={"example": {"language": "ar"}})

    name_en: NameText = ""
    name_ar: NameText = ""
    language: Language = Language.ENGLISH


class PasswordChangeIn(In):
    current_password: PasswordText
    new_password: PasswordText


class SessionOut(Out):
    id: UUID
    created_at: Moment
    last_used_at: Moment
    expires_at: Moment
    ip_address: str = Field(examples=["192.0.2.7"])
    device: str = Field(description="What the browser calls itself.")
    is_current: bool

    @staticmethod
    def resolve_is_current(session: Session, context: Any) -> bool:
        return bool(context["request"].session_id == session.pk)


class TokenIn(In):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "Nightly export",
                "permissions": ["invoice:read"],
                "expires_at": "2027-01-31T00:00:00Z",
            }
        }
    )

    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    permissions: Permissions = Field(
        [], description="The token may do no more than these. Empty: all that you may."
    )
    expires_at: Moment | None = None


class TokenOut(Out):
    id: UUID
    name: str
    prefix: str = Field(description="How the token begins.", examples=["alw_8dJx0Kq2"])
    permissions: list[str]
    created_at: Moment
    expires_at: Moment | None
    last_used_at: Moment | None = Field(description="To within some minutes.")


class TokenCreatedOut(TokenOut):
    token: str = Field(description="Shown this once and kept nowhere.")


# Users


class UserIn(In):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "email": "sami@example.com",
                "name_en": "Sami",
                "name_ar": "سامي",
                "language": "ar",
                "roles": ["sales"],
            }
        }
    )

    email: EmailText
    name_en: NameText = ""
    name_ar: NameText = ""
    language: Language = Language.ENGLISH
    roles: RoleKeys = []
    warehouse_ids: WarehouseIds = []
    password: PasswordText | None = Field(
        None, description="Without one, a temporary password is made and answered once."
    )
    must_change_password: bool = Field(
        True, description="Whether the password must be replaced at the first sign-in."
    )


class UserPatchIn(In):
    model_config = ConfigDict(json_schema_extra={"example": {"roles": ["sales", "viewer"]}})

    email: EmailText = ""
    name_en: NameText = ""
    name_ar: NameText = ""
    language: Language = Language.ENGLISH
    roles: RoleKeys = []
    warehouse_ids: WarehouseIds = []
    is_active: bool = True


class UserOut(Out):
    id: UUID
    version: int
    email: str
    name_en: str
    name_ar: str
    language: Language
    roles: list[str] = Field(examples=[["sales"]])
    warehouse_ids: list[UUID] = Field(
        description="The user's own warehouses; they count where the roles keep to them."
    )
    is_active: bool
    must_change_password: bool
    created_at: Moment
    last_sign_in_at: Moment | None

    @staticmethod
    def resolve_roles(user: User) -> list[str]:
        return user.role_keys


class UserWithPasswordOut(Out):
    user: UserOut
    temporary_password: str | None = Field(
        description="Shown this once; null when the password was given."
    )


class UserSecurityOut(Out):
    locked_until: Moment | None = Field(
        description="Until when strangers, or a device of the user, cannot sign in; null when open."
    )
    has_second_factor: bool
    requires_second_factor: bool = Field(description="Whether a role of the user asks for it.")
    recovery_codes_left: int
    passkeys: int
    sessions: int = Field(description="Devices that are signed in.")


class PasswordResetIn(In):
    password: PasswordText | None = Field(
        None, description="Without one, a temporary password is made and answered once."
    )


class UserValuesIn(UserPatchIn):
    """The fields of a new user, or those to change."""

    password: PasswordText = ""


class UserOperationIn(In):
    op: Literal["create", "update", "deactivate"]
    id: UUID | None = Field(None, description="Which user; not for create.")
    version: int | None = Field(None, description="Refuse when the user has changed since.")
    values: UserValuesIn = UserValuesIn()


class UserBatchIn(In):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "operations": [
                    {
                        "op": "create",
                        "values": {"email": "nora@example.com", "name_en": "Nora"},
                    },
                    {
                        "op": "deactivate",
                        "id": "0198f3a0-0000-7000-8000-000000000000",
                        "version": 3,
                    },
                ]
            }
        }
    )

    operations: Annotated[list[UserOperationIn], Field(min_length=1, max_length=100)]


class UserBatchOut(Out):
    results: list[UserWithPasswordOut]


class UserQuery(ListQuery):
    role: RoleKeyText | None = None
    is_active: bool | None = None


# Roles


class RoleIn(In):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "key": "cashier",
                "name_en": "Cashier",
                "name_ar": "أمين الصندوق",
                "permissions": ["invoice:read", "invoice:create"],
            }
        }
    )

    key: RoleKeyText
    name_en: Annotated[str, StringConstraints(max_length=80)] = ""
    name_ar: Annotated[str, StringConstraints(max_length=80)] = ""
    permissions: Permissions = []
    requires_second_factor: bool = False
    own_customers_only: bool = False
    own_warehouses_only: bool = False


class RolePatchIn(In):
    model_config = ConfigDict(json_schema_extra={"example": {"permissions": ["invoice:read"]}})

    name_en: Annotated[str, StringConstraints(max_length=80)] = ""
    name_ar: Annotated[str, StringConstraints(max_length=80)] = ""
    permissions: Permissions = []
    requires_second_factor: bool = False
    own_customers_only: bool = False
    own_warehouses_only: bool = False


class RoleOut(Out):
    id: UUID
    version: int
    key: str
    name_en: str
    name_ar: str
    permissions: list[str]
    is_builtin: bool
    requires_second_factor: bool = Field(
        description="Who holds the role must set a second factor up before anything else."
    )
    own_customers_only: bool = Field(
        description="Who holds no wider role sees only the customers whose salesperson they are."
    )
    own_warehouses_only: bool = Field(
        description="Who holds no wider role sees only the stock of their own warehouses."
    )


class PermissionOut(Out):
    permission: str = Field(examples=["invoice:post"])
    type: str = Field(examples=["invoice"])
    action: str = Field(examples=["post"])
    type_en: str = Field(examples=["Invoices"])
    type_ar: str = Field(examples=["الفواتير"])
    action_en: str = Field(examples=["post"])
    action_ar: str = Field(examples=["ترحيل"])


class PermissionsOut(Out):
    items: list[PermissionOut]


def me(user: User, sight: Sight, *, lacks_second_factor: bool) -> dict[str, Any]:
    """What `MeOut` answers."""
    permissions = sight.permissions
    spelled_out = {known for known in known_permissions if allows(permissions, known)}
    return {
        "id": user.id,
        "version": user.version,
        "email": user.email,
        "name_en": user.name_en,
        "name_ar": user.name_ar,
        "language": user.language,
        "roles": user.role_keys,
        "permissions": sorted(permissions | spelled_out),
        "must_change_password": user.must_change_password,
        "has_second_factor": user.has_second_factor,
        "must_set_up_second_factor": lacks_second_factor,
        "own_customers_only": sight.own_customers,
        "warehouse_ids": None if sight.warehouses is None else sorted(sight.warehouses),
    }


def security_of(user: User, *, at: datetime) -> dict[str, Any]:
    """What `UserSecurityOut` answers."""
    return {
        **own_security_of(user),
        "locked_until": attempts.locked_until(user, at=at),
        "passkeys": queries.passkeys_of(user).count(),
        "sessions": queries.sessions_of(user, at=at).count(),
    }


def own_security_of(user: User) -> dict[str, Any]:
    """What `OwnSecurityOut` answers."""
    return {
        "has_second_factor": user.has_second_factor,
        "requires_second_factor": queries.granted_to(user).requires_second_factor,
        "recovery_codes_left": codes_left(user),
    }


def signed_in_body(signed_in: SignedIn) -> dict[str, Any]:
    """What `SignedInOut` answers; the refresh token travels in its cookie alone."""
    user, granted = signed_in.user, queries.granted_to(signed_in.user)
    lacks = queries.lacks_second_factor(granted, signed_in.session)
    return {
        "access_token": signed_in.access_token,
        "expires_in": signed_in.expires_in,
        "user": me(user, sight_of(user, granted), lacks_second_factor=lacks),
    }
