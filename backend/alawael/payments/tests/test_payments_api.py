import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alawael.core.unit_of_work import unit_of_work
from alawael.payments.models import Payment
from alawael.payments.tests.test_statement_files import MT940
from testing.invoicing import a_buyer, a_line, an_invoice
from testing.payments import a_drafted_receipt, a_receipt, the_bank

pytestmark = pytest.mark.usefixtures("shop")


def a_payload(buyer, **values):
    return {
        "kind": "receipt",
        "party_id": str(buyer.pk),
        "method": "bank_transfer",
        "account_id": str(the_bank().pk),
        "amount": "100.00",
        "paid_on": "2026-03-31",
        **values,
    }


def test_a_receipt_is_drafted_previewed_posted_and_allocated(as_amal):
    buyer = a_buyer()
    invoice = an_invoice(customer=buyer)
    draft = as_amal.post("/api/payments", a_payload(buyer))
    assert (draft.status_code, draft.json()["next_commands"]) == (
        201, ["post", "post_advance", "edit", "void"],
    )  # fmt: skip
    path = f"/api/payments/{draft.json()['id']}"

    shown = as_amal.post(f"{path}/post?dry_run=true").json()
    assert [(line["debit"], line["credit"]) for line in shown["journal"]] == [
        ("100.00", "0.00"), ("0.00", "100.00"),
    ]  # fmt: skip
    posted = as_amal.post(f"{path}/post", HTTP_IF_MATCH=draft["ETag"])
    assert (posted.json()["number"], posted.json()["unallocated"]) == ("RCT-000001", "100.00")
    wanted = {"allocations": [{"document_id": str(invoice.pk), "amount": "60.00"}]}
    stale = as_amal.post(f"{path}/allocate", wanted, HTTP_IF_MATCH=draft["ETag"])
    assert stale.status_code == 412

    allocated = as_amal.post(f"{path}/allocate", wanted, HTTP_IF_MATCH=posted["ETag"]).json()

    assert (allocated["allocation_state"], allocated["links"][0]["number"]) == (
        "part", "INV-000001",
    )  # fmt: skip
    of_invoice = as_amal.get(f"/api/payments/of-document/{invoice.pk}").json()
    assert [(one["payment_number"], one["amount"]) for one in of_invoice] == [
        ("RCT-000001", "60.00")
    ]
    assert as_amal.get(f"/api/invoices/{invoice.pk}").json()["payment_state"] == "part_paid"
    assert of_invoice[0]["next_commands"] == ["unallocate"]
    back = as_amal.post(f"{path}/allocations/{of_invoice[0]['id']}/unallocate").json()
    assert (back["unallocated"], back["allocations"][0]["is_active"]) == ("100.00", False)
    assert back["allocations"][0]["next_commands"] == []
    refund = {"amount": "100.00", "method": "cash", "account_id": str(the_bank().pk)}
    assert as_amal.post(f"{path}/refund", refund).json()["number"] == "PAY-000001"


def test_an_advance_is_posted_with_its_tax_invoice(as_amal):
    path = f"/api/payments/{a_drafted_receipt('115').pk}"

    posted = as_amal.post(f"{path}/post-advance", {"name_ar": "مصابيح"}).json()

    assert (posted["advance_number"], posted["advance_left"]) == ("ADV-000001", "115.00")
    assert posted["next_commands"] == ["refund", "reverse"]
    reversed_ = as_amal.post(f"{path}/reverse", {"reason": "Wrong customer"}).json()
    assert reversed_["state"] == "reversed"


def test_a_suggestion_says_what_would_be_left(as_amal):
    buyer = a_buyer()
    an_invoice(customer=buyer)

    found = as_amal.get(
        f"/api/payments/suggestion?kind=receipt&party_id={buyer.pk}&amount=120"
    ).json()

    assert (found["proposals"][0]["amount"], found["left"]) == ("115.00", "5.00")
    roles = {one["code"]: one["role"] for one in as_amal.get("/api/payments/accounts").json()}
    assert (roles["111001"], roles["111003"], "111005" in roles) == ("CASH", "BANK", False)


def test_payments_are_listed_with_few_questions(as_amal):
    buyer = a_buyer()
    unit_of_work(lambda: [a_receipt(customer=buyer, reference=f"T-{n}") for n in range(4)])()

    with CaptureQueriesContext(connection) as asked:
        page = as_amal.get("/api/payments?count=true").json()

    assert (page["total"], len(asked) <= 5) == (4, True)

    def count(query):
        return as_amal.get(f"/api/payments?count=true&{query}").json()["total"]

    assert (count("is_unallocated=true"), count("kind=payment"), count("q=RCT-000002")) == (4, 0, 1)
    assert count("q=T-3") == 1


def test_every_step_of_a_payment_needs_its_permission(signed_in_with):
    path = f"/api/payments/{a_drafted_receipt().pk}"
    reader = signed_in_with("payment:read")

    shown = reader.get(path)
    assert (shown.status_code, shown.json()["next_commands"]) == (200, [])
    assert signed_in_with("payment:read", "payment:delete").get(path).json()["next_commands"] == [
        "void"
    ]
    for command in ("post", "void", "allocate", "bounce", "reverse", "refund", "clear"):
        assert reader.post(f"{path}/{command}").status_code == 403
    assert reader.get("/api/bank-statements").status_code == 403


def test_a_statement_is_uploaded_proposed_matched_and_unmatched(as_amal):
    buyer = a_buyer()
    receipt = a_receipt("690", customer=buyer)

    def upload():
        return as_amal.generic(
            "POST",
            "/api/bank-statements",
            *_multipart(
                account_id=str(the_bank().pk), file=SimpleUploadedFile("m.sta", MT940.encode())
            ),
        )

    sent = upload()
    assert (sent.status_code, sent.json()["is_new"]) == (201, True)
    assert upload().json()["is_new"] is False
    [line, other] = sent.json()["statement"]["lines"]
    proposed = as_amal.get(f"/api/bank-lines/{line['id']}/proposals").json()
    assert proposed[0]["payment"]["number"] == receipt.number

    matched = as_amal.post(f"/api/bank-lines/{line['id']}/match", {"payment_id": str(receipt.pk)})

    statement = sent.json()["statement"]["id"]
    assert matched.json()["payment_number"] == "RCT-000001"
    assert as_amal.get(f"/api/bank-statements/{statement}").json()["matched"] == 1
    [row] = as_amal.get("/api/bank-statements").json()["items"]
    assert (row["line_count"], row["matched"]) == (2, 1)
    confirmed = as_amal.get(f"/api/payments/{receipt.pk}").json()
    assert (confirmed["bank_statement_id"], "reverse" in confirmed["next_commands"]) == (
        statement, False,
    )  # fmt: skip
    as_amal.post(f"/api/bank-lines/{line['id']}/unmatch")
    assert not Payment.objects.get(pk=receipt.pk).is_matched
    invoice = an_invoice(a_line("600"), customer=buyer)
    paid = as_amal.post(
        f"/api/bank-lines/{line['id']}/payment",
        {"party_id": str(buyer.pk), "allocations": [{"document_id": str(invoice.pk)}]},
    )
    assert (paid.status_code, paid.json()["is_matched"]) == (201, True)


def _multipart(**data):
    from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

    return encode_multipart(BOUNDARY, data), MULTIPART_CONTENT
