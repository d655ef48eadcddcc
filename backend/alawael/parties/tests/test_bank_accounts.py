"""Bank accounts and the numbers of persons: sealed, masked, and seen in full on record."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alawael.core.actors import SYSTEM
from alawael.core.models import AuditEvent, IdempotencyKey
from alawael.core.sealing import blind_index
from alawael.parties import queries, services
from alawael.parties.bank_accounts import add_bank_account
from alawael.parties.iban import (
    iban_problem,
    ibans_in,
    masked_iban,
    masked_number,
    tidy_iban,
    without_ibans,
)
from alawael.parties.models import IBAN, BankAccount, Party
from testing.cast import NOON
from testing.parties import a_person, a_supplier, our_company

RAJHI, INMA = "SA0380000000608010167519", "SA4420000001234567891234"
NATIONAL_ID = "1012345678"


def everything_kept():
    """Whatever is written about parties and what happened to them, as text."""
    rows: list[Any] = [*Party.objects.values(), *BankAccount.objects.values()]
    rows += [*AuditEvent.objects.values("changes"), *IdempotencyKey.objects.values()]
    return str(rows)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (RAJHI, None),
        ("sa03 8000 0000 6080 1016 7519", None),
        ("IBAN: SA03-8000-0000-6080-1016-7519".replace(": ", " "), None),
        ("SA٠٣ ٨٠٠٠ ٠٠٠٠ ٦٠٨٠ ١٠١٦ ٧٥١٩", None),
        ("GB82 WEST 1234 5698 7654 32", None),
        ("SA0380000000608010167518", "wrong_check_digits"),
        ("SA0380000000608010176519", "wrong_check_digits"),
        ("SA038000000060801016751", "wrong_length"),
        ("608010167519", "no_iban"),
        ("", "no_iban"),
    ],
)
def test_an_iban_is_checked_as_iso_13616_says(written, problem):
    found = iban_problem(tidy_iban(written))

    assert (found and found[0]) == problem


def test_an_iban_within_a_text_is_masked_and_what_only_looks_like_one_stays():
    said = f"TRF FROM {RAJHI} REF SA0380000000608010167510, SA44 2000 0001 2345 6789 1234 RENT"

    assert ibans_in(said) == [RAJHI, INMA]
    assert without_ibans(said) == (
        "TRF FROM SA•••• 7519 REF SA0380000000608010167510, SA•••• 1234 RENT"
    )
    assert [masked_iban(RAJHI), masked_iban("")] == ["SA•••• 7519", ""]
    assert [masked_number(NATIONAL_ID), masked_number("1234")] == ["•••• 5678", "••••"]


def test_a_supplier_s_bank_accounts_are_entered_corrected_and_taken_out_of_use(as_amal):
    supplier = a_supplier()
    path = f"/api/parties/{supplier.pk}/bank-accounts"
    sent = {"iban": "SA03 8000 0000 6080 1016 7519", "bank_name": "Al Rajhi", "bic": "rjhisari"}

    first = as_amal.post(path, sent, HTTP_IDEMPOTENCY_KEY="one")
    second = as_amal.post(path, {"iban": INMA, "is_main": True})
    twice = as_amal.post(path, {"iban": INMA})
    wrong = as_amal.post(path, {"iban": "SA0380000000608010167518", "bic": "RJ"})

    assert first.status_code == 201
    assert first.json()["iban"] == "SA•••• 7519"
    assert (first.json()["bic"], first.json()["is_main"]) == ("RJHISARI", True)
    assert [twice.status_code, twice.json()["errors"][0]["code"]] == [422, "iban_known"]
    assert [one["pointer"] for one in wrong.json()["errors"]] == ["/iban", "/bic"]
    listed = as_amal.get(path).json()
    assert [(one["iban"], one["is_main"]) for one in listed] == [
        ("SA•••• 1234", True),
        ("SA•••• 7519", False),
    ]
    one = f"{path}/{first.json()['id']}"
    changed = as_amal.patch(one, {"is_main": True, "holder": "Anwar"}, HTTP_IF_MATCH='"2"')
    assert (changed.status_code, changed.json()["holder"]) == (200, "Anwar")
    assert as_amal.patch(one, {"holder": "Late"}, HTTP_IF_MATCH='"1"').status_code == 412
    assert as_amal.delete(f"{path}/{second.json()['id']}").status_code == 204
    assert [one["is_main"] for one in as_amal.get(path).json()] == [True]
    assert RAJHI not in everything_kept()
    assert "8000 0000" not in everything_kept()
    elsewhere = as_amal.get(f"/api/parties/{a_supplier().pk}/bank-accounts").json()
    assert elsewhere == []


def test_the_whole_iban_is_for_few_and_each_look_is_on_record(signed_in_with):
    supplier = a_supplier()
    account = add_bank_account(supplier, {"iban": RAJHI}, by=SYSTEM, at=NOON)
    path = f"/api/parties/{supplier.pk}/bank-accounts/{account.pk}/reveal"
    clerk, treasurer = signed_in_with("party:*"), signed_in_with("bank_account:reveal")

    assert clerk.post(path).status_code == 403
    shown = treasurer.post(path, HTTP_IDEMPOTENCY_KEY="look")

    assert shown.json() == {"value": RAJHI}
    assert shown["Cache-Control"] == "no-store"
    event = AuditEvent.objects.get(action="party.bank_account_revealed")
    assert (event.record_id, event.changes) == (supplier.pk, {"iban": "SA•••• 7519"})
    assert event.actor_name.startswith("Colleague")
    assert RAJHI not in everything_kept()
    other = f"/api/parties/{a_supplier().pk}/bank-accounts/{account.pk}/reveal"
    assert treasurer.post(other).status_code == 404


def test_our_own_accounts_are_kept_the_same_way(as_amal):
    our_company()
    path = "/api/company/bank-accounts"

    made = as_amal.post(path, {"iban": RAJHI}).json()

    assert made["iban"] == "SA•••• 7519"
    assert as_amal.post(f"{path}/{made['id']}/reveal").json() == {"value": RAJHI}
    assert as_amal.patch(f"{path}/{made['id']}", {"bank_name": "Al Rajhi"}).status_code == 200
    assert as_amal.delete(f"{path}/{made['id']}").status_code == 204
    assert as_amal.get(path).json() == []
    actions = AuditEvent.objects.filter(action__startswith="company.bank_account")
    assert sorted(actions.values_list("action", flat=True)) == [
        "company.bank_account_added",
        "company.bank_account_changed",
        "company.bank_account_retired",
        "company.bank_account_revealed",
    ]


def test_a_party_is_found_by_its_iban_while_keys_are_replaced(db, settings):
    settings.ENCRYPTION_KEY, settings.ENCRYPTION_KEYS_OLD = "first" * 8, ()
    supplier, other = a_supplier(), a_supplier()
    add_bank_account(supplier, {"iban": RAJHI}, by=SYSTEM, at=NOON)
    settings.ENCRYPTION_KEY, settings.ENCRYPTION_KEYS_OLD = "second" * 8, ("first" * 8,)
    add_bank_account(other, {"iban": RAJHI}, by=SYSTEM, at=NOON)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = queries.parties_by_iban([RAJHI, INMA])

    assert {one.pk for one in found[RAJHI]} == {supplier.pk, other.pk}
    assert INMA not in found
    assert len(asked) == 1
    assert BankAccount.objects.filter(iban_index=blind_index(RAJHI, kind=IBAN)).count() == 1


def test_a_national_id_is_shown_by_its_end_searched_by_nobody_and_used_by_documents(as_amal):
    sent = {"name_en": "Huda", "is_business": False, "other_id_scheme": "NAT"}
    made = as_amal.post("/api/parties", {**sent, "other_id": "١٠١٢٣٤٥٦٧٨"}).json()
    path = f"/api/parties/{made['id']}"

    assert made["other_id"] == "•••• 5678"
    assert as_amal.get("/api/parties?q=1012345678").json()["items"] == []
    assert as_amal.post(f"{path}/reveal-id").json() == {"value": NATIONAL_ID}
    assert AuditEvent.objects.filter(action="party.other_id_revealed").count() == 1
    assert NATIONAL_ID not in everything_kept()
    assert Party.objects.get().identification == NATIONAL_ID
    # The form sends back what it was shown; that changes nothing.
    kept = as_amal.patch(path, {"other_id": "•••• 5678", "name_en": "Huda S."})
    assert (kept.json()["other_id"], Party.objects.get().identification) == (
        "•••• 5678",
        NATIONAL_ID,
    )
    renewed = as_amal.patch(path, {"other_id": "1098765432"}).json()
    assert renewed["other_id"] == "•••• 5432"
    told = AuditEvent.objects.filter(action="party.changed").order_by("-id")[0].changes
    assert told == {"other_id": ["•••• 5678", "•••• 5432"]}


def test_a_number_does_not_come_out_of_its_seal_by_another_name(as_amal):
    person = a_person(other_id_scheme="NAT", other_id=NATIONAL_ID)
    path = f"/api/parties/{person.pk}"

    refused = as_amal.patch(path, {"other_id_scheme": "OTH"})

    assert [one["pointer"] for one in refused.json()["errors"]] == ["/other_id"]
    assert as_amal.patch(path, {"other_id_scheme": "IQA"}).json()["other_id"] == "•••• 5678"
    business = as_amal.patch(path, {"other_id_scheme": "CRN", "other_id": "1010123456"}).json()
    assert business["other_id"] == "1010123456"
    assert Party.objects.get().personal_id == Party.objects.get().personal_id_index == ""
    back = as_amal.patch(path, {"other_id_scheme": "NAT"}).json()
    assert back["other_id"] == "•••• 3456"


def test_lists_mask_what_an_import_has_entered(db, as_amal):
    services.create_parties(
        [{"name_en": f"P{n}", "other_id_scheme": "IQA", "other_id": f"20000000{n:02}"}
         for n in range(3)],
        by=SYSTEM, at=NOON,
    )  # fmt: skip

    shown = [one["other_id"] for one in as_amal.get("/api/parties").json()["items"]]

    assert shown == ["•••• 0000", "•••• 0001", "•••• 0002"]
    assert "2000000001" not in everything_kept()
