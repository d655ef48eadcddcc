from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Field, FileEx, Form, FormEx, P, Query, Router, Schema, Status
from ninja.files import UploadedFile

from alawael.accounts.permissions import SignedInRequest, may
from alawael.core.clock import business_day, now
from alawael.core.errors import Text, one_error
from alawael.core.http import expected_version, with_etag
from alawael.core.money import ZERO
from alawael.core.paging import Listing, ListQuery
from alawael.core.schemas import PROBLEMS, Day, In, MoneyText, Page
from alawael.core.search_text import matches
from alawael.invoicing.models import Invoice
from alawael.ledger import queries as ledger
from alawael.ledger.models import Account
from alawael.parties import queries as parties
from alawael.parties.models import BankAccount
from alawael.payments import advances, bank, charges, matching, queries, services
from alawael.payments.models import (
    Allocation,
    BankLine,
    BankStatement,
    Payment,
    PaymentKind,
    PaymentMethod,
    PaymentSide,
    PaymentState,
    StatementFormat,
)
from alawael.payments.schemas import (
    AllocateIn,
    AllocationIn,
    AllocationOut,
    BankLineOut,
    BankStatementOut,
    BankStatementRow,
    BounceIn,
    ChargeIn,
    CurrencyCode,
    ImportedStatementOut,
    LinePaymentIn,
    MatchIn,
    MatchProposalOut,
    MoneyAccountOut,
    PaymentChange,
    PaymentDayIn,
    PaymentIn,
    PaymentOut,
    PaymentRow,
    PostAdvanceIn,
    PostPaymentIn,
    RefundIn,
    SuggestionOut,
    TakeBackIn,
)
from alawael.payments.services import AllocationWish
from alawael.payments.statement_files import CsvColumns
from alawael.stock.previews import DryRun, preview
from alawael.stock.schemas import CommandPreview

router = Router()

MOST_BYTES = 5 * 1024 * 1024
PAYMENTS = Listing(
    PaymentRow,
    sorts={
        "id": "id",
        "number": "number",
        "paid_on": "paid_on",
        "amount": "amount_base",
        "party": "party_name_en",
    },
    default_sort="-paid_on",
    search=matches,
)


class PaymentQuery(ListQuery):
    kind: PaymentKind | None = None
    side: PaymentSide | None = None
    state: PaymentState | None = None
    method: PaymentMethod | None = None
    party_id: UUID | None = None
    account_id: UUID | None = None
    paid_from: Day | None = None
    paid_to: Day | None = None
    is_matched: bool | None = Field(None, description="Confirmed by a bank statement.")
    is_unallocated: bool | None = Field(None, description="Posted, and not wholly used.")


@router.get(
    "/payments",
    auth=may("payment:read"),
    response={200: Page[PaymentRow], **PROBLEMS},
    operation_id="list_payments",
    summary="Receipts and payments, latest first",
)
def list_payments(
    request: SignedInRequest, query: Query[PaymentQuery]
) -> dict[str, Any] | HttpResponse:
    rows = queries.filtered(
        queries.payments_for(request.user),
        **query.dict(
            include={
                "kind", "side", "state", "method", "party_id", "account_id",
                "paid_from", "paid_to", "is_matched", "is_unallocated",
            }
        ),
    )  # fmt: skip
    return PAYMENTS.page(request, rows, query)


@router.post(
    "/payments",
    auth=may("payment:create"),
    response={201: PaymentOut, **PROBLEMS},
    operation_id="draft_payment",
    summary="Write down money that came or went",
)
def draft_payment(
    request: SignedInRequest, response: HttpResponse, payload: PaymentIn
) -> Status[Payment]:
    payment = services.draft_payment(
        parties.party(payload.party_id),
        account=ledger.account(payload.account_id),
        bank_account=_bank_account(payload.bank_account_id),
        **payload.dict(exclude={"party_id", "account_id", "bank_account_id"}),
        by=request.user,
        at=now(),
    )
    return Status(201, _answer(request, response, payment.pk))


class SuggestionQuery(Schema):
    party_id: UUID
    kind: PaymentKind
    side: PaymentSide | None = None
    amount: MoneyText = Field(ZERO, ge=0)
    currency: CurrencyCode = "SAR"


@router.get(
    "/payments/suggestion",
    auth=may("payment:read"),
    response={200: SuggestionOut, **PROBLEMS},
    operation_id="suggest_allocations",
    summary="What a payment would answer: an exact document, then the oldest due",
)
def suggest_allocations(request: SignedInRequest, query: Query[SuggestionQuery]) -> dict[str, Any]:
    usual = PaymentSide.CUSTOMER if query.kind == PaymentKind.RECEIPT else PaymentSide.SUPPLIER
    found = queries.suggestion(
        party_id=query.party_id,
        kind=query.kind,
        side=query.side or usual,
        currency=query.currency,
        amount=query.amount,
    )
    proposed = sum((proposal.amount for proposal in found), ZERO)
    return {
        "proposals": [_proposal(proposal) for proposal in found],
        "left": query.amount - proposed,
    }


@router.get(
    "/payments/accounts",
    auth=may("payment:read"),
    response={200: list[MoneyAccountOut], **PROBLEMS},
    operation_id="list_money_accounts",
    summary="The bank and cash accounts",
)
def list_money_accounts(request: SignedInRequest) -> list[Account]:
    return queries.money_accounts()


@router.get(
    "/payments/of-document/{document_id}",
    auth=may("payment:read"),
    response={200: list[AllocationOut], **PROBLEMS},
    operation_id="payments_of_document",
    summary="The payments that answer an invoice or bill",
)
def payments_of_document(request: SignedInRequest, document_id: UUID) -> list[Allocation]:
    return queries.allocations_to(document_id)


@router.get(
    "/payments/{payment_id}",
    auth=may("payment:read"),
    response={200: PaymentOut, **PROBLEMS},
    operation_id="read_payment",
    summary="One payment and what it answers",
)
def read_payment(request: SignedInRequest, response: HttpResponse, payment_id: UUID) -> Payment:
    return _answer(request, response, payment_id)


@router.patch(
    "/payments/{payment_id}",
    auth=may("payment:edit"),
    response={200: PaymentOut, **PROBLEMS},
    operation_id="edit_payment",
    summary="Change a draft",
)
def edit_payment(
    request: SignedInRequest, response: HttpResponse, payment_id: UUID, payload: PaymentChange
) -> Payment:
    services.edit_payment(
        queries.payment_for(request.user, payment_id),
        payload.dict(
            exclude={"party_id", "account_id", "bank_account_id"},
            exclude_unset=True,
            exclude_none=True,
        ),
        party=parties.party(payload.party_id) if payload.party_id else None,
        account=ledger.account(payload.account_id) if payload.account_id else None,
        bank_account=_bank_account(payload.bank_account_id),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    return _answer(request, response, payment_id)


@router.post(
    "/payments/{payment_id}/void",
    auth=may("payment:delete"),
    response={200: PaymentOut | CommandPreview, **PROBLEMS},
    operation_id="void_payment",
    summary="Throw a draft away",
)
def void_payment(
    request: SignedInRequest, response: HttpResponse, payment_id: UUID, query: Query[DryRun]
) -> Any:
    payment = queries.payment_for(request.user, payment_id)

    def void() -> Payment:
        version = expected_version(request)
        return services.void_payment(payment, expected_version=version, by=request.user, at=now())

    return _command(request, response, query, void)


@router.post(
    "/payments/{payment_id}/post",
    auth=may("payment:post"),
    response={200: PaymentOut | CommandPreview, **PROBLEMS},
    operation_id="post_payment",
    summary="Book a draft, and let it answer documents",
)
def post_payment(
    request: SignedInRequest,
    response: HttpResponse,
    payment_id: UUID,
    payload: PostPaymentIn,
    query: Query[DryRun],
) -> Any:
    payment = queries.payment_for(request.user, payment_id)

    def post() -> Payment:
        return services.post_payment(
            payment,
            _wishes(payload.allocations),
            expected_version=expected_version(request),
            by=request.user,
            at=now(),
        )

    return _command(request, response, query, post)


@router.post(
    "/payments/{payment_id}/post-advance",
    auth=may("payment:post"),
    response={200: PaymentOut | CommandPreview, **PROBLEMS},
    operation_id="post_advance",
    summary="Book a receipt as an advance, with its tax invoice",
)
def post_advance(
    request: SignedInRequest,
    response: HttpResponse,
    payment_id: UUID,
    payload: PostAdvanceIn,
    query: Query[DryRun],
) -> Any:
    payment = queries.payment_for(request.user, payment_id)

    def post() -> Payment:
        return advances.post_advance(
            payment,
            **payload.dict(),
            expected_version=expected_version(request),
            by=request.user,
            at=now(),
        )

    return _command(request, response, query, post)


@router.post(
    "/payments/{payment_id}/allocate",
    auth=may("payment:allocate"),
    response={200: PaymentOut | CommandPreview, **PROBLEMS},
    operation_id="allocate_payment",
    summary="Let what a payment has left answer documents",
)
def allocate_payment(
    request: SignedInRequest,
    response: HttpResponse,
    payment_id: UUID,
    payload: AllocateIn,
    query: Query[DryRun],
) -> Any:
    payment, at = queries.payment_for(request.user, payment_id), now()

    def allocate() -> Payment:
        services.allocate(
            payment,
            _wishes(payload.allocations),
            on=payload.on or business_day(at),
            expected_version=expected_version(request),
            by=request.user,
            at=at,
        )
        return payment

    return _command(request, response, query, allocate)


@router.post(
    "/payments/{payment_id}/allocations/{allocation_id}/unallocate",
    auth=may("payment:allocate"),
    response={200: PaymentOut | CommandPreview, **PROBLEMS},
    operation_id="unallocate_payment",
    summary="Take an allocation back",
)
def unallocate_payment(
    request: SignedInRequest,
    response: HttpResponse,
    payment_id: UUID,
    allocation_id: UUID,
    payload: PaymentDayIn,
    query: Query[DryRun],
) -> Any:
    allocation = queries.allocation_for(request.user, payment_id, allocation_id)
    at = now()

    def unallocate() -> Payment:
        return services.unallocate(
            allocation,
            on=payload.on or business_day(at),
            expected_version=expected_version(request),
            by=request.user,
            at=at,
        )

    return _command(request, response, query, unallocate)


@router.post(
    "/payments/{payment_id}/refund",
    auth=may("payment:post"),
    response={201: PaymentOut, 200: CommandPreview, **PROBLEMS},
    operation_id="refund_payment",
    summary="Give back what a payment or an advance has left",
)
def refund_payment(
    request: SignedInRequest,
    response: HttpResponse,
    payment_id: UUID,
    payload: RefundIn,
    query: Query[DryRun],
) -> Any:
    payment, at = queries.payment_for(request.user, payment_id), now()
    give_back = advances.refund_advance if payment.is_advance else services.refund

    def refund() -> Payment:
        return give_back(
            payment,
            payload.amount,
            method=payload.method,
            account=ledger.account(payload.account_id),
            on=payload.on or business_day(at),
            reference=payload.reference,
            expected_version=expected_version(request),
            by=request.user,
            at=at,
        )

    if query.dry_run:
        return Status(200, preview(refund))
    return Status(201, _answer(request, response, refund().pk))


@router.post(
    "/payments/{payment_id}/clear",
    auth=may("payment:match"),
    response={200: PaymentOut | CommandPreview, **PROBLEMS},
    operation_id="clear_cheque",
    summary="The bank has credited a received cheque",
)
def clear_cheque(
    request: SignedInRequest,
    response: HttpResponse,
    payment_id: UUID,
    payload: PaymentDayIn,
    query: Query[DryRun],
) -> Any:
    payment, at = queries.payment_for(request.user, payment_id), now()

    def clear() -> Payment:
        return services.clear_cheque(
            payment,
            on=payload.on or business_day(at),
            expected_version=expected_version(request),
            by=request.user,
            at=at,
        )

    return _command(request, response, query, clear)


@router.post(
    "/payments/{payment_id}/bounce",
    auth=may("payment:reverse"),
    response={200: PaymentOut | CommandPreview, **PROBLEMS},
    operation_id="bounce_payment",
    summary="The bank took it back; what it answered is open again",
)
def bounce_payment(
    request: SignedInRequest,
    response: HttpResponse,
    payment_id: UUID,
    payload: BounceIn,
    query: Query[DryRun],
) -> Any:
    payment, at = queries.payment_for(request.user, payment_id), now()

    def bounce() -> Payment:
        told: dict[str, Any] = {
            "reason": payload.reason,
            "fee": payload.fee,
            "on": payload.on or business_day(at),
            "expected_version": expected_version(request),
            "by": request.user,
            "at": at,
        }
        if payment.is_advance:
            return advances.take_back_advance(payment, to=PaymentState.BOUNCED, **told)
        return services.bounce(payment, **told)

    return _command(request, response, query, bounce)


@router.post(
    "/payments/{payment_id}/reverse",
    auth=may("payment:reverse"),
    response={200: PaymentOut | CommandPreview, **PROBLEMS},
    operation_id="reverse_payment",
    summary="Take a wrongly entered payment back",
)
def reverse_payment(
    request: SignedInRequest,
    response: HttpResponse,
    payment_id: UUID,
    payload: TakeBackIn,
    query: Query[DryRun],
) -> Any:
    payment, at = queries.payment_for(request.user, payment_id), now()

    def reverse() -> Payment:
        told: dict[str, Any] = {
            "reason": payload.reason,
            "on": payload.on or business_day(at),
            "expected_version": expected_version(request),
            "by": request.user,
            "at": at,
        }
        if payment.is_advance:
            return advances.take_back_advance(payment, to=PaymentState.REVERSED, **told)
        return services.reverse_payment(payment, **told)

    return _command(request, response, query, reverse)


BANK_STATEMENTS = Listing(
    BankStatementRow,
    sorts={"id": "id", "ends_on": "ends_on"},
    default_sort="-id",
    complete=queries.count_lines,
)


class BankStatementQuery(ListQuery):
    account_id: UUID | None = None


class BankColumns(In):
    """Headings of a CSV statement; what is left out is guessed."""

    date: str | None = Field(None, max_length=80)
    amount: str | None = Field(None, max_length=80)
    debit: str | None = Field(None, max_length=80)
    credit: str | None = Field(None, max_length=80)
    reference: str | None = Field(None, max_length=80)
    text: str | None = Field(None, max_length=80)
    counterparty: str | None = Field(None, max_length=80)
    iban: str | None = Field(None, max_length=80)
    day_format: str | None = Field(None, max_length=20, examples=["%d/%m/%Y"])


@router.get(
    "/bank-statements",
    auth=may("bank_statement:read", whole_company=True),
    response={200: Page[BankStatementRow], **PROBLEMS},
    operation_id="list_bank_statements",
    summary="Bank statements, latest first",
)
def list_bank_statements(
    request: SignedInRequest, query: Query[BankStatementQuery]
) -> dict[str, Any] | HttpResponse:
    rows = queries.statements_for(request.user)
    rows = queries.filtered_statements(rows, account_id=query.account_id)
    return BANK_STATEMENTS.page(request, rows, query)


@router.post(
    "/bank-statements",
    auth=may("bank_statement:create", whole_company=True),
    response={201: ImportedStatementOut, **PROBLEMS},
    operation_id="import_bank_statement",
    summary="Take in a statement: CSV, CAMT.053 or MT940",
)
def import_bank_statement(
    request: SignedInRequest,
    file: FileEx[UploadedFile, P(description="At most 5 MB.")],
    account_id: Form[UUID],
    format: Form[StatementFormat | None] = None,
    columns: FormEx[
        str | None, P(description="JSON: the headings of a CSV file (BankColumns).")
    ] = None,
) -> Status[dict[str, Any]]:
    imported = bank.import_statement(
        ledger.account(account_id),
        _content(file),
        file_name=file.name or "",
        kind=format,
        columns=_columns(columns),
        by=request.user,
        at=now(),
    )
    answer = {
        "statement": _whole(queries.statement_for(request.user, imported.statement.pk)),
        "is_new": imported.is_new,
        "lines_known": imported.lines_known,
    }
    return Status(201, answer)


@router.get(
    "/bank-statements/{statement_id}",
    auth=may("bank_statement:read", whole_company=True),
    response={200: BankStatementOut, **PROBLEMS},
    operation_id="read_bank_statement",
    summary="One bank statement with its lines",
)
def read_bank_statement(request: SignedInRequest, statement_id: UUID) -> BankStatement:
    return _whole(queries.statement_for(request.user, statement_id))


@router.get(
    "/bank-lines/{line_id}/proposals",
    auth=may("bank_statement:read", whole_company=True),
    response={200: list[MatchProposalOut], **PROBLEMS},
    operation_id="propose_matches",
    summary="The payments that a bank line may be",
)
def propose_matches(request: SignedInRequest, line_id: UUID) -> list[matching.MatchProposal]:
    line = queries.bank_line_for(request.user, line_id)
    return matching.proposals_for(
        line, matching.candidates_for(line), holders=queries.holders_of(line)
    )


@router.post(
    "/bank-lines/{line_id}/match",
    auth=may("bank_statement:match", whole_company=True),
    response={200: BankLineOut | CommandPreview, **PROBLEMS},
    operation_id="match_bank_line",
    summary="A bank line and a payment are the same",
)
def match_bank_line(
    request: SignedInRequest, line_id: UUID, payload: MatchIn, query: Query[DryRun]
) -> Any:
    line = queries.bank_line_for(request.user, line_id)
    payment = queries.payment_for(request.user, payload.payment_id)

    def match() -> BankLine:
        version = expected_version(request)
        return bank.match_bank(line, payment, expected_version=version, by=request.user, at=now())

    return preview(match) if query.dry_run else _line_answer(request, match())


@router.post(
    "/bank-lines/{line_id}/unmatch",
    auth=may("bank_statement:match", whole_company=True),
    response={200: BankLineOut | CommandPreview, **PROBLEMS},
    operation_id="unmatch_bank_line",
    summary="Take a match back",
)
def unmatch_bank_line(request: SignedInRequest, line_id: UUID, query: Query[DryRun]) -> Any:
    line = queries.bank_line_for(request.user, line_id)

    def unmatch() -> BankLine:
        version = expected_version(request)
        return bank.unmatch(line, expected_version=version, by=request.user, at=now())

    return preview(unmatch) if query.dry_run else _line_answer(request, unmatch())


@router.post(
    "/bank-lines/{line_id}/payment",
    auth=may("payment:post", whole_company=True),
    response={201: PaymentOut, 200: CommandPreview, **PROBLEMS},
    operation_id="pay_from_bank_line",
    summary="Post the payment that a bank line tells of, and match it",
)
def pay_from_bank_line(
    request: SignedInRequest,
    response: HttpResponse,
    line_id: UUID,
    payload: LinePaymentIn,
    query: Query[DryRun],
) -> Any:
    line = queries.bank_line_for(request.user, line_id)
    party = parties.party(payload.party_id)

    def pay() -> Payment:
        return bank.pay_from_line(
            line,
            party,
            _wishes(payload.allocations),
            method=payload.method,
            side=payload.side,
            exchange_rate=payload.exchange_rate,
            expected_version=expected_version(request),
            by=request.user,
            at=now(),
        )

    if query.dry_run:
        return Status(200, preview(pay))
    return Status(201, _answer(request, response, pay().pk))


@router.post(
    "/bank-lines/{line_id}/charge",
    auth=may("payment:post", whole_company=True),
    response={200: BankLineOut | CommandPreview, **PROBLEMS},
    operation_id="charge_bank_line",
    summary="Book a bank line as a fee or as interest, without a party",
)
def charge_bank_line(
    request: SignedInRequest, line_id: UUID, payload: ChargeIn, query: Query[DryRun]
) -> Any:
    line = queries.bank_line_for(request.user, line_id)
    account = ledger.account(payload.account_id) if payload.account_id else None

    def book() -> BankLine:
        return charges.book_charge(
            line,
            kind=payload.kind,
            has_vat=payload.has_vat,
            account=account,
            exchange_rate=payload.exchange_rate,
            expected_version=expected_version(request),
            by=request.user,
            at=now(),
        )

    return preview(book) if query.dry_run else _line_answer(request, book())


@router.post(
    "/bank-lines/{line_id}/take-back-charge",
    auth=may("payment:post", whole_company=True),
    response={200: BankLineOut | CommandPreview, **PROBLEMS},
    operation_id="take_back_bank_charge",
    summary="Take a booked fee or interest back; the line is open again",
)
def take_back_bank_charge(request: SignedInRequest, line_id: UUID, query: Query[DryRun]) -> Any:
    line = queries.bank_line_for(request.user, line_id)

    def take_back() -> BankLine:
        version = expected_version(request)
        return charges.take_back_charge(line, expected_version=version, by=request.user, at=now())

    return preview(take_back) if query.dry_run else _line_answer(request, take_back())


def _content(file: UploadedFile) -> bytes:
    if (file.size or 0) > MOST_BYTES:
        say = Text("A statement has at most 5 MB.", "أقصى حجم للكشف 5 ميغابايت.")
        raise one_error("/file", "file_too_large", say)
    content: bytes = file.read()
    return content


def _columns(sent: str | None) -> CsvColumns | None:
    if not sent:
        return None
    try:
        columns = BankColumns.model_validate_json(sent)
    except ValueError as error:
        say = Text("Send the headings as JSON.", "أرسل عناوين الأعمدة بصيغة JSON.")
        raise one_error("/columns", "no_columns", say) from error
    names = columns.dict(exclude={"day_format"}, exclude_none=True)
    return CsvColumns(names, columns.day_format)


def _bank_account(account_id: UUID | None) -> BankAccount | None:
    return parties.bank_account(account_id) if account_id else None


def _whole(statement: BankStatement) -> BankStatement:
    queries.count_lines([statement])
    return statement


def _line_answer(request: SignedInRequest, line: BankLine) -> BankLine:
    return queries.bank_line_for(request.user, line.pk)


def _wishes(allocations: Sequence[AllocationIn]) -> list[AllocationWish]:
    return [AllocationWish(**wanted.dict()) for wanted in allocations]


def _proposal(proposal: queries.Proposal) -> dict[str, Any]:
    document = proposal.document
    reference = document.reference if isinstance(document, Invoice) else document.supplier_number
    return {
        "document_type": document._meta.label_lower,
        "document_id": document.pk,
        "kind": document.kind,
        "number": document.number,
        "reference": reference,
        "issued_on": document.issued_on,
        "due_on": document.due_on,
        "currency": document.currency,
        "total": document.total,
        "open_amount": document.open_amount,
        "amount": proposal.amount,
    }


def _answer(request: SignedInRequest, response: HttpResponse, payment_id: UUID) -> Payment:
    payment = queries.payment_for(request.user, payment_id)
    with_etag(response, payment)
    return payment


def _command(
    request: SignedInRequest,
    response: HttpResponse,
    query: DryRun,
    command: Callable[[], Payment],
) -> Any:
    if query.dry_run:
        return preview(command)
    return _answer(request, response, command().pk)
