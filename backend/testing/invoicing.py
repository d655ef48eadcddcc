"""Builders for invoices: a company that is ready to sell, drafts and posted documents."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing import bills, services
from alawael.invoicing.bill_lines import BillDraftLine
from alawael.invoicing.drafting import DraftLine
from alawael.invoicing.models import Bill, Invoice
from alawael.ledger.chart_services import install_chart
from alawael.ledger.models import Account
from alawael.ledger.period_services import open_fiscal_year
from alawael.ledger.services import open_journal
from alawael.parties.models import Party
from alawael.payments.services import open_payment_series
from testing.cast import NOON
from testing.parties import a_customer, a_supplier, our_company

MARCH = date(2026, 3, 31)
RENT = "620006"


@pytest.fixture
def shop(db: None) -> None:
    """A company with its chart of accounts, the year 2026 and its number series."""
    open_shop()


@unit_of_work
def open_shop() -> None:
    """In one unit of work, because units are what costs time on a test server."""
    our_company()
    install_chart(by=SYSTEM, at=NOON)
    open_journal()
    open_fiscal_year(2026, by=SYSTEM, at=NOON)
    services.open_invoice_series()
    open_payment_series()


def a_line(price: str = "100", quantity: str = "1", **values: Any) -> DraftLine:
    named = {"name_en": "Desk lamp", "name_ar": "مصباح مكتب", **values}
    return DraftLine(quantity=Decimal(quantity), unit_price=Decimal(price), **named)


def a_buyer(**values: Any) -> Party:
    """A registered business, complete enough for a standard tax invoice."""
    return a_customer(**{"vat_number": "310122393500003", **values})


def a_draft(*lines: DraftLine, customer: Party | None = None, **facts: Any) -> Invoice:
    """A draft of one lamp for 100.00 + VAT, unless told otherwise."""
    return services.draft_invoice(
        customer or a_buyer(vat_number="", other_id_scheme="CRN", other_id="1010999999"),
        list(lines) or [a_line()],
        by=SYSTEM,
        at=NOON,
        **facts,
    )


def an_invoice(*lines: DraftLine, **facts: Any) -> Invoice:
    """A posted invoice."""
    return post(a_draft(*lines, **facts))


def post(invoice: Invoice) -> Invoice:
    services.post_invoice(invoice, by=SYSTEM, at=NOON)
    return Invoice.objects.get(pk=invoice.pk)


def drafts(number: int, customer: Party | None = None) -> Sequence[Invoice]:
    buyer = customer or a_buyer()
    return [a_draft(customer=buyer) for _ in range(number)]


def a_bill_line(price: str = "100", quantity: str = "1", **values: Any) -> BillDraftLine:
    """A line that is spent on rent."""
    account = Account.objects.get(code=RENT).pk
    named = {"name_en": "Rent", "name_ar": "إيجار", "account_id": account, **values}
    return BillDraftLine(quantity=Decimal(quantity), unit_price=Decimal(price), **named)


def a_recorded_bill(*lines: BillDraftLine, supplier: Party | None = None, **facts: Any) -> Bill:
    """A draft of a bill over rent for 100.00 + VAT of 31 March, unless told otherwise."""
    supplier = supplier or a_supplier()
    usual: dict[str, Any] = {"supplier_number": f"S-{Bill.objects.count() + 1}", "issued_on": MARCH}
    return bills.record_bill(
        supplier, list(lines) or [a_bill_line()], by=SYSTEM, at=NOON, **(usual | facts)
    )


def a_bill(*lines: BillDraftLine, **facts: Any) -> Bill:
    """A posted bill over expenses."""
    bill = a_recorded_bill(*lines, **facts)
    bills.post_expense_bill(bill, on=MARCH, by=SYSTEM, at=NOON)
    return Bill.objects.get(pk=bill.pk)
