"""What somebody sees: a limit holds where every role has it, and makes answers differ."""

from uuid import uuid4

from alawael.accounts.models import Role
from alawael.accounts.policy import Sight, seen_as
from alawael.accounts.queries import granted_by
from alawael.accounts.scopes import scope_of
from testing.cast import ApiClient, a_role, a_user
from testing.invoicing import open_shop
from testing.parties import a_customer, a_supplier


def a_limited_user(name: str = "sami", **limits: bool):
    role = Role.objects.create(
        key=f"limited-{name}", name_en="Limited", permissions=["*"], **limits
    )
    return a_user(name, role=role)


def test_answers_are_kept_apart_for_whoever_sees_differently():
    rights, house = frozenset({"invoice:read"}), uuid4()
    free, other = Sight(uuid4(), rights), Sight(uuid4(), rights)
    limited = [
        Sight(uuid4(), rights, own_customers=True),
        Sight(uuid4(), rights, own_customers=True),
        Sight(uuid4(), rights, warehouses=frozenset()),
        Sight(uuid4(), rights, warehouses=frozenset({house})),
    ]

    assert scope_of(free) == scope_of(other)
    assert len({scope_of(one) for one in [free, *limited]}) == 5
    same = Sight(uuid4(), rights, warehouses=frozenset({house}))
    assert scope_of(same) == scope_of(limited[3])


def test_another_role_opens_what_one_keeps_shut(db):
    Role.objects.create(key="seller", name_en="Seller", own_customers_only=True)
    Role.objects.create(
        key="both", name_en="Both", own_customers_only=True, own_warehouses_only=True
    )
    a_role("wide", "invoice:read")

    assert granted_by(["seller", "both"]).own_customers_only
    assert not granted_by(["seller", "both"]).own_warehouses_only
    assert not granted_by(["seller", "wide"]).own_customers_only
    assert not granted_by([]).own_customers_only


def test_the_eyes_of_a_role_see_less_and_never_more():
    sight = Sight(uuid4(), frozenset({"invoice:*"}), warehouses=frozenset(), own_customers=True)
    role = Role(key="wide", permissions=["*"])

    assert seen_as(sight, role) == sight
    narrowed = seen_as(Sight(uuid4(), frozenset({"*"})), Role(own_warehouses_only=True))
    assert (narrowed.permissions, narrowed.warehouses) == (frozenset(), frozenset())


def test_the_administrator_is_never_limited(as_amal):
    admin = Role.objects.get(key="admin")

    refused = as_amal.patch(f"/api/roles/{admin.pk}", {"own_customers_only": True})

    assert refused.json()["code"] == "administrator_role_fixed"


def test_the_books_are_for_those_who_see_the_whole_company(db):
    client = ApiClient(a_limited_user(own_warehouses_only=True))

    refused = client.get("/api/journal-entries", HTTP_ACCEPT_LANGUAGE="ar").json()

    assert (refused["status"], refused["code"]) == (403, "limited_view")
    assert "مستودعاتك" in refused["detail"]
    assert client.post("/api/roles", {"key": "mighty"}).json()["code"] == "limited_view"
    # The route that refused is what one can ask about.
    asked = client.get("/api/access/explain", {"operation": refused["facts"]["operation"]}).json()
    refusing = {step["rule"] for step in asked["steps"] if not step["passed"]}
    assert (asked["allowed"], refusing) == (False, {"whole_company"})


def test_own_customers_stay_ones_own(db):
    """Whom somebody brings in is their own, and they neither give away nor take; in one company."""
    open_shop()
    sami = a_limited_user(own_customers_only=True)
    other, client = a_user("nora"), ApiClient(sami)
    theirs = a_customer(vat_number="310122393500003", salesperson_id=other.pk)
    supplier = a_supplier()

    made = client.post("/api/parties", {"name_en": "Fresh Foods", "country": "AE"}).json()
    assert made["salesperson_id"] == str(sami.pk)
    listed = client.get("/api/parties").json()["items"]
    assert {row["id"] for row in listed} == {made["id"], str(supplier.pk)}

    path = f"/api/parties/{made['id']}"
    given = client.patch(path, {"salesperson_id": str(other.pk)}).json()
    assert given["code"] == "own_customers_stay"
    assert client.patch(path, {"notes": "Calls on Sundays"}).status_code == 200
    assert client.patch(f"/api/parties/{theirs.pk}", {"notes": "x"}).status_code == 404
    taken = client.post("/api/parties", {"name_en": "Twin", "vat_number": theirs.vat_number}).json()
    assert taken["code"] == "vat_number_taken"
    assert theirs.code not in str(taken)
    assert theirs.name_en not in str(taken)
