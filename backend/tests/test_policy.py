"""Who may call what: every route × every built-in role × nobody, from the API's own description.

A route without a permission fails here until it stands, with its reason, in one of the two lists.
"""

import re
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import RequestFactory

from alawael.accounts.models import ADMIN
from alawael.accounts.permissions import allows
from alawael.accounts.policy import Sight
from alawael.accounts.roles import ACTIONS, BUILTIN, TYPES
from alawael.core.errors import Forbidden, Unauthenticated
from config.api import api
from testing.cast import ApiClient, a_user

#: Open to everybody, because nobody is signed in yet.
ANYBODY = {
    "sign_in": "how one comes in",
    "sign_in_with_code": "the second step of it, guarded by what the first one gave",
    "begin_passkey_sign_in": "a challenge to answer, which says nothing about anybody",
    "sign_in_with_passkey": "the other way in",
    "refresh": "goes by the cookie and our header",
    "sign_out": "goes by the cookie and our header, also when access has run out",
    "health": "watched by proxies; says nothing about the business",
    "health_live": "watched by proxies",
    "health_ready": "watched by proxies",
    "read_setup": "whether the first set-up is to be done",
    "set_up": "works once, on an empty installation",
}
#: Open to everybody who is signed in, whatever the role.
SIGNED_IN = {
    "me": "who I am",
    "update_me": "my own names and language; never roles",
    "change_password": "my own",
    "list_sessions": "my own",
    "end_session": "my own",
    "sign_out_everywhere": "my own",
    "list_tokens": "my own",
    "create_token": "my own, and never more than I may",
    "revoke_token": "my own",
    "read_own_security": "my own",
    "begin_second_factor": "my own",
    "confirm_second_factor": "my own",
    "remove_second_factor": "my own",
    "renew_recovery_codes": "my own",
    "list_passkeys": "my own",
    "create_passkey": "my own",
    "begin_passkey": "my own",
    "rename_passkey": "my own",
    "remove_passkey": "my own",
    "change_users": "each operation of the batch asks for its permission",
    "list_views": "my own and those that are shared",
    "save_view": "my own",
    "change_view": "my own",
    "delete_view": "my own",
    "explain_access": "about myself; about others it asks for user:read and role:read",
    "read_rights": "the same",
    "list_access_choices": "what permissions and kinds of record are called",
    "read_job": "who started a job knows its id, which nobody can guess",
}
#: Reading through a POST, and commands that a reader may give.
READS_BY_POST: set[str] = {
    "view_as",  # puts on record who begins to look, and changes nothing else
}

ROUTES = {
    operation["operationId"]: (method, path, operation["x-permission"])
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method, operation in methods.items()
}
OPEN = ("anybody", "signed-in", "in-session")


def test_every_route_has_a_policy():
    anybody = {name for name, (_, _, who) in ROUTES.items() if who == "anybody"}
    signed_in = {name for name, (_, _, who) in ROUTES.items() if who in OPEN[1:]}

    assert anybody == set(ANYBODY), "Give the route auth=may(…), or say here why it is open."
    assert signed_in == set(SIGNED_IN), "Give the route auth=may(…), or say here why it needs none."
    assert len(ROUTES) > 250


def test_every_permission_has_a_name_and_says_what_it_does():
    for name, (method, _, permission) in ROUTES.items():
        if permission in OPEN:
            continue
        kind, _, action = permission.partition(":")
        assert kind in TYPES, f"{name}: name the type {kind} in accounts/roles.py"
        assert action in ACTIONS, f"{name}: name the action {action} in accounts/roles.py"
        if method != "get":
            assert action != "read" or name in READS_BY_POST, f"{name} changes with {permission}"


def test_the_matrix_is_what_the_roles_say():
    """The guard of each route, asked by each role and by nobody."""
    wrong = []
    for name, guards in api.guards().items():
        _, _, permission = ROUTES[name]
        for role, builtin in BUILTIN.items():
            asked = [*(() if permission in OPEN else (permission,)), *_further(guards)]
            said = all(allows(builtin.permissions, one) for one in asked)
            if _passes(guards, set(builtin.permissions)) != said:
                wrong.append(f"{name}: {role}")
        if _passes(guards, None) != (permission == "anybody"):
            wrong.append(f"{name}: nobody")
    assert wrong == []


def _further(guards):
    return [permission for guard in guards for permission in guard.also]


def _passes(guards, permissions):
    request: Any = RequestFactory().get("/")
    known = permissions is not None
    request.user = SimpleNamespace(id=uuid4(), must_change_password=False) if known else None
    request.session_id, request.permissions = (uuid4() if known else None), permissions or set()
    request.sight = Sight(uuid4(), frozenset(permissions or ())) if known else None
    try:
        for guard in guards:
            guard(request)
    except (Forbidden, Unauthenticated):
        return False
    return True


def test_roles_keep_their_distance():
    """What must stay apart whatever is added to the lists of a role."""

    def may(role, *permissions):
        return [p for p in permissions if allows(BUILTIN[role].permissions, p)]

    keys = ("user:create", "user:edit", "user:delete", "role:create", "role:edit", "role:delete")
    for role in BUILTIN:
        if role != ADMIN:
            assert may(role, *keys) == [], role
    for role in ("sales", "purchasing", "warehouse", "hr", "viewer"):
        assert may(role, "audit:read", "journal_entry:post", "period:lock", "bill:post") == [], role
    changing = [p for m, _, p in ROUTES.values() if m != "get" and p not in OPEN]
    assert may("viewer", *changing) == []


def _filled(path):
    return re.sub(r"\{[^}]+\}", lambda _: str(uuid4()), path)


def test_the_server_refuses_as_the_matrix_says(db):
    """The same through the whole server: nobody, and somebody whose role permits nothing."""
    nobody, powerless = ApiClient(), ApiClient(a_user("powerless"))
    wrong = []
    # The same code answers on both engines; the slower one is asked now and then.
    step = 10 if connection.vendor == "mongodb" else 1
    for name, (method, path, permission) in list(ROUTES.items())[::step]:
        if permission == "anybody":
            continue
        answers = [nobody.generic(method.upper(), _filled(path)).status_code]
        expected = [401]
        if permission not in OPEN:
            answers.append(powerless.generic(method.upper(), _filled(path)).status_code)
            expected.append(403)
        if answers != expected:
            wrong.append((name, answers))
    assert wrong == []


@pytest.mark.parametrize("limits", [(), ("view:read",)])
def test_what_belongs_to_somebody_else_is_not_found(db, amal, limits):
    """An id of another person's token, session or view opens nothing, even where ids are known."""
    owner = ApiClient(amal)
    view = {"list_key": "products", "name": "Mine", "state": {"sort": "sku"}}
    saved = owner.post("/api/views", view)
    assert saved.status_code == 201, saved.content
    token = owner.get("/api/auth/tokens").json()["items"][0]["id"]
    other = ApiClient(a_user("other", "view:read", "view:edit"), *limits)

    for path in (f"/api/views/{saved.json()['id']}", f"/api/auth/tokens/{token}"):
        assert other.delete(path).status_code in (403, 404), path
    assert other.patch(f"/api/views/{saved.json()['id']}", {"name": "Theirs"}).status_code == 404
    assert owner.get("/api/views?list_key=products").json()["items"][0]["name"] == "Mine"
    assert len(owner.get("/api/auth/tokens").json()["items"]) == 1
