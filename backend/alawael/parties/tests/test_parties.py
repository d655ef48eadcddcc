"""Entering, changing and retiring customers and suppliers."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alawael.core.errors import Invalid, VersionConflict
from alawael.core.models import AuditEvent
from alawael.parties import queries, services
from alawael.parties.install import open_party_series
from alawael.parties.models import Party
from testing.cast import NOON
from testing.parties import VAT_NUMBER, a_customer, a_party, a_supplier
from testing.races import at_once

OTHER_VAT_NUMBER = "310122393500003"


def pointers(refused):
    return {error.pointer: error.code for error in refused.value.errors}


def update(party, changes, actor, at, **options):
    options.setdefault("expected_version", None)
    return services.update_party(party.pk, changes, by=actor, at=at, **options)


def test_without_a_code_it_gets_the_next_one(db):
    assert [a_party().code, a_party().code] == ["P00001", "P00002"]


def test_the_series_steps_over_codes_that_were_typed_by_hand(db):
    a_party(code="p00001")

    assert a_party().code == "P00002"


def test_a_refused_party_costs_no_number(db):
    with pytest.raises(Invalid):
        a_party(country="ZZ")

    assert a_party().code == "P00001"


def test_codes_differ_by_more_than_their_case(db):
    a_party(code="C-7")

    with pytest.raises(services.PartyCodeTaken, match="c-7") as refused:
        a_party(code="c-7")

    assert pointers(refused) == {"/code": "party_code_taken"}


def test_of_many_creations_of_one_code_at_once_one_wins(as_amal):
    answers = at_once(
        lambda _: as_amal.post("/api/parties", {"code": "C-7", "name_en": "Anwar"}).status_code,
        range(6),
    )

    assert sorted(answers) == [201] + [409] * 5


def test_numbers_given_at_the_same_moment_differ(db):
    open_party_series(NOON)

    found = at_once(lambda _: a_party().code, range(6))

    assert sorted(found) == [f"P{n:05d}" for n in range(1, 7)]


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"name_en": "", "name_ar": " "}, "/name_en", "missing"),
        ({"vat_number": "30001234560000"}, "/vat_number", "wrong_vat_number"),
        ({"vat_number": "300012345600004"}, "/vat_number", "wrong_vat_number"),
        ({"vat_number": "30001234560000３"}, "/vat_number", "wrong_vat_number"),
        ({"building_number": "742"}, "/building_number", "wrong_digits"),
        ({"postal_code": "122110"}, "/postal_code", "wrong_digits"),
        ({"additional_number": "32A8"}, "/additional_number", "wrong_digits"),
        ({"country": "QQ"}, "/country", "unknown_country"),
        ({"country": "EU"}, "/country", "unknown_country"),
        ({"currency": "DEM"}, "/currency", "unknown_currency"),
        ({"email": "anwar"}, "/email", "wrong_email"),
        ({"other_id": "1"}, "/other_id_scheme", "unknown_scheme"),
        ({"other_id_scheme": "CRN"}, "/other_id", "missing"),
        ({"is_customer": False}, "/is_customer", "neither"),
        ({"credit_limit": Decimal("-0.01")}, "/credit_limit", "negative"),
        ({"payment_terms_days": 3651}, "/payment_terms_days", "too_long"),
        ({"language": "fr"}, "/language", "unknown_language"),
    ],
)
def test_what_does_not_fit_is_refused(db, wrong, field, code):
    with pytest.raises(Invalid) as refused:
        a_party(**wrong)

    assert pointers(refused) == {field: code}
    assert not Party.objects.exists()


def test_the_saudi_rules_hold_in_saudi_arabia_only(db):
    abroad = a_party(
        country="gb", vat_number="GB123456789", building_number="221B", postal_code="NW1 6XE",
        additional_number="",
    )  # fmt: skip

    assert (abroad.country, abroad.vat_number, abroad.postal_code) == (
        "GB",
        "GB123456789",
        "NW1 6XE",
    )


def test_numbers_typed_in_arabic_digits_are_kept_in_western_ones(db):
    party = a_party(vat_number="٣٠٠٠١٢٣٤٥٦٠٠٠٠٣", postal_code="۱۲۲۱۱", building_number="٧٤ ٢١")

    assert (party.vat_number, party.postal_code, party.building_number) == (
        VAT_NUMBER, "12211", "7421",
    )  # fmt: skip


def test_a_party_may_buy_and_sell(db):
    both = a_party(is_supplier=True)

    assert list(queries.parties(is_customer=True, is_supplier=True)) == [both]


def test_a_second_active_party_with_a_vat_number_is_refused(db):
    a_party(code="C-1", vat_number=VAT_NUMBER)

    with pytest.raises(services.VatNumberTaken, match="C-1 Anwar Trading") as refused:
        a_supplier(vat_number=VAT_NUMBER)

    assert pointers(refused) == {"/vat_number": "vat_number_taken"}


def test_a_branch_may_share_a_vat_number_when_asked_for(db, amal, noon):
    a_party(vat_number=VAT_NUMBER)
    values = {"name_en": "Branch", "vat_number": VAT_NUMBER}

    branch = services.create_party(values, allow_duplicate=True, by=amal, at=noon)

    # Later changes of something else do not ask again.
    assert update(branch, {"phone": "1"}, amal, noon).phone == "1"


def test_a_retired_party_frees_its_vat_number_until_it_comes_back(amal, noon):
    retired = a_party(vat_number=VAT_NUMBER)
    services.deactivate_party(retired.pk, expected_version=None, by=amal, at=noon)
    a_party(vat_number=VAT_NUMBER)

    with pytest.raises(services.VatNumberTaken):
        update(retired, {"is_active": True}, amal, noon)


def test_a_change_is_noted_with_what_was_there_before(amal, noon):
    party = a_party(phone="1")

    update(party, {"phone": "2", "city_en": "Riyadh"}, amal, noon)

    event = AuditEvent.objects.get(action="party.changed")
    assert event.changes == {"phone": ["1", "2"]}
    assert event.actor_id == amal.pk


def test_a_changed_name_is_found_and_the_old_one_no_longer(amal, noon):
    party = a_party(name_en="Anwar")

    update(party, {"name_en": "Noor"}, amal, noon)

    assert Party.objects.get().search_text.count("noor") == 1
    assert "anwar" not in Party.objects.get().search_text


def test_a_blank_code_in_a_change_leaves_the_code_alone(amal, noon):
    party = a_party(code="C-1")

    assert update(party, {"code": ""}, amal, noon).code == "C-1"


def test_a_change_to_anothers_code_is_refused(amal, noon):
    a_party(code="C-1")
    rival = a_party(code="C-2")

    with pytest.raises(services.PartyCodeTaken):
        update(rival, {"code": "c-1"}, amal, noon)


def test_the_case_of_its_own_code_may_be_changed(amal, noon):
    party = a_party(code="c-1")

    assert update(party, {"code": "C-1"}, amal, noon).code == "C-1"


def test_of_many_changes_at_once_one_wins(amal, noon):
    party = a_party()

    results = at_once(
        lambda n: update(party, {"phone": str(n)}, amal, noon, expected_version=1).phone, range(6)
    )

    assert results.count("version_conflict") == 5


def test_a_stale_deactivation_is_refused(amal, noon):
    party = a_party()
    update(party, {"phone": "1"}, amal, noon)

    with pytest.raises(VersionConflict):
        services.deactivate_party(party.pk, expected_version=1, by=amal, at=noon)

    assert Party.objects.get().is_active


def rows_of(count):
    return [
        {"code": f"C-{n}", "name_en": f"Customer {n}", "vat_number": f"3000123456{n:04d}3"}
        for n in range(count)
    ]


def test_many_parties_cost_few_queries_and_are_all_noted(amal, noon):
    with CaptureQueriesContext(connection) as few:
        services.create_parties(rows_of(3), by=amal, at=noon)
    with CaptureQueriesContext(connection) as many:
        services.create_parties(
            [{**row, "code": f"D-{row['code']}"} for row in rows_of(40)],
            allow_duplicate=True, by=amal, at=noon,
        )  # fmt: skip

    assert len(many) <= len(few)
    assert Party.objects.count() == 43
    assert AuditEvent.objects.filter(action="party.created").count() == 43


def test_a_refused_row_is_named_and_nothing_is_entered(amal, noon):
    rows = rows_of(3)
    rows[1]["postal_code"] = "1"

    with pytest.raises(Invalid) as refused:
        services.create_parties(rows, by=amal, at=noon)

    assert pointers(refused) == {"/1/postal_code": "wrong_digits"}
    assert not Party.objects.exists()
    assert not AuditEvent.objects.filter(action="party.created").exists()


def test_two_rows_with_one_code_are_refused(amal, noon):
    rows = [{"code": "C-1", "name_en": "Anwar"}, {"code": "c-1", "name_en": "Noor"}]

    with pytest.raises(services.PartyCodeTaken) as refused:
        services.create_parties(rows, by=amal, at=noon)

    assert pointers(refused) == {"/1/code": "party_code_taken"}


def test_two_rows_with_one_vat_number_are_refused(amal, noon):
    rows = [{"name_en": name, "vat_number": OTHER_VAT_NUMBER} for name in ("Anwar", "Noor")]

    with pytest.raises(services.VatNumberTaken, match="Anwar") as refused:
        services.create_parties(rows, by=amal, at=noon)

    assert pointers(refused) == {"/1/vat_number": "vat_number_taken"}


def test_parties_are_found_by_codes_as_they_were_asked_for(db):
    anwar = a_customer(code="C-1")

    assert queries.parties_by_code(["c-1", " C-1", "C-9"]) == {"c-1": anwar, " C-1": anwar}
