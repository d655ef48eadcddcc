"""What a machine can see of our rules in a module's source. Each finds the lines that break one."""

import ast
from collections.abc import Iterator
from pathlib import Path

BACKEND = Path(__file__).resolve().parents[1]
ALAWAEL = BACKEND / "alawael"

WRITES = {
    "create",
    "bulk_create",
    "get_or_create",
    "update_or_create",
    "update",
    "bulk_update",
    "save",
    "delete",
    "_raw_delete",
}
CLOCK = {"now", "today", "utcnow", "localdate", "localtime"}
BREAKING = {"RemoveField", "DeleteModel", "RenameField", "RenameModel", "AlterModelTable", "RunSQL"}
SCHEMAS = {"In", "Out", "Schema", "ListQuery"}


def domains() -> list[Path]:
    return sorted(folder for folder in ALAWAEL.iterdir() if (folder / "__init__.py").exists())


def modules(*patterns: str) -> list[Path]:
    """Our modules, tests aside, that match one of the patterns (`*/api.py`)."""
    found = {path for pattern in patterns for path in ALAWAEL.glob(pattern)}
    return sorted(path for path in found if "tests" not in path.parts)


def writes(tree: ast.AST) -> list[int]:
    """Lines that write to the database."""
    return [call.lineno for call, name in _methods(tree) if name in WRITES and _is_query(call)]


def clock_readings(tree: ast.AST) -> list[int]:
    """Lines that ask what time it is, or leave it to the database column to ask."""
    names = {
        node.lineno for node in ast.walk(tree) if isinstance(node, ast.expr) and _is_clock(node)
    }
    return sorted(names | {call.lineno for call in _calls(tree) if _sets_time_by_itself(call)})


def manager_uses(tree: ast.AST) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_base_manager")
    ]


def vague_who_and_when(tree: ast.AST) -> list[str]:
    """Public functions whose by, at or on can be left out or given by position."""
    found = []
    for function in _functions(tree):
        positional = [argument.arg for argument in function.args.posonlyargs + function.args.args]
        optional = [
            argument.arg
            for argument, default in zip(
                function.args.kwonlyargs, function.args.kw_defaults, strict=True
            )
            if default is not None
        ]
        vague = sorted({"by", "at", "on"} & {*positional, *optional})
        if vague and not function.name.startswith("_"):
            found.append(f"{function.name}({', '.join(vague)})")
    return found


def signals(tree: ast.AST) -> list[int]:
    """Imports of Django's signals. What follows a change is announced by a row."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom | ast.Import)
        and any("signals" in name or name.endswith("dispatch.receiver") for name in _imported(node))
    ]


def overrides(tree: ast.AST) -> list[str]:
    """Methods that change what Django's own verbs do."""
    return [
        f"{owner.name}.{item.name}"
        for owner in _classes(tree)
        for item in owner.body
        if isinstance(item, ast.FunctionDef) and item.name in ("save", "delete", "full_clean")
    ]


def default_orders(tree: ast.AST) -> list[int]:
    """`ordering` in a model's Meta: a cost that every query pays and nobody sees."""
    return [
        item.lineno
        for owner in _classes(tree)
        if owner.name == "Meta"
        for item in owner.body
        if isinstance(item, ast.Assign)
        and any(isinstance(name, ast.Name) and name.id == "ordering" for name in item.targets)
    ]


def inexact_fields(tree: ast.AST) -> list[int]:
    """Columns that SQLite keeps as a float."""
    return [call.lineno for call, name in _methods(tree) if name in ("DecimalField", "FloatField")]


def breaking_operations(tree: ast.AST) -> list[str]:
    return [name for _, name in _methods(tree) if name in BREAKING]


def columns_without_default(tree: ast.AST) -> list[str]:
    """New columns that the release before this one could not fill."""
    found = []
    for call, name in _methods(tree):
        if name != "AddField":
            continue
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        field = given.get("field")
        if not isinstance(field, ast.Call) or _name(field.func) == "ManyToManyField":
            continue
        options = {keyword.arg: keyword.value for keyword in field.keywords}
        nullable = options.get("null")
        if "db_default" in options or (isinstance(nullable, ast.Constant) and nullable.value):
            continue
        found.append(ast.unparse(given["name"]))
    return found


def named_types(tree: ast.AST) -> list[str]:
    """Schemas and choices: their names end up in OpenAPI, where a second one replaces the first."""
    return [
        owner.name
        for owner in _classes(tree)
        if any(
            _name(base) in SCHEMAS or _name(base).endswith("Choices")
            for base in map(_without_parameters, owner.bases)
        )
    ]


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _methods(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Calls of attributes, with the attribute's name: `migrations.AddField(…)`."""
    return ((call, call.func.attr) for call in _calls(tree) if isinstance(call.func, ast.Attribute))


def _classes(tree: ast.AST) -> Iterator[ast.ClassDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.iter_child_nodes(tree) if isinstance(node, ast.FunctionDef))


def _is_query(call: ast.Call) -> bool:
    """A query set is updated with keywords, a dictionary is not; a route may be called delete."""
    method = call.func
    if not isinstance(method, ast.Attribute):
        return False
    if isinstance(method.value, ast.Name) and method.value.id in ("router", "services"):
        return False
    return method.attr != "update" or bool(call.keywords)


def _is_clock(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in CLOCK
    return (
        isinstance(node, ast.Attribute)
        and node.attr in CLOCK
        and _name(node.value) in ("timezone", "datetime", "date", "dt", "clock")
    )


def _sets_time_by_itself(call: ast.Call) -> bool:
    return any(keyword.arg in ("auto_now", "auto_now_add") for keyword in call.keywords)


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    prefix = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
    return [f"{prefix}{alias.name}" for alias in node.names]


def _without_parameters(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Subscript) else node


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
