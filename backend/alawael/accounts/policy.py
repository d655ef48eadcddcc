"""What somebody sees: permissions, and the customers and warehouses that they are limited to.

One policy decides for lists, details, commands, reports and fields. A domain says in its
`access.py` how its rows hang on customers and warehouses (`limited_by`), and under which names
their ids travel in requests (`named`); lists, the guard before every view and the reports follow.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, reduce
from operator import or_
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.module_loading import autodiscover_modules

from alawael.accounts.asked_rights import note, note_all
from alawael.accounts.models import Role, User
from alawael.core.errors import Forbidden, Text

M = TypeVar("M", bound=Model)


class LimitedView(Forbidden):
    code = "limited_view"
    title = Text("Your view is limited", "عرضك محدود")
    message = Text(
        "This shows the whole company. Your roles limit you to {limits}.",
        "هذا يعرض الشركة كلها، وأدوارك تقصر عرضك على {limits_ar}.",
    )


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

    def allows(self, permission: str) -> bool:
        return allows(self.permissions, permission)

    def rows(self, rows: QuerySet[M]) -> QuerySet[M]:
        """Of these rows, those that this person sees."""
        if not self.is_limited:
            return rows
        limit = limit_of(rows.model)
        if limit is None or limit.is_listed_to_all:
            return rows
        return rows.filter(limit.within(self))

    def unseen(self, name: str, ids: Iterable[UUID]) -> set[UUID]:
        """Which of the ids under a name this person does not see; none without limits."""
        return unseen(self, name, ids) if self.is_limited else set()

    def seen_parties(self) -> list[UUID]:
        """The ids of the parties that this person sees, for columns that hold an id alone."""
        seen = self.__dict__.get("_seen_parties")
        if seen is None:
            [party] = models_named("party_id")
            rows: QuerySet[Any] = self.rows(party._default_manager.all())
            seen = list(rows.values_list("pk", flat=True))
            self.__dict__["_seen_parties"] = seen
        return seen

    def sees_warehouse(self, warehouse_id: UUID) -> bool:
        return self.warehouses is None or warehouse_id in self.warehouses

    def refuse_limited(self, *, only_warehouses: bool = False) -> None:
        """Raise LimitedView unless this person sees the whole company, or every warehouse."""
        said = [
            *([OWN_CUSTOMERS] if self.own_customers and not only_warehouses else []),
            *([OWN_WAREHOUSES] if self.warehouses is not None else []),
        ]
        if said:
            raise LimitedView(
                limits=" and ".join(one.en for one in said),
                limits_ar=" و".join(one.ar for one in said),
            )


OWN_CUSTOMERS = Text("your own customers", "عملائك")
OWN_WAREHOUSES = Text("your own warehouses", "مستودعاتك")


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


# How rows hang on customers and warehouses


@dataclass(frozen=True)
class Limit:
    """How the rows of a model hang on customers and warehouses."""

    #: Paths to a customer; a row is seen when it is the person's own.
    customer: str | None = None
    #: Paths to a party that may also be a supplier only, whom everybody sees.
    party: str | None = None
    #: Paths to the ids of warehouses, one of which must be the person's own.
    warehouses: tuple[str, ...] = ()
    #: Rows without a party, or without a warehouse, are everybody's.
    or_none: bool = False
    #: The rows themselves are shown to all; only what lies in them is limited.
    is_listed_to_all: bool = False
    #: What no path can say.
    special: "Callable[[Sight], Q] | None" = None

    def within(self, sight: Sight) -> Q:
        """The condition under which somebody sees a row."""
        condition = Q()
        if sight.own_customers and self.customer is not None:
            condition &= Q(**{f"{self.customer}__salesperson_id": sight.user_id})
        if sight.own_customers and self.party is not None:
            condition &= self._party(sight)
        if sight.warehouses is not None and self.warehouses:
            condition &= self._warehouses(sight.warehouses)
        return condition & self.special(sight) if self.special else condition

    def _party(self, sight: Sight) -> Q:
        before = f"{self.party}__" if self.party else ""
        seen = Q(**{f"{before}salesperson_id": sight.user_id}) | Q(
            **{f"{before}is_customer": False}
        )
        return seen | Q(**{f"{self.party}__isnull": True}) if self.or_none and self.party else seen

    def _warehouses(self, own: Iterable[UUID]) -> Q:
        ids = sorted(own)
        conditions = [Q(**{f"{path}__in": ids}) for path in self.warehouses]
        if self.or_none:
            conditions += [Q(**{f"{path}__isnull": True}) for path in self.warehouses]
        return reduce(or_, conditions)


_limits: dict[type[Model], Limit] = {}
_named: dict[str, list[type[Model]]] = {}
_free: set[str] = set()


def limited_by(
    model: type[Model],
    *,
    customer: str | None = None,
    party: str | None = None,
    warehouses: Sequence[str] = (),
    or_none: bool = False,
    is_listed_to_all: bool = False,
    special: Callable[[Sight], Q] | None = None,
) -> None:
    """Say how the rows of a model hang on customers and warehouses."""
    _limits[model] = Limit(customer, party, tuple(warehouses), or_none, is_listed_to_all, special)


def named(**models: type[Model] | Sequence[type[Model]]) -> None:
    """Say whose ids travel in requests under a name: `named(customer_id=Party)`."""
    for name, found in models.items():
        _named.setdefault(name, []).extend([found] if isinstance(found, type) else found)


def free(*names: str) -> None:
    """Say that the ids under these names belong to rows that nobody is limited in."""
    _free.update(names)


def limit_of(model: type[Model]) -> Limit | None:
    _discover()
    return _limits.get(model)


def limited_models() -> Mapping[type[Model], Limit]:
    _discover()
    return _limits


def models_named(name: str) -> Sequence[type[Model]]:
    """Whose ids travel under a name; none for names that nobody is limited in."""
    _discover()
    return _named.get(name, ())


def free_names() -> frozenset[str]:
    _discover()
    return frozenset(_free)


@cache
def _discover() -> None:
    """Let every domain say what it has to say, once."""
    autodiscover_modules("access")


def unseen(sight: Sight, name: str, ids: Iterable[UUID]) -> set[UUID]:
    """Which of the ids under a name this person does not see, those that do not exist among them.

    Whether a row is somebody else's or was never there makes no difference to who may not see it.
    """
    left = set(ids)
    for model in models_named(name):
        if not left:
            break
        limit = limit_of(model)
        rows: QuerySet[Any] = model._default_manager.filter(pk__in=left)
        if limit is not None:
            rows = rows.filter(limit.within(sight))
        left -= set(rows.values_list("pk", flat=True))
    return left


# Permissions


def allows(permissions: Iterable[str], permission: str) -> bool:
    """Whether a set of permissions covers one; "*" and "invoice:*" are wildcards."""
    note(permission)
    kind = permission.partition(":")[0]
    return not {permission, "*", f"{kind}:*"}.isdisjoint(permissions)


def common(held: Iterable[str], limits: Iterable[str]) -> frozenset[str]:
    """What both sets permit, wildcards included."""
    note_all()
    held, limits = frozenset(held), frozenset(limits)
    return frozenset(
        {permission for permission in held if allows(limits, permission)}
        | {permission for permission in limits if allows(held, permission)}
    )


def beyond(held: Iterable[str], wanted: Iterable[str]) -> list[str]:
    """Which of the wanted permissions are not covered by those held."""
    held = frozenset(held)
    return sorted(permission for permission in wanted if not allows(held, permission))
