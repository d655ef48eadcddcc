from datetime import date
from decimal import Decimal

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.money import ZERO
from alawael.invoicing import queries, services
from alawael.invoicing.document import NoteReason
from testing.cast import NOON
from testing.invoicing import a_buyer, a_line, an_invoice

pytestmark = pytest.mark.usefixtures("shop")

MARCH = {"first": date(2026, 3, 1), "last": date(2026, 3, 31)}


def boxes():
    found = queries.vat_return(**MARCH)
    return {box.box: (box.amount, box.adjustment, box.vat) for box in found.sales}


def test_vat_return_puts_every_sale_into_its_box():
    an_invoice(a_line("100"))
    abroad = a_buyer(vat_number="", country="DE")
    an_invoice(a_line("50"), customer=abroad, is_export=True)
    services.credit_invoice(
        an_invoice(a_line("30")), None, reason=NoteReason.REFUNDED, by=SYSTEM, at=NOON
    )

    assert boxes()["1"] == (130, -30, 15)
    assert boxes()["4"] == (50, 0, 0)
    assert queries.vat_return(first=date(2026, 4, 1), last=date(2026, 4, 30)).documents == 0


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(-5, "current"), (0, "current"), (1, "days_1_30"), (30, "days_1_30"), (31, "days_31_60"),
     (61, "days_61_90"), (90, "days_61_90"), (91, "days_over_90")],
)  # fmt: skip
def test_a_debt_ages(days, bucket):
    due = date(2026, 3, 31)

    assert queries.bucket_of(due, on=date.fromordinal(due.toordinal() + days)) == bucket


def test_ageing_adds_up_to_what_is_open():
    buyer = a_buyer()
    invoice = an_invoice(a_line("100"), customer=buyer)
    an_invoice(a_line("10"), customer=buyer, due_on=date(2026, 1, 1))
    services.credit_invoice(invoice, None, reason=NoteReason.REFUNDED, by=SYSTEM, at=NOON)

    [row] = queries.receivables_ageing(on=date(2026, 3, 31))

    assert row.total == queries.open_total() == Decimal("11.50")
    assert row.buckets["days_61_90"] == Decimal("11.50")


def test_a_statement_runs_from_opening_to_closing():
    buyer = a_buyer()
    invoice = an_invoice(a_line("100"), customer=buyer)
    services.credit_invoice(invoice, None, reason=NoteReason.REFUNDED, by=SYSTEM, at=NOON)
    an_invoice(a_line("10"), customer=buyer)

    found = queries.statement(party_id=buyer.pk, **MARCH)

    assert [line.balance for line in found.lines] == [115, 0, Decimal("11.50")]
    assert (found.opening, found.closing) == (ZERO, Decimal("11.50"))
    later = queries.statement(party_id=buyer.pk, first=date(2026, 4, 1), last=date(2026, 4, 30))
    assert (later.opening, later.lines) == (Decimal("11.50"), [])
