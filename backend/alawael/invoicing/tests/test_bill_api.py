import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing import queries
from alawael.invoicing.models import Bill, BillState, VatTreatment
from alawael.ledger.models import Account
from testing.invoicing import RENT, a_bill, a_bill_line, a_recorded_bill
from testing.parties import a_supplier

pytestmark = pytest.mark.usefixtures("shop")


def a_payload(**values):
    line = {
        "name_en": "Rent",
        "quantity": "1",
        "unit_price": "1000",
        "account_id": str(Account.objects.get(code=RENT).pk),
    }
    paper = {"supplier_number": "R-7", "issued_on": "2026-03-31", "lines": [line]}
    return {"supplier_id": str(a_supplier().pk), **paper, **values}


def test_a_bill_is_recorded_previewed_and_posted(as_amal):
    draft = as_amal.post("/api/bills", a_payload())
    assert (draft.status_code, draft.json()["total"]) == (201, "1150.00")
    assert draft.json()["next_commands"] == ["post", "edit", "dispute", "void"]
    path = f"/api/bills/{draft.json()['id']}"

    shown = as_amal.post(f"{path}/post?dry_run=true").json()
    assert [(line["debit"], line["credit"]) for line in shown["journal"]] == [
        ("1000.00", "0.00"), ("150.00", "0.00"), ("0.00", "1150.00"),
    ]  # fmt: skip
    assert Bill.objects.get().state == BillState.DRAFT
    posted = as_amal.post(f"{path}/post", HTTP_IF_MATCH=draft["ETag"])

    assert posted.json()["number"] == "BILL-000001"
    assert (posted.json()["payment_state"], posted.json()["next_commands"]) == (
        "unpaid", ["pay", "debit", "reverse", "write_off"],
    )  # fmt: skip
    stale = as_amal.post(f"{path}/reverse", {"reason": "x"}, HTTP_IF_MATCH=draft["ETag"])
    assert stale.status_code == 412


def test_a_bill_is_edited_disputed_given_back_and_voided(as_amal):
    path = f"/api/bills/{a_recorded_bill().pk}"

    edited = as_amal.patch(path, {"supplier_number": "S-9", "rounding": "0.01"}).json()
    assert (edited["supplier_number"], edited["total"]) == ("S-9", "115.00")
    disputed = as_amal.post(f"{path}/dispute", {"reason": "Not ours"}).json()
    assert (disputed["state"], disputed["reason"]) == ("disputed", "Not ours")
    as_amal.post(f"{path}/settle-dispute")
    as_amal.post(f"{path}/post")
    note = as_amal.post(
        f"{path}/debit", {"supplier_number": "C-1", "issued_on": "2026-03-31", "reason": "Late"}
    )

    assert (note.status_code, note.json()["links"][0]["number"]) == (201, "BILL-000001")
    voided = as_amal.post(f"/api/bills/{note.json()['id']}/void").json()
    assert (voided["state"], voided["next_commands"]) == ("void", [])


def test_the_rest_of_a_bill_is_written_off_and_taken_back(as_amal):
    path = f"/api/bills/{a_bill().pk}"

    shown = as_amal.post(f"{path}/write-off?dry_run=true", {"reason": "Halalas"}).json()
    written = as_amal.post(f"{path}/write-off", {"reason": "Halalas", "amount": "0.40"}).json()

    assert (len(shown["journal"]), written["open_amount"]) == (2, "114.60")
    assert "reverse" not in written["next_commands"]
    [row] = written["write_offs"]
    back = as_amal.post(f"{path}/write-offs/{row['id']}/take-back").json()
    assert back["open_amount"] == "115.00"
    assert back["write_offs"][0]["taken_back_on"] is not None


def test_bills_are_listed_with_few_questions(as_amal):
    supplier = a_supplier()
    with_unit = unit_of_work(lambda: [a_bill(supplier=supplier) for _ in range(4)])
    with_unit()
    a_recorded_bill(supplier=supplier, supplier_number="فاتورة-١")

    with CaptureQueriesContext(connection) as asked:
        page = as_amal.get("/api/bills?count=true").json()

    assert (page["total"], len(asked) <= 5) == (5, True)

    def count(query):
        return as_amal.get(f"/api/bills?count=true&{query}").json()["total"]

    assert (count("is_open=true"), count("state=draft"), count("q=فاتوره-1")) == (4, 1, 1)


def test_every_step_of_a_bill_needs_its_permission(signed_in_with):
    path = f"/api/bills/{a_recorded_bill().pk}"
    reader = signed_in_with("bill:read", "cost:read")

    assert (reader.get(path).status_code, reader.get(path).json()["next_commands"]) == (200, [])
    for command in ("post", "void", "reopen", "settle-dispute"):
        assert reader.post(f"{path}/{command}").status_code == 403
    assert reader.post("/api/bills", a_payload()).status_code == 403


def test_purchases_stand_in_the_vat_return_and_payables_age(as_amal):
    a_bill(a_bill_line("100"))
    a_bill(a_bill_line("40"), vat_treatment=VatTreatment.REVERSE_CHARGE)
    a_bill(a_bill_line("1000", is_tax_only=True), vat_treatment=VatTreatment.CUSTOMS)

    found = as_amal.get("/api/reports/vat-return?from=2026-03-01&to=2026-03-31").json()
    boxes = {box["box"]: (box["amount"], box["vat"]) for box in found["purchases"]}

    assert boxes["7"] == ("100.00", "15.00")
    assert boxes["8"] == ("1000.00", "150.00")
    assert boxes["9"] == ("40.00", "0.00")
    assert found["net_vat_due"] == "-165.00"
    ageing = as_amal.get("/api/reports/payables-ageing?on=2026-03-31").json()
    assert ageing["total"] == str(queries.open_bills_total()) == "305.00"
