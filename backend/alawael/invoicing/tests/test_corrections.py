"""Debit notes, write-offs and netting: each leaves receivables equal to the open invoices."""

from decimal import Decimal

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing import corrections, queries, services
from alawael.invoicing.document import Kind, NoteReason
from alawael.invoicing.settling import NotOpen, SettledTooHigh, settle
from alawael.invoicing.tests.test_post_invoice import booked, broken
from alawael.ledger.models import JournalLine
from testing.cast import NOON
from testing.invoicing import MARCH, a_bill, a_buyer, a_draft, a_line, an_invoice
from testing.races import at_once

pytestmark = pytest.mark.usefixtures("shop")

AMENDED = NoteReason.VALUE_AMENDED


def give_up(invoice, amount):
    return corrections.write_off(
        invoice, Decimal(amount), reason="Bankrupt", on=MARCH, by=SYSTEM, at=NOON
    )


def test_a_debit_note_charges_more_for_an_invoice():
    invoice = an_invoice()

    note = corrections.debit_invoice(invoice, [a_line("20")], reason=AMENDED, by=SYSTEM, at=NOON)

    assert (note.number, note.open_amount) == ("DN-000001", 23)
    assert booked(note) == {"AR": 23, "REVENUE": -20, "OUTPUT_VAT": -3}
    assert "INV-000001" in bytes(note.issued.xml).decode()
    assert queries.open_total() == 138
    assert broken() == {}


def test_what_will_not_be_paid_is_written_off_up_to_the_limit():
    unit_of_work(corrections.open_settings)()
    limit = {"write_off_limit": Decimal(50)}
    corrections.change_settings(queries.settings(), limit, by=SYSTEM, at=NOON)
    invoice = an_invoice()

    written = give_up(invoice, "40")

    lines = JournalLine.objects.filter(entry=written.entry).order_by("place")
    assert [line.amount for line in lines] == [40, -40]
    assert (invoice.open_amount, queries.written_off(invoice)) == (75, 40)
    with pytest.raises(corrections.WriteOffTooHigh):
        give_up(invoice, "10.01")
    corrections.take_back_write_off(written, on=MARCH, by=SYSTEM, at=NOON)
    invoice.refresh_from_db()
    assert invoice.open_amount == 115
    with pytest.raises(corrections.WriteOffTakenBack):
        corrections.take_back_write_off(written, on=MARCH, by=SYSTEM, at=NOON)
    assert broken() == {}


def test_the_small_rest_of_a_bill_is_let_go_and_paid_after_all():
    bill = a_bill()

    written = give_up(bill, "0.40")

    assert booked(written) == {"AP": Decimal("0.40"), "WRITE_OFF": Decimal("-0.40")}
    assert (bill.open_amount, queries.written_off(bill)) == (Decimal("114.60"), Decimal("0.40"))
    assert broken() == {}
    with pytest.raises(SettledTooHigh):
        give_up(bill, "114.61")
    corrections.take_back_write_off(written, on=MARCH, by=SYSTEM, at=NOON)
    bill.refresh_from_db()
    assert (bill.open_amount, queries.written_off(bill)) == (115, 0)
    assert broken() == {}


def test_what_a_credit_note_leaves_is_owed_by_us():
    paid = an_invoice()
    unit_of_work(settle)(paid, paid.open_amount, paid.total_base)
    note = services.credit_invoice(paid, None, reason=AMENDED, by=SYSTEM, at=NOON)

    written = give_up(note, "115")

    assert booked(written) == {"AR": 115, "WRITE_OFF": -115}


def test_of_many_answers_at_once_none_goes_beyond_the_invoice():
    invoice = an_invoice()

    def pay(_):
        unit_of_work(settle)(type(invoice).objects.get(pk=invoice.pk), Decimal(50), Decimal(50))

    results = at_once(pay, range(12))

    invoice.refresh_from_db()
    assert (results.count("settled_too_high"), invoice.settled) == (10, 100)


def test_a_draft_is_not_settled():
    with pytest.raises(NotOpen):
        unit_of_work(settle)(a_draft(), Decimal(1), Decimal(1))


def test_a_credit_note_answers_another_invoice_at_its_own_rate():
    buyer = a_buyer()
    dollars = {"customer": buyer, "currency": "USD"}
    paid = an_invoice(**dollars, exchange_rate=Decimal("3.75"))
    unit_of_work(settle)(paid, paid.open_amount, paid.total_base)
    note = services.credit_invoice(paid, None, reason=AMENDED, by=SYSTEM, at=NOON)
    other = an_invoice(a_line("1000"), **dollars, exchange_rate=Decimal("3.76"))
    assert (note.kind, note.open_amount) == (Kind.CREDIT_NOTE, 115)

    corrections.net(note, other, Decimal(115), by=SYSTEM, at=NOON)

    assert (note.open_amount, other.open_amount) == (0, 1035)
    difference = JournalLine.objects.get(account__roles__role="FX_GAIN_LOSS")
    assert difference.amount == Decimal("1.15")
    with pytest.raises(SettledTooHigh):
        corrections.net(note, other, Decimal(1), by=SYSTEM, at=NOON)


def test_corrections_are_made_through_the_api(as_amal):
    unit_of_work(corrections.open_settings)()
    invoice = an_invoice()
    path = f"/api/invoices/{invoice.pk}"
    line = {"name_ar": "نقل", "quantity": "1", "unit_price": "20"}

    note = as_amal.post(f"{path}/debit", {"reason": "value_amended", "lines": [line]})
    assert (note.status_code, note.json()["links"][0]["number"]) == (201, "INV-000001")
    shown = as_amal.post(f"{path}/write-off?dry_run=true", {"reason": "Bankrupt"}).json()
    assert [(one["debit"], one["credit"]) for one in shown["journal"]] == [
        ("115.00", "0.00"), ("0.00", "115.00"),
    ]  # fmt: skip
    written = as_amal.post(f"{path}/write-off", {"reason": "Bankrupt", "amount": "15.00"}).json()
    assert (written["open_amount"], written["write_offs"][0]["amount"]) == ("100.00", "15.00")
    back = f"{path}/write-offs/{written['write_offs'][0]['id']}/take-back"
    assert as_amal.post(back).json()["open_amount"] == "115.00"
    settings = as_amal.patch("/api/invoicing-settings", {"write_off_limit": "5.00"})
    assert settings.json()["write_off_limit"] == "5.00"
    assert as_amal.patch("/api/invoicing-settings", {}).json()["write_off_limit"] == "5.00"
    late = as_amal.patch("/api/invoicing-settings", {"write_off_limit": None}, HTTP_IF_MATCH='"1"')
    assert late.json()["code"] == "version_conflict"
    refused = as_amal.post(f"{path}/write-off", {"reason": "x"})
    assert refused.json()["code"] == "write_off_too_high"
