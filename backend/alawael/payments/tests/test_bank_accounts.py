"""IBANs on bank statements and payments: sealed, masked, and of use for finding the party."""

from datetime import date
from decimal import Decimal

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.errors import Invalid
from alawael.core.models import AuditEvent
from alawael.core.sealing import opened
from alawael.parties.bank_accounts import add_bank_account, retire_bank_account
from alawael.payments import bank, matching, queries, services
from alawael.payments.models import BankLine, BankStatement, Payment, PaymentKind, PaymentMethod
from alawael.payments.statement_files import read_statement
from alawael.payments.tests.test_statement_files import CAMT
from testing.cast import NOON
from testing.invoicing import MARCH, a_buyer
from testing.parties import a_supplier, our_company
from testing.payments import a_receipt, the_bank

RAJHI, INMA, OURS = "SA0380000000608010167519", "SA4420000001234567891234", "GB82WEST12345698765432"
CSV = f"""Date,Description,Amount
05/03/2026,TRF FROM {RAJHI} TO {OURS} ANWAR,690.00
06/03/2026,SA44 2000 0001 2345 6789 1234 RENT,-50.00
07/03/2026,Cash SA0380000000608010167510,10.00
"""
WITH_IBAN = CAMT.replace(
    "</RltdPties>", f"<DbtrAcct><Id><IBAN>{RAJHI}</IBAN></Id></DbtrAcct></RltdPties>"
)

pytestmark = pytest.mark.usefixtures("shop")


def account_of(party, iban=RAJHI):
    return add_bank_account(party, {"iban": iban}, by=SYSTEM, at=NOON)


def take_in(text):
    bank.import_statement(the_bank(), text.encode(), file_name="march.csv", by=SYSTEM, at=NOON)
    return list(BankLine.objects.order_by("position"))


def test_the_other_side_s_iban_is_taken_out_of_the_text_and_sealed():
    account_of(our_company(), OURS)

    lines = take_in(CSV)

    assert [opened(line, "counterparty_iban") for line in lines] == [RAJHI, INMA, ""]
    assert [line.masked_iban for line in lines] == ["SA•••• 7519", "SA•••• 1234", ""]
    assert lines[0].text == "TRF FROM SA•••• 7519 TO GB•••• 5432 ANWAR"
    assert lines[2].text == "Cash SA0380000000608010167510"  # its check digits are wrong
    kept = str([*BankLine.objects.values(), *BankStatement.objects.values()])
    kept += str([*AuditEvent.objects.values()])
    assert [iban for iban in (RAJHI, INMA, OURS, "2000 0001") if iban in kept] == []
    assert read_statement(WITH_IBAN.encode()).lines[0].iban == RAJHI


def test_a_line_finds_the_party_whose_account_it_names(as_amal):
    buyer, other = a_buyer(name_en="Someone", name_ar=""), a_buyer(vat_number="")
    account_of(buyer)
    theirs, named = (a_receipt("690", customer=one) for one in (buyer, other))
    line = take_in(CSV)[0]

    shown = as_amal.get(f"/api/bank-statements/{line.statement_id}").json()["lines"]
    found = matching.proposals_for(
        line, matching.candidates_for(line), holders=queries.holders_of(line)
    )

    assert shown[0]["counterparty_iban"] == "SA•••• 7519"
    assert shown[0]["suggested_party"]["id"] == str(buyer.pk)
    assert [one["suggested_party"] for one in shown[1:]] == [None, None]
    assert "bank_account" in next(one for one in found if one.payment == theirs).reasons
    assert "bank_account" not in next(one for one in found if one.payment == named).reasons
    account_of(other)  # two have it now: nobody is suggested
    again = as_amal.get(f"/api/bank-statements/{line.statement_id}").json()["lines"]
    assert again[0]["suggested_party"] is None


def test_a_payment_says_to_which_account_it_goes(as_amal):
    supplier, other = a_supplier(), a_supplier()
    account, theirs = account_of(supplier), account_of(other, INMA)
    sent = {
        "kind": "payment",
        "party_id": str(supplier.pk),
        "method": "bank_transfer",
        "account_id": str(the_bank().pk),
        "amount": "100.00",
        "paid_on": MARCH.isoformat(),
    }

    made = as_amal.post("/api/payments", {**sent, "bank_account_id": str(account.pk)})
    wrong = as_amal.post("/api/payments", {**sent, "bank_account_id": str(theirs.pk)})

    assert made.json()["bank_account"]["iban"] == "SA•••• 7519"
    assert [one["pointer"] for one in wrong.json()["errors"]] == ["/bank_account_id"]
    path = f"/api/payments/{made.json()['id']}"
    moved = as_amal.patch(path, {"party_id": str(other.pk)})
    assert moved.json()["bank_account"] is None
    given = as_amal.patch(path, {"bank_account_id": str(theirs.pk)})
    assert given.json()["bank_account"]["iban"] == "SA•••• 1234"
    told = AuditEvent.objects.filter(action="payment.edited").order_by("-id")[0].changes
    assert told == {"bank_account": [None, "SA•••• 1234"]}
    retire_bank_account(account, expected_version=None, by=SYSTEM, at=NOON)
    with pytest.raises(Invalid):
        services.draft_payment(
            supplier,
            kind=PaymentKind.PAYMENT,
            method=PaymentMethod.BANK_TRANSFER,
            account=the_bank(),
            amount=Decimal(1),
            paid_on=date(2026, 3, 1),
            bank_account=account,
            by=SYSTEM,
            at=NOON,
        )
    assert Payment.objects.count() == 1
