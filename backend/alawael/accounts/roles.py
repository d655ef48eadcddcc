"""The roles that come with the program, and what types and actions are called."""

from typing import Any, NamedTuple

from alawael.accounts.models import ADMIN
from alawael.core.errors import Text
from alawael.core.sight import COSTS


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
_STOCK = ("warehouse", "stock", "transfer", "count")
_PURCHASING = ("requisition", "enquiry", "purchase_order", "receipt", "supplier_return")
_SALES = ("sales_order", "shipment", "customer_return")
_MONEY = ("bill", "payment", "bank_statement")
#: Bank accounts, and numbers of persons, which lists show only by their end.
_SEALED = ("bank_account", "personal_id")
#: What everybody who signs in works with.
_DESK = ("company:read", "file:read", "file:create", *_all("view"))

BUILTIN: dict[str, BuiltinRole] = {
    ADMIN: BuiltinRole(Text("Administrator", "مدير النظام"), ("*",)),
    "manager": BuiltinRole(
        Text("Manager", "مدير"),
        (
            *_all(*_CATALOG, "party", "invoice", "journal_entry", "import", "file", "view"),
            *_all(*_STOCK, *_PURCHASING, *_SALES, *_MONEY, *_SEALED),
            *_read("account", "period", "company", "user", "role", "job", "audit"),
            *_all("report"),
            COSTS,
        ),
    ),
    "sales": BuiltinRole(
        Text("Sales", "المبيعات"),
        (
            *_read(*_CATALOG, *_STOCK, "payment"),
            *_keep("party", "invoice", *_SALES),
            "invoice:post",
            "sales_order:confirm",
            "sales_order:send",
            "sales_order:close",
            "sales_order:cancel",
            "shipment:cancel",
            "customer_return:cancel",
            "report:read",
            *_DESK,
        ),
    ),
    "purchasing": BuiltinRole(
        Text("Purchasing", "المشتريات"),
        (
            *_keep("product", "category", "unit", "party", *_PURCHASING),
            *_read("price_list", "report", *_STOCK, "bill"),
            "requisition:submit",
            "requisition:close",
            "requisition:cancel",
            "enquiry:send",
            "enquiry:close",
            "purchase_order:submit",
            "purchase_order:send",
            "purchase_order:close",
            "purchase_order:cancel",
            "purchase_order:delete",
            "receipt:post",
            "supplier_return:post",
            COSTS,
            *_DESK,
        ),
    ),
    "warehouse": BuiltinRole(
        Text("Warehouse", "المستودع"),
        (
            *_read(*_CATALOG, "party", "sales_order", "purchase_order", "warehouse"),
            *_keep("stock", "transfer", "count", "receipt", "shipment", "customer_return"),
            *_keep("requisition"),
            "requisition:submit",
            "transfer:move",
            "transfer:cancel",
            "count:enter",
            "count:cancel",
            "receipt:post",
            "shipment:ship",
            "shipment:cancel",
            "customer_return:receive",
            "customer_return:cancel",
            *_DESK,
        ),
    ),
    "finance": BuiltinRole(
        Text("Finance", "المالية"),
        (
            *_all(*_BOOKS, *_MONEY, *_SEALED, "invoice", "report", "import", "file"),
            *_read(*_STOCK, *_PURCHASING, *_SALES),
            *_keep("party"),
            *_read(*_CATALOG, "company", "audit", "job"),
            *_all("view"),
            COSTS,
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
            *_read(*_STOCK, *_PURCHASING, *_SALES, *_MONEY),
            *_all("view"),
            COSTS,
        ),
    ),
}

TYPES: dict[str, Text] = {
    "account": Text("Chart of accounts", "دليل الحسابات"),
    "audit": Text("Audit trail", "سجل التدقيق"),
    "bank_account": Text("Bank accounts of parties", "الحسابات البنكية للأطراف"),
    "bank_statement": Text("Bank statements", "كشوف البنك"),
    "bill": Text("Supplier bills", "فواتير الموردين"),
    "cache": Text("Response cache", "ذاكرة الإجابات"),
    "category": Text("Categories", "الفئات"),
    "company": Text("Company", "الشركة"),
    "cost": Text("Costs and stock values", "التكاليف وقيم المخزون"),
    "count": Text("Stock counts", "جرد المخزون"),
    "customer_return": Text("Customer returns", "مرتجعات العملاء"),
    "dashboard": Text("Dashboard", "لوحة المعلومات"),
    "enquiry": Text("Requests for quotation", "طلبات عروض الأسعار"),
    "export": Text("Exports", "التصدير"),
    "file": Text("Files", "الملفات"),
    "import": Text("Imports", "الاستيراد"),
    "invoice": Text("Invoices", "الفواتير"),
    "job": Text("Background jobs", "المهام الخلفية"),
    "journal_entry": Text("Journal entries", "القيود اليومية"),
    "party": Text("Customers and suppliers", "العملاء والموردون"),
    "payment": Text("Payments", "المدفوعات"),
    "personal_id": Text("Personal ID numbers", "أرقام الهويات الشخصية"),
    "period": Text("Fiscal periods", "الفترات المالية"),
    "price_list": Text("Price lists", "قوائم الأسعار"),
    "product": Text("Products", "المنتجات"),
    "purchase_order": Text("Purchase orders", "أوامر الشراء"),
    "receipt": Text("Goods receipts", "سندات الاستلام"),
    "report": Text("Reports", "التقارير"),
    "requisition": Text("Purchase requisitions", "طلبات الشراء"),
    "role": Text("Roles", "الأدوار"),
    "sales_order": Text("Sales orders", "أوامر البيع"),
    "security": Text("Security events", "أحداث الأمان"),
    "shipment": Text("Shipments", "الشحنات"),
    "stock": Text("Stock", "المخزون"),
    "supplier_return": Text("Returns to suppliers", "مرتجعات الموردين"),
    "transfer": Text("Stock transfers", "تحويلات المخزون"),
    "unit": Text("Units", "الوحدات"),
    "user": Text("Users", "المستخدمون"),
    "view": Text("Saved views", "طرق العرض المحفوظة"),
    "warehouse": Text("Warehouses", "المستودعات"),
}

ACTIONS: dict[str, Text] = {
    "*": Text("everything", "كل شيء"),
    "adjust": Text("adjust", "تسوية"),
    "allocate": Text("allocate", "توزيع"),
    "approve": Text("approve", "اعتماد"),
    "backdate": Text("back-date", "إدخال بتاريخ سابق"),
    "cancel": Text("cancel", "إلغاء"),
    "close": Text("close", "إقفال"),
    "confirm": Text("confirm", "تأكيد"),
    "create": Text("create", "إنشاء"),
    "credit": Text("credit", "إصدار إشعار دائن"),
    "delete": Text("remove", "حذف"),
    "edit": Text("edit", "تعديل"),
    "enter": Text("enter counts", "إدخال الجرد"),
    "export": Text("export", "تصدير"),
    "lock": Text("lock", "قفل"),
    "manage": Text("manage", "إدارة"),
    "match": Text("match", "مطابقة"),
    "move": Text("move goods", "نقل البضاعة"),
    "post": Text("post", "ترحيل"),
    "read": Text("see", "عرض"),
    "receive": Text("receive", "استلام"),
    "reopen": Text("reopen", "إعادة فتح"),
    "reveal": Text("see in full", "عرض كامل"),
    "reverse": Text("reverse", "عكس"),
    "send": Text("send", "إرسال"),
    "ship": Text("ship", "شحن"),
    "submit": Text("submit", "تقديم"),
    "undo": Text("undo", "تراجع"),
    "unlock": Text("unlock", "فتح القفل"),
    "write_off": Text("write off", "شطب"),
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


def named(permission: str) -> dict[str, Any]:
    """What a refusal says of a permission: its key for programs, its words for people."""
    about = described(permission)
    if permission == "*":
        name, name_ar = ACTIONS["*"]
    else:
        name, name_ar = (f"{about[f'type_{ln}']}: {about[f'action_{ln}']}" for ln in ("en", "ar"))
    return {"permission": permission, "name": name, "name_ar": name_ar}


def _spaced(key: str) -> str:
    return key.replace("_", " ")
