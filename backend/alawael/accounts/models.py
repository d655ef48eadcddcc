from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models

from alawael.core.fields import Record, Row
from alawael.core.sealing import SealedField

if TYPE_CHECKING:
    _KeysBase = models.TextField[list[str], list[str]]
else:
    _KeysBase = models.TextField

#: The role that administers the program; it always permits everything.
ADMIN = "admin"
#: The only row of Administration.
THE_ONE = UUID(int=1)


class Language(models.TextChoices):
    ENGLISH = "en"
    ARABIC = "ar"


class KeysField(_KeysBase):
    """A short list of keys, stored as " admin sales " so that both engines can find one of them.

    Look for a key with `role_keys__contains=holding("sales")`.
    """

    def from_db_value(self, value: str | None, *_: object) -> list[str]:
        return (value or "").split()

    def to_python(self, value: Any) -> list[str]:
        return value.split() if isinstance(value, str) else list(value or ())

    def get_prep_value(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        return f" {' '.join(value)} " if value else ""


def holding(key: str) -> str:
    """How a key looks inside a KeysField."""
    return f" {key} "


class Role(Record):
    """A named set of permissions, "<type>:<action>"; "*" means all of them."""

    key = models.CharField(max_length=40, unique=True)
    name_en = models.CharField(max_length=80)
    name_ar = models.CharField(max_length=80)
    permissions = models.JSONField(default=list)
    #: Delivered with the program: may be edited, not removed.
    is_builtin = models.BooleanField(default=False)
    #: Somebody changed it here, so a new release leaves it alone.
    is_edited = models.BooleanField(default=False)
    #: Who holds it must set a second factor up before anything else.
    requires_second_factor = models.BooleanField(default=False, db_default=False)
    #: Who holds no wider role sees only the customers whose salesperson they are.
    own_customers_only = models.BooleanField(default=False, db_default=False)
    #: Who holds no wider role sees only what lies in, and goes through, their own warehouses.
    own_warehouses_only = models.BooleanField(default=False, db_default=False)


class User(Record):
    """A person who signs in. Never deleted, only deactivated: the audit trail names them."""

    #: Lower case; compared and stored folded.
    email = models.CharField(max_length=254, unique=True)
    name_en = models.CharField(max_length=120, default="")
    name_ar = models.CharField(max_length=120, default="")
    language = models.CharField(max_length=2, choices=Language, default=Language.ENGLISH)
    password_hash = models.CharField(max_length=200, default="")
    #: A password that somebody else chose must be replaced before anything else.
    must_change_password = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    last_sign_in_at = models.DateTimeField(null=True)
    #: Whether a code is asked for after the password; kept beside the user, read on every request.
    has_second_factor = models.BooleanField(default=False, db_default=False)
    search_text = models.TextField(default="")
    #: A short list read with the user on every request, so no table of its own.
    role_keys = KeysField(default=list)
    #: Ids of the user's own warehouses, as text; they count where the roles keep to them.
    warehouse_ids = KeysField(default=list, db_default="")  # type: ignore[arg-type]

    class Meta:
        indexes = [models.Index(fields=["name_en"], name="users_by_name")]

    @property
    def actor_id(self) -> UUID:
        return self.id

    @property
    def actor_name(self) -> str:
        return self.name_en or self.name_ar or self.email

    @property
    def is_administrator(self) -> bool:
        return self.is_active and ADMIN in self.role_keys


class Administration(Row):
    """One row that every change of who administers passes through, so that two never pass at once.

    It exists from the set-up on.
    """

    turns = models.PositiveBigIntegerField(default=1)


class Session(Row):
    """One signed-in device. Ending it ends its access and refresh tokens at once."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sessions")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=40, default="")
    ip_address = models.CharField(max_length=45, default="")
    device = models.CharField(max_length=300, default="")
    #: Opened by a passkey, which checked its owner: two factors at once.
    with_passkey = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [
            models.Index(fields=["user", "ended_at"], name="sessions_of_a_user"),
            models.Index(fields=["expires_at"], name="sessions_by_end"),
        ]


class RefreshToken(Row):
    """One link of a session's chain of refresh tokens; only its SHA-256 is kept."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="refresh_tokens")
    hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    #: Sealed successor, so that a lost answer can be given again within the grace.
    successor = models.CharField(max_length=400, default="")

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="refresh_tokens_by_end")]


class PersonalToken(Row):
    """A named key for programs; only its SHA-256 is kept and its start shown."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="personal_tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16)
    hash = models.CharField(max_length=64, unique=True)
    #: The token may do no more than these; empty means all that its user may.
    permissions = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "revoked_at"], name="tokens_of_a_user")]


class Attempts(Row):
    """How often somebody tried lately to sign in, counted for one account, device or address.

    An attempt is counted before it is made, by compare-and-set.
    """

    #: "account:<keyed hash>", "device:<user>:<hash>", "address:<network>" …
    key = models.CharField(max_length=130, unique=True)
    count = models.PositiveIntegerField(default=0)
    #: When the count is forgotten; until then, who has used up all attempts must wait.
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="attempts_by_end")]


class KnownDevice(Row):
    """A browser in which the user has signed in before; only the hash of its cookie is kept."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="known_devices")
    hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "hash"], name="one_row_per_known_device")
        ]
        indexes = [models.Index(fields=["last_used_at"], name="known_devices_by_use")]


class SecondFactor(Row):
    """The secret that an authenticator app shares with us, sealed."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="second_factor")
    secret = SealedField(max_length=300)
    created_at = models.DateTimeField()
    #: Null until the first right code has shown that the app knows the secret.
    confirmed_at = models.DateTimeField(null=True)
    #: The time step (30 s) of the last code that was accepted: none is accepted twice.
    last_step = models.PositiveBigIntegerField(default=0)


class RecoveryCode(Row):
    """One of the codes for a lost telephone; it serves once, and only its SHA-256 is kept."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recovery_codes")
    hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Challenge(Row):
    """The first half of what is finished within minutes, once: a sign-in, a new passkey."""

    purpose = models.CharField(max_length=20)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    #: SHA-256 of what the browser was given.
    hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="challenges_by_end")]


class Passkey(Row):
    """A key pair of a telephone, computer or security key; we hold the public half."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="passkeys")
    name = models.CharField(max_length=80)
    #: SHA-256 of the credential id, which may be a thousand bytes long.
    hash = models.CharField(max_length=64, unique=True)
    credential_id = models.TextField()
    public_key = models.TextField()
    sign_count = models.PositiveBigIntegerField(default=0)
    transports = models.JSONField(default=list)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
