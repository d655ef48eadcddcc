"""The lists of what the response cache may keep say what the code says (config/cache_routes.py)."""

import re
import types
from pathlib import Path

import pytest

from alawael.core.ids import new_id
from alawael.invoicing import queries as invoicing
from alawael.views import queries as views
from config import api as api_module
from config.api import api
from config.cache_routes import KEPT, KEPT_FOR_EACH_USER, is_guarded, kept_routes, reads
from testing.reading_views import DependsOnMore, depends_on_user

#: It would be right to keep these, and of no use or unwise.
ASKED_EVERY_TIME = {
    "/audit": "read seldom, and to see what happened just now",
    "/auth/": "about one's own session, and secrets of it",
    "/cache": "changes while one looks",
    "/health": "a proxy wants to know how it is now",
    "/imports": "watched while they run",
    "/jobs": "watched while they run",
    "/metrics": "changes while one looks",
    "/operations": "changes while one looks",
    "/security": "watched during an attack",
    "/setup": "asked once",
    "/access": "asked to see what has just been changed",
}
READS = {name: (path, operation) for name, path, operation in reads(api)}


def reading(name):
    """What the code says: "kept", "for each user", or why the answer may not be kept."""
    _, operation = READS[name]
    if not is_guarded(operation):
        return "It says not who may ask, or wants more than a token."
    try:
        return "for each user" if depends_on_user(operation.view_func) else "kept"
    except DependsOnMore as more:
        return str(more)


@pytest.mark.parametrize("name", sorted(KEPT | KEPT_FOR_EACH_USER))
def test_what_is_kept_depends_on_no_more_than_its_list_says(name):
    assert name in READS, f"There is no operation {name} that only reads."
    assert reading(name) == ("for each user" if name in KEPT_FOR_EACH_USER else "kept")


def test_nothing_that_could_be_kept_was_forgotten():
    forgotten = {
        name: reading(name)
        for name, (path, _) in READS.items()
        if name not in KEPT | KEPT_FOR_EACH_USER
        and not path.startswith(tuple(ASKED_EVERY_TIME))
        and reading(name) in ("kept", "for each user")
    }
    assert not forgotten, f"Put these into config/cache_routes.py: {forgotten}"


def test_no_route_is_kept_unless_it_is_listed_and_guarded(monkeypatch):
    assert {route.operation for route in kept_routes(api).values()} == KEPT | KEPT_FOR_EACH_USER
    open_to_all = {name for name, (_, operation) in READS.items() if not is_guarded(operation)}
    monkeypatch.setattr("config.cache_routes.KEPT", frozenset({*open_to_all, "read_product"}))
    monkeypatch.setattr("config.cache_routes.KEPT_FOR_EACH_USER", frozenset())

    assert "health" in open_to_all
    assert [route.operation for route in kept_routes(api).values()] == ["read_product"]


def reads_header(request):
    return request.headers["X-Mood"]


def reads_clock(request):
    from alawael.core.clock import now

    return now()


def gives_away(request):
    return types.SimpleNamespace(request=request)


def for_its_reader(request):
    return request.user.name_en


def for_its_reader_by_sight(request):
    return request.sight.user_id


ALAWAEL = Path(api_module.__file__).parent.parent / "alawael"


def for_who_may(request):
    return sorted(request.permissions), request.sight, request.GET


def ignores_who_asks(request):
    return invoicing.invoice_for(request.user, new_id())


def looks_further_down(request):
    return views.views_for(request.user)


def test_schemas_look_at_rights_and_sight_alone():
    """The reader of code does not follow how an answer is written; this is all it may ask."""
    asked = {
        (path.parent.name, attribute)
        for path in Path(api_module.__file__).parent.parent.glob("alawael/*/*.py")
        for attribute in re.findall(r'\["request"\]\.(\w+)', path.read_text())
    }
    assert asked <= {
        ("invoicing", "permissions"),
        ("payments", "permissions"),
        ("accounts", "session_id"),  # one's own sessions, never kept
    }


def test_rights_are_looked_at_one_by_one():
    """An answer is shared by those for whom it looked at the same rights with the same replies, so
    each look must be noted (accounts/asked_rights.py): `allows` does, a set does not."""
    looks = {
        (path.relative_to(ALAWAEL).as_posix(), line.strip())
        for path in ALAWAEL.rglob("*.py")
        if "tests" not in path.parts and path.parts[-2] not in ("accounts", "operations")
        for line in path.read_text().splitlines()
        if ".permissions" in line.partition("#")[0] and "allows(" not in line
    }
    assert {one for one in looks if " import " not in one[1]} == {
        # Each asks `allows` of it further down.
        ("invoicing/schemas.py", 'held = context["request"].permissions'),
        ("payments/schemas.py", 'held = context["request"].permissions'),
        ("purchasing/routes.py", "return Reader(request.user.pk, request.permissions)"),
        ("sales/api.py", "return reading.Caller(request.user.pk, request.permissions)"),
        # The permissions that fields ask for, none of a person's.
        ("core/sight.py", "self.permissions.add(permission)"),
    }


def test_the_reader_of_code_sees_what_a_view_looks_at():
    for view in (reads_header, reads_clock, gives_away):
        with pytest.raises(DependsOnMore):
            depends_on_user(view)
    assert depends_on_user(for_its_reader)
    assert depends_on_user(for_its_reader_by_sight)
    assert depends_on_user(looks_further_down)
    assert not depends_on_user(for_who_may)
    assert not depends_on_user(ignores_who_asks)
