from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Field, Query, Router, Schema, Status

from alawael.accounts.permissions import SignedInRequest, may
from alawael.core.clock import business_day, now
from alawael.core.http import expected_version, with_etag
from alawael.core.money import ZERO
from alawael.core.paging import Listing, ListQuery
from alawael.core.schemas import PROBLEMS, Day, Page, SpanQuery, file_answer
from alawael.core.search_text import matches
from alawael.core.sight import COSTS
from alawael.invoicing import bills, corrections, queries, services
from alawael.invoicing.advances import AdvanceUse
from alawael.invoicing.bill_lines import BillDraftLine
from alawael.invoicing.bill_schemas import (
    BillChange,
    BillIn,
    BillLineIn,
    BillOut,
    BillReasonIn,
    BillRow,
    DebitNoteIn,
    PostBillIn,
    ReverseBillIn,
)
from alawael.invoicing.document import InvoiceType, Kind
from alawael.invoicing.drafting import DraftLine
from alawael.invoicing.models import (
    Bill,
    BillKind,
    BillState,
    Invoice,
    InvoiceState,
    InvoicingSettings,
)
from alawael.invoicing.paperwork import issued_document_of, statement_of
from alawael.invoicing.printing import invoice_pdf, statement_pdf
from alawael.invoicing.schemas import (
    AdvanceUseIn,
    AgeingOut,
    CreditIn,
    InvoiceChange,
    InvoiceDebitIn,
    InvoiceIn,
    InvoiceLineIn,
    InvoiceOut,
    InvoiceRow,
    InvoicingSettingsOut,
    InvoicingSettingsPatch,
    NetIn,
    PostingPreview,
    StatementOut,
    VatReturnOut,
    WriteOffBackIn,
    WriteOffIn,
)
from alawael.parties import queries as parties
from alawael.stock.previews import DryRun, do, preview
from alawael.stock.schemas import CommandPreview

router = Router()

INVOICES = Listing(
    InvoiceRow,
    sorts={
        "id": "id",
        "number": "number",
        "issued_on": "issued_on",
        "due_on": "due_on",
        "total": "total_base",
        "customer": "customer_name_en",
    },
    default_sort="-issued_on",
    search=matches,
)


class InvoiceQuery(ListQuery):
    kind: Kind | None = None
    type: InvoiceType | None = None
    state: InvoiceState | None = None
    customer_id: UUID | None = None
    issued_from: Day | None = None
    issued_to: Day | None = None
    is_open: bool | None = Field(None, description="Not yet fully answered.")
    is_overdue: bool | None = Field(None, description="Open and past its due day.")


@router.get(
    "/invoices",
    auth=may("invoice:read"),
    response={200: Page[InvoiceRow], **PROBLEMS},
    operation_id="list_invoices",
    summary="Invoices and credit notes, latest first",
)
def list_invoices(
    request: SignedInRequest, query: Query[InvoiceQuery]
) -> dict[str, Any] | HttpResponse:
    rows = queries.filtered(
        queries.invoices_for(request.user),
        today=business_day(now()),
        **query.dict(
            include={
                "kind", "type", "state", "customer_id",
                "issued_from", "issued_to", "is_open", "is_overdue",
            }
        ),
    )  # fmt: skip
    return INVOICES.page(request, rows, query)


@router.post(
    "/invoices",
    auth=may("invoice:create"),
    response={201: InvoiceOut, **PROBLEMS},
    operation_id="draft_invoice",
    summary="Draft an invoice",
)
def draft_invoice(
    request: SignedInRequest, response: HttpResponse, payload: InvoiceIn
) -> Status[Invoice]:
    facts = payload.dict(exclude={"lines", "customer_id", "advances"}, exclude_unset=True)
    invoice = services.draft_invoice(
        parties.party(payload.customer_id),
        _draft_lines(payload.lines),
        advances=_advances(payload.advances),
        **facts,
        by=request.user,
        at=now(),
    )
    with_etag(response, invoice)
    return Status(201, queries.invoice_for(request.user, invoice.pk))


@router.get(
    "/invoices/{invoice_id}",
    auth=may("invoice:read"),
    response={200: InvoiceOut, **PROBLEMS},
    operation_id="read_invoice",
    summary="One invoice with lines, VAT and notes",
)
def read_invoice(request: SignedInRequest, response: HttpResponse, invoice_id: UUID) -> Invoice:
    invoice = queries.invoice_for(request.user, invoice_id)
    with_etag(response, invoice)
    return invoice


@router.patch(
    "/invoices/{invoice_id}",
    auth=may("invoice:edit"),
    response={200: InvoiceOut, **PROBLEMS},
    operation_id="edit_invoice",
    summary="Change a draft",
)
def edit_invoice(
    request: SignedInRequest, response: HttpResponse, invoice_id: UUID, payload: InvoiceChange
) -> Invoice:
    invoice = queries.invoice_for(request.user, invoice_id)
    changes = payload.dict(
        exclude={"lines", "customer_id", "advances"}, exclude_unset=True, exclude_none=True
    )
    customer = parties.party(payload.customer_id) if payload.customer_id else None
    services.edit_draft(
        invoice,
        changes,
        lines=_draft_lines(payload.lines) if payload.lines is not None else None,
        customer=customer,
        advances=_advances(payload.advances) if payload.advances is not None else None,
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    return _answer(request, response, invoice_id)


@router.delete(
    "/invoices/{invoice_id}",
    auth=may("invoice:delete"),
    response={204: None, **PROBLEMS},
    operation_id="discard_invoice",
    summary="Throw a draft away",
)
def discard_invoice(request: SignedInRequest, invoice_id: UUID) -> Status[None]:
    services.discard_draft(
        queries.invoice_for(request.user, invoice_id),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    return Status(204, None)


@router.post(
    "/invoices/{invoice_id}/post",
    auth=may("invoice:post"),
    response={200: InvoiceOut | PostingPreview, **PROBLEMS},
    operation_id="post_invoice",
    summary="Issue a draft; with dry_run, show what that would do",
)
def post_invoice(
    request: SignedInRequest, response: HttpResponse, invoice_id: UUID, query: Query[DryRun]
) -> Any:
    invoice = queries.invoice_for(request.user, invoice_id)

    def post() -> Invoice:
        return services.post_invoice(
            invoice, expected_version=expected_version(request), by=request.user, at=now()
        )

    if query.dry_run:
        return _preview(post)
    post()
    return _answer(request, response, invoice_id)


@router.post(
    "/invoices/{invoice_id}/credit",
    auth=may("invoice:credit"),
    response={201: InvoiceOut, 200: PostingPreview, **PROBLEMS},
    operation_id="credit_invoice",
    summary="Take an invoice back, wholly or in part, with a credit note",
)
def credit_invoice(
    request: SignedInRequest,
    response: HttpResponse,
    invoice_id: UUID,
    payload: CreditIn,
    query: Query[DryRun],
) -> Any:
    invoice = queries.invoice_for(request.user, invoice_id)
    lines = (
        None
        if payload.lines is None
        else [services.CreditLine(**line.dict()) for line in payload.lines]
    )

    def credit() -> Invoice:
        return services.credit_invoice(
            invoice,
            lines,
            reason=payload.reason,
            notes_en=payload.notes_en,
            notes_ar=payload.notes_ar,
            expected_version=expected_version(request),
            by=request.user,
            at=now(),
        )

    if query.dry_run:
        return Status(200, _preview(credit))
    note = credit()
    return Status(201, _answer(request, response, note.pk))


@router.post(
    "/invoices/{invoice_id}/debit",
    auth=may("invoice:credit"),
    response={201: InvoiceOut, 200: CommandPreview, **PROBLEMS},
    operation_id="debit_invoice",
    summary="Charge more for an invoice with a debit note",
)
def debit_invoice(
    request: SignedInRequest,
    response: HttpResponse,
    invoice_id: UUID,
    payload: InvoiceDebitIn,
    query: Query[DryRun],
) -> Any:
    invoice = queries.invoice_for(request.user, invoice_id)

    def debit() -> Invoice:
        return corrections.debit_invoice(
            invoice,
            _draft_lines(payload.lines),
            **payload.dict(exclude={"lines"}),
            expected_version=expected_version(request),
            by=request.user,
            at=now(),
        )

    if query.dry_run:
        return Status(200, preview(debit))
    return Status(201, _answer(request, response, debit().pk))


@router.post(
    "/invoices/{invoice_id}/write-off",
    auth=may("invoice:write_off"),
    response={200: InvoiceOut | CommandPreview, **PROBLEMS},
    operation_id="write_off_invoice",
    summary="Give up what will not be paid",
)
def write_off_invoice(
    request: SignedInRequest,
    response: HttpResponse,
    invoice_id: UUID,
    payload: WriteOffIn,
    query: Query[DryRun],
) -> Any:
    invoice = queries.invoice_for(request.user, invoice_id)
    at = now()

    def give_up() -> Any:
        return corrections.write_off(
            invoice,
            payload.amount or invoice.open_amount,
            reason=payload.reason,
            on=payload.on or business_day(at),
            expected_version=expected_version(request),
            by=request.user,
            at=at,
        )

    return _command(request, response, invoice_id, query, give_up)


@router.post(
    "/invoices/{invoice_id}/write-offs/{write_off_id}/take-back",
    auth=may("invoice:write_off"),
    response={200: InvoiceOut | CommandPreview, **PROBLEMS},
    operation_id="take_back_write_off",
    summary="The customer pays after all",
)
def take_back_write_off(
    request: SignedInRequest,
    response: HttpResponse,
    invoice_id: UUID,
    write_off_id: UUID,
    payload: WriteOffBackIn,
    query: Query[DryRun],
) -> Any:
    written, at = queries.write_off_for(request.user, invoice_id, write_off_id), now()

    def take_back() -> None:
        on = payload.on or business_day(at)
        corrections.take_back_write_off(written, on=on, by=request.user, at=at)

    return _command(request, response, invoice_id, query, take_back)


@router.post(
    "/invoices/{invoice_id}/net",
    auth=may("payment:allocate"),
    response={200: InvoiceOut | CommandPreview, **PROBLEMS},
    operation_id="net_credit_note",
    summary="Let a credit note answer another invoice of the customer",
)
def net_credit_note(
    request: SignedInRequest,
    response: HttpResponse,
    invoice_id: UUID,
    payload: NetIn,
    query: Query[DryRun],
) -> Any:
    note = queries.invoice_for(request.user, invoice_id)
    invoice = queries.invoice_for(request.user, payload.invoice_id)

    def net() -> None:
        corrections.net(note, invoice, payload.amount, by=request.user, at=now())

    return _command(request, response, invoice_id, query, net)


@router.get(
    "/invoicing-settings",
    auth=may("invoice:read"),
    response={200: InvoicingSettingsOut, **PROBLEMS},
    operation_id="read_invoicing_settings",
    summary="How the company deals with what it is owed",
)
def read_invoicing_settings(request: SignedInRequest, response: HttpResponse) -> InvoicingSettings:
    settings = queries.settings()
    with_etag(response, settings)
    return settings


@router.patch(
    "/invoicing-settings",
    auth=may("invoice:manage"),
    response={200: InvoicingSettingsOut, **PROBLEMS},
    operation_id="change_invoicing_settings",
    summary="Set the most that may be written off an invoice or bill",
)
def change_invoicing_settings(
    request: SignedInRequest, response: HttpResponse, payload: InvoicingSettingsPatch
) -> InvoicingSettings:
    settings = corrections.change_settings(
        queries.settings(),
        payload.dict(exclude_unset=True),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    with_etag(response, settings)
    return settings


@router.get(
    "/invoices/{invoice_id}/pdf",
    auth=may("invoice:read"),
    response=PROBLEMS,
    operation_id="print_invoice",
    openapi_extra=file_answer("application/pdf"),
    summary="The posted document as PDF/A with its XML inside",
)
def print_invoice(request: SignedInRequest, invoice_id: UUID) -> HttpResponse:
    invoice = queries.invoice_for(request.user, invoice_id)
    issued = queries.issued_document(invoice)
    pdf = invoice_pdf(issued_document_of(invoice, issued), xml=bytes(issued.xml))
    return _file(pdf, "application/pdf", f"{invoice.number}.pdf")


@router.get(
    "/invoices/{invoice_id}/xml",
    auth=may("invoice:read"),
    response=PROBLEMS,
    operation_id="read_invoice_xml",
    openapi_extra=file_answer("application/xml"),
    summary="The bytes that were issued (UBL 2.1)",
)
def read_invoice_xml(request: SignedInRequest, invoice_id: UUID) -> HttpResponse:
    invoice = queries.invoice_for(request.user, invoice_id)
    issued = queries.issued_document(invoice)
    return _file(bytes(issued.xml), "application/xml", f"{invoice.number}.xml")


class AgeingQuery(Schema):
    on: Day | None = Field(None, description="Seen from this day; today when left out.")
    party_id: UUID | None = None


@router.get(
    "/reports/receivables-ageing",
    auth=may("report:read"),
    response={200: AgeingOut, **PROBLEMS},
    operation_id="receivables_ageing",
    summary="Who owes what, by how long it is due",
)
def receivables_ageing(request: SignedInRequest, query: Query[AgeingQuery]) -> dict[str, Any]:
    on = query.on or business_day(now())
    return _ageing(
        queries.receivables_ageing(on=on, party_id=query.party_id, sight=request.sight), on
    )


@router.get(
    "/reports/payables-ageing",
    auth=may("report:read"),
    response={200: AgeingOut, **PROBLEMS},
    operation_id="payables_ageing",
    summary="Whom we owe what, by how long it is due",
)
def payables_ageing(request: SignedInRequest, query: Query[AgeingQuery]) -> dict[str, Any]:
    on = query.on or business_day(now())
    rows = queries.payables_ageing(on=on, party_id=query.party_id, sight=request.sight)
    return _ageing(rows, on)


@router.get(
    "/reports/vat-return",
    auth=may("report:read", whole_company=True, also=[COSTS]),
    response={200: VatReturnOut, **PROBLEMS},
    operation_id="vat_return",
    summary="The VAT return by box, with what is due",
)
def vat_return(request: SignedInRequest, query: Query[SpanQuery]) -> queries.VatReturn:
    return queries.vat_return(first=query.first, last=query.last)


class StatementQuery(SpanQuery):
    party_id: UUID


@router.get(
    "/reports/statement",
    auth=may("report:read"),
    response={200: StatementOut, **PROBLEMS},
    operation_id="statement_of_account",
    summary="A party's statement of account, as customer and supplier, with ageing",
)
def statement(request: SignedInRequest, query: Query[StatementQuery]) -> queries.StatementOfAccount:
    parties.party(query.party_id)
    return queries.statement(party_id=query.party_id, first=query.first, last=query.last)


@router.get(
    "/reports/statement/pdf",
    auth=may("report:read"),
    response=PROBLEMS,
    operation_id="print_statement",
    openapi_extra=file_answer("application/pdf"),
    summary="The statement of account as PDF",
)
def print_statement(request: SignedInRequest, query: Query[StatementQuery]) -> HttpResponse:
    party = parties.party(query.party_id)
    found = queries.statement(party_id=party.pk, first=query.first, last=query.last)
    pdf = statement_pdf(statement_of(found, party, parties.company(), made_at=now()))
    return _file(pdf, "application/pdf", f"statement-{party.code}.pdf")


BILLS = Listing(
    BillRow,
    sorts={
        "id": "id",
        "number": "number",
        "issued_on": "issued_on",
        "due_on": "due_on",
        "total": "total_base",
        "supplier": "supplier_name_en",
    },
    default_sort="-issued_on",
    search=matches,
)


class BillQuery(ListQuery):
    kind: BillKind | None = None
    state: BillState | None = None
    supplier_id: UUID | None = None
    source_id: UUID | None = Field(None, description="The order or receipt that is billed.")
    issued_from: Day | None = None
    issued_to: Day | None = None
    is_open: bool | None = Field(None, description="Posted and not yet fully answered.")
    is_overdue: bool | None = Field(None, description="Open and past its due day.")


@router.get(
    "/bills",
    auth=may("bill:read", also=[COSTS]),
    response={200: Page[BillRow], **PROBLEMS},
    operation_id="list_bills",
    summary="Suppliers' bills and notes, latest first",
)
def list_bills(request: SignedInRequest, query: Query[BillQuery]) -> dict[str, Any] | HttpResponse:
    rows = queries.filtered_bills(
        queries.bills_for(request.user),
        today=business_day(now()),
        **query.dict(
            include={
                "kind", "state", "supplier_id", "source_id",
                "issued_from", "issued_to", "is_open", "is_overdue",
            }
        ),
    )  # fmt: skip
    return BILLS.page(request, rows, query)


@router.post(
    "/bills",
    auth=may("bill:create", also=[COSTS]),
    response={201: BillOut, **PROBLEMS},
    operation_id="record_bill",
    summary="Write down a supplier's bill",
)
def record_bill(request: SignedInRequest, response: HttpResponse, payload: BillIn) -> Status[Bill]:
    bill = bills.record_bill(
        parties.party(payload.supplier_id),
        _bill_lines(payload.lines),
        **payload.dict(exclude={"lines", "supplier_id"}),
        by=request.user,
        at=now(),
    )
    return Status(201, _bill_answer(request, response, bill.pk))


@router.get(
    "/bills/{bill_id}",
    auth=may("bill:read", also=[COSTS]),
    response={200: BillOut, **PROBLEMS},
    operation_id="read_bill",
    summary="One bill with lines and VAT",
)
def read_bill(request: SignedInRequest, response: HttpResponse, bill_id: UUID) -> Bill:
    return _bill_answer(request, response, bill_id)


@router.patch(
    "/bills/{bill_id}",
    auth=may("bill:edit", also=[COSTS]),
    response={200: BillOut, **PROBLEMS},
    operation_id="edit_bill",
    summary="Change a draft",
)
def edit_bill(
    request: SignedInRequest, response: HttpResponse, bill_id: UUID, payload: BillChange
) -> Bill:
    bills.edit_bill(
        queries.bill_for(request.user, bill_id),
        payload.dict(exclude={"lines", "supplier_id"}, exclude_unset=True, exclude_none=True),
        lines=_bill_lines(payload.lines) if payload.lines is not None else None,
        supplier=parties.party(payload.supplier_id) if payload.supplier_id else None,
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    return _bill_answer(request, response, bill_id)


@router.post(
    "/bills/{bill_id}/post",
    auth=may("bill:post", also=[COSTS]),
    response={200: BillOut | CommandPreview, **PROBLEMS},
    operation_id="post_bill",
    summary="Book a bill without an order",
)
def post_bill(
    request: SignedInRequest,
    response: HttpResponse,
    bill_id: UUID,
    payload: PostBillIn,
    query: Query[DryRun],
) -> Any:
    bill = queries.bill_for(request.user, bill_id)

    def post() -> Bill:
        return bills.post_expense_bill(
            bill,
            on=payload.on or bill.issued_on,
            expected_version=expected_version(request),
            by=request.user,
            at=now(),
        )

    return _bill_command(request, response, bill_id, query, post)


@router.post(
    "/bills/{bill_id}/dispute",
    auth=may("bill:edit", also=[COSTS]),
    response={200: BillOut | CommandPreview, **PROBLEMS},
    operation_id="dispute_bill",
    summary="Hold a bill until the supplier has explained it",
)
def dispute_bill(
    request: SignedInRequest,
    response: HttpResponse,
    bill_id: UUID,
    payload: BillReasonIn,
    query: Query[DryRun],
) -> Any:
    bill = queries.bill_for(request.user, bill_id)

    def dispute() -> Bill:
        return bills.dispute_bill(
            bill,
            reason=payload.reason,
            expected_version=expected_version(request),
            by=request.user,
            at=now(),
        )

    return _bill_command(request, response, bill_id, query, dispute)


@router.post(
    "/bills/{bill_id}/settle-dispute",
    auth=may("bill:edit", also=[COSTS]),
    response={200: BillOut | CommandPreview, **PROBLEMS},
    operation_id="settle_bill_dispute",
    summary="The supplier has explained it",
)
def settle_bill_dispute(
    request: SignedInRequest, response: HttpResponse, bill_id: UUID, query: Query[DryRun]
) -> Any:
    return _plain_bill_command(request, response, bill_id, query, bills.settle_dispute)


@router.post(
    "/bills/{bill_id}/reopen",
    auth=may("bill:edit", also=[COSTS]),
    response={200: BillOut | CommandPreview, **PROBLEMS},
    operation_id="reopen_bill",
    summary="Make a matched or disputed bill a draft again",
)
def reopen_bill(
    request: SignedInRequest, response: HttpResponse, bill_id: UUID, query: Query[DryRun]
) -> Any:
    return _plain_bill_command(request, response, bill_id, query, bills.reopen_bill)


@router.post(
    "/bills/{bill_id}/void",
    auth=may("bill:delete", also=[COSTS]),
    response={200: BillOut | CommandPreview, **PROBLEMS},
    operation_id="void_bill",
    summary="Throw a draft away",
)
def void_bill(
    request: SignedInRequest, response: HttpResponse, bill_id: UUID, query: Query[DryRun]
) -> Any:
    return _plain_bill_command(request, response, bill_id, query, bills.void_bill)


@router.post(
    "/bills/{bill_id}/debit",
    auth=may("bill:create", also=[COSTS]),
    response={201: BillOut, 200: CommandPreview, **PROBLEMS},
    operation_id="draft_debit_note",
    summary="Write down what the supplier gives back of a bill",
)
def draft_debit_note(
    request: SignedInRequest,
    response: HttpResponse,
    bill_id: UUID,
    payload: DebitNoteIn,
    query: Query[DryRun],
) -> Any:
    bill = queries.bill_for(request.user, bill_id)
    wanted = payload.lines
    lines = None if wanted is None else [bills.DebitLine(**line.dict()) for line in wanted]

    def draft() -> Bill:
        return bills.draft_debit_note(
            bill, lines, **payload.dict(exclude={"lines"}), by=request.user, at=now()
        )

    if query.dry_run:
        return Status(200, preview(draft))
    return Status(201, _bill_answer(request, response, draft().pk))


@router.post(
    "/bills/{bill_id}/reverse",
    auth=may("bill:reverse", also=[COSTS]),
    response={200: BillOut | CommandPreview, **PROBLEMS},
    operation_id="reverse_bill",
    summary="Take a wrongly posted bill out of the books",
)
def reverse_bill(
    request: SignedInRequest,
    response: HttpResponse,
    bill_id: UUID,
    payload: ReverseBillIn,
    query: Query[DryRun],
) -> Any:
    bill = queries.bill_for(request.user, bill_id)
    bills.require_no_order(bill)

    def reverse() -> Any:
        return bills.reverse_bill(
            bill,
            on=payload.on or business_day(now()),
            reason=payload.reason,
            expected_version=expected_version(request),
            by=request.user,
            at=now(),
        )

    return _bill_command(request, response, bill_id, query, reverse)


@router.post(
    "/bills/{bill_id}/write-off",
    auth=may("bill:write_off", also=[COSTS]),
    response={200: BillOut | CommandPreview, **PROBLEMS},
    operation_id="write_off_bill",
    summary="Let go of what no supplier will ask for",
)
def write_off_bill(
    request: SignedInRequest,
    response: HttpResponse,
    bill_id: UUID,
    payload: WriteOffIn,
    query: Query[DryRun],
) -> Any:
    bill, at = queries.bill_for(request.user, bill_id), now()

    def let_go() -> Any:
        return corrections.write_off(
            bill,
            payload.amount or bill.open_amount,
            reason=payload.reason,
            on=payload.on or business_day(at),
            expected_version=expected_version(request),
            by=request.user,
            at=at,
        )

    return _bill_command(request, response, bill_id, query, let_go)


@router.post(
    "/bills/{bill_id}/write-offs/{write_off_id}/take-back",
    auth=may("bill:write_off", also=[COSTS]),
    response={200: BillOut | CommandPreview, **PROBLEMS},
    operation_id="take_back_bill_write_off",
    summary="The supplier is paid after all",
)
def take_back_bill_write_off(
    request: SignedInRequest,
    response: HttpResponse,
    bill_id: UUID,
    write_off_id: UUID,
    payload: WriteOffBackIn,
    query: Query[DryRun],
) -> Any:
    written, at = queries.bill_write_off_for(request.user, bill_id, write_off_id), now()

    def take_back() -> None:
        on = payload.on or business_day(at)
        corrections.take_back_write_off(written, on=on, by=request.user, at=at)

    return _bill_command(request, response, bill_id, query, take_back)


def _bill_lines(lines: Sequence[BillLineIn]) -> list[BillDraftLine]:
    return [BillDraftLine(**line.dict()) for line in lines]


def _bill_answer(request: SignedInRequest, response: HttpResponse, bill_id: UUID) -> Bill:
    bill = queries.bill_for(request.user, bill_id)
    with_etag(response, bill)
    return bill


def _bill_command(
    request: SignedInRequest,
    response: HttpResponse,
    bill_id: UUID,
    query: DryRun,
    command: Callable[[], Any],
) -> Any:
    return do(query, command, lambda: _bill_answer(request, response, bill_id))


def _plain_bill_command(
    request: SignedInRequest,
    response: HttpResponse,
    bill_id: UUID,
    query: DryRun,
    command: Callable[..., Bill],
) -> Any:
    bill = queries.bill_for(request.user, bill_id)

    def act() -> Bill:
        version = expected_version(request)
        return command(bill, expected_version=version, by=request.user, at=now())

    return _bill_command(request, response, bill_id, query, act)


def _ageing(rows: list[queries.AgeingRow], on: date) -> dict[str, Any]:
    buckets = {name: sum((row.buckets[name] for row in rows), ZERO) for name, _ in queries.BUCKETS}
    return {"on": on, "rows": rows, "buckets": buckets, "total": _sum(buckets.values())}


def _draft_lines(lines: Sequence[InvoiceLineIn]) -> list[DraftLine]:
    return [DraftLine(**line.dict()) for line in lines]


def _advances(wanted: Sequence[AdvanceUseIn]) -> list[AdvanceUse]:
    return [AdvanceUse(**use.dict()) for use in wanted]


def _command(
    request: SignedInRequest,
    response: HttpResponse,
    invoice_id: UUID,
    query: DryRun,
    command: Callable[[], Any],
) -> Any:
    return do(query, command, lambda: _answer(request, response, invoice_id))


def _answer(request: SignedInRequest, response: HttpResponse, invoice_id: UUID) -> Invoice:
    invoice = queries.invoice_for(request.user, invoice_id)
    with_etag(response, invoice)
    return invoice


def _preview(issue: Callable[[], Invoice]) -> dict[str, Any]:
    """What issuing a document would do, with the figures it would bear."""
    figures: dict[str, Any] = {}

    def act() -> None:
        issued = issue()
        # The rollback takes the number back from it again.
        figures["number"], figures["net"] = issued.number, issued.net
        figures["vat"], figures["total"] = issued.vat, issued.payable

    return {**preview(act), **figures}


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _sum(amounts: Any) -> Decimal:
    return sum(amounts, ZERO)
