"""A table of customers: checked, imported, imported again, taken back."""

from decimal import Decimal

import pytest

from alawael.core.audit import jsonable
from alawael.core.models import AuditEvent
from alawael.exchange import queries
from alawael.exchange.models import Import, ImportedRecord, ImportState, RefusedRow
from alawael.parties.models import Party
from testing.exchange import a_csv, an_upload, checked, run, undone
from testing.parties import a_customer, our_company

HEADINGS = ["Customer code", "Name", "الاسم", "VAT", "Country", "Credit limit"]
ANWAR = ["C-1", "Anwar Trading", "أنوار للتجارة", "", "SA", "50,000"]
NOUR = ["C-2", "Nour Stores", "متاجر النور", "", "ae", ""]


def table(*rows):
    return a_csv([HEADINGS, *rows])


def rows_of(report):
    return {action: count for action, count in report["rows"].items() if count}


def test_guesses_profile_and_mapping(amal, noon):
    batch = an_upload(table(ANWAR), by=amal, at=noon)

    assert (batch.profile, batch.state) == ("parties", ImportState.MAPPED)
    assert batch.mapping["name_ar"] == "الاسم"


def test_a_check_counts_everything_and_writes_nothing(amal, noon):
    a_customer(code="c-2", name_en="Nour", country="AE")
    before = jsonable(list(Party.objects.values()))
    bad = ["", "Nobody", "", "", "SA", "x"]

    batch = checked(an_upload(table(ANWAR, NOUR, bad), by=amal, at=noon), by=amal, at=noon)

    assert batch.state == ImportState.CHECKED
    assert rows_of(batch.check_report) == {"total": 3, "created": 1, "changed": 1, "refused": 1}
    assert jsonable(list(Party.objects.values())) == before
    assert not ImportedRecord.objects.exists()


def test_names_every_fault_of_a_row(amal, noon):
    bad = ["", "Nobody", "", "", "SA", "x"]

    checked(an_upload(table(ANWAR, bad), by=amal, at=noon), by=amal, at=noon)

    found = RefusedRow.objects.values_list("row", "column", "code")
    assert set(found) == {(3, "credit_limit", "not_a_number"), (3, "code", "key_missing")}
    assert RefusedRow.objects.first().as_sent == bad


def test_a_rule_of_the_domain_refuses_a_row_and_leaves_the_others(amal, noon):
    strange = ["C-3", "Strange", "", "", "XX", ""]

    batch = run(an_upload(table(ANWAR, strange, NOUR), by=amal, at=noon), by=amal, at=noon)

    assert batch.state == ImportState.DONE
    assert rows_of(batch.run_report) == {"total": 3, "created": 2, "refused": 1}
    [refused] = queries.refused_rows(batch)
    assert (refused.row, refused.column, refused.code) == (3, "country", "unknown_country")
    assert set(Party.objects.values_list("code", flat=True)) == {"C-1", "C-2"}


def test_the_same_file_twice_changes_nothing(amal, noon):
    run(an_upload(table(ANWAR, NOUR), by=amal, at=noon), by=amal, at=noon)
    before = jsonable(list(Party.objects.order_by("id").values()))

    batch = run(an_upload(table(ANWAR, NOUR), by=amal, at=noon), by=amal, at=noon)

    assert rows_of(batch.run_report) == {"total": 2, "unchanged": 2}
    assert jsonable(list(Party.objects.order_by("id").values())) == before
    assert not queries.imported_records(batch).exists()


def test_changes_only_the_columns_that_are_there_and_filled(amal, noon):
    party = a_customer(code="C-1", name_en="Old", phone="123", city_en="Jeddah")

    content = a_csv([["code", "name_en", "city_en"], ["c-1", "New", ""]])
    run(an_upload(content, by=amal, at=noon), by=amal, at=noon)

    party.refresh_from_db()
    assert (party.name_en, party.phone, party.city_en) == ("New", "123", "Jeddah")


@pytest.mark.parametrize(
    ("mode", "counts", "code"),
    [
        ("create", {"total": 2, "created": 1, "refused": 1}, "already_exists"),
        ("update", {"total": 2, "changed": 1, "refused": 1}, "not_found"),
    ],
)
def test_creates_only_or_changes_only_when_asked_to(amal, noon, mode, counts, code):
    a_customer(code="C-1", name_en="Old")
    batch = an_upload(table(ANWAR, NOUR), by=amal, at=noon)
    batch.options = {**batch.options, "mode": mode}
    Import.objects.filter(pk=batch.pk).update(options=batch.options)

    batch = run(batch, by=amal, at=noon)

    assert rows_of(batch.run_report) == counts
    assert [row.code for row in queries.refused_rows(batch)] == [code]


def test_a_key_that_comes_twice_counts_once(amal, noon):
    again = ["c-1", "Another", "", "", "SA", ""]

    batch = run(an_upload(table(ANWAR, NOUR, again), by=amal, at=noon), by=amal, at=noon)

    assert rows_of(batch.run_report) == {"total": 3, "created": 2, "refused": 1}
    assert [(row.row, row.code) for row in queries.refused_rows(batch)] == [(4, "twice_in_file")]
    assert Party.objects.get(code="C-1").name_en == "Anwar Trading"


def test_blank_rows_are_counted_and_skipped(amal, noon):
    batch = run(an_upload(table(ANWAR, [""] * 6, NOUR), by=amal, at=noon), by=amal, at=noon)

    assert rows_of(batch.run_report) == {"total": 2, "blank": 1, "created": 2}


def test_undo_takes_new_parties_out_of_use(amal, noon):
    batch = run(an_upload(table(ANWAR, NOUR), by=amal, at=noon), by=amal, at=noon)

    batch = undone(batch, by=amal, at=noon)

    assert batch.state == ImportState.UNDONE
    assert batch.undo_report == {"undone": {"party": {"created": 2}}, "kept": {}}
    assert not Party.objects.filter(is_active=True).exists()


def test_undo_gives_changed_parties_their_old_values_back(amal, noon):
    party = a_customer(code="C-1", name_en="Old", credit_limit=Decimal("10.00"))
    batch = run(an_upload(table(ANWAR), by=amal, at=noon), by=amal, at=noon)

    undone(batch, by=amal, at=noon)

    party.refresh_from_db()
    assert (party.name_en, str(party.credit_limit)) == ("Old", "10.00")


def test_undo_keeps_what_somebody_changed_since_and_says_why(amal, noon):
    party = a_customer(code="C-1", name_en="Old")
    batch = run(an_upload(table(ANWAR), by=amal, at=noon), by=amal, at=noon)
    Party.objects.filter(pk=party.pk).update(name_en="Mine")

    batch = undone(batch, by=amal, at=noon)

    party.refresh_from_db()
    assert party.name_en == "Mine"
    assert batch.undo_report == {"undone": {}, "kept": {"party": {"changed": 1}}}
    [record] = queries.imported_records(batch)
    assert (record.kept_code, record.undone_at) == ("changed_since", None)
    assert record.kept_ar


def test_remembers_the_mapping_for_the_next_file_of_this_shape(amal, noon):
    our_company()
    content = a_csv([["A", "B"], ["C-1", "Anwar"]])
    batch = an_upload(content, by=amal, at=noon, profile="parties")
    assert batch.state == ImportState.UPLOADED
    Import.objects.filter(pk=batch.pk).update(mapping={"code": "A", "name_en": "B"})
    run(queries.import_called(batch.pk), by=amal, at=noon)

    again = an_upload(a_csv([["a", "b"], ["C-9", "Nour"]]), by=amal, at=noon, profile="parties")

    assert again.mapping == {"code": "a", "name_en": "b"}


def test_everything_is_in_the_audit_trail(amal, noon):
    batch = run(an_upload(table(ANWAR), by=amal, at=noon), by=amal, at=noon)
    undone(batch, by=amal, at=noon)

    events = AuditEvent.objects.filter(record_id=batch.pk).order_by("id")
    assert [(event.action, event.actor_name) for event in events] == [
        (f"import.{verb}", amal.actor_name)
        for verb in ("uploaded", "run_started", "done", "undo_started", "undone")
    ]
