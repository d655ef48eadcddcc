"""View as role: somebody who administers looks at the program as people of a role see it.

With the header `X-View-As: sales` a request only reads, and its caller may no more than both he
and the role may. The header can therefore only take away; that somebody began to look is on record.
"""

from datetime import datetime
from typing import Any, cast

from alawael.accounts import queries
from alawael.accounts.models import Role
from alawael.accounts.permissions import SignedInRequest, require
from alawael.accounts.policy import seen_as
from alawael.core.actors import Actor
from alawael.core.audit import record
from alawael.core.errors import Forbidden, Text, one_error
from alawael.core.unit_of_work import unit_of_work

HEADER = "X-View-As"
#: What one must be allowed to see to look through the eyes of a role.
NEEDED = ("user:read", "role:read")
_READING = ("GET", "HEAD")


class ViewingAs(Forbidden):
    code = "viewing_as"
    title = Text("Only looking", "عرض فقط")
    message = Text(
        "You are viewing the program as another role, and can only look. Stop that first.",
        "أنت تعرض البرنامج بعين دور آخر، ولا يمكنك إلا الاطلاع. أوقف ذلك أولًا.",
    )


def narrow(request: Any) -> None:
    """Take away from a request what the role lacks that it is to be viewed as, if it names one.

    Raises Forbidden to those who may not see users and roles, ViewingAs for everything that
    changes, and Invalid for a role that does not exist.
    """
    key = request.headers.get(HEADER)
    if key is None or request.user is None:
        return
    _check_authority(request)
    if request.method not in _READING:
        raise ViewingAs()
    role = _role(key.strip(), "/X-View-As")
    request.viewing_as = role.key
    request.sight = seen_as(request.sight, role)
    request.permissions = request.sight.permissions


@unit_of_work
def begin(key: str, *, by: Actor, at: datetime) -> Role:
    """Put on record that somebody begins to look as a role. Raises Invalid when there is none."""
    role = _role(key, "/role")
    record(role, "role.viewed_as", by=by, at=at, changes={"role": role.key})
    return role


def _check_authority(request: Any) -> None:
    for permission in NEEDED:
        require(cast(SignedInRequest, request), permission)


def _role(key: str, pointer: str) -> Role:
    role = queries.roles().filter(key=key).first()
    if role is None:
        raise one_error(
            pointer, "unknown_role", Text("There is no such role.", "لا يوجد دور كهذا.")
        )
    return role
