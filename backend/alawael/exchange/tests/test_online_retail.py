"""Invoices of an earlier system come into the books, once, and can be taken back."""

from decimal import Decimal

import pytest

from alawael.catalog.models import Product
from alawael.core.install import install
from alawael.core.verify import verify
from alawael.exchange import queries
from alawael.exchange.models import ImportedRecord, ImportState
from alawael.exchange.reports import reconciles
from alawael.invoicing.models import Invoice
from alawael.invoicing.queries import open_total
from alawael.ledger.models import JournalEntry
from alawael.parties.models import Party
from testing.exchange import (
    RETAIL_ROWS,
    RETAIL_TOTAL,
    a_retail_csv,
    an_upload,
    checked,
    run,
    undone,
)
from testing.parties import our_company

EVERYTHING = {
    "invoice": {"posted": 3},
    "credit_note": {"posted": 2},
    "party": {"created": 3},
    "product": {"created": 4},
}


@pytest.fixture
def ready(amal):
    """A fresh installation whose company is set up."""
    install()
    our_company()


def imported(amal, noon, *rows):
    return run(an_upload(a_retail_csv(*rows), by=amal, at=noon), by=amal, at=noon)


def contradictions():
    return [(finding.name, finding.contradictions) for finding in verify() if not finding.holds]


def test_every_line_and_amount_is_accounted_for(ready, amal, noon):
    batch = imported(amal, noon)

    assert batch.state == ImportState.DONE
    assert batch.run_report["rows"]["created"] == len(RETAIL_ROWS)
    assert batch.run_report["amounts"]["created"] == RETAIL_TOTAL
    assert reconciles(batch.run_report)
    assert open_total() == Decimal(RETAIL_TOTAL)
    assert contradictions() == []


def test_legal_numbers_follow_the_dates_and_the_old_numbers_stay(ready, amal, noon):
    imported(amal, noon)

    found = Invoice.objects.order_by("counter").values_list("number", "external_number")
    assert list(found) == [
        ("INV-000001", "535999"),
        ("INV-000002", "536000"),
        ("INV-000003", "537000"),
        ("CN-000001", "C537001"),
        ("CN-000002", "C537002"),
    ]


def test_a_document_is_issued_at_its_first_moment_in_riyadh(ready, amal, noon):
    imported(amal, noon)

    invoice = Invoice.objects.get(external_number="536000")
    assert invoice.issued_at.isoformat() == "2010-12-02T07:03:00+00:00"
    assert (invoice.total, invoice.vat) == (Decimal("69.00"), Decimal("0.00"))


def test_a_credit_note_finds_the_invoice_it_takes_back(ready, amal, noon):
    batch = imported(amal, noon)

    linked = Invoice.objects.get(external_number="C537001")
    alone = Invoice.objects.get(external_number="C537002")
    assert linked.original.external_number == "536000"
    assert alone.original is None
    assert batch.run_report["facts"]["notes_with_original"] == 1
    assert batch.run_report["facts"]["notes_without_original"] == 1


def test_charges_are_services_and_names_the_most_frequent(ready, amal, noon):
    imported(amal, noon)

    assert Product.objects.get(sku="POST").kind == "service"
    assert Product.objects.get(sku="22941").name_en == "CHRISTMAS LIGHTS"


def test_lines_without_a_customer_go_to_the_walk_in_customer(ready, amal, noon):
    imported(amal, noon)

    assert Invoice.objects.get(external_number="537000").customer.code == "WALK-IN"
    assert Party.objects.get(code="12431").notes.endswith("Also: Belgium.")


def test_opens_the_fiscal_years_and_says_so(ready, amal, noon):
    batch = imported(amal, noon)

    notes = [note["en"] for note in batch.run_report["notes"]]
    assert "The fiscal year 2010 was opened." in notes


def test_the_same_file_twice_changes_nothing(ready, amal, noon):
    imported(amal, noon)
    entries = JournalEntry.objects.count()

    batch = imported(amal, noon)

    assert batch.run_report["rows"]["unchanged"] == len(RETAIL_ROWS)
    assert batch.run_report["amounts"]["unchanged"] == RETAIL_TOTAL
    assert JournalEntry.objects.count() == entries
    assert not queries.imported_records(batch).exists()


def test_a_known_number_with_another_content_is_refused(ready, amal, noon):
    imported(amal, noon)
    dearer = (*RETAIL_ROWS[0][:5], "9.5", *RETAIL_ROWS[0][6:])

    batch = imported(amal, noon, dearer, *RETAIL_ROWS[1:])

    refused = {(row.row, row.code) for row in queries.refused_rows(batch)}
    assert refused == {(2, "other_content"), (3, "other_content")}
    assert reconciles(batch.run_report)


def test_one_bad_line_keeps_its_whole_document_out_and_names_it(ready, amal, noon):
    bad = ("536000", "POST", "POSTAGE", "-1", "02-12-2010 10:04", "x", "12431", "Australia")

    batch = imported(amal, noon, RETAIL_ROWS[0], bad, *RETAIL_ROWS[2:4])

    found = queries.refused_rows(batch).order_by("row").values_list("row", "column", "code")
    assert list(found) == [(2, "", "document_refused"), (3, "unit_price", "not_a_number")]
    assert Invoice.objects.get().external_number == "535999"
    assert batch.run_report["rows"]["refused"] == 2
    assert reconciles(batch.run_report)


def test_a_check_says_the_same_and_leaves_no_trace(ready, amal, noon):
    batch = checked(an_upload(a_retail_csv(), by=amal, at=noon), by=amal, at=noon)

    assert batch.state == ImportState.CHECKED
    assert batch.check_report is not None
    assert batch.check_report["rows"]["created"] == len(RETAIL_ROWS)
    assert batch.check_report["amounts"]["created"] == RETAIL_TOTAL
    assert not Invoice.objects.exists()
    assert not Product.objects.exists()
    assert Party.objects.count() == 0


def test_undo_brings_the_books_back_to_nothing_and_keeps_the_numbers(ready, amal, noon):
    batch = imported(amal, noon)

    batch = undone(batch, by=amal, at=noon)

    assert batch.state == ImportState.UNDONE
    assert batch.undo_report == {"undone": EVERYTHING, "kept": {}}
    assert open_total() == 0
    assert contradictions() == []
    assert Invoice.objects.filter(external_number="536000", number="INV-000002").exists()
    assert not Product.objects.filter(is_active=True).exists()
    assert not ImportedRecord.objects.filter(undone_at=None).exists()


def test_an_undone_file_can_be_imported_again(ready, amal, noon):
    undone(imported(amal, noon), by=amal, at=noon)

    batch = imported(amal, noon)

    assert batch.run_report["rows"]["created"] == len(RETAIL_ROWS)
    assert Invoice.objects.filter(external_number="536000 (2)").exists()
    assert open_total() == Decimal(RETAIL_TOTAL)
    assert contradictions() == []


def test_fails_with_a_sentence_before_the_company_is_set_up(amal, noon):
    install()

    batch = imported(amal, noon)

    assert batch.state == ImportState.FAILED
    assert batch.failure_en == "Enter the data of your own company first."
    assert not Invoice.objects.exists()
