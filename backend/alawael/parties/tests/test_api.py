"""Customers and suppliers over HTTP."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alawael.core.ids import new_id
from alawael.parties.models import Party
from testing.cast import a_user
from testing.parties import VAT_NUMBER, a_customer, a_party, a_supplier

SENT = {
    "code": "C-1042",
    "name_en": "Anwar Trading",
    "name_ar": "أنوار للتجارة",
    "vat_number": VAT_NUMBER,
    "credit_limit": "5000.5",
    "payment_terms_days": 30,
}


BLANK = [
    "other_id_scheme",
    "other_id",
    "building_number",
    "street_en",
    "street_ar",
    "district_en",
    "district_ar",
    "city_en",
    "city_ar",
    "postal_code",
    "additional_number",
    "email",
    "phone",
    "notes",
]


def codes(answer):
    assert answer.status_code == 200, answer.content
    return [item["code"] for item in answer.json()["items"]]


def test_answers_with_the_whole_party(as_amal):
    created = as_amal.post("/api/parties", SENT)

    assert created.status_code == 201
    assert created["ETag"] == '"1"'
    party = created.json()
    assert party.pop("id") == str(Party.objects.get().pk)
    assert party == {
        **dict.fromkeys(BLANK, ""),
        **SENT,
        "version": 1,
        "country": "SA",
        "is_customer": True,
        "is_supplier": False,
        "is_business": True,
        "credit_limit": "5000.50",
        "currency": "SAR",
        "language": "ar",
        "is_active": True,
        "salesperson_id": None,
    }


def test_a_party_is_read_again(as_amal):
    created = as_amal.post("/api/parties", SENT)

    read = as_amal.get(f"/api/parties/{created.json()['id']}")

    assert read.json() == created.json()
    assert read["ETag"] == '"1"'


def test_changes_only_what_is_sent_and_null_lifts_the_credit_limit(as_amal):
    created = as_amal.post("/api/parties", SENT).json()

    changed = as_amal.patch(
        f"/api/parties/{created['id']}", {"credit_limit": None}, HTTP_IF_MATCH='"1"'
    )

    assert changed["ETag"] == '"2"'
    assert changed.json() == {**created, "credit_limit": None, "version": 2}


def test_a_name_cannot_be_null(as_amal):
    party = a_party()

    refused = as_amal.patch(f"/api/parties/{party.pk}", {"name_en": None})

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/name_en"


def test_removing_retires_and_keeps(as_amal):
    party = a_party()

    assert as_amal.delete(f"/api/parties/{party.pk}").status_code == 204
    assert not Party.objects.get().is_active


def test_a_stale_version_is_refused(as_amal):
    party = a_party()
    as_amal.patch(f"/api/parties/{party.pk}", {"phone": "1"})

    for answer in (
        as_amal.patch(f"/api/parties/{party.pk}", {"phone": "2"}, HTTP_IF_MATCH='"1"'),
        as_amal.delete(f"/api/parties/{party.pk}", HTTP_IF_MATCH='"1"'),
    ):
        assert (answer.status_code, answer.json()["code"]) == (412, "version_conflict")


def test_a_wrong_vat_number_is_explained_in_arabic(as_amal):
    refused = as_amal.post("/api/parties", {**SENT, "vat_number": "123"}, HTTP_ACCEPT_LANGUAGE="ar")

    assert refused.status_code == 422
    assert refused.json()["errors"] == [
        {
            "pointer": "/vat_number",
            "code": "wrong_vat_number",
            "message": "يتكون الرقم الضريبي السعودي من 15 رقمًا، أولها وآخرها 3.",
        }
    ]


def test_a_taken_vat_number_is_refused_unless_a_duplicate_is_allowed(as_amal):
    a_party(code="C-1", vat_number=VAT_NUMBER)

    refused = as_amal.post("/api/parties", SENT, HTTP_ACCEPT_LANGUAGE="ar")
    allowed = as_amal.post("/api/parties?allow_duplicate=true", SENT)

    assert (refused.status_code, refused.json()["code"]) == (409, "vat_number_taken")
    assert "C-1" in refused.json()["detail"]
    assert "السماح بالتكرار" in refused.json()["detail"]
    assert allowed.status_code == 201


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"credit_limit": 5000.5}, "/credit_limit"),
        ({"credit_limit": "1.005"}, "/credit_limit"),
        ({"credit_limit": "1e300"}, "/credit_limit"),
        ({"payment_terms_days": -1}, "/payment_terms_days"),
        ({"name_en": "x" * 201}, "/name_en"),
        ({"search_text": "x"}, "/search_text"),
        ({"version": 9}, "/version"),
        ({"notes": "nul\x00"}, "/notes"),
    ],
)
def test_malformed_input_names_its_field(as_amal, wrong, field):
    refused = as_amal.post("/api/parties", {**SENT, **wrong})

    assert refused.status_code == 422
    assert field in [error["pointer"] for error in refused.json()["errors"]]


def test_an_unknown_party_is_not_found(as_amal):
    path = f"/api/parties/{new_id()}"

    answers = [as_amal.get(path), as_amal.patch(path, {}), as_amal.delete(path)]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_a_stranger_sees_nothing(stranger):
    for path in ("/api/parties", f"/api/parties/{new_id()}", "/api/company"):
        assert stranger.get(path).status_code == 401


def test_a_reader_can_only_read(signed_in_with):
    party = a_party()
    reader = signed_in_with("party:read")
    path = f"/api/parties/{party.pk}"

    assert reader.get(path).status_code == 200
    assert reader.post("/api/parties", SENT).status_code == 403
    assert reader.patch(path, {"phone": "1"}).status_code == 403
    assert reader.delete(path).status_code == 403
    assert signed_in_with("product:read").get("/api/parties").status_code == 403


@pytest.mark.parametrize(
    "words",
    [
        "أنوار",
        "انوار للتجاره",
        "ANWAR",
        "trading anwar",
        "c-1",
        "٣٠٠٠١٢",
        "anwar.example",
        "riyadh",
    ],
)
def test_a_party_is_found_however_it_is_written(as_amal, words):
    a_party(code="C-1", vat_number=VAT_NUMBER, email="info@anwar.example")
    a_party(code="C-2", name_en="Rival", name_ar="منافس", city_en="Jeddah", city_ar="جدة")

    assert codes(as_amal.get("/api/parties", {"q": words})) == ["C-1"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("is_customer=true", ["C-1", "C-2", "C-3"]),
        ("is_supplier=true", ["C-2", "S-1"]),
        ("is_customer=true&is_supplier=true", ["C-2"]),
        ("is_business=false", ["C-3"]),
        ("country=AE", ["S-1"]),
        ("country=ae", ["S-1"]),
        ("is_active=false", ["C-1"]),
        (f"vat_number={VAT_NUMBER}", ["C-2"]),
        ("sort=-code", ["S-1", "C-3", "C-2", "C-1"]),
        ("sort=name_en", ["C-2", "S-1", "C-3", "C-1"]),
    ],
)
def test_lists_filter_and_sort(as_amal, filters, expected):
    retired = a_customer(code="C-1", name_en="Zain")
    a_customer(code="C-2", name_en="Anwar", is_supplier=True, vat_number=VAT_NUMBER)
    a_customer(code="C-3", name_en="Noor", is_business=False)
    a_supplier(code="S-1", name_en="Dubai Lamps", country="AE")
    as_amal.delete(f"/api/parties/{retired.pk}")

    assert codes(as_amal.get(f"/api/parties?{filters}")) == expected


def test_a_page_costs_the_same_number_of_queries_however_long(as_amal):
    a_party()
    with CaptureQueriesContext(connection) as one:
        as_amal.get("/api/parties")
    for _ in range(5):
        a_party()

    with CaptureQueriesContext(connection) as six:
        as_amal.get("/api/parties")

    assert len(six) == len(one) <= 4


def test_who_sees_parties_may_choose_among_colleagues_and_sees_only_their_names(signed_in_with):
    client = signed_in_with("party:read")
    a_user("nora", "user:read", is_active=False)

    found = client.get("/api/salespeople?q=nora").json()["items"]

    assert [(one["name_en"], one["is_active"]) for one in found] == [("Nora", False)]
    assert set(found[0]) == {"id", "name_en", "name_ar", "is_active"}
    assert signed_in_with("product:read").get("/api/salespeople").status_code == 403
