import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alawael.core.models import AuditEvent
from alawael.invoicing.models import Invoice, InvoiceState
from alawael.ledger.models import JournalEntry
from testing.invoicing import a_buyer, a_draft, an_invoice, drafts, post

pytestmark = pytest.mark.usefixtures("shop")

LINE = {"name_en": "Desk lamp", "name_ar": "مصباح", "quantity": "2", "unit_price": "50"}


def a_payload(**values):
    return {"customer_id": str(a_buyer().pk), "lines": [LINE], **values}


def test_an_invoice_is_drafted_posted_and_printed(as_amal):
    draft = as_amal.post("/api/invoices", a_payload())
    assert (draft.status_code, draft.json()["total"], draft.json()["number"]) == (
        201,
        "115.00",
        None,
    )
    path = f"/api/invoices/{draft.json()['id']}"

    posted = as_amal.post(f"{path}/post", HTTP_IF_MATCH=draft["ETag"]).json()

    assert (posted["number"], posted["payment_state"], posted["open_amount"]) == (
        "INV-000001", "unpaid", "115.00",
    )  # fmt: skip
    pdf = as_amal.get(f"{path}/pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert pdf["Content-Disposition"] == 'inline; filename="INV-000001.pdf"'
    assert b"<cbc:ID>INV-000001</cbc:ID>" in as_amal.get(f"{path}/xml").content


def test_a_preview_shows_the_entry_and_writes_nothing(as_amal):
    invoice = a_draft()

    preview = as_amal.post(f"/api/invoices/{invoice.pk}/post?dry_run=true").json()

    assert preview["number"] == "INV-000001"
    assert [(line["debit"], line["credit"]) for line in preview["journal"]] == [
        ("115.00", "0.00"), ("0.00", "100.00"), ("0.00", "15.00"),
    ]  # fmt: skip
    assert Invoice.objects.get().state == InvoiceState.DRAFT
    assert not JournalEntry.objects.exists()


def test_a_credit_is_previewed_and_made(as_amal):
    path = f"/api/invoices/{an_invoice().pk}/credit"

    assert as_amal.post(f"{path}?dry_run=true", {"reason": "refunded"}).json()["total"] == "115.00"
    note = as_amal.post(path, {"reason": "refunded"})

    assert (note.status_code, note.json()["original_number"]) == (201, "INV-000001")
    invoice = as_amal.get(path.removesuffix("/credit")).json()
    assert (invoice["payment_state"], invoice["corrections"][0]["number"]) == (
        "credited", "CN-000001",
    )  # fmt: skip


def test_a_draft_is_edited_line_by_line(as_amal):
    draft = as_amal.post("/api/invoices", a_payload()).json()

    changed = as_amal.patch(
        f"/api/invoices/{draft['id']}", {"reference": "PO-7", "lines": [LINE, LINE]}
    ).json()

    assert (changed["reference"], changed["total"], len(changed["lines"])) == ("PO-7", "230.00", 2)


@pytest.mark.parametrize(
    ("line", "pointer"),
    [
        ({**LINE, "quantity": "0"}, "/lines/0/quantity"),
        ({**LINE, "quantity": 1.5}, "/lines/0/quantity"),
        ({**LINE, "unit_price": "-1"}, "/lines/0/unit_price"),
        ({**LINE, "unit_price": "1e999"}, "/lines/0/unit_price"),
        ({**LINE, "unit_price": "NaN"}, "/lines/0/unit_price"),
        ({"quantity": "1"}, "/lines/0/name_en"),
        ({**LINE, "product_id": "019f0000-0000-7000-8000-000000000000"}, "/lines/0/product_id"),
    ],
)
def test_a_wrong_line_is_named_by_its_place(as_amal, line, pointer):
    refused = as_amal.post("/api/invoices", a_payload(lines=[line]))

    assert refused.status_code == 422
    assert pointer in [error["pointer"] for error in refused.json()["errors"]]
    assert not Invoice.objects.exists()


def test_every_step_needs_its_permission(signed_in_with):
    invoice = a_draft()
    reader = signed_in_with("invoice:read")

    assert reader.get(f"/api/invoices/{invoice.pk}").status_code == 200
    assert reader.post("/api/invoices", a_payload()).status_code == 403
    assert reader.post(f"/api/invoices/{invoice.pk}/post").status_code == 403
    assert reader.delete(f"/api/invoices/{invoice.pk}").status_code == 403
    assert signed_in_with().get("/api/invoices").status_code == 403


def test_a_stranger_sees_no_invoice(stranger):
    invoice = an_invoice()

    for path in ("", "/pdf", "/xml"):
        assert stranger.get(f"/api/invoices/{invoice.pk}{path}").status_code == 401


def test_lists_are_filtered_and_searched(as_amal):
    paid, late = drafts(2)
    post(late)
    Invoice.objects.filter(pk=paid.pk).update(reference="طلبية الأمل")

    def ids(query):
        return [item["id"] for item in as_amal.get(f"/api/invoices?{query}").json()["items"]]

    assert ids("state=posted") == [str(late.pk)]
    assert ids("is_open=true") == [str(late.pk)]
    assert ids("q=INV-000001") == [str(late.pk)]
    assert ids("kind=credit_note") == []
    assert len(ids(f"customer_id={late.customer_id}&sort=customer")) == 2


def test_the_list_asks_the_database_little(as_amal):
    for invoice in drafts(5):
        post(invoice)

    with CaptureQueriesContext(connection) as queries:
        as_amal.get("/api/invoices?count=true")

    assert len(queries) <= 5


def test_a_posted_invoice_knows_no_way_back(as_amal):
    invoice = an_invoice()
    path = f"/api/invoices/{invoice.pk}"

    for answer in (as_amal.patch(path, {"reference": "x"}), as_amal.delete(path)):
        assert (answer.status_code, answer.json()["code"]) == (409, "invoice_not_draft")
    assert AuditEvent.objects.filter(action="invoice.edited").count() == 0


def test_statement_and_ageing_are_answered(as_amal):
    invoice = an_invoice()
    span = f"party_id={invoice.customer_id}&from=2026-01-01&to=2026-12-31"

    assert as_amal.get(f"/api/reports/statement?{span}").json()["closing"] == "115.00"
    assert as_amal.get(f"/api/reports/statement/pdf?{span}").content.startswith(b"%PDF-")
    assert as_amal.get("/api/reports/receivables-ageing").json()["total"] == "115.00"
    march = as_amal.get("/api/reports/vat-return?from=2026-03-01&to=2026-03-31").json()
    assert march["total_vat"] == "15.00"
    backwards = as_amal.get("/api/reports/vat-return?from=2026-03-31&to=2026-03-01")
    assert backwards.status_code == 422
