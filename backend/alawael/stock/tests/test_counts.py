"""Counting while goods come and go, and putting the books right exactly once."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.claims import WrongState
from alawael.core.errors import Invalid
from alawael.core.unit_of_work import unit_of_work
from alawael.core.verify import verify
from alawael.ledger.models import JournalEntry
from alawael.stock import counts, queries
from alawael.stock.counts import (
    ApprovedByCounter,
    Entry,
    NeedsSecondPerson,
    NotAllCounted,
    NotCountable,
    NothingCounted,
    Uncounted,
)
from alawael.stock.models import (
    CountState,
    Location,
    LocationType,
    StockBalance,
    StockCount,
    StockCountLine,
    StockMove,
    StockSettings,
)
from alawael.stock.refusals import NotEnoughStock
from testing.cast import NOON, ApiClient, a_user
from testing.catalog import a_category, a_product
from testing.races import at_once
from testing.stock import (
    TODAY,
    a_bin,
    a_lot,
    a_warehouse,
    goods_gone,
    goods_on_hand,
    kept,
    set_aside,
    stand,
)

BY: dict[str, Any] = {"by": SYSTEM, "at": NOON}


@pytest.fixture
def lamp(shop):
    """Ten lamps in a bin of Riyadh that cost 10.00 each."""

    @unit_of_work
    def stocked():
        product = a_product()
        goods_on_hand(product, "10", cost="10", at=a_bin())
        return product

    return stocked()


def shelf():
    return Location.objects.get(code="RUH-A-01")


@unit_of_work
def counting(location=None, **scope):
    count = counts.draft_count(location or shelf(), **scope, **BY)
    return counts.start_count(count, **BY)


def line_of(count, product=None):
    lines = StockCountLine.objects.filter(count=count)
    return lines.get(product=product) if product else lines.get()


def enter(count, quantity, *, product=None, by=SYSTEM, **values):
    line = line_of(count, product)
    entry = Entry(Decimal(quantity), line_id=line.pk, **values)
    return counts.enter_counts(count, [entry], by=by, at=NOON)


@unit_of_work
def reviewed(quantity, *, by=SYSTEM, **scope):
    count = enter(counting(**scope), quantity, by=by)
    return counts.review_count(count, **BY)


def posted(count):
    return counts.post_count(count, on=TODAY, **BY)


def test_a_difference_is_moved_and_booked_once(lamp):
    count = posted(reviewed("8"))

    assert (count.state, count.number, count.lost) == (CountState.POSTED, "CNT-000001", Decimal(20))
    assert (stand(lamp).on_hand, stand(lamp).value) == ("8", "80.00")
    entry = JournalEntry.objects.get()
    lines = [(line.account.code, line.debit, line.credit) for line in entry.lines.order_by("place")]
    assert lines == [("510003", Decimal(20), Decimal(0)), ("113001", Decimal(0), Decimal(20))]

    found = posted(reviewed("9"))
    assert (found.gained, stand(lamp).value) == (Decimal(10), "90.00")


def test_moves_during_the_count_do_not_matter(lamp):
    """The books are asked about the moment of the count, not about that of the review."""
    count = counting()
    goods_gone(lamp, "3", frm=shelf())
    count = enter(count, "6")  # seven should be there
    goods_gone(lamp, "2", frm=shelf())
    goods_on_hand(lamp, "4", cost="10", at=shelf())

    count = counts.review_count(count, **BY)
    line = line_of(count)
    assert (line.book, line.variance, line.variance_value) == (7, -1, Decimal("-10.00"))
    posted(count)

    assert stand(lamp).on_hand == "8"


def test_a_figure_that_is_entered_later_is_compared_with_its_own_moment(lamp):
    count = counting()
    goods_gone(lamp, "3", frm=shelf())

    enter(count, "10", counted_at=NOON - timedelta(minutes=1))
    assert line_of(count).book == 0  # nothing had been moved a minute before this test's noon
    enter(count, "7")

    line = line_of(count)
    assert (line.book, line.variance, line.first_counted) == (7, 0, 10)


def test_what_agrees_is_kept_as_proof_and_moves_nothing(lamp):
    before = StockMove.objects.count()

    count = posted(reviewed("10"))

    assert StockMove.objects.count() == before
    assert not JournalEntry.objects.exists()
    assert (line_of(count).counted, line_of(count).variance) == (10, 0)


def test_two_counts_at_once_do_not_correct_twice(lamp):
    first, second = reviewed("8"), reviewed("8")

    results = at_once(posted, [first, second])

    refused = [result for result in results if isinstance(result, str)]
    assert refused == ["count_outdated"]
    assert stand(lamp).on_hand == "8"
    late = StockCount.objects.get(state=CountState.REVIEW)
    counts.review_count(late, **BY)
    assert line_of(late).variance == 0
    posted(late)
    assert stand(lamp).on_hand == "8"


def test_the_same_count_is_posted_once(lamp):
    count = reviewed("8")

    copies = [StockCount.objects.get(pk=count.pk) for _ in range(4)]

    results = at_once(posted, copies)

    # Not "count_outdated", which would only say that the goods were put right before.
    assert results.count("version_conflict") == 3
    assert stand(lamp).on_hand == "8"


def test_a_large_difference_needs_a_second_person(lamp):
    StockSettings.objects.create(count_approval_above=Decimal("15.00"))
    omar, huda = a_user("omar"), a_user("huda")
    count = reviewed("8", by=omar)

    with pytest.raises(NeedsSecondPerson) as refused:
        posted(count)
    assert refused.value.facts["skus"] == "LAMP-1"
    with pytest.raises(ApprovedByCounter):
        counts.approve_count(count, by=omar, at=NOON)
    count = StockCount.objects.get()
    counts.approve_count(count, by=huda, at=NOON)
    assert line_of(count).approved_by == huda.pk

    # Or somebody else comes to the same figure.
    counts.recount(count, [line_of(count).pk], **BY)
    with pytest.raises(NotAllCounted):
        counts.review_count(count, **BY)
    count = StockCount.objects.get()
    count = enter(count, "8", by=huda)
    assert line_of(count).approved_by is None
    posted(counts.review_count(count, **BY))
    assert stand(lamp).on_hand == "8"


def test_lines_nobody_counted_are_refused_left_out_or_zero(lamp):
    desk = a_product("DESK-1")
    goods_on_hand(desk, "5", at=shelf())
    count = counting()
    with pytest.raises(NothingCounted):
        counts.review_count(count, uncounted=Uncounted.SKIP, **BY)
    count = enter(StockCount.objects.get(), "9", product=lamp)
    with pytest.raises(NotAllCounted):
        counts.review_count(count, **BY)

    count = StockCount.objects.get()
    counts.review_count(count, uncounted=Uncounted.SKIP, **BY)
    assert line_of(count, desk).variance is None
    counts.review_count(count, uncounted=Uncounted.ZERO, **BY)
    posted(count)

    assert (stand(lamp).on_hand, stand(desk).on_hand) == ("9", "0")


def test_a_count_is_of_a_branch_a_category_or_some_products(lamp):
    drinks = a_category("Drinks")
    milk, juice = a_product("MILK", category_id=drinks.pk), a_product("JUICE")
    kept(milk, tracking="lot")
    root = queries.root_of(a_warehouse())
    goods_on_hand(milk, "5", lot=a_lot(milk, "A"))
    goods_on_hand(milk, "5", lot=a_lot(milk, "B"))

    def counted(*args, **scope):
        lines = StockCountLine.objects.filter(count=counting(*args, **scope))
        rows = lines.select_related("product", "lot", "location")
        return sorted(
            f"{row.product.sku} {row.lot.code if row.lot else '-'} {row.location.code}"
            for row in rows
        )

    everything = ["LAMP-1 - RUH-A-01", "MILK A RUH", "MILK B RUH"]
    assert counted(root) == everything
    assert counted(shelf()) == ["LAMP-1 - RUH-A-01"]
    assert counted(root, category=drinks) == everything[1:]
    asked = [lamp.pk, juice.pk]
    assert counted(root, product_ids=asked) == ["JUICE - RUH", "LAMP-1 - RUH-A-01"]
    with pytest.raises(NotCountable):
        counting(queries.virtual(LocationType.CUSTOMER))


def test_what_is_found_beside_the_list_is_entered_by_product(lamp):
    milk = a_product("MILK")
    kept(milk, tracking="lot")
    count = enter(counting(), "10")
    found = [
        Entry(Decimal(2), product_id=milk.pk, lot_code="NEW", location_id=shelf().pk),
        Entry(Decimal(3), product_id=milk.pk, lot_code="NEW", location_id=shelf().pk),
    ]
    with pytest.raises(Invalid) as refused:
        counts.enter_counts(count, found, **BY)
    assert [error.pointer for error in refused.value.errors] == ["/entries/1"]
    strange = [
        Entry(Decimal("0.5"), line_id=line_of(count, lamp).pk),
        Entry(Decimal(1), line_id=milk.pk),
    ]
    with pytest.raises(Invalid) as refused:
        counts.enter_counts(count, strange, **BY)
    assert len(refused.value.errors) == 2

    counts.enter_counts(count, found[:1], **BY)
    posted(counts.review_count(StockCount.objects.get(), **BY))

    assert StockBalance.objects.get(product=milk).lot.code == "NEW"
    assert stand(milk).on_hand == "2"


def test_missing_goods_that_are_promised_must_be_released_first(lamp):
    set_aside(lamp, "9")

    with pytest.raises(NotEnoughStock):
        posted(reviewed("8"))

    assert stand(lamp).on_hand == "10"


def test_places_are_counted_when_their_day_comes(lamp):
    place = counts.schedule_count(shelf(), every_days=30, next_on=TODAY, **BY)
    assert counts.draft_due_counts(on=TODAY - timedelta(days=1), at=NOON) == []

    [count] = counts.draft_due_counts(on=TODAY, at=NOON)
    assert count.is_scheduled
    assert counts.draft_due_counts(on=TODAY, at=NOON) == []
    counts.start_count(count, **BY)
    count = counts.review_count(enter(count, "10"), **BY)
    posted(count)

    assert Location.objects.get(pk=place.pk).next_count_on == TODAY + timedelta(days=30)


def test_what_counts_prove(lamp):
    count = posted(reviewed("8"))
    names = ("Count numbers have no gap", "A posted count moved its differences, and nothing else")
    assert [row.contradictions for row in verify() if row.name in names] == [[], []]

    StockCount.objects.filter(pk=count.pk).update(number="CNT-000009")
    StockCountLine.objects.update(variance=Decimal(-1))

    assert [row.holds for row in verify() if row.name in names] == [False, False]


def test_counting_through_the_api_is_blind(as_amal, lamp, django_assert_max_num_queries):
    rights = ("count:read", "count:create", "count:enter", "product:read", "cost:read")
    counter = ApiClient(a_user("omar", *rights))
    drafted = counter.post("/api/counts", {"location_id": str(shelf().pk)})
    assert drafted.status_code == 201, drafted.json()
    path = f"/api/counts/{drafted.json()['id']}"
    assert counter.post(f"{path}/start").json()["figures"]["lines"] == 1

    def the_line(client):
        return client.get(f"{path}/lines").json()["items"][0]

    line = the_line(counter)
    counter.post(f"{path}/enter", {"entries": [{"line_id": line["id"], "quantity": "8"}]})
    hidden, seen = the_line(counter), the_line(as_amal)
    assert (hidden["counted"], hidden["book"], hidden["variance"]) == ("8", None, None)
    assert (seen["book"], seen["variance"]) == ("10", "-2")
    blind = counter.get(path).json()
    assert (blind["shows_book"], blind["figures"]["differing"]) == (False, None)

    assert counter.post(f"{path}/review").json()["figures"]["differing"] == 1
    assert the_line(counter)["variance_value"] == "-20.00"
    assert counter.post(f"{path}/post").status_code == 403
    plan = as_amal.post(f"{path}/post?dry_run=true").json()
    assert [(row["quantity"], row["value"]) for row in plan["stock"]] == [("-2", "-20.00")]
    assert as_amal.post(f"{path}/post").json()["state"] == "posted"
    with django_assert_max_num_queries(7):
        page = as_amal.get("/api/counts?is_open=false&q=cnt-000001").json()
    assert page["items"][0]["figures"]["variance_value"] == "-20.00"


def test_schedules_through_the_api(as_amal, lamp):
    path = f"/api/count-schedules/{shelf().pk}"
    made = as_amal.put(path, {"every_days": 30, "next_on": "2026-01-01"}, "application/json")
    assert (made.status_code, made.json()["count_every_days"]) == (200, 30)
    due = as_amal.get("/api/count-schedules?is_due=true").json()["items"]
    assert [row["code"] for row in due] == ["RUH-A-01"]
    as_amal.put(path, {"every_days": None}, "application/json")
    assert as_amal.get("/api/count-schedules").json()["items"] == []


def test_a_count_that_is_given_up_corrects_nothing(lamp):
    count = reviewed("8")

    counts.cancel_count(count, **BY)

    assert stand(lamp).on_hand == "10"
    with pytest.raises(WrongState):
        posted(count)
