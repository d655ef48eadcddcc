from collections.abc import Iterator

from alawael.accounts import queries
from alawael.accounts.models import SecondFactor
from alawael.accounts.passwords import is_known_format
from alawael.accounts.second_factor import unreadable
from alawael.core.verify import proof


@proof("Somebody can administer")
def _administrator() -> Iterator[str]:
    if queries.is_set_up() and not queries.active_administrators().exists():
        yield "There is no active administrator. Make one: alawael createadmin"


@proof("Passwords are kept as argon2id hashes")
def _password_hashes() -> Iterator[str]:
    for user in queries.users().order_by("pk").iterator(chunk_size=500):
        if user.password_hash and not is_known_format(user.password_hash):
            yield f"The password of {user.email} is kept in an unknown form."


@proof("Users hold roles that exist")
def _roles() -> Iterator[str]:
    known = set(queries.roles().values_list("key", flat=True))
    for user in queries.users().order_by("pk").iterator(chunk_size=500):
        for key in user.role_keys:
            if key not in known:
                yield f"{user.email} holds the role {key}, which does not exist."


@proof("Second factors can be opened")
def _second_factors() -> Iterator[str]:
    factors = SecondFactor.objects.select_related("user").order_by("pk").iterator(chunk_size=500)
    for factor in unreadable(factors):
        yield f"The second factor of {factor.user.email} does not open with any ENCRYPTION_KEY."
