"""Builders for invoices: a company that is ready to sell, drafts and posted documents."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing import services
from alawael.invoicing.drafting import DraftLine
from alawael.invoicing.models import Invoice
from alawael.ledger.chart_services import install_chart
from alawael.ledger.period_services import open_fiscal_year
from alawael.ledger.services import open_journal
from alawael.parties.models import Party
from testing.cast import NOON
from testing.parties import a_customer, our_company


@pytest.fixture
def shop(db: None) -> None:
    """A company with its chart of accounts, the year 2026 and its number series."""
    our_company()
    install_chart(by=SYSTEM, at=NOON)
    unit_of_work(open_journal)()
    open_fiscal_year(2026, by=SYSTEM, at=NOON)
    unit_of_work(services.open_invoice_series)()


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
