"""Which answers may be kept: those of the operations that stand here, and of no others.

Whoever adds a route that only reads puts it into one of the two lists, or leaves it out: then it is
asked every time, which is always right. tests/test_kept_answers.py reads the code of each route and
fails when one stands here that depends on more than its list says, and when one was forgotten.
"""

from collections.abc import Iterator

from ninja import NinjaAPI
from ninja.operation import Operation

from alawael.accounts.permissions import _Signed
from alawael.cache.wiring import Route

#: The same question has the same answer for all who may, and see, the same. It depends on nothing
#: but the path and its query, the language, the business day and what is in the database.
KEPT = frozenset(
    {
        # accounts
        "list_permissions",
        "list_roles",
        "list_users",
        "read_role",
        "read_user",
        # analytics
        "dashboard",
        # catalog
        "list_categories",
        "list_price_lists",
        "list_prices",
        "list_products",
        "list_units",
        "quote_price",
        "read_category",
        "read_category_tree",
        "read_price_list",
        "read_product",
        "read_product_by_barcode",
        "read_unit",
        # exchange
        "download_import_template",
        "list_import_profiles",
        # invoicing
        "list_bills",
        "list_invoices",
        "payables_ageing",
        "print_invoice",
        "read_bill",
        "read_invoice",
        "read_invoice_xml",
        "read_invoicing_settings",
        "receivables_ageing",
        "statement_of_account",
        "vat_return",
        # ledger
        "list_account_roles",
        "list_accounts",
        "list_fiscal_years",
        "list_journal_entries",
        "list_periods",
        "read_account",
        "read_journal_entry",
        "read_journal_entry_by_number",
        "read_period",
        "report_balance_sheet",
        "report_general_ledger",
        "report_profit_and_loss",
        "report_trial_balance",
        # operations
        "list_access_choices",
        # parties
        "list_own_bank_accounts",
        "list_parties",
        "list_party_bank_accounts",
        "list_salespeople",
        "read_company",
        "read_party",
        # payments
        "list_bank_statements",
        "list_money_accounts",
        "list_payments",
        "payments_of_document",
        "propose_matches",
        "read_bank_statement",
        "read_payment",
        "suggest_allocations",
        # purchasing
        "goods_received_not_billed",
        "list_enquiries",
        "list_purchase_orders",
        "list_receipts",
        "list_requisitions",
        "list_supplier_products",
        "list_supplier_returns",
        "read_purchasing_settings",
        # sales
        "list_backorders",
        "list_customer_returns",
        "list_sales_orders",
        "list_shipments",
        "read_credit_exposure",
        "read_sales_availability",
        "read_sales_settings",
        # stock
        "list_count_lines",
        "list_count_schedules",
        "list_counts",
        "list_locations",
        "list_lots",
        "list_replenishment",
        "list_stock_adjustments",
        "list_stock_balances",
        "list_stock_moves",
        "list_transfers",
        "list_warehouses",
        "read_location",
        "read_reorder_point",
        "read_stock_availability",
        "read_stock_card",
        "read_stock_item",
        "read_stock_settings",
        "read_stock_valuation",
        "read_warehouse",
        "trace_lot",
    }
)
#: The answer depends on who asks as well: on what only its author may not do with a document, or
#: on views of one's own.
KEPT_FOR_EACH_USER = frozenset(
    {
        # purchasing
        "read_bill_check",
        "read_enquiry",
        "read_purchase_order",
        "read_receipt",
        "read_requisition",
        "read_supplier_return",
        # sales
        "read_customer_return",
        "read_sales_order",
        "read_shipment",
        # views
        "list_views",
    }
)


def kept_routes(api: NinjaAPI) -> dict[str, Route]:
    """The routes whose answers may be kept, by their pattern in Django's manner."""
    return {
        "api" + path.replace("{", "<").replace("}", ">"): Route(
            name, per_user=name in KEPT_FOR_EACH_USER
        )
        for name, path, operation in reads(api)
        if name in KEPT | KEPT_FOR_EACH_USER and is_guarded(operation)
    }


def reads(api: NinjaAPI) -> Iterator[tuple[str, str, Operation]]:
    """Every operation that only reads: its id, its path and itself."""
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                if operation.methods == ["GET"]:
                    yield str(operation.operation_id), f"{router.prefix}{path}", operation


def is_guarded(operation: Operation) -> bool:
    """Whether it says itself who may ask, and that a token is enough to know them."""
    guards = operation.auth_callbacks
    return (
        len(guards) == 1
        and isinstance(guards[0], _Signed)
        and not guards[0].needs_session
        and guards[0].needs_own_password
    )
