"""The roles that come with the program, and what types and actions are called."""

from typing import Any, NamedTuple

from alawael.accounts.models import ADMIN
from alawael.core.errors import Text


class BuiltinRole(NamedTuple):
    name: Text
    permissions: tuple[str, ...]


def _all(*types: str) -> tuple[str, ...]:
    return tuple(f"{kind}:*" for kind in types)


def _read(*types: str) -> tuple[str, ...]:
    return tuple(f"{kind}:read" for kind in types)


def _keep(*types: str) -> tuple[str, ...]:
    """Read, create and edit, but neither delete nor post."""
    return tuple(f"{kind}:{action}" for kind in types for action in ("read", "create", "edit"))


_CATALOG = ("product", "category", "unit", "price_list")
_BOOKS = ("account", "period", "journal_entry")
#: What everybody who signs in works with.
_DESK = ("company:read", "file:read", "file:create", *_all("view"))

BUILTIN: dict[str, BuiltinRole] = {
    ADMIN: BuiltinRole(Text("Administrator", "مدير النظام"), ("*",)),
    "manager": BuiltinRole(
        Text("Manager", "مدير"),
        (
            *_all(*_CATALOG, "party", "invoice", "journal_entry", "import", "file", "view"),
            *_read("account", "period", "company", "user", "role", "job", "audit"),
            *_all("report"),
        ),
    ),
    "sales": BuiltinRole(
        Text("Sales", "المبيعات"),
        (*_read(*_CATALOG), *_keep("party", "invoice"), "invoice:post", "report:read", *_DESK),
    ),
    "purchasing": BuiltinRole(
        Text("Purchasing", "المشتريات"),
        (*_keep("product", "category", "unit", "party"), *_read("price_list", "report"), *_DESK),
    ),
    "warehouse": BuiltinRole(
        Text("Warehouse", "المستودع"),
        (*_read(*_CATALOG, "party"), *_DESK),
    ),
    "finance": BuiltinRole(
        Text("Finance", "المالية"),
        (
            *_all(*_BOOKS, "invoice", "report", "import", "file"),
            *_keep("party"),
            *_read(*_CATALOG, "company", "audit", "job"),
            *_all("view"),
        ),
    ),
    "hr": BuiltinRole(
        Text("Human resources", "الموارد البشرية"),
        (*_read("user", "role", "report"), *_DESK),
    ),
    "viewer": BuiltinRole(
        Text("Viewer", "مطّلع"),
        (
            *_read(*_CATALOG, "party", *_BOOKS, "invoice", "report", "company", "file"),
            *_all("view"),
        ),
    ),
}

TYPES: dict[str, Text] = {
    "account": Text("Chart of accounts", "دليل الحسابات"),
    "audit": Text("Audit trail", "سجل التدقيق"),
    "category": Text("Categories", "الفئات"),
    "company": Text("Company", "الشركة"),
    "dashboard": Text("Dashboard", "لوحة المعلومات"),
    "export": Text("Exports", "التصدير"),
    "file": Text("Files", "الملفات"),
    "import": Text("Imports", "الاستيراد"),
    "invoice": Text("Invoices", "الفواتير"),
    "job": Text("Background jobs", "المهام الخلفية"),
    "journal_entry": Text("Journal entries", "القيود اليومية"),
    "party": Text("Customers and suppliers", "العملاء والموردون"),
    "period": Text("Fiscal periods", "الفترات المالية"),
    "price_list": Text("Price lists", "قوائم الأسعار"),
    "product": Text("Products", "المنتجات"),
    "report": Text("Reports", "التقارير"),
    "role": Text("Roles", "الأدوار"),
    "unit": Text("Units", "الوحدات"),
    "user": Text("Users", "المستخدمون"),
    "view": Text("Saved views", "طرق العرض المحفوظة"),
}

ACTIONS: dict[str, Text] = {
    "*": Text("everything", "كل شيء"),
    "close": Text("close", "إقفال"),
    "create": Text("create", "إنشاء"),
    "credit": Text("credit", "إصدار إشعار دائن"),
    "delete": Text("remove", "حذف"),
    "edit": Text("edit", "تعديل"),
    "export": Text("export", "تصدير"),
    "lock": Text("lock", "قفل"),
    "manage": Text("manage", "إدارة"),
    "post": Text("post", "ترحيل"),
    "read": Text("see", "عرض"),
    "reopen": Text("reopen", "إعادة فتح"),
    "reverse": Text("reverse", "عكس"),
    "undo": Text("undo", "تراجع"),
    "unlock": Text("unlock", "فتح القفل"),
}


def described(permission: str) -> dict[str, Any]:
    """A permission with what people call its type and its action."""
    kind, _, action = permission.partition(":")
    type_name = TYPES.get(kind) or Text(_spaced(kind), _spaced(kind))
    action_name = ACTIONS.get(action) or Text(_spaced(action), _spaced(action))
    return {
        "permission": permission,
        "type": kind,
        "action": action,
        "type_en": type_name.en,
        "type_ar": type_name.ar,
        "action_en": action_name.en,
        "action_ar": action_name.ar,
    }


def _spaced(key: str) -> str:
    return key.replace("_", " ")
