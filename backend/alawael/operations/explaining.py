"""Why somebody can, or cannot, see or do something: the guards and the policy, asked one by one.

Nothing is decided here. Each step asks what also decides over the request itself: the guard of the
route (`accounts.permissions`), the sight of the person and the limits of rows (`accounts.policy`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Model, QuerySet

from alawael.accounts import queries
from alawael.accounts.models import Role, User
from alawael.accounts.permissions import (
    WAREHOUSES,
    PasswordChangeRequired,
    SecondFactorRequired,
    SessionRequired,
    SignedInRequest,
    known_permissions,
    require,
)
from alawael.accounts.policy import (
    LimitedView,
    Sight,
    allows,
    limit_of,
    sight_of,
)
from alawael.accounts.roles import described
from alawael.core.errors import NotFound, Text, one_error
from alawael.core.sight import Hidden
from alawael.operations.kinds import KINDS, Kind
from alawael.stock.models import Warehouse

#: What one must be allowed to see to ask about somebody else.
ABOUT_OTHERS = ("user:read", "role:read")
NOTHING = Text("", "")


@dataclass(frozen=True)
class Step:
    """One rule that was asked: what it says, and what would change it."""

    rule: str
    passed: bool
    said: Text
    change: Text = NOTHING


@dataclass(frozen=True)
class Person:
    """About whom is asked, and how much they may here and now."""

    user: User
    sight: Sight
    lacks_second_factor: bool
    #: Whoever asks about others tells roles; about oneself only one's own.
    tells_roles: bool
    is_me: bool
    #: What a token, or looking as a role, takes away from one's own rights.
    narrowed_by: Text | None = None
    has_session: bool = True


class Question(NamedTuple):
    """What is asked: a permission, a route, or whether a record is seen."""

    permission: str | None = None
    operation: str | None = None
    kind: str | None = None
    record: str | None = None


class Explanation(NamedTuple):
    person: User
    steps: list[Step]

    @property
    def allowed(self) -> bool:
        return all(step.passed for step in self.steps if step.rule != "fields")


_guards: Callable[[], Mapping[str, Sequence[Any]]] = dict


def tell_guards(guards: Callable[[], Mapping[str, Sequence[Any]]]) -> None:
    """The wiring says what stands before each route, by the id of its operation."""
    global _guards
    _guards = guards


def person_asked(request: SignedInRequest, user_id: UUID | None) -> Person:
    """The caller, or somebody else whom the caller may look into.

    Raises Forbidden when that asks for `user:read` and `role:read`, and NotFound.
    """
    tells_roles = all(request.sight.allows(one) for one in ABOUT_OTHERS)
    if user_id is None or user_id == request.user.pk:
        return Person(
            request.user,
            request.sight,
            request.lacks_second_factor,
            tells_roles,
            is_me=True,
            narrowed_by=_narrowed_by(request),
            has_session=request.session_id is not None,
        )
    for permission in ABOUT_OTHERS:
        require(request, permission)
    user = queries.user(user_id)
    granted = queries.granted_to(user)
    lacks = granted.requires_second_factor and not user.has_second_factor
    return Person(user, sight_of(user, granted), lacks, tells_roles=True, is_me=False)


def explain(request: SignedInRequest, person: Person, question: Question) -> Explanation:
    """The steps between a person and what is asked about, in the order in which they are taken.

    About oneself it never tells whether a record exists that one does not see. About others the
    caller must see the record; raises Forbidden without the right to its kind.
    """
    kind = KINDS.get(question.kind or "")
    if question.kind and kind is None:
        unknown = Text("There is no such kind.", "لا يوجد نوع كهذا.")
        raise one_error("/kind", "unknown_kind", unknown)
    guard = _guard_of(question.operation or (kind.operation if kind else None))
    wanted = _wanted(guard, question)
    if not wanted and guard is None:
        raise one_error(
            "/permission",
            "missing",
            Text("Say what you ask about.", "حدد ما تسأل عنه."),
        )
    steps = [*_door(person, guard), *(_permission(person, one) for one in wanted)]
    if guard is not None and guard.whole_company:
        steps.append(_whole_company(person, only_warehouses=guard.whole_company == WAREHOUSES))
    if kind is not None and question.record and all(step.passed for step in steps):
        steps += _record(request, person, kind, question.record)
    if kind is not None:
        steps += _fields(person)
    return Explanation(person.user, steps)


def rights_of(person: Person) -> dict[str, Any]:
    """What `RightsOut` answers: all that the person may do, and by which roles."""
    roles, sight = _roles_of(person.user), person.sight
    granted = [one for one in sorted(known_permissions) if sight.allows(one)]
    return {
        "user": person.user,
        "roles": roles,
        "permissions": [
            {
                **described(permission),
                "roles": [role.key for role in roles if allows(role.permissions, permission)],
            }
            for permission in granted
        ],
        "own_customers_only": sight.own_customers,
        "warehouse_ids": None if sight.warehouses is None else sorted(sight.warehouses),
        "hidden": [described(permission) for permission in hidden_from(sight)],
    }


def hidden_from(sight: Sight) -> list[str]:
    """The permissions without which fields of answers are hidden, as far as somebody lacks them."""
    return sorted(one for one in Hidden.permissions if not sight.allows(one))


# The steps


def _guard_of(operation: str | None) -> Any:
    """What stands before a route; None when none is asked about."""
    if operation is None:
        return None
    guards = _guards().get(operation)
    if guards is None:
        raise one_error(
            "/operation", "unknown_operation", Text("There is no such route.", "لا يوجد مسار كهذا.")
        )
    return guards[0] if guards else None


def _wanted(guard: Any, question: Question) -> list[str]:
    of_guard = [guard.permission, *guard.also] if guard is not None else []
    return list(dict.fromkeys(one for one in (*of_guard, question.permission) if one))


def _door(person: Person, guard: Any) -> Iterator[Step]:
    user = person.user
    yield Step(
        "active",
        user.is_active,
        Text("The account is active.", "الحساب نشط.")
        if user.is_active
        else Text("The account is deactivated.", "الحساب معطّل."),
        NOTHING if user.is_active else Text("Activate the user.", "فعّل المستخدم."),
    )
    if user.must_change_password and (guard is None or guard.needs_own_password):
        yield Step(
            "password",
            False,
            PasswordChangeRequired.message,
            Text("Choose a new password.", "اختر كلمة مرور جديدة."),
        )
    if person.lacks_second_factor and (guard is None or guard.needs_second_factor):
        yield Step(
            "second_factor",
            False,
            SecondFactorRequired.message,
            Text("Set the second factor up.", "فعّل التحقق بخطوتين."),
        )
    if guard is not None and guard.needs_session and not person.has_session:
        yield Step("token", False, SessionRequired.message)


def _permission(person: Person, permission: str) -> Step:
    name = _permission_name(permission)
    held = [role for role in _roles_of(person.user) if allows(role.permissions, permission)]
    if person.sight.allows(permission):
        by = _listed(held)
        return Step(
            "permission",
            True,
            Text(
                f"“{name.en}” is granted by {by.en}.",
                f"الصلاحية «{name.ar}» ممنوحة من {by.ar}.",
            ),
        )
    if held and person.narrowed_by is not None:
        return Step("token", False, person.narrowed_by)
    lacks = (
        Text("None of your roles grants", "لا يمنح أي دور من أدوارك")
        if person.is_me
        else Text("No role of theirs grants", "لا يمنح أي دور من أدواره")
    )
    said = Text(f"{lacks.en} “{name.en}”.", f"{lacks.ar} الصلاحية «{name.ar}».")
    return Step("permission", False, said, _who_would(person, permission))


def _who_would(person: Person, permission: str) -> Text:
    if not person.tells_roles:
        return Text(
            "Ask an administrator for a role that grants it.",
            "اطلب من مدير النظام دورًا يمنحها.",
        )
    granting = [role for role in queries.roles() if allows(role.permissions, permission)]
    if not granting:
        return Text("Add it to a role.", "أضفها إلى دور.")
    roles = _listed(granting)
    return Text(f"It is granted by {roles.en}.", f"يمنحها {roles.ar}.")


def _whole_company(person: Person, *, only_warehouses: bool) -> Step:
    try:
        person.sight.refuse_limited(only_warehouses=only_warehouses)
    except LimitedView as limited:
        return Step(
            "whole_company",
            False,
            Text(limited.sentence("en"), limited.sentence("ar")),
            _wider_role(person),
        )
    return Step(
        "whole_company",
        True,
        Text("The whole company is seen.", "الشركة كلها ظاهرة."),
    )


def _record(request: SignedInRequest, person: Person, kind: Kind, record: str) -> Iterator[Step]:
    """Whether the record is seen, and by which limit it is not."""
    if not person.is_me:
        require(request, kind.permission)
    row = _seen_rows(request.sight, kind, record).first()
    name = described(kind.permission)
    if row is None:
        yield Step(
            "record",
            False,
            Text(
                f"{name['type_en']}: there is no “{record}” that you may see.",
                f"{name['type_ar']}: لا يوجد «{record}» مما يحق لك الاطلاع عليه.",
            ),
            _unseen_by_me(request.sight),
        )
        return
    yield Step(
        "record",
        True,
        Text(f"{name['type_en']}: {kind.title(row)}", f"{name['type_ar']}: {kind.title(row)}"),
    )
    yield from _limits(person, kind, row)


def _unseen_by_me(sight: Sight) -> Text:
    """The same words whether it is somebody else's or was never there."""
    try:
        sight.refuse_limited()
    except LimitedView as limited:
        facts = limited.facts
        return Text(
            f"Your roles limit you to {facts['limits']}. If it exists, ask somebody who sees more.",
            f"أدوارك تقصر عرضك على {facts['limits_ar']}. إن كان موجودًا فاسأل من يرى أكثر.",
        )
    return Text("Check the number.", "تحقق من الرقم.")


def _limits(person: Person, kind: Kind, row: Model) -> Iterator[Step]:
    """Each dimension alone: the same condition that filters lists, with the other one left open."""
    limit = limit_of(type(row))
    if limit is None:
        return
    dimensions = (
        ("customers", person.sight.own_customers, {"warehouses": None}),
        ("warehouses", person.sight.warehouses is not None, {"own_customers": False}),
    )
    for rule, is_limited, open_else in dimensions:
        if not is_limited:
            yield Step(rule, True, _UNLIMITED[rule])
            continue
        alone = replace(person.sight, **open_else)
        passed = type(row)._default_manager.filter(limit.within(alone), pk=row.pk).exists()
        whose = _whose(kind, row, rule)
        yield Step(
            rule,
            passed,
            _own(rule, whose) if passed else _not_own(rule, whose),
            NOTHING if passed else _change_of(rule, person),
        )


_UNLIMITED = {
    "customers": Text("Customers of everybody are seen.", "عملاء الجميع ظاهرون."),
    "warehouses": Text("All warehouses are seen.", "كل المستودعات ظاهرة."),
}
_LIMITED = {
    "customers": Text("Only own customers are seen:", "لا تظهر إلا سجلات العملاء الخاصين،"),
    "warehouses": Text("Only own warehouses are seen:", "لا تظهر إلا المستودعات الخاصة،"),
}


def _own(rule: str, whose: Text) -> Text:
    limit = _LIMITED[rule]
    return Text(
        f"{limit.en} {whose.en} is among them.",
        f"{limit.ar} و{whose.ar} منها.",
    )


def _not_own(rule: str, whose: Text) -> Text:
    limit = _LIMITED[rule]
    return Text(
        f"{limit.en} {whose.en} is not among them.",
        f"{limit.ar} و{whose.ar} ليس منها.",
    )


def _whose(kind: Kind, row: Model, rule: str) -> Text:
    """Whose customer it is, or which warehouses it goes through; asked by those who see the row."""
    if rule == "warehouses":
        found = Warehouse.objects.filter(pk__in=[one for one in kind.warehouse_ids(row) if one])
        codes = ", ".join(sorted(one.code for one in found)) or "—"
        return Text(codes, codes)
    party = kind.party(row)
    if party is None:
        return Text("no customer", "لا عميل")
    held_by = party.salesperson_id
    person = queries.users().filter(pk=held_by).first() if held_by else None
    customer = Text(party.name_en or party.name_ar, party.name_ar or party.name_en)
    if person is None:
        return Text(f"{customer.en} (of nobody)", f"{customer.ar} (بلا مندوب)")
    return Text(
        f"{customer.en} (of {person.actor_name})",
        f"{customer.ar} (مندوبه {person.name_ar or person.actor_name})",
    )


def _change_of(rule: str, person: Person) -> Text:
    wider = _wider_role(person)
    if rule == "customers":
        own = Text("Make them the salesperson of the customer.", "عيّنه مندوب مبيعات هذا العميل.")
    else:
        own = Text("Add the warehouse to their own ones.", "أضف المستودع إلى مستودعاته.")
    return Text(f"{own.en} {wider.en}", f"{own.ar} {wider.ar}")


def _wider_role(person: Person) -> Text:
    if person.is_me:
        return Text(
            "Ask an administrator for a role without this limit.",
            "اطلب من مدير النظام دورًا بلا هذا الحد.",
        )
    return Text("Or give a role without this limit.", "أو امنحه دورًا بلا هذا الحد.")


def _fields(person: Person) -> Iterator[Step]:
    hidden = hidden_from(person.sight)
    if not hidden:
        return
    names = [_permission_name(one) for one in hidden]
    en, ar = ", ".join(one.en for one in names), "، ".join(one.ar for one in names)
    yield Step(
        "fields",
        False,
        Text(
            f"Some figures are hidden; they ask for “{en}”.",
            f"بعض الأرقام مخفية، وتتطلب «{ar}».",
        ),
        _who_would(person, hidden[0]),
    )


# Words and look-ups


def _narrowed_by(request: SignedInRequest) -> Text | None:
    if request.viewing_as is not None:
        return Text(
            "You are viewing the program as a role that lacks it.",
            "أنت تعرض البرنامج بعين دور لا يملكها.",
        )
    if request.session_id is None:
        return Text(
            "Your roles grant it, but not this token.", "أدوارك تمنحها، لكن هذا الرمز لا يمنحها."
        )
    return None


def _roles_of(user: User) -> list[Role]:
    return list(queries.roles().filter(key__in=user.role_keys).order_by("key"))


def _listed(roles: Sequence[Role]) -> Text:
    return Text(
        ", ".join(role.name_en or role.name_ar for role in roles),
        "، ".join(role.name_ar or role.name_en for role in roles),
    )


def _permission_name(permission: str) -> Text:
    said = described(permission)
    return Text(
        f"{said['type_en']}: {said['action_en']}", f"{said['type_ar']}: {said['action_ar']}"
    )


def _seen_rows(sight: Sight, kind: Kind, record: str) -> QuerySet[Any]:
    """The record of that id or number, if somebody with this sight sees it."""
    try:
        rows = kind.rows(record.strip())
    except NotFound:
        return kind.model._default_manager.none()
    limit = limit_of(kind.model)
    if limit is None or not sight.is_limited:
        return rows
    return rows.filter(limit.within(sight))
