"""Which answers may be kept: found out from the routes themselves, so that nobody can forget it.

A route may be kept when it only reads, says who may call it, and its code takes nothing from the
request but who asks and what that person may do, and from the clock nothing but the business
day. What looks at `request.user` is kept for each user apart. Anything else is asked every time.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from ninja import NinjaAPI
from ninja.operation import Operation

from alawael.accounts.permissions import _Signed
from alawael.cache.wiring import Route

#: Of no use to keep, though it would be right: they change while one looks, or are secret.
ASKED_EVERY_TIME = (
    "/auth/", "/audit", "/health", "/imports", "/jobs", "/operations", "/security", "/setup",
    "/cache", "/metrics",
)  # fmt: skip
#: What a view may do with its request without depending on more than it says.
_HARMLESS_ATTRIBUTES = {"permissions", "sight", "GET"}
_HARMLESS_CALLS = {"page", "language_of", "require", "with_etag"}
_CLOCK = {"now"}


class NotKept(Exception):
    """Why the answers of a view are not kept."""


def kept_routes(api: NinjaAPI) -> dict[str, Route]:
    """The routes whose answers may be kept, by their pattern in Django's manner."""
    found = {}
    for path, operation in _reads(api):
        if path.startswith(ASKED_EVERY_TIME) or not _is_guarded(operation):
            continue
        try:
            per_user = depends_on_user(operation.view_func)
        except NotKept:
            continue
        pattern = "api" + path.replace("{", "<").replace("}", ">")
        found[pattern] = Route(str(operation.operation_id), per_user)
    return found


def depends_on_user(view: Callable[..., Any]) -> bool:
    """Whether the view looks at who asks. Raises NotKept when it looks at more than that."""
    return _looks_at_user(inspect.unwrap(view), set())


def _reads(api: NinjaAPI) -> Iterator[tuple[str, Operation]]:
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                if operation.methods == ["GET"]:
                    yield f"{router.prefix}{path}", operation


def _is_guarded(operation: Operation) -> bool:
    guards = operation.auth_callbacks
    return (
        len(guards) == 1
        and isinstance(guards[0], _Signed)
        and not guards[0].needs_session
        and guards[0].needs_own_password
    )


def _looks_at_user(view: Callable[..., Any], seen: set[Any]) -> bool:
    if view in seen:
        return False
    seen.add(view)
    tree = ast.parse(textwrap.dedent(inspect.getsource(view)))
    function = tree.body[0]
    if not isinstance(function, ast.FunctionDef) or not function.args.args:
        raise NotKept("It is no plain function.")
    request = function.args.args[0].arg
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    looks = False
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and _name(node.func) in _CLOCK:
            _refuse_finer_than_a_day(parents[node])
        if isinstance(node, ast.Name) and node.id == request:
            looks |= _use_of_request(node, parents[node], view, seen)
        elif isinstance(node, ast.Call) and not _is_given(request, node):
            _follow_without_request(node, view, seen)
    return looks


def _use_of_request(
    node: ast.Name, parent: ast.AST, view: Callable[..., Any], seen: set[Any]
) -> bool:
    if isinstance(parent, ast.Attribute):
        if parent.attr == "user":
            return True
        if parent.attr in _HARMLESS_ATTRIBUTES:
            return False
        raise NotKept(f"It reads request.{parent.attr}.")
    if isinstance(parent, ast.Call):
        if _name(parent.func) in _HARMLESS_CALLS:
            return False
        helper = _function(parent.func, view)
        if helper is not None and parent.args[:1] == [node]:
            return _looks_at_user(helper, seen)
    raise NotKept("It gives its request away.")


def _follow_without_request(call: ast.Call, view: Callable[..., Any], seen: set[Any]) -> None:
    """A helper beside the view may read the clock for it."""
    helper = _function(call.func, view)
    if helper is None or helper in seen or helper.__module__ != view.__module__:
        return
    seen.add(helper)
    tree = ast.parse(textwrap.dedent(inspect.getsource(helper)))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in _CLOCK:
            _refuse_finer_than_a_day(parents[node])
        elif isinstance(node, ast.Call):
            _follow_without_request(node, helper, seen)


def _refuse_finer_than_a_day(parent: ast.AST) -> None:
    if not (isinstance(parent, ast.Call) and _name(parent.func) == "business_day"):
        raise NotKept("It reads the clock.")


def _function(called: ast.expr, view: Callable[..., Any]) -> Callable[..., Any] | None:
    """The function of ours that is called by its bare name."""
    if not isinstance(called, ast.Name):
        return None
    found = inspect.unwrap(view).__globals__.get(called.id)
    is_ours = inspect.isfunction(found) and found.__module__.startswith("alawael.")
    return inspect.unwrap(found) if is_ours else None


def _is_given(request: str, call: ast.Call) -> bool:
    return any(isinstance(given, ast.Name) and given.id == request for given in call.args)


def _name(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""
