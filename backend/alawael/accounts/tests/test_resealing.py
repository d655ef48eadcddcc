"""A new ENCRYPTION_KEY, while people work: nothing is lost, nothing is left behind."""

import threading

import pytest
from django.db import connection

from alawael.accounts.models import SecondFactor
from alawael.core import resealing
from alawael.core.sealing import blind_indexes, is_outdated, opened, sealed
from testing.cast import NOON, a_user

FIRST, SECOND = "first" * 8, "second" * 8
COLUMN = next(one for one in resealing.sealed_columns() if one.model is SecondFactor)


@pytest.fixture(autouse=True)
def first_key(settings):
    settings.ENCRYPTION_KEY, settings.ENCRYPTION_KEYS_OLD = FIRST, ()


def use_second(settings, *, old=(FIRST,)):
    settings.ENCRYPTION_KEY, settings.ENCRYPTION_KEYS_OLD = SECOND, old


def factors(count):
    rows = [SecondFactor(user=a_user(f"user{n}"), created_at=NOON) for n in range(count)]
    for n, row in enumerate(rows):
        row.secret = sealed(row, secret=f"secret {n}")["secret"]
    SecondFactor.objects.bulk_create(rows)
    return rows


def secrets():
    return [opened(row, "secret") for row in SecondFactor.objects.order_by("pk")]


def test_everything_is_sealed_again_and_the_old_key_may_go(db, settings, monkeypatch):
    monkeypatch.setattr(resealing, "BATCH", 2)  # several batches of few rows
    factors(5)
    use_second(settings)
    dealt_with: list[int] = []

    outcome = resealing.reseal(each=dealt_with.append)

    assert (outcome.renewed, outcome.broken, outcome.left) == (5, [], 0)
    assert dealt_with == [2, 2, 1]
    settings.ENCRYPTION_KEYS_OLD = ()
    assert secrets() == [f"secret {n}" for n in range(5)]
    assert resealing.reseal().renewed == 0


def test_killed_in_the_middle_and_started_again_it_finishes(db, settings, monkeypatch):
    monkeypatch.setattr(resealing, "BATCH", 2)
    factors(5)
    use_second(settings)

    def killed(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        resealing.reseal(each=killed)

    assert resealing.count_outdated() == 3
    assert resealing.reseal().renewed == 3
    settings.ENCRYPTION_KEYS_OLD = ()
    assert len(secrets()) == 5


def test_what_was_written_between_reading_and_writing_is_kept(db, settings):
    """The compare-and-set itself, without the luck of threads."""
    [row] = factors(1)
    use_second(settings)
    [batch] = resealing.batches(COLUMN, COLUMN.outdated)
    renewed = [resealing.renew(COLUMN, one) for one in batch]
    SecondFactor.objects.update(**sealed(row, secret="another"))

    assert resealing.write(COLUMN, renewed) == 0
    assert secrets() == ["another"]


def test_people_change_their_secrets_meanwhile_and_lose_none(db, settings, monkeypatch):
    monkeypatch.setattr(resealing, "BATCH", 3)
    rows = factors(12)
    use_second(settings)
    done = threading.Event()

    def change():
        try:
            for row in rows[::2]:
                SecondFactor.objects.filter(pk=row.pk).update(**sealed(row, secret="changed"))
        finally:
            done.set()
            connection.close()

    other = threading.Thread(target=change)
    other.start()
    while not done.is_set() or resealing.count_outdated():
        resealing.reseal()
    other.join()

    settings.ENCRYPTION_KEYS_OLD = ()
    assert secrets() == ["changed" if n % 2 == 0 else f"secret {n}" for n in range(12)]


def test_what_does_not_open_is_named_and_left_alone(db, settings):
    row, other = factors(2)
    SecondFactor.objects.filter(pk=row.pk).update(secret=other.secret)  # moved: opens nowhere
    use_second(settings)

    outcome = resealing.reseal()

    assert (outcome.renewed, outcome.left) == (1, 0)
    assert outcome.broken == [f"accounts_secondfactor.secret:{row.pk}"]
    assert list(resealing.unopenable()) == outcome.broken
    assert is_outdated(SecondFactor.objects.get(pk=row.pk).secret)
    assert resealing.held_by_keys(COLUMN)[""] == 0
    use_second(settings, old=())
    assert resealing.held_by_keys(COLUMN)[""] == 1


def test_an_index_is_found_under_either_key(settings):
    settings.ENCRYPTION_KEY = FIRST
    [before] = blind_indexes("SA03", kind="iban")
    use_second(settings)

    assert before in blind_indexes("SA03", kind="iban")
    assert len(set(blind_indexes("SA03", kind="iban"))) == 2
    assert not set(blind_indexes("SA03", kind="iban")) & set(blind_indexes("SA03", kind="id"))


def test_only_a_declared_column_is_sealed(db):
    with pytest.raises(TypeError):
        sealed(a_user("sami"), email="sami@alawael.test")
