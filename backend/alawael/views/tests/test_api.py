"""Saved views; and, because they are the smallest records, the promises every record makes."""

import pytest

from alawael.core.models import AuditEvent, IdempotencyKey, IdempotencyState
from alawael.core.unit_of_work import unit_of_work
from alawael.views.models import SavedView
from testing.races import at_once

MINE = {"list_key": "products", "name": "Active goods", "state": {"sort": "sku"}}


def names(answer):
    return [item["name"] for item in answer.json()["items"]]


def test_saves_a_view_and_notes_who_did(as_amal):
    saved = as_amal.post("/api/views", MINE)

    assert saved.status_code == 201
    assert saved["ETag"] == '"1"'
    assert saved.json()["owner_name"] == "Amal"
    assert AuditEvent.objects.get().action == "view.saved"


def test_others_see_a_view_only_when_it_is_shared(as_amal, signed_in_with):
    as_amal.post("/api/views", MINE)
    as_amal.post("/api/views", {**MINE, "name": "For all", "is_shared": True})

    assert names(signed_in_with().get("/api/views")) == ["For all"]


def test_nobody_changes_anothers_view(as_amal, signed_in_with):
    view = as_amal.post("/api/views", {**MINE, "is_shared": True}).json()

    assert signed_in_with().patch(f"/api/views/{view['id']}", {"name": "x"}).status_code == 404


def test_one_view_is_the_default(as_amal):
    for name in ("A", "B"):
        as_amal.post("/api/views", {**MINE, "name": name, "is_default": True})

    assert list(SavedView.objects.filter(is_default=True).values_list("name", flat=True)) == ["B"]


def test_a_second_view_of_that_name_is_refused_in_the_callers_language(as_amal):
    as_amal.post("/api/views", MINE)

    refused = as_amal.post("/api/views", MINE, HTTP_ACCEPT_LANGUAGE="ar")

    assert refused.status_code == 409
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "view_name_taken"
    assert "لديك عرض" in refused.json()["detail"]


def test_a_stale_version_is_refused_and_changes_nothing(as_amal):
    view = as_amal.post("/api/views", MINE).json()
    as_amal.patch(f"/api/views/{view['id']}", {"name": "First"}, HTTP_IF_MATCH='"1"')

    stale = as_amal.patch(f"/api/views/{view['id']}", {"name": "Second"}, HTTP_IF_MATCH='"1"')

    assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
    assert SavedView.objects.get().name == "First"


def test_one_of_many_changes_at_once_wins(as_amal):
    view = as_amal.post("/api/views", MINE).json()
    path = f"/api/views/{view['id']}"

    answers = at_once(
        lambda name: as_amal.patch(path, {"name": name}, HTTP_IF_MATCH='"1"').status_code,
        [f"name-{n}" for n in range(8)],
    )

    assert sorted(answers) == [200] + [412] * 7


@pytest.mark.parametrize(
    ("sent", "pointer", "code"),
    [
        ({**MINE, "name": ""}, "/name", "string_too_short"),
        ({"list_key": "products"}, "/name", "missing"),
        ({**MINE, "surprise": 1}, "/surprise", "extra_forbidden"),
        ({**MINE, "name": "nul\x00"}, "/name", "invalid_value"),
        ({**MINE, "state": {"x": "y" * 9000}}, "/state", "invalid_value"),
    ],
)
def test_what_does_not_fit_is_named_by_its_place(as_amal, sent, pointer, code):
    refused = as_amal.post("/api/views", sent)

    assert refused.status_code == 422
    assert {(error["pointer"], error["code"]) for error in refused.json()["errors"]} >= {
        (pointer, code)
    }
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"\xff", b'"\\ud800"', b"", b"NaN", b"[]", b"null"])
def test_a_body_that_cannot_be_read_is_never_a_500(as_amal, body):
    answer = as_amal.generic("POST", "/api/views", body, content_type="application/json")

    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json"


def test_a_stranger_is_asked_to_sign_in(stranger):
    answer = stranger.get("/api/views")

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


def test_the_same_key_and_body_give_the_first_answer_again(as_amal):
    first = as_amal.post("/api/views", MINE, HTTP_IDEMPOTENCY_KEY="k1")
    again = as_amal.post("/api/views", MINE, HTTP_IDEMPOTENCY_KEY="k1")

    assert again.status_code == 201
    assert again.content == first.content
    assert again["Idempotency-Replayed"] == "true"
    assert SavedView.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(as_amal):
    as_amal.post("/api/views", MINE, HTTP_IDEMPOTENCY_KEY="k1")

    other = as_amal.post("/api/views", {**MINE, "name": "Other"}, HTTP_IDEMPOTENCY_KEY="k1")

    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_a_refusal_is_remembered_like_any_answer(as_amal):
    as_amal.post("/api/views", MINE)
    first = as_amal.post("/api/views", MINE, HTTP_IDEMPOTENCY_KEY="k1")
    SavedView.objects.all().delete()

    again = as_amal.post("/api/views", MINE, HTTP_IDEMPOTENCY_KEY="k1")

    assert again.content == first.content


def test_two_people_may_use_the_same_key(as_amal, signed_in_with):
    as_amal.post("/api/views", MINE, HTTP_IDEMPOTENCY_KEY="k1")
    signed_in_with().post("/api/views", MINE, HTTP_IDEMPOTENCY_KEY="k1")

    assert SavedView.objects.count() == 2


def test_sixteen_sendings_at_once_save_one_view(as_amal):
    answers = at_once(
        lambda _: as_amal.post("/api/views", MINE, HTTP_IDEMPOTENCY_KEY="k1"), range(16)
    )

    assert SavedView.objects.count() == 1
    refused = {answer.json()["code"] for answer in answers if answer.status_code != 201}
    # Not that the name is taken: nobody got as far as that.
    assert refused <= {"idempotency_in_progress", "idempotency_answer_lost"}


def test_what_was_committed_is_not_carried_out_again_although_its_answer_was_lost(as_amal):
    as_amal.post("/api/views", MINE, HTTP_IDEMPOTENCY_KEY="k1")
    # As if the process had died between the commit and the answer.
    unit_of_work(IdempotencyKey.objects.update)(state=IdempotencyState.COMMITTED, body="")

    again = as_amal.post("/api/views", MINE, HTTP_IDEMPOTENCY_KEY="k1")

    assert again.json()["code"] == "idempotency_answer_lost"
    assert SavedView.objects.count() == 1


def a_few_views(client, count=5):
    for number in range(count):
        client.post("/api/views", {**MINE, "name": f"View {number}"})


def test_pages_follow_each_other_without_gap_or_repetition(as_amal):
    a_few_views(as_amal)

    for sort in ("name", "-name", "id", "-id"):
        seen, after = [], ""
        while after is not None:
            page = as_amal.get(f"/api/views?limit=2&sort={sort}&after={after}").json()
            seen += [item["name"] for item in page["items"]]
            after = page["next"]
        assert seen == sorted(seen, reverse=sort.startswith("-"))
        assert len(seen) == 5


def test_only_the_fields_that_were_asked_for(as_amal):
    a_few_views(as_amal, 1)

    page = as_amal.get("/api/views?fields=name,version&count=true").json()

    assert page == {"items": [{"name": "View 0", "version": 1}], "next": None, "total": 1}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("sort=colour", "unknown_sort"),
        ("fields=colour", "unknown_field"),
        ("after=x", "unknown_cursor"),
        ("after=W10", "unknown_cursor"),
        ("limit=0", "greater_than_equal"),
        ("limit=many", "int_parsing"),
    ],
)
def test_a_list_refuses_what_it_does_not_know(as_amal, query, code):
    answer = as_amal.get(f"/api/views?{query}")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == code


def test_a_cursor_of_another_sort_is_refused(as_amal):
    a_few_views(as_amal)
    mark = as_amal.get("/api/views?limit=2&sort=name").json()["next"]

    assert as_amal.get(f"/api/views?sort=id&after={mark}").status_code == 422
