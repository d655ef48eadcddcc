"""Our own company."""

import pytest

from alawael.core.errors import Invalid
from alawael.core.models import AuditEvent
from alawael.parties import queries, services
from alawael.parties.models import Company
from testing.parties import our_company
from testing.races import at_once


def codes(refused):
    return {error.pointer: error.code for error in refused.value.errors}


def set_up(actor, at, **values):
    return services.set_up_company({"name_en": "Alamal", **values}, by=actor, at=at)


def test_is_set_up_once(amal, noon):
    company = set_up(amal, noon, vat_number="٣٠٠٠ ١٢٣٤٥ ٦٠٠٠٠٣")

    assert queries.company() == company
    assert company.vat_number == "300012345600003"
    assert company.base_currency == "SAR"
    assert AuditEvent.objects.get().action == "company.set_up"
    with pytest.raises(services.CompanyExists):
        set_up(amal, noon)


def test_of_many_set_ups_at_once_one_succeeds(db, as_amal):
    answers = at_once(
        lambda n: as_amal.post("/api/company", {"name_en": f"Alamal {n}"}).status_code, range(6)
    )

    assert sorted(answers) == [201] + [409] * 5
    assert Company.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"name_en": " "}, "/name_en", "missing"),
        ({"vat_number": "123"}, "/vat_number", "wrong_vat_number"),
        ({"vat_number": "400012345600003"}, "/vat_number", "wrong_vat_number"),
        ({"postal_code": "1221"}, "/postal_code", "wrong_digits"),
        ({"name_ar": "ش" * 128}, "/name_ar", "too_long_for_qr"),
        ({"other_id": "1", "other_id_scheme": "PAS"}, "/other_id_scheme", "unknown_scheme"),
        ({"base_currency": "XXX"}, "/base_currency", "unknown_currency"),
        ({"time_zone": "Asia/Atlantis"}, "/time_zone", "unknown_time_zone"),
        ({"einvoice_phase": 3}, "/einvoice_phase", "unknown_phase"),
    ],
)
def test_refuses_what_no_invoice_could_carry(amal, noon, wrong, field, code):
    with pytest.raises(Invalid) as refused:
        set_up(amal, noon, **wrong)

    assert codes(refused)[field] == code
    assert not Company.objects.exists()


def test_a_name_that_just_fits_the_qr_code_is_taken(amal, noon):
    assert set_up(amal, noon, name_ar="ش" * 127).pk


def test_before_the_set_up_there_is_none(as_amal):
    answer = as_amal.get("/api/company", HTTP_ACCEPT_LANGUAGE="ar")

    assert (answer.status_code, answer.json()["code"]) == (404, "company_missing")
    assert answer.json()["detail"] == "أدخل بيانات شركتك أولًا."


def test_changes_only_what_is_sent(as_amal):
    our_company(phone="+966110000000")

    changed = as_amal.patch("/api/company", {"city_en": "Jeddah"}, HTTP_IF_MATCH='"1"')

    assert changed.status_code == 200
    assert changed["ETag"] == '"2"'
    assert changed.json()["city_en"] == "Jeddah"
    assert changed.json()["phone"] == "+966110000000"
    assert AuditEvent.objects.get(action="company.changed").changes == {
        "city_en": ["Riyadh", "Jeddah"]
    }


def test_a_stale_change_is_refused(as_amal):
    our_company()
    as_amal.patch("/api/company", {"city_en": "Jeddah"})

    stale = as_amal.patch("/api/company", {"city_en": "Abha"}, HTTP_IF_MATCH='"1"')

    assert stale.status_code == 412
    assert queries.company().city_en == "Jeddah"


def test_the_currency_of_the_books_cannot_be_changed(as_amal):
    our_company()

    refused = as_amal.patch("/api/company", {"base_currency": "USD"})

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/base_currency"


def test_who_may_only_read_it_cannot_change_it(signed_in_with):
    our_company()
    reader = signed_in_with("company:read")

    assert reader.get("/api/company").status_code == 200
    assert reader.patch("/api/company", {"city_en": "Abha"}).status_code == 403
    assert reader.post("/api/company", {"name_en": "x"}).status_code == 403
