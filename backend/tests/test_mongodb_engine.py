"""Our engine for MongoDB: joins come after filter, order and cut; unique indexes serve searches."""

import re

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from alawael.core.models import Job
from alawael.core.unit_of_work import unit_of_work
from alawael.ledger.models import JournalLine
from testing.ledger import NOON, an_entry, open_books, the_account

#: The stages whose order decides how much is joined.
TOLD = {"match", "lookup", "sort", "skip", "limit"}


@pytest.fixture
def lines(db):
    unit_of_work(open_books)()
    unit_of_work(lambda: [an_entry(amount) for amount in ("10.00", "20.00", "30.00")])()
    return JournalLine.objects.select_related("account", "party").order_by("-place")


def test_a_page_is_filtered_and_cut_before_it_is_joined(lines):
    bank = the_account("111003")
    found, stages = answer(lines.filter(account_id=bank.pk)[1:3])
    assert [(line.account.code, line.party, line.credit) for line in found] == [
        ("111003", None, 20),
        ("111003", None, 10),
    ]
    assert stages in ([], ["match", "sort", "skip", "limit", "lookup", "lookup"])


def test_a_condition_on_what_is_joined_waits_for_it(lines):
    found, stages = answer(lines.filter(account__code="111003", debit=0)[:1])
    assert [line.credit for line in found] == [30]
    assert stages in ([], ["match", "lookup", "lookup", "match", "sort", "limit"])


def test_a_page_in_the_order_of_what_is_joined_is_cut_after_it(lines):
    found, stages = answer(lines.order_by("account__code", "credit")[:2])
    assert [line.account.code for line in found] == ["111003", "111003"]
    assert stages in ([], ["lookup", "lookup", "sort", "limit"])


def test_no_unique_index_is_of_a_form_that_a_search_cannot_use(db):
    unusable = [
        f"{name}.{index['name']}"
        for name, index in all_indexes()
        if "$type" in str(index.get("partialFilterExpression", ""))
    ]
    assert unusable == []


def test_one_row_has_a_value_and_several_have_none(db):
    job = {"task": "t", "arguments": {}, "enqueued_at": NOON, "run_at": NOON}
    for key in (None, None, "one"):
        Job.objects.create(**job, dedupe_key=key)
    with pytest.raises(IntegrityError):
        unit_of_work(lambda: Job.objects.create(**job, dedupe_key="one"))()


def all_indexes():
    if connection.vendor != "mongodb":
        return
    database = connection.get_database()  # type: ignore[attr-defined]
    for name in database.list_collection_names():
        for index in database[name].list_indexes():
            yield name, index


def answer(rows):
    """The rows, and on MongoDB the names of the stages that they went through."""
    with CaptureQueriesContext(connection) as asked:
        found = list(rows)
    if connection.vendor != "mongodb":
        return found, []
    # The names of the outermost stages; nested ones stand deeper than one bracket and one brace.
    text, depth, stages = asked[0]["sql"], 0, []
    for token in re.finditer(r"[\[{(]|[\]})]|'\$(\w+)'", text):
        if token[1]:
            stages += [token[1]] if depth == 3 and token[1] in TOLD else []
        else:
            depth += 1 if token[0] in "[{(" else -1
    return found, stages
