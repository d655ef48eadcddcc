from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alawael.analytics.queries import dashboard
from alawael.core.actors import SYSTEM
from alawael.invoicing import services
from alawael.invoicing.document import NoteReason
from alawael.invoicing.drafting import DraftLine
from testing.cast import NOON
from testing.catalog import a_product
from testing.invoicing import a_buyer, a_draft, a_line, an_invoice

pytestmark = pytest.mark.usefixtures("shop")

TODAY = date(2026, 5, 15)


def test_revenue_is_what_was_invoiced_less_what_was_credited():
    an_invoice(a_line("100"))
    taken_back = an_invoice(a_line("30"))
    services.credit_invoice(taken_back, None, reason=NoteReason.REFUNDED, by=SYSTEM, at=NOON)

    figures = dashboard(today=TODAY)

    march = figures.revenue[-1]
    assert (march.month, march.invoiced, march.credited) == (date(2026, 3, 1), 130, 30)
    assert (figures.revenue_total, len(figures.revenue)) == (100, 12)


def test_best_products_and_customers_come_first():
    lamp, desk = a_product("LAMP"), a_product("DESK")
    big, small = a_buyer(), a_buyer(vat_number="310122393500013")
    an_invoice(DraftLine(Decimal(1), lamp.pk, unit_price=Decimal(10)), customer=small)
    an_invoice(DraftLine(Decimal(2), desk.pk, unit_price=Decimal(90)), customer=big)

    figures = dashboard(today=TODAY)

    assert [(top.code, top.amount) for top in figures.products] == [("DESK", 180), ("LAMP", 10)]
    assert [top.id for top in figures.customers] == [big.pk, small.pk]


def test_receivables_are_shown_by_age_and_drafts_counted():
    an_invoice(a_line("100"), due_on=date(2026, 5, 1))
    a_draft()

    figures = dashboard(today=TODAY)

    assert (figures.receivables_total, figures.overdue_total) == (115, 115)
    assert figures.receivables["days_1_30"] == 115
    assert figures.drafts == 1


def test_the_months_end_with_the_last_sale_unless_asked_otherwise():
    assert dashboard(today=TODAY).end == date(2026, 5, 31)
    an_invoice()
    assert dashboard(today=TODAY).end == date(2026, 3, 31)
    earlier = dashboard(today=TODAY, end=date(2025, 2, 10), months=2)
    assert (earlier.start, earlier.end) == (date(2025, 1, 1), date(2025, 2, 28))


def test_the_dashboard_asks_the_database_little(as_amal):
    an_invoice()

    with CaptureQueriesContext(connection) as asked:
        assert as_amal.get("/api/dashboard").json()["revenue_total"] == "100.00"

    assert len(asked) <= 13


def test_it_needs_the_right_to_see_reports(signed_in_with, stranger):
    assert signed_in_with("invoice:read").get("/api/dashboard").status_code == 403
    assert stranger.get("/api/dashboard").status_code == 401
