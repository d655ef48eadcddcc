"""“Why can I (not) see this?” says what really happens, and never whether a foreign row exists."""

from typing import Any, cast
from uuid import uuid4

import pytest
from django.db import connection

from alawael.accounts.models import Role, User
from alawael.operations.kinds import KINDS
from alawael.sales.models import SalesOrder
from testing.cast import ApiClient, a_role, a_user
from testing.limits import TwoSides, two_sides

ADMINISTERS = ("user:read", "role:read")
PATHS = {
    "customer_return": "customer-returns", "enquiry": "enquiries",
    "journal_entry": "journal-entries", "party": "parties",
    "price_list": "price-lists", "purchase_order": "purchase-orders", "sales_order": "sales-orders",
    "stock": "stock/adjustments", "supplier_return": "supplier-returns",
}  # fmt: skip
#: What each row of `two_sides` is called there, by the kind that one asks about.
ROWS = {
    "sales_order": "order", "customer_return": "return", "stock": "adjustment",
    "price_list": "prices",
}  # fmt: skip
LIMITS: dict[str, dict[str, bool]] = {
    "customers": {"own_customers_only": True},
    "warehouses": {"own_warehouses_only": True},
    "both": {"own_customers_only": True, "own_warehouses_only": True},
    "nothing": {},
}


def limited(name: str, *permissions: str, **limits: bool) -> User:
    role = a_role(f"role-of-{name}", *permissions)
    Role.objects.filter(pk=role.pk).update(**limits)
    return a_user(name, role=role)


def asked(client: ApiClient, **question: Any) -> Any:
    answer = client.get("/api/access/explain", question)
    assert answer.status_code == 200, answer.content
    return answer.json()


def refused_by(explanation: Any) -> set[str]:
    """What stands in the way; hidden figures do not."""
    return {step["rule"] for step in explanation["steps"] if not step["passed"]} - {"fields"}


def rows_of(sides: TwoSides) -> list[tuple[str, Any]]:
    """Every row of both sides that one can ask about, with its kind."""
    found = []
    for side in (sides.own, sides.foreign):
        rows = {**side.of_customer, **side.of_warehouse, "warehouse": side.warehouse}
        names = {kind: ROWS.get(kind, kind) for kind in KINDS}
        found += [(kind, rows[name]) for kind, name in names.items() if name in rows]
    return found


@pytest.mark.parametrize("limit", LIMITS)
def test_an_explanation_says_what_the_server_does(amal, limit):
    """The verdict about oneself, an administrator's about somebody, and the real answer agree."""
    sami = limited("sami", "*", **LIMITS[limit])
    sides = two_sides(sami)
    User.objects.filter(pk=sami.pk).update(warehouse_ids=[str(sides.own.warehouse.pk)])
    own, administrator = ApiClient(sami), ApiClient(amal)
    wrong = []

    for kind, row in rows_of(sides)[:: 3 if connection.vendor == "mongodb" else 1]:
        real = own.get(f"/api/{PATHS.get(kind, f'{kind}s')}/{row.pk}").status_code
        said = asked(own, kind=kind, record=row.pk)["allowed"]
        told = asked(administrator, kind=kind, record=row.pk, user_id=sami.pk)["allowed"]
        if {said, told} != {real == 200} or real not in (200, 404):
            wrong.append((kind, str(row), real, said, told))

    assert wrong == []


def test_it_names_the_rule_and_what_would_change_it(amal):
    sami = limited("sami", "sales_order:read", own_customers_only=True, own_warehouses_only=True)
    sides = two_sides(sami)
    order = cast(SalesOrder, sides.foreign.of_customer["order"])
    question = {"kind": "sales_order", "record": order.number, "user_id": sami.pk}

    administrator = ApiClient(amal)
    found = asked(administrator, **question)

    assert refused_by(found) == {"customers", "warehouses"}
    said = {step["rule"]: step for step in found["steps"]}
    assert said["permission"]["said_en"] == "“Sales orders: see” is granted by role-of-sami."
    assert said["customers"]["said_en"] == (
        "Only own customers are seen: Zarqaword-c Trading (of nobody) is not among them."
    )
    assert "JED" in said["warehouses"]["said_ar"]
    assert said["warehouses"]["change_en"].startswith("Add the warehouse")

    User.objects.filter(pk=sami.pk).update(is_active=False, must_change_password=True)
    assert refused_by(asked(administrator, **question)) >= {"active", "password"}


def test_one_is_not_told_whether_a_foreign_row_exists(db):
    """The same words about somebody else's order and about one that never was."""
    sami = limited("sami", "sales_order:read", "invoice:read", own_customers_only=True)
    sides = two_sides(sami)
    client = ApiClient(sami)
    order = cast(SalesOrder, sides.foreign.of_customer["order"])

    foreign = asked(client, kind="sales_order", record=order.number)
    nothing = asked(client, kind="sales_order", record="SO-999999")

    assert str(foreign).replace(str(order.number), "?") == str(nothing).replace("SO-999999", "?")
    assert refused_by(foreign) >= {"record"}
    assert "Zarqaword" not in str(foreign)
    # Without the right to its kind a record is not even looked for.
    known, unknown = (
        asked(client, kind="receipt", record=record)
        for record in (sides.own.of_warehouse["receipt"].pk, uuid4())
    )
    assert (known, refused_by(known)) == (unknown, {"permission"})


def test_about_others_one_asks_with_the_right_to_users_and_roles_and_to_the_record(db):
    sami = limited("sami", "sales_order:read")
    sides = two_sides(sami)
    order = sides.own.of_customer["order"]
    curious = ApiClient(a_user("curious", "user:read", "sales_order:read"))
    about = {"kind": "sales_order", "record": order.pk, "user_id": sami.pk}
    hr = ApiClient(a_user("hr", *ADMINISTERS))
    limited_clerk = ApiClient(
        limited("clerk", *ADMINISTERS, "sales_order:read", own_customers_only=True)
    )

    refusals = [curious.get(path, about) for path in ("/api/access/explain", "/api/access/rights")]
    refusals.append(hr.get("/api/access/explain", about))

    assert [one.json()["facts"]["permission"] for one in refusals] == [
        "role:read", "role:read", "sales_order:read",
    ]  # fmt: skip
    assert refused_by(asked(limited_clerk, **about)) >= {"record"}
    assert asked(hr, permission="invoice:post", user_id=sami.pk)["allowed"] is False
