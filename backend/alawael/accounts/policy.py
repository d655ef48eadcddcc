"""What somebody sees: permissions, and the customers and warehouses that they are limited to.

One policy decides for lists, details, commands, reports and fields. A domain says here how its
rows hang on customers and warehouses (`limited_by`), and under which names their ids travel in
requests (`named`); everything else follows from that.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from alawael.accounts.models import Role, User


class Grant(Protocol):
    """What the roles of somebody give together (`queries.Granted`)."""

    @property
    def permissions(self) -> frozenset[str]: ...
    @property
    def own_customers_only(self) -> bool: ...
    @property
    def own_warehouses_only(self) -> bool: ...


@dataclass(frozen=True)
class Sight:
    """Who looks, what they may do, and the rows that they see."""

    user_id: UUID
    permissions: frozenset[str] = frozenset()
    #: The warehouses whose stock and documents are seen; None means all.
    warehouses: frozenset[UUID] | None = None
    #: Only the customers whose salesperson this is.
    own_customers: bool = False
    #: The person's own warehouses, whether or not they are a limit.
    own_warehouses: frozenset[UUID] = frozenset()

    @property
    def is_limited(self) -> bool:
        return self.own_customers or self.warehouses is not None

    def limits(self) -> Iterator[str]:
        """What makes the answers of this person differ from those of others with the same rights.

        Nothing for people without limits, so that they share what was answered before.
        """
        if self.own_customers:
            yield f"customers of {self.user_id}"
        if self.warehouses is not None:
            yield "warehouses"
            yield from sorted(str(one) for one in self.warehouses)


def sight_of(user: User, granted: Grant) -> Sight:
    """What a user sees with what was granted."""
    own = frozenset(UUID(one) for one in user.warehouse_ids)
    return Sight(
        user_id=user.pk,
        permissions=granted.permissions,
        warehouses=own if granted.own_warehouses_only else None,
        own_customers=granted.own_customers_only,
        own_warehouses=own,
    )


def seen_as(sight: Sight, role: Role) -> Sight:
    """What the same person sees at most with the eyes of a role: less, never more."""
    return replace(
        sight,
        permissions=common(sight.permissions, role.permissions),
        own_customers=sight.own_customers or role.own_customers_only,
        warehouses=sight.own_warehouses if role.own_warehouses_only else sight.warehouses,
    )


def allows(permissions: Iterable[str], permission: str) -> bool:
    """Whether a set of permissions covers one; "*" and "invoice:*" are wildcards."""
    kind = permission.partition(":")[0]
    return not {permission, "*", f"{kind}:*"}.isdisjoint(permissions)


def common(held: Iterable[str], limits: Iterable[str]) -> frozenset[str]:
    """What both sets permit, wildcards included."""
    held, limits = frozenset(held), frozenset(limits)
    return frozenset(
        {permission for permission in held if allows(limits, permission)}
        | {permission for permission in limits if allows(held, permission)}
    )


def beyond(held: Iterable[str], wanted: Iterable[str]) -> list[str]:
    """Which of the wanted permissions are not covered by those held."""
    held = frozenset(held)
    return sorted(permission for permission in wanted if not allows(held, permission))
