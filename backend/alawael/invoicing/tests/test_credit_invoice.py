"""The law's only way back: a credit note, linked, with a reason, never beyond what was invoiced."""

from decimal import Decimal

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.errors import Invalid
from alawael.core.money import ZERO
from alawael.invoicing import queries, services
from alawael.invoicing.document import Kind, NoteReason
from alawael.invoicing.models import Invoice
from alawael.invoicing.services import CreditLine, CreditTooHigh
from alawael.invoicing.tests.test_post_invoice import booked, broken
from testing.cast import NOON
from testing.invoicing import a_draft, a_line, an_invoice
from testing.races import at_once

pytestmark = pytest.mark.usefixtures("shop")


def credit(invoice, *lines, reason=NoteReason.REFUNDED):
    return services.credit_invoice(invoice, list(lines) or None, reason=reason, by=SYSTEM, at=NOON)


def test_takes_the_whole_invoice_back():
    invoice = an_invoice(a_line("100", "2"), a_line("9.99", "3"))

    note = credit(invoice)

    invoice.refresh_from_db()
    assert (note.number, note.total) == ("CN-000001", invoice.total)
    assert booked(note) == {"AR": -note.total, "SALES_RETURNS": note.net, "OUTPUT_VAT": note.vat}
    assert invoice.open_amount == queries.open_total() == ZERO
    assert broken() == {}


def test_takes_part_of_a_line_back_with_its_share_of_the_discount():
    invoice = an_invoice(a_line("10", "10", discount=Decimal("20.00")))
    line = invoice.lines.get()

    note = credit(invoice, CreditLine(line.pk, Decimal(5)))

    assert (note.net, note.vat) == (Decimal("40.00"), Decimal("6.00"))
    invoice.refresh_from_db()
    assert invoice.open_amount == Decimal("46.00")
    assert broken() == {}


def test_gives_back_only_a_part_of_the_price():
    invoice = an_invoice(a_line("10", "10"))

    note = credit(invoice, CreditLine(invoice.lines.get().pk, Decimal(10), Decimal("1.5")))

    assert note.net == Decimal("15.00")


def test_refuses_more_than_was_invoiced():
    invoice = an_invoice(a_line("10", "10"))
    line = invoice.lines.get()
    credit(invoice, CreditLine(line.pk, Decimal(8)))

    with pytest.raises(CreditTooHigh, match="Only 2 of"):
        credit(invoice, CreditLine(line.pk, Decimal(3)))

    assert Invoice.objects.filter(kind=Kind.CREDIT_NOTE).count() == 1
    assert broken() == {}


def test_of_many_notes_at_once_none_goes_too_far():
    # The second line keeps the limit of the whole invoice far away.
    invoice = an_invoice(a_line("10", "3"), a_line("1000"))
    line = invoice.lines.order_by("position")[0]

    def take_one(_):
        copy = Invoice.objects.get(pk=invoice.pk)
        return credit(copy, CreditLine(line.pk, Decimal(1))).number

    results = at_once(take_one, range(8))

    assert results.count("credit_too_high") == 5
    invoice.refresh_from_db()
    assert invoice.open_amount == 1150
    assert broken() == {}


def test_a_draft_is_not_credited():
    with pytest.raises(services.NotCreditable):
        credit(a_draft())


def test_a_credited_invoice_has_nothing_left():
    invoice = an_invoice()
    credit(invoice)

    with pytest.raises(services.NothingToCredit):
        credit(Invoice.objects.get(pk=invoice.pk))


def test_a_line_of_another_invoice_is_refused_by_its_place():
    stranger = an_invoice().lines.get()

    with pytest.raises(Invalid) as refused:
        credit(an_invoice(), CreditLine(stranger.pk, Decimal(1)))

    assert refused.value.errors[0].pointer == "/lines/0/line_id"


def test_a_note_names_its_original_and_the_reason_in_its_bytes():
    invoice = an_invoice()

    note = credit(invoice, reason=NoteReason.CANCELLED)

    xml = bytes(note.issued.xml).decode()
    assert "INV-000001" in xml
    assert NoteReason.CANCELLED.text_en in xml
