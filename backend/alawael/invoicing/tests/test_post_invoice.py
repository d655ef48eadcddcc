"""Posting: number, counter, chain and books are fixed together, or nothing is."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from alawael.core import verify
from alawael.core.actors import SYSTEM
from alawael.core.errors import Invalid, VersionConflict
from alawael.core.ids import new_id
from alawael.invoicing import queries, services
from alawael.invoicing.document import BankDetails, InvoiceType, Kind, NoteReason, VatCategory
from alawael.invoicing.drafting import DraftLine
from alawael.invoicing.einvoice import FIRST_PREVIOUS_HASH, invoice_hash
from alawael.invoicing.models import Invoice, InvoiceState, IssuedDocument
from alawael.invoicing.paperwork import details_of, issued_document_of
from alawael.invoicing.qr import decode
from alawael.ledger.books import PeriodClosed, Posting
from alawael.ledger.chart_services import AccountHasBalance, assign_role, create_account
from alawael.ledger.models import AccountRole, JournalEntry, JournalLine, LedgerRole, Period
from alawael.ledger.period_services import close_period
from alawael.ledger.services import post_by_hand
from alawael.parties import queries as parties
from alawael.parties.bank_accounts import (
    add_bank_account,
    change_bank_account,
    retire_bank_account,
)
from testing.cast import NOON
from testing.catalog import a_product
from testing.invoicing import a_buyer, a_draft, a_line, an_invoice, drafts, post
from testing.parties import a_person
from testing.races import at_once

RAJHI, INMA = "SA0380000000608010167519", "SA4420000001234567891234"
pytestmark = pytest.mark.usefixtures("shop")


def booked(invoice):
    lines = JournalLine.objects.filter(entry=invoice.entry).select_related("account")
    return {line.account.roles.get().role: line.debit - line.credit for line in lines}


def broken():
    return {
        finding.name: finding.contradictions for finding in verify.verify() if not finding.holds
    }


def test_gives_number_counter_and_bytes_and_tells_the_ledger():
    invoice = an_invoice(a_line("100", "2"))

    assert (invoice.number, invoice.counter, invoice.state) == ("INV-000001", 1, "posted")
    assert (invoice.net, invoice.vat, invoice.total) == (200, 30, 230)
    assert booked(invoice) == {"AR": 230, "REVENUE": -200, "OUTPUT_VAT": -30}
    assert invoice.entry.source_number == "INV-000001"
    assert invoice_hash(bytes(invoice.issued.xml)) == invoice.issued.hash
    assert decode(invoice.issued.qr)[4] == "230.00"


def test_documents_form_a_chain():
    first, second = an_invoice(), an_invoice()

    assert first.issued.previous_hash == FIRST_PREVIOUS_HASH
    assert second.issued.previous_hash == first.issued.hash


def test_the_account_to_pay_into_is_the_one_of_that_day():
    """What left the house never changes; the IBAN of ours is still sealed in the database."""
    before = an_invoice()
    first = add_bank_account(
        parties.company(), {"iban": RAJHI, "bank_name": "Rajhi"}, by=SYSTEM, at=NOON
    )
    invoice = an_invoice()
    change_bank_account(
        first, {"bank_name": "Al Rajhi Bank"}, expected_version=None, by=SYSTEM, at=NOON
    )
    retire_bank_account(first, expected_version=None, by=SYSTEM, at=NOON)
    after = an_invoice()
    add_bank_account(parties.company(), {"iban": INMA, "holder": "Alamal"}, by=SYSTEM, at=NOON)
    note = services.credit_invoice(invoice, None, reason=NoteReason.REFUNDED, by=SYSTEM, at=NOON)
    last = an_invoice()

    printed = [
        issued_document_of(one, one.issued).pay_into for one in (before, invoice, after, note, last)
    ]

    assert printed == [
        None,
        BankDetails(RAJHI, bank_name="Rajhi"),
        None,
        None,
        BankDetails(INMA, holder="Alamal"),
    ]
    assert RAJHI not in str(list(IssuedDocument.objects.values()))


def test_fifty_parallel_postings_have_no_gap_and_no_double():
    numbers = at_once(
        lambda invoice: services.post_invoice(invoice, by=SYSTEM, at=NOON).number, drafts(50)
    )

    assert sorted(numbers) == [f"INV-{number:06d}" for number in range(1, 51)]
    assert broken() == {}


def test_two_clicks_post_an_invoice_once():
    invoice = a_draft()
    copies = [Invoice.objects.get(pk=invoice.pk) for _ in range(4)]

    results = at_once(lambda copy: services.post_invoice(copy, by=SYSTEM, at=NOON).number, copies)

    assert results.count("version_conflict") == 3
    assert JournalEntry.objects.count() == 1
    assert Invoice.objects.get().number == "INV-000001"


def test_a_discarded_draft_uses_no_number():
    services.discard_draft(a_draft(), by=SYSTEM, at=NOON)

    assert an_invoice().number == "INV-000001"


def test_a_posted_invoice_can_neither_be_edited_nor_discarded():
    invoice = an_invoice()

    with pytest.raises(services.NotADraft):
        services.edit_draft(invoice, {"reference": "x"}, by=SYSTEM, at=NOON)
    with pytest.raises(services.NotADraft):
        services.discard_draft(invoice, by=SYSTEM, at=NOON)
    with pytest.raises(services.NotADraft):
        services.post_invoice(invoice, by=SYSTEM, at=NOON)


def test_a_closed_period_refuses_and_nothing_has_changed():
    period = Period.objects.get(starts_on=date(2026, 3, 1))
    close_period(period, expected_version=None, by=SYSTEM, at=NOON)
    invoice = a_draft()

    with pytest.raises(PeriodClosed):
        services.post_invoice(invoice, by=SYSTEM, at=NOON)

    assert Invoice.objects.get().state == InvoiceState.DRAFT
    assert not IssuedDocument.objects.exists()
    assert broken() == {}


def test_names_everything_the_law_misses():
    invoice = a_draft(customer=a_buyer(vat_number="", street_en="", street_ar=""))

    with pytest.raises(services.IncompleteInvoice) as refused:
        services.post_invoice(invoice, by=SYSTEM, at=NOON)

    assert {error.pointer for error in refused.value.errors} == {
        "/buyer/vat_number",
        "/buyer/address/street",
    }


def test_a_stale_screen_posts_nothing():
    invoice = a_draft()
    services.edit_draft(invoice, {"reference": "PO-7"}, by=SYSTEM, at=NOON)

    with pytest.raises(VersionConflict):
        services.post_invoice(invoice, expected_version=1, by=SYSTEM, at=NOON)


def test_businesses_get_the_standard_invoice_and_people_the_simplified_one():
    assert a_draft().type == InvoiceType.STANDARD
    assert a_draft(customer=a_person()).type == InvoiceType.SIMPLIFIED


def test_prices_that_include_vat_are_owed_to_the_halala():
    invoice = an_invoice(a_line("0.55", "3"), a_line("9.99"), prices_include_vat=True)

    assert invoice.payable == Decimal("11.64")
    assert sum(booked(invoice).values()) == 0
    assert booked(invoice)["AR"] == Decimal("11.64")


def test_a_free_document_is_issued_without_an_entry():
    invoice = an_invoice(a_line("0"))

    assert (invoice.number, invoice.entry) == ("INV-000001", None)
    assert broken() == {}


def test_an_export_is_zero_rated_with_its_reason():
    buyer = a_buyer(vat_number="", country="DE", postal_code="10115", building_number="")
    invoice = an_invoice(customer=buyer, is_export=True)

    assert invoice.vat == 0
    line = invoice.lines.get()
    assert (line.tax_category, line.exemption_code) == (VatCategory.ZERO_RATED, "VATEX-SA-32")


def test_a_foreign_currency_is_booked_in_riyals():
    invoice = an_invoice(a_line("100"), currency="USD", exchange_rate=Decimal("3.75"))

    assert invoice.total == 115
    assert booked(invoice) == {"AR": Decimal("431.25"), "REVENUE": -375, "OUTPUT_VAT": Decimal("-56.25")}  # fmt: skip  # noqa: E501


def test_due_day_follows_the_customers_terms():
    assert a_draft(customer=a_buyer(payment_terms_days=30)).due_on == date(2026, 4, 30)


def test_an_imported_document_keeps_its_moment():
    then = NOON - timedelta(days=60)
    invoice = a_draft(is_imported=True, external_number="536370")

    services.post_invoice(invoice, by=SYSTEM, at=NOON, issued_at=then)

    assert Invoice.objects.get().issued_at == then


def test_only_an_imported_document_may_choose_its_moment():
    invoice = a_draft()

    services.post_invoice(invoice, by=SYSTEM, at=NOON, issued_at=NOON - timedelta(days=60))

    assert Invoice.objects.get().issued_at == NOON


@pytest.mark.parametrize(
    "forge",
    [
        lambda: IssuedDocument.objects.update(xml=b"<Invoice/>"),
        lambda: Invoice.objects.filter(number="INV-000002").update(number="INV-000009"),
        lambda: Invoice.objects.filter(number="INV-000001").update(total_base=Decimal("1.00")),
        lambda: Invoice.objects.filter(number="INV-000001").update(settled=Decimal("999.00")),
    ],
)
def test_verify_finds_a_forged_invoice(forge):
    for invoice in drafts(2):
        post(invoice)
    assert broken() == {}

    forge()

    assert broken() != {}


def test_a_product_fills_what_was_left_blank():
    lamp = a_product(sku="LAMP", name_en="Floor lamp", price=Decimal("80"))

    invoice = an_invoice(DraftLine(quantity=Decimal(2), product_id=lamp.pk))

    line = invoice.lines.get()
    assert (line.sku, line.name_en, line.unit_price, invoice.net) == ("LAMP", "Floor lamp", 80, 160)


def test_a_product_without_a_price_in_the_currency_is_named_by_its_line():
    lamp = a_product()

    with pytest.raises(Invalid) as refused:
        a_draft(DraftLine(quantity=Decimal(1), product_id=lamp.pk), currency="USD")

    assert refused.value.errors[0].pointer == "/lines/0/unit_price"


def test_nobody_writes_by_hand_what_invoices_keep():
    receivables = AccountRole.objects.get(role=LedgerRole.AR).account
    cash = AccountRole.objects.get(role=LedgerRole.CASH).account
    lines = [
        Posting(receivables, debit=Decimal("5.00"), party_id=a_buyer().pk),
        Posting(cash, credit=Decimal("5.00")),
    ]

    with pytest.raises(Invalid) as refused:
        post_by_hand(lines, on=NOON.date(), memo="", kind="manual", by=SYSTEM, at=NOON)

    assert refused.value.errors[0].code == "control_account"


def test_receivables_stay_on_their_account_while_invoices_are_open():
    an_invoice()
    other = create_account(
        {"code": "112099", "name_en": "Other debtors", "type": "asset", "needs_party": True},
        by=SYSTEM,
        at=NOON,
    )

    with pytest.raises(AccountHasBalance):
        assign_role(LedgerRole.AR, other, expected_version=None, by=SYSTEM, at=NOON)


def test_an_invoice_names_the_document_it_bills_and_its_notes_do_too():
    order_line, order = new_id(), a_buyer()
    invoice = services.issue_document(
        Kind.INVOICE,
        order,
        [a_line("10", "8", source_line_id=order_line)],
        source=order,
        source_number="SO-000001",
        by=SYSTEM,
        at=NOON,
    )
    services.credit_invoice(
        invoice,
        [services.CreditLine(invoice.lines.get().pk, Decimal(3))],
        reason=NoteReason.REFUNDED,
        by=SYSTEM,
        at=NOON,
    )

    made = [(found.kind, found.source_number) for found in queries.invoices_of(order.pk)]
    assert made == [("invoice", "SO-000001"), ("credit_note", "SO-000001")]
    assert queries.invoiced_of_lines([order_line, new_id()]) == {order_line: (8, 3)}


def test_only_the_tax_invoice_itself_names_a_person_s_number_in_full():
    """The law wants it there; it stands sealed in the party, and by its end on other papers."""
    buyer = a_buyer(vat_number="", other_id_scheme="NAT", other_id="1012345678")

    invoice = post(a_draft(customer=buyer))

    assert b'schemeID="NAT">1012345678<' in bytes(invoice.issued.xml)
    assert details_of(buyer).other_id == "•••• 5678"
