"""Nothing leaks: people who are limited to own customers or warehouses walk the whole API.

Every route of the contract is asked, with ids of their own and with ids of others. A new route is
walked by itself; one that names ids without a word to the policy fails the first test.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from alawael.accounts.models import Role
from alawael.accounts.permissions import known_permissions
from alawael.accounts.policy import free_names, models_named
from alawael.core.sight import COSTS
from config.api import api
from testing.cast import ApiClient, a_user
from testing.limits import COST, Side, TwoSides, two_sides
from testing.papers import pages_of

SCHEMA = api.get_openapi_schema()
ROUTES = [
    (method, path, operation)
    for path, methods in SCHEMA["paths"].items()
    for method, operation in methods.items()
]
#: Sent where a route insists on a value.
VALUES = {
    "from": "2026-01-01", "to": "2026-12-31", "on": "2026-03-31", "quantity": "1", "amount": "10",
    "kind": "receipt", "side": "customer", "currency": "SAR", "number": "1", "key": "parties",
    "code": "none", "start": "2026-01-01", "end": "2026-12-31", "limit": "100", "role": "sales",
    "months": "12", "permission": "invoice:read",
}  # fmt: skip
#: Bare references: where something came from, without a word about it. Opening them is refused.
REFERENCES = {"document_id", "source_id", "line_id", "source_line_id"}
#: Takes no ids, and answers for the whole company or for nobody in particular.
NOT_ASKED = ("/api/auth/", "/api/setup", "/api/health", "/api/metrics")


def request_names() -> dict[str, set[str]]:
    """Every name under which a request carries an id, with the operations that take it."""
    found: dict[str, set[str]] = {}
    for _, _, operation in ROUTES:
        for parameter in operation.get("parameters", ()):
            _collect(parameter["schema"], parameter["name"], operation, found, frozenset())
        for content in operation.get("requestBody", {}).get("content", {}).values():
            _collect(content["schema"], "body", operation, found, frozenset())
    return found


def _collect(schema, name, operation, found, above) -> None:
    if reference := schema.get("$ref"):
        key = reference.rpartition("/")[2]
        if key not in above:
            inner = SCHEMA["components"]["schemas"][key]
            _collect(inner, name, operation, found, above | {key})
    if schema.get("format") == "uuid":
        found.setdefault(name, set()).add(operation["operationId"])
    for inner in (*schema.get("anyOf", ()), *schema.get("allOf", ()), *schema.get("oneOf", ())):
        _collect(inner, name, operation, found, above)
    if "items" in schema:
        _collect(schema["items"], name, operation, found, above)
    for key, inner in schema.get("properties", {}).items():
        _collect(inner, key, operation, found, above)


def test_the_policy_knows_every_name_of_an_id():
    names = request_names()
    unknown = {
        name: sorted(operations)[:3]
        for name, operations in names.items()
        if not models_named(name) and name not in free_names()
    }
    assert unknown == {}, "Say in the domain's access.py whose ids these are, or that all see them."
    assert [name for name in free_names() if models_named(name)] == []
    assert len(names) > 60


LIMITS = {
    "customers": {"own_customers_only": True},
    "warehouses": {"own_warehouses_only": True},
}


@pytest.fixture(params=LIMITS)
def limited(request, db) -> tuple[str, TwoSides, ApiClient]:
    """Somebody who may do everything, with own customers or own warehouses only."""
    limit = request.param
    role = Role.objects.create(key="limited", name_en="Limited", permissions=["*"], **LIMITS[limit])
    sami = a_user("sami", role=role)
    world = two_sides(sami)
    sami.warehouse_ids = [str(world.own.warehouse.pk)]
    sami.save()
    return limit, world, ApiClient(sami)


@pytest.mark.slow
def test_nothing_foreign_is_read_and_everything_own_is(limited):
    limit, world, client = limited
    hidden = world.foreign.hidden_ids(
        customers=limit == "customers", warehouses=limit == "warehouses"
    )
    canary = f"{world.foreign.word}-{limit[0]}".casefold()
    wrong = []
    for path, operation in _reads():
        for side in (world.own, world.foreign):
            url = _url(path, operation, side, world)
            answer = client.get(url)
            said = answer.content.decode(errors="replace")
            told = f"{operation['operationId']} {answer.status_code}"
            if answer.status_code >= 500 or (
                answer.status_code in (400, 422) and not _is_unseen(answer)
            ):
                wrong.append(f"{told}: {said[:300]}")
            elif canary in said.casefold():
                at = said.casefold().index(canary)
                wrong.append(f"{told}: tells {said[max(0, at - 80) : at + 30]}")
            elif leaked := hidden & _ids_in(said, url):
                wrong.append(f"{told}: gives {leaked}")
            if (
                side is world.foreign
                and _names_foreign(path, side, hidden)
                and (answer.status_code not in (403, 404))
            ):
                wrong.append(f"{told}: opens what is somebody else's")
            if (
                side is world.own
                and "{" in path
                and answer.status_code == 404
                and (_names_row(path, side))
            ):
                wrong.append(f"{told}: hides what is one's own: {url}")
    assert not wrong, "\n".join(wrong)
    assert _own_ids_listed(client) >= _expected(world.own, limit)


@pytest.mark.slow
def test_papers_tell_neither_what_is_foreign_nor_what_it_cost(limited):
    """What is printed is read as it is read on paper: to the walk above a PDF is noise."""
    limit, world, client = limited
    Role.objects.filter(key="limited").update(permissions=sorted(known_permissions - {COSTS}))
    own, canary = f"{world.own.word}-c", f"{world.foreign.word}-{limit[0]}"
    told: dict[str, str] = {}
    wrong = []
    for path, operation in _reads():
        if not path.endswith("/pdf"):
            continue
        for side in (world.own, world.foreign):
            answer = client.get(_url(path, operation, side, world))
            if answer.status_code != 200:
                continue
            said = " ".join(pages_of(answer.content)).casefold()
            told[f"{side.word} {operation['operationId']}"] = said
            if canary.casefold() in said:
                wrong.append(f"{operation['operationId']} names what is foreign")
            if costs := _costs_in(said):
                wrong.append(f"{operation['operationId']} tells {costs}")
    assert not wrong, "\n".join(wrong)
    for paper in ("print_invoice", "print_sales_order", "print_statement"):
        assert own.casefold() in told[f"{world.own.word} {paper}"]


def _reads() -> Iterator[tuple[str, Any]]:
    for method, path, operation in ROUTES:
        if method == "get" and not path.startswith(NOT_ASKED):
            yield path, operation


def _url(path: str, operation: Any, side: Side, world: TwoSides) -> str:
    def value(name: str) -> str:
        found = side.id_of(path, name) or world.shared.get(name) or VALUES.get(name) or uuid4()
        return str(found)

    url = re.sub(r"\{(\w+)\}", lambda found: value(found[1]), path)
    wanted = {
        parameter["name"]: value(parameter["name"])
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query" and parameter.get("required")
    }
    if "product_ids" in wanted:
        wanted["product_ids"] = str(world.lamp.pk)
    if operation["operationId"] == "explain_access":
        wanted["permission"] = VALUES["permission"]
    return f"{url}?{'&'.join(f'{name}={text}' for name, text in wanted.items())}"


def _names_foreign(path: str, side: Side, hidden: set[str]) -> bool:
    names = re.findall(r"\{(\w+)\}", path)
    return any(str(side.id_of(path, name)) in hidden for name in names)


def _names_row(path: str, side: Side) -> bool:
    names = re.findall(r"\{(\w+)\}", path)
    return all(side.id_of(path, name) for name in names) and not path.endswith(("/pdf", "/xml"))


def _ids_in(said: str, url: str) -> set[str]:
    """Every id that an answer gives, but for bare references and what was asked with."""
    try:
        answer = json.loads(said)
    except ValueError:
        return set()
    return {one for one in _texts(answer) if one not in url}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in REFERENCES:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str) and len(value) == 36:
        yield value


#: Lists in which something of one's own stands, by what stands there.
LISTS = {
    "party": "parties", "order": "sales-orders", "shipment": "shipments",
    "return": "customer-returns", "invoice": "invoices", "payment": "payments",
    "prices": "price-lists", "requisition": "requisitions", "enquiry": "enquiries",
    "purchase_order": "purchase-orders", "receipt": "receipts",
    "supplier_return": "supplier-returns", "adjustment": "stock/adjustments",
    "transfer": "transfers", "count": "counts", "point": "stock/replenishment",
    "location": "locations", "balance": "stock/balances", "move": "stock/moves",
}  # fmt: skip


def _own_ids_listed(client: ApiClient) -> set[str]:
    found: set[str] = set()
    for name in LISTS.values():
        answer = client.get(f"/api/{name}?limit=200")
        found |= {item["id"] for item in answer.json()["items"]}
    return found


def _expected(own: Side, limit: str) -> set[str]:
    return {
        str(row.pk)
        for name, row in {**own.of_customer, **own.of_warehouse}.items()
        if name in LISTS
    }


@pytest.mark.slow
def test_no_command_takes_what_is_foreign(limited):
    """In the path it is not found; anywhere in the body it is refused before anything happens."""
    limit, world, client = limited
    hidden = world.foreign.hidden_ids(
        customers=limit == "customers", warehouses=limit == "warehouses"
    )
    names = request_names()
    wrong = []
    for method, path, operation in ROUTES:
        if method == "get" or path.startswith(NOT_ASKED):
            continue
        send = getattr(client, method)
        if _names_foreign(path, world.foreign, hidden):
            answer = send(_url(path, operation, world.foreign, world), {}, "application/json")
            if answer.status_code not in (403, 404):
                wrong.append(f"{operation['operationId']}: {answer.status_code} for a foreign path")
        for name, operations in names.items():
            foreign = world.foreign.id_of(path, name)
            in_path = f"{{{name}}}" in path
            if operation["operationId"] not in operations or in_path or str(foreign) not in hidden:
                continue
            url = _url(path, operation, world.own, world)
            for body in ({name: str(foreign)}, {"lines": [{name: str(foreign)}]}):
                answer = send(url, body, "application/json")
                if not _refused_at(answer, name):
                    wrong.append(f"{operation['operationId']}: {answer.status_code} for {name}")
    assert not wrong, "\n".join(wrong)


def _refused_at(answer: Any, name: str) -> bool:
    return answer.status_code in (403, 404) or _is_unseen(answer, name)


def _is_unseen(answer: Any, name: str = "") -> bool:
    """Whether the policy said that what was named is not there for this person."""
    return answer.status_code == 422 and any(
        error["code"] == "not_found" and error["pointer"].endswith(name)
        for error in answer.json()["errors"]
    )


@pytest.mark.slow
def test_whoever_may_not_see_costs_sees_none(db):
    """Whatever the route: no unit cost and no value made of one, by hand or by `fields=`."""
    permissions = sorted(known_permissions - {COSTS})
    role = Role.objects.create(key="no-costs", name_en="No costs", permissions=permissions)
    sami = a_user("sami", role=role)
    world = two_sides(sami)
    client = ApiClient(sami)
    wrong = []
    for path, operation in _reads():
        answer = client.get(_url(path, operation, world.own, world))
        if told := _costs_in(answer.content.decode(errors="replace")):
            wrong.append(f"{operation['operationId']} tells {told}")
    client.post(f"/api/shipments/{world.own.ids['shipment_id']}/make-ready")
    for command, id_of in (
        ("shipments/{}/ship", "shipment_id"),
        ("stock/adjustments/{}/post", "adjustment_id"),
        ("supplier-returns/{}/post", "supplier-returns return_id"),
    ):
        answer = client.post(f"/api/{command.format(world.own.ids[id_of])}?dry_run=true", {})
        assert answer.status_code == 200, answer.content
        assert answer.json()["stock"], command
        if told := _costs_in(answer.content.decode(errors="replace")):
            wrong.append(f"a preview of {command} tells {told}")
    assert not wrong, "\n".join(wrong)
    for question in ("stock/moves?fields=unit_cost", "purchase-orders?sort=total"):
        assert client.get(f"/api/{question}").json()["code"] == "field_hidden", question
    seen = ApiClient(a_user("amal", "*")).get("/api/stock/moves").json()["items"]
    assert any(row["unit_cost"].startswith(COST[:6]) for row in seen)


def _costs_in(text: str) -> list[str]:
    """Unit costs, on average and rounded, and what any number of pieces up to a hundred costs."""
    said = set(re.findall(r"\d+\.\d+", text.replace(",", "")))
    cost, near = Decimal(COST), Decimal("0.05")
    values = {(cost * pieces).quantize(Decimal("0.1")) for pieces in range(1, 101)}
    return sorted(
        text
        for text in said
        if text.startswith(COST[:6])
        or any(abs(Decimal(text) - value) <= 2 * near for value in values)
    )
