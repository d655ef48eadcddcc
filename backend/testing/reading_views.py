"""What the answer of a view depends on, read from its code.

Only as good as reading code can be: it follows what it understands and refuses everything else. So
it serves a test that looks for mistakes (tests/test_kept_answers.py), and the program does not rely
on it.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

#: What a view may do with its request without depending on more than it says.
_HARMLESS_ATTRIBUTES = {"permissions", "sight", "GET"}
_HARMLESS_CALLS = {"page", "language_of", "require", "with_etag"}
_CLOCK = {"now"}


class DependsOnMore(Exception):
    """What else the view looks at than who asks and what that person may do."""


def depends_on_user(view: Callable[..., Any]) -> bool:
    """Whether the view looks at who asks. Raises DependsOnMore when it looks at more."""
    return _looks_at_user(inspect.unwrap(view), set())


def _looks_at_user(view: Callable[..., Any], seen: set[Any]) -> bool:
    if view in seen:
        return False
    seen.add(view)
    tree = ast.parse(textwrap.dedent(inspect.getsource(view)))
    function = tree.body[0]
    if not isinstance(function, ast.FunctionDef) or not function.args.args:
        raise DependsOnMore("It is no plain function.")
    request = function.args.args[0].arg
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    looks = False
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and _name(node.func) in _CLOCK:
            _refuse_finer_than_a_day(parents[node])
        if isinstance(node, ast.Name) and node.id == request:
            parent = parents[node]
            around = parents[parent]
            looks |= _use_of_request(node, parent, around, view, seen)
            looks |= _names_the_person(parent, around)
        elif isinstance(node, ast.Call) and not _is_given(request, node):
            _follow_without_request(node, view, seen)
    return looks


def _names_the_person(parent: ast.AST, around: ast.AST) -> bool:
    """`request.sight.user_id`: what one may see is shared with others, who one is is not."""
    return (
        isinstance(parent, ast.Attribute)
        and isinstance(around, ast.Attribute)
        and (parent.attr, around.attr) == ("sight", "user_id")
    )


def _use_of_request(
    node: ast.Name, parent: ast.AST, around: ast.AST, view: Callable[..., Any], seen: set[Any]
) -> bool:
    if isinstance(parent, ast.Attribute):
        if parent.attr == "user":
            return _is_looked_at(parent, around, view)
        if parent.attr in _HARMLESS_ATTRIBUTES:
            return False
        raise DependsOnMore(f"It reads request.{parent.attr}.")
    if isinstance(parent, ast.Call):
        if _name(parent.func) in _HARMLESS_CALLS:
            return False
        helper = _function(parent.func, view)
        if helper is not None and parent.args[:1] == [node]:
            return _looks_at_user(helper, seen)
    raise DependsOnMore("It gives its request away.")


def _is_looked_at(value: ast.AST, around: ast.AST, view: Callable[..., Any]) -> bool:
    """Whether a value is used at all: not when it is only handed to functions of ours that ignore
    it, as those do that once chose rows by the user and leave that to the caller's sight."""
    if not isinstance(around, ast.Call) or value not in around.args:
        return True
    helper = _function(around.func, view)
    if helper is None:
        return True
    tree = ast.parse(textwrap.dedent(inspect.getsource(helper)))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    named = tree.body[0].args.args[around.args.index(value)].arg  # type: ignore[attr-defined]
    uses = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == named]
    return any(_is_looked_at(use, parents[use], helper) for use in uses)


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
        raise DependsOnMore("It reads the clock.")


def _function(called: ast.expr, view: Callable[..., Any]) -> Callable[..., Any] | None:
    """The function of ours that is called by its name, or by that of its module."""
    known = inspect.unwrap(view).__globals__
    if isinstance(called, ast.Name):
        found = known.get(called.id)
    elif isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        module = known.get(called.value.id)
        found = getattr(module, called.attr, None) if inspect.ismodule(module) else None
    else:
        return None
    is_ours = inspect.isfunction(found) and found.__module__.startswith("alawael.")
    return inspect.unwrap(found) if is_ours else None


def _is_given(request: str, call: ast.Call) -> bool:
    return any(isinstance(given, ast.Name) and given.id == request for given in call.args)


def _name(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""
