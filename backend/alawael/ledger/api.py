from collections.abc import Iterable
from dataclasses import fields
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Query, Router, Status

from alawael.accounts.permissions import SignedInRequest, may
from alawael.core.clock import business_day, now
from alawael.core.errors import Text, one_error
from alawael.core.http import expected_version, language_of, with_etag
from alawael.core.paging import Listing, ListQuery
from alawael.core.schemas import PROBLEMS, Page, file_answer
from alawael.core.search_text import matches
from alawael.core.sight import COSTS
from alawael.core.unit_of_work import rehearse
from alawael.ledger import chart_services, period_services, queries, reports, services
from alawael.ledger.books import Posting
from alawael.ledger.csv_files import csv_answer
from alawael.ledger.models import Account, FiscalYear, JournalEntry, LedgerRole, Period
from alawael.ledger.schemas import (
    AccountChange,
    AccountIn,
    AccountNode,
    AccountOut,
    AccountQuery,
    AccountRoleIn,
    AccountRoleOut,
    BalanceSheetOut,
    BalanceSheetQuery,
    FiscalYearIn,
    FiscalYearOut,
    GeneralLedgerOut,
    GeneralLedgerQuery,
    JournalEntryIn,
    JournalEntryOut,
    JournalEntryQuery,
    JournalEntryRow,
    PeriodOut,
    PeriodQuery,
    ProfitAndLossOut,
    ReportQuery,
    ReversalIn,
    TrialBalanceOut,
    TrialBalanceQuery,
)

router = Router()

#: Reports answer JSON, or with `format=csv` a table.
AS_CSV_TOO = file_answer("text/csv")

ACCOUNTS = Listing(
    AccountOut,
    sorts={"code": "code", "name_en": "name_en", "name_ar": "name_ar", "id": "id"},
    default_sort="code",
    search=matches,
)
FISCAL_YEARS = Listing(FiscalYearOut, sorts={"year": "year"}, default_sort="-year")
PERIODS = Listing(PeriodOut, sorts={"starts_on": "starts_on"}, default_sort="-starts_on")
ENTRIES = Listing(
    JournalEntryRow,
    sorts={"number": "number", "date": "date", "total": "total", "id": "id"},
    default_sort="-number",
    search=matches,
)


@router.get(
    "/accounts",
    auth=may("account:read"),
    response={200: Page[AccountOut], **PROBLEMS},
    operation_id="list_accounts",
    summary="The chart of accounts, page by page",
)
def list_accounts(
    request: SignedInRequest, query: Query[AccountQuery]
) -> dict[str, Any] | HttpResponse:
    wanted = query.dict(include={"type", "is_group", "is_active", "parent_id", "code"})
    rows = queries.accounts().filter(**_given(wanted))
    return ACCOUNTS.page(request, rows, query)


@router.get(
    "/accounts/tree",
    auth=may("account:read"),
    response={200: list[AccountNode], **PROBLEMS},
    operation_id="read_account_tree",
    summary="The whole chart of accounts as a tree",
)
def read_account_tree(request: SignedInRequest) -> list[AccountNode]:
    nodes = {
        account.pk: AccountNode.model_validate(account, context={"request": request})
        for account in queries.accounts()
    }
    tops: list[AccountNode] = []
    for node in nodes.values():
        parent = nodes.get(node.parent_id) if node.parent_id else None
        (parent.children if parent else tops).append(node)
    return tops


@router.post(
    "/accounts",
    auth=may("account:create"),
    response={201: AccountOut, **PROBLEMS},
    operation_id="create_account",
    summary="Add an account",
)
def create_account(
    request: SignedInRequest, response: HttpResponse, payload: AccountIn
) -> Status[Account]:
    account = chart_services.create_account(
        _account_values(payload.dict()), by=request.user, at=now()
    )
    with_etag(response, account)
    return Status(201, account)


@router.get(
    "/accounts/{account_id}",
    auth=may("account:read"),
    response={200: AccountOut, **PROBLEMS},
    operation_id="read_account",
    summary="Read an account",
)
def read_account(request: SignedInRequest, response: HttpResponse, account_id: UUID) -> Account:
    account = queries.account(account_id)
    with_etag(response, account)
    return account


@router.patch(
    "/accounts/{account_id}",
    auth=may("account:edit"),
    response={200: AccountOut, **PROBLEMS},
    operation_id="change_account",
    summary="Change an account",
)
def change_account(
    request: SignedInRequest, response: HttpResponse, account_id: UUID, payload: AccountChange
) -> Account:
    account = chart_services.change_account(
        queries.account(account_id),
        _account_values(payload.changes()),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    with_etag(response, account)
    return account


@router.delete(
    "/accounts/{account_id}",
    auth=may("account:delete"),
    response={204: None, **PROBLEMS},
    operation_id="deactivate_account",
    summary="Put an account out of use",
)
def deactivate_account(request: SignedInRequest, account_id: UUID) -> Status[None]:
    chart_services.deactivate_account(
        queries.account(account_id),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    return Status(204, None)


@router.get(
    "/account-roles",
    auth=may("account:read"),
    response={200: list[AccountRoleOut], **PROBLEMS},
    operation_id="list_account_roles",
    summary="Which account the program's postings use for what",
)
def list_account_roles(request: SignedInRequest) -> list[dict[str, Any]]:
    present = {row.role: row for row in queries.account_roles()}
    return [_role(role, present.get(role)) for role in LedgerRole]


@router.put(
    "/account-roles/{role}",
    auth=may("account:edit"),
    response={200: AccountRoleOut, **PROBLEMS},
    operation_id="assign_account_role",
    summary="Use another account for a role",
)
def assign_account_role(
    request: SignedInRequest, response: HttpResponse, role: LedgerRole, payload: AccountRoleIn
) -> dict[str, Any]:
    assigned = chart_services.assign_role(
        role,
        _account_named(payload.account_id, "/account_id"),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    with_etag(response, assigned)
    return _role(role, assigned)


@router.get(
    "/fiscal-years",
    auth=may("period:read"),
    response={200: Page[FiscalYearOut], **PROBLEMS},
    operation_id="list_fiscal_years",
    summary="Fiscal years, the newest first",
)
def list_fiscal_years(
    request: SignedInRequest, query: Query[ListQuery]
) -> dict[str, Any] | HttpResponse:
    return FISCAL_YEARS.page(request, queries.fiscal_years(), query)


@router.post(
    "/fiscal-years",
    auth=may("period:create"),
    response={201: FiscalYearOut, **PROBLEMS},
    operation_id="open_fiscal_year",
    summary="Open a fiscal year with its twelve periods",
)
def open_fiscal_year(request: SignedInRequest, payload: FiscalYearIn) -> Status[FiscalYear]:
    opened = period_services.open_fiscal_year(
        payload.year, first_month=payload.first_month, by=request.user, at=now()
    )
    return Status(201, opened)


@router.get(
    "/periods",
    auth=may("period:read"),
    response={200: Page[PeriodOut], **PROBLEMS},
    operation_id="list_periods",
    summary="Periods, the newest first",
)
def list_periods(
    request: SignedInRequest, query: Query[PeriodQuery]
) -> dict[str, Any] | HttpResponse:
    wanted = {"fiscal_year__year": query.year, "state": query.state}
    return PERIODS.page(request, queries.periods().filter(**_given(wanted)), query)


@router.get(
    "/periods/{period_id}",
    auth=may("period:read"),
    response={200: PeriodOut, **PROBLEMS},
    operation_id="read_period",
    summary="Read a period",
)
def read_period(request: SignedInRequest, response: HttpResponse, period_id: UUID) -> Period:
    period = queries.period(period_id)
    with_etag(response, period)
    return period


@router.post(
    "/periods/{period_id}/close",
    auth=may("period:close"),
    response={200: PeriodOut, **PROBLEMS},
    operation_id="close_period",
    summary="Let nothing more be posted into a period",
)
def close_period(request: SignedInRequest, response: HttpResponse, period_id: UUID) -> Period:
    return _move(request, response, period_id, period_services.close_period)


@router.post(
    "/periods/{period_id}/reopen",
    auth=may("period:reopen"),
    response={200: PeriodOut, **PROBLEMS},
    operation_id="reopen_period",
    summary="Let entries be posted into a closed period again",
)
def reopen_period(request: SignedInRequest, response: HttpResponse, period_id: UUID) -> Period:
    return _move(request, response, period_id, period_services.reopen_period)


@router.post(
    "/periods/{period_id}/lock",
    auth=may("period:lock"),
    response={200: PeriodOut, **PROBLEMS},
    operation_id="lock_period",
    summary="Close a period for good",
)
def lock_period(request: SignedInRequest, response: HttpResponse, period_id: UUID) -> Period:
    return _move(request, response, period_id, period_services.lock_period)


@router.get(
    "/journal-entries",
    auth=may("journal_entry:read", whole_company=True, also=[COSTS]),
    response={200: Page[JournalEntryRow], **PROBLEMS},
    operation_id="list_journal_entries",
    summary="Journal entries, the newest first",
)
def list_journal_entries(
    request: SignedInRequest, query: Query[JournalEntryQuery]
) -> dict[str, Any] | HttpResponse:
    wanted = {
        "date__gte": query.date_from,
        "date__lte": query.date_to,
        "kind": query.kind,
        "number": query.number,
        "source_id": query.source_id,
    }
    rows = queries.entries().filter(**_given(wanted))
    if query.account_id or query.party_id:
        rows = queries.entries_touching(rows, account_id=query.account_id, party_id=query.party_id)
    return ENTRIES.page(request, rows, query)


@router.post(
    "/journal-entries",
    auth=may("journal_entry:create", whole_company=True, also=[COSTS]),
    response={200: JournalEntryOut, 201: JournalEntryOut, **PROBLEMS},
    operation_id="post_journal_entry",
    summary="Post an entry; with dry_run only show it",
)
def post_journal_entry(
    request: SignedInRequest, payload: JournalEntryIn, dry_run: bool = False
) -> Status[dict[str, Any]]:
    lines, at = _postings(payload), now()

    def posted() -> dict[str, Any]:
        entry = services.post_by_hand(
            lines, on=payload.date, memo=payload.memo, kind=payload.kind, by=request.user, at=at
        )
        return _entry(entry)

    return Status(200, rehearse(posted)) if dry_run else Status(201, posted())


@router.get(
    "/journal-entries/by-number/{number}",
    auth=may("journal_entry:read", whole_company=True, also=[COSTS]),
    response={200: JournalEntryOut, **PROBLEMS},
    operation_id="read_journal_entry_by_number",
    summary="Read the entry with a number",
)
def read_journal_entry_by_number(request: SignedInRequest, number: int) -> dict[str, Any]:
    return _entry(queries.entry_with_number(number))


@router.get(
    "/journal-entries/{entry_id}",
    auth=may("journal_entry:read", whole_company=True, also=[COSTS]),
    response={200: JournalEntryOut, **PROBLEMS},
    operation_id="read_journal_entry",
    summary="Read an entry with its lines",
)
def read_journal_entry(request: SignedInRequest, entry_id: UUID) -> dict[str, Any]:
    return _entry(queries.entry(entry_id))


@router.post(
    "/journal-entries/{entry_id}/reverse",
    auth=may("journal_entry:reverse", whole_company=True, also=[COSTS]),
    response={200: JournalEntryOut, 201: JournalEntryOut, **PROBLEMS},
    operation_id="reverse_journal_entry",
    summary="Undo an entry by its mirror image; with dry_run only show it",
)
def reverse_journal_entry(
    request: SignedInRequest, entry_id: UUID, payload: ReversalIn, dry_run: bool = False
) -> Status[dict[str, Any]]:
    original, at = queries.entry(entry_id), now()

    def reversed_() -> dict[str, Any]:
        entry = services.reverse_by_hand(
            original,
            on=payload.date or business_day(at),
            memo=payload.memo,
            by=request.user,
            at=at,
        )
        return _entry(entry)

    return Status(200, rehearse(reversed_)) if dry_run else Status(201, reversed_())


@router.get(
    "/reports/trial-balance",
    auth=may("report:read", whole_company=True, also=[COSTS]),
    response={200: TrialBalanceOut, **PROBLEMS},
    operation_id="report_trial_balance",
    openapi_extra=AS_CSV_TOO,
    summary="Opening, movement and closing of every account",
)
def report_trial_balance(request: SignedInRequest, query: Query[TrialBalanceQuery]) -> Any:
    report = reports.trial_balance(query.first, query.last, with_zero=query.include_zero)
    if query.format == "json":
        return report
    return _csv(request, "trial-balance", reports.TrialBalanceRow, report.rows)


@router.get(
    "/reports/general-ledger",
    auth=may("report:read", whole_company=True, also=[COSTS]),
    response={200: GeneralLedgerOut, **PROBLEMS},
    operation_id="report_general_ledger",
    openapi_extra=AS_CSV_TOO,
    summary="The lines of an account with the balance after each",
)
def report_general_ledger(request: SignedInRequest, query: Query[GeneralLedgerQuery]) -> Any:
    account = queries.account_called(query.account)
    span = (account, query.first, query.last)
    if query.format == "json":
        return reports.general_ledger(
            *span, party_id=query.party_id, after=query.after, limit=query.limit
        )
    rows = reports.all_ledger_rows(*span, party_id=query.party_id)
    return _csv(request, f"general-ledger-{account.code}", reports.LedgerRow, rows)


@router.get(
    "/reports/profit-and-loss",
    auth=may("report:read", whole_company=True, also=[COSTS]),
    response={200: ProfitAndLossOut, **PROBLEMS},
    operation_id="report_profit_and_loss",
    openapi_extra=AS_CSV_TOO,
    summary="Revenue and expenses",
)
def report_profit_and_loss(request: SignedInRequest, query: Query[ReportQuery]) -> Any:
    report = reports.profit_and_loss(query.first, query.last)
    if query.format == "json":
        return report
    return _csv(request, "profit-and-loss", reports.AmountRow, [*report.revenue, *report.expenses])


@router.get(
    "/reports/balance-sheet",
    auth=may("report:read", whole_company=True, also=[COSTS]),
    response={200: BalanceSheetOut, **PROBLEMS},
    operation_id="report_balance_sheet",
    openapi_extra=AS_CSV_TOO,
    summary="What is owned and owed at the end of a day",
)
def report_balance_sheet(request: SignedInRequest, query: Query[BalanceSheetQuery]) -> Any:
    report = reports.balance_sheet(query.on)
    if query.format == "json":
        return report
    rows = [*report.assets, *report.liabilities, *report.equity, *report.unclosed_profits()]
    return _csv(request, "balance-sheet", reports.AmountRow, rows)


def _given(wanted: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if value is not None}


def _account_values(values: dict[str, Any]) -> dict[str, Any]:
    if "parent_id" in values:
        parent_id = values.pop("parent_id")
        values["parent"] = _account_named(parent_id, "/parent_id") if parent_id else None
    return values


def _account_named(account_id: UUID, pointer: str) -> Account:
    """An account that the body names: an unknown one is a wrong place in it, not a 404."""
    account = queries.accounts().filter(pk=account_id).first()
    if account is None:
        words = Text("There is no such account.", "لا يوجد حساب كهذا.")
        raise one_error(pointer, "unknown_account", words)
    return account


def _role(role: LedgerRole, row: Any) -> dict[str, Any]:
    if row is None:
        return {"role": role}
    return {
        "role": role,
        "version": row.version,
        "account_id": row.account.pk,
        "account_code": row.account.code,
        "account_name_en": row.account.name_en,
        "account_name_ar": row.account.name_ar,
    }


def _move(request: SignedInRequest, response: HttpResponse, period_id: UUID, verb: Any) -> Period:
    period = queries.period(period_id)
    version = expected_version(request)
    verb(period, expected_version=version, by=request.user, at=now())
    with_etag(response, period)
    return period


def _postings(payload: JournalEntryIn) -> list[Posting]:
    return [
        Posting(
            # The service reads the account itself; here only its id is known.
            Account(pk=line.account_id),
            debit=line.debit,
            credit=line.credit,
            party_id=line.party_id,
            memo=line.memo,
            currency=line.currency,
            amount_currency=line.amount_currency,
        )
        for line in payload.lines
    ]


def _entry(entry: JournalEntry) -> dict[str, Any]:
    reversal = queries.reversal_of(entry)
    return {
        **{field.attname: getattr(entry, field.attname) for field in entry._meta.concrete_fields},
        "reverses_number": entry.reverses.number if entry.reverses else None,
        "reversed_by_id": reversal.pk if reversal else None,
        "reversed_by_number": reversal.number if reversal else None,
        "lines": list(queries.lines_of(entry)),
    }


HEADINGS = {
    "code": Text("Account", "الحساب"),
    "name_en": Text("Name (English)", "الاسم (إنجليزي)"),
    "name_ar": Text("Name (Arabic)", "الاسم (عربي)"),
    "type": Text("Type", "النوع"),
    "level": Text("Level", "المستوى"),
    "is_group": Text("Group", "رئيسي"),
    "opening_debit": Text("Opening debit", "مدين افتتاحي"),
    "opening_credit": Text("Opening credit", "دائن افتتاحي"),
    "debit": Text("Debit", "مدين"),
    "credit": Text("Credit", "دائن"),
    "closing_debit": Text("Closing debit", "مدين ختامي"),
    "closing_credit": Text("Closing credit", "دائن ختامي"),
    "amount": Text("Amount", "المبلغ"),
    "date": Text("Date", "التاريخ"),
    "entry_number": Text("Entry", "رقم القيد"),
    "kind": Text("Kind", "نوع القيد"),
    "memo": Text("Memo", "البيان"),
    "account_code": Text("Account", "الحساب"),
    "source_type": Text("Document type", "نوع المستند"),
    "source_number": Text("Document", "المستند"),
    "party_code": Text("Party", "الطرف"),
    "party_name_en": Text("Party name (English)", "اسم الطرف (إنجليزي)"),
    "party_name_ar": Text("Party name (Arabic)", "اسم الطرف (عربي)"),
    "balance": Text("Balance", "الرصيد"),
    "currency": Text("Currency", "العملة"),
    "amount_currency": Text("Amount in currency", "المبلغ بالعملة"),
}


def _csv(request: HttpRequest, name: str, shape: Any, rows: Iterable[Any]) -> HttpResponseBase:
    columns = [column.name for column in fields(shape)]
    header = [HEADINGS[column].within(language_of(request)) for column in columns]
    cells = ([getattr(row, column) for column in columns] for row in rows)
    return csv_answer(name, header, cells)
