import pytest
from django.db import IntegrityError

from alawael.core import audit
from alawael.core.actors import SYSTEM
from alawael.core.ids import new_id
from alawael.core.models import AuditEvent, AuditSeal, NumberSeries
from alawael.core.unit_of_work import unit_of_work
from testing.races import at_once


@unit_of_work
def a_change(noon, action="series.opened"):
    series = NumberSeries.objects.create(key=f"series-{NumberSeries.objects.count()}")
    audit.record(series, action, by=SYSTEM, at=noon, changes={"next_number": [None, 1]})


@pytest.fixture
def sealed_trail(db, noon):
    for _ in range(3):
        a_change(noon)
    audit.seal_next(at=noon)
    a_change(noon)
    audit.seal_next(at=noon)


def test_a_sealed_trail_is_whole(sealed_trail):
    assert list(audit.broken_links()) == []
    assert [seal.first_sequence for seal in AuditSeal.objects.order_by("number")] == [1, 4]


def test_an_altered_event_is_found(sealed_trail):
    event = AuditEvent.objects.order_by("id").first()
    AuditEvent.objects.filter(pk=event.pk).update(actor_name="somebody else")

    assert list(audit.broken_links()) == ["Audit event 1 was altered."]


def test_a_removed_event_is_found(sealed_trail):
    AuditEvent.objects.order_by("id").first().delete()

    assert list(audit.broken_links()) == ["Audit event 1 is missing."]


def test_a_removed_seal_is_found(sealed_trail):
    AuditSeal.objects.get(number=1).delete()

    assert "Seal 1 is missing." in list(audit.broken_links())


def test_a_cut_off_end_is_found(sealed_trail):
    AuditSeal.objects.get(number=2).delete()

    assert list(audit.broken_links()) == ["1 events claim seals that do not exist."]


def test_an_event_slipped_in_later_is_found(sealed_trail):
    first = AuditEvent.objects.order_by("id").first()
    first.pk = None
    AuditEvent.objects.create(
        at=first.at, actor_id=first.actor_id, actor_name="x", action="y",
        record_type=first.record_type, record_id=first.record_id, seal=1,
    )  # fmt: skip

    assert ["slipped into seal 1" in sentence for sentence in audit.broken_links()] == [True]


def test_an_audit_row_needs_the_unit_of_its_change(db, noon):
    series = NumberSeries.objects.create(key="loose")

    with pytest.raises(RuntimeError, match="unit of work"):
        audit.record(series, "series.opened", by=SYSTEM, at=noon)


def test_two_sealers_at_once_leave_one_whole_chain(db, noon):
    for _ in range(5):
        a_change(noon)

    def seal(_):
        try:
            return audit.seal_next(at=noon)
        except IntegrityError:
            return "beaten"

    at_once(seal, range(4))

    assert list(audit.broken_links()) == []
    assert AuditEvent.objects.filter(seal=None).count() == 0
    # Whatever the sealers saw: the database has no room for a second link of one number.
    twin = AuditSeal.objects.get()
    twin.pk = new_id()
    with pytest.raises(IntegrityError):
        unit_of_work(twin.save)(force_insert=True)
