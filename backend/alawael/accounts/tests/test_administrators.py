"""The first administrator is made once, and the last one stays, whoever hurries."""

from typing import Any

import pytest

from alawael.accounts import queries, services
from alawael.accounts.models import Role, User
from alawael.accounts.tests.people import PASSWORD, an_administrator, another_administrator
from alawael.core.errors import Invalid
from alawael.core.models import AuditEvent
from testing.cast import a_role, a_user
from testing.races import at_once


def deactivate(user, *, by, at):
    return services.deactivate_user(
        user.pk, expected_version=None, by=by, authority=services.EVERYTHING, at=at
    )


def set_up(name, at):
    return services.create_first_administrator(
        email=f"{name}@alawael.test",
        name_en=name,
        name_ar="",
        password=PASSWORD,
        language="ar",
        at=at,
    )


def test_set_up_is_needed_until_somebody_is_there(db):
    assert queries.setup_needed()

    an_administrator()

    assert not queries.setup_needed()


def test_the_first_administrator_may_everything_and_brings_the_roles(db, noon):
    user = set_up("amal", noon)

    assert queries.permissions_of(user) == {"*"}
    assert not user.must_change_password
    assert Role.objects.filter(is_builtin=True).count() == 8
    assert AuditEvent.objects.filter(action="user.created").count() == 1


def test_a_weak_password_makes_nobody(db, noon):
    with pytest.raises(Invalid):
        services.create_first_administrator(
            email="a@b.c", name_en="A", name_ar="", password="admin123", language="en", at=noon
        )

    assert queries.setup_needed()


def test_there_is_no_second_set_up(db, noon):
    set_up("amal", noon)

    with pytest.raises(services.AlreadySetUp):
        set_up("rita", noon)


def test_of_set_ups_at_once_one_succeeds(db, noon):
    results = at_once(lambda name: set_up(name, noon), ["amal", "rita", "nora", "sami"])

    assert results.count("already_set_up") == 3
    assert User.objects.count() == 1
    assert Role.objects.count() == 8


@pytest.mark.parametrize("values", [{"is_active": False}, {"roles": []}, {"roles": ["clerk"]}])
def test_the_last_administrator_stays(db, noon, values):
    a_role("clerk", "user:read")
    amal = an_administrator()
    gone = another_administrator("gone")
    deactivate(gone, by=amal, at=noon)

    with pytest.raises(services.LastAdministrator):
        services.update_user(
            amal.pk,
            values,
            expected_version=None,
            by=amal,
            authority=services.EVERYTHING,
            at=noon,
        )

    assert User.objects.get(pk=amal.pk).is_administrator


def test_a_user_with_all_permissions_but_without_the_role_does_not_count(db, noon):
    amal = an_administrator()
    a_user("mighty", "*")

    with pytest.raises(services.LastAdministrator):
        deactivate(amal, by=amal, at=noon)


def test_one_of_two_administrators_may_go(db, noon):
    amal = an_administrator()
    rita = another_administrator("rita")

    assert not deactivate(amal, by=rita, at=noon).is_active


@pytest.mark.parametrize("turn", range(5))
def test_two_who_deactivate_each_other_at_once_leave_one(db, noon, turn):
    amal = an_administrator()
    rita = another_administrator("rita")

    results = at_once(
        lambda pair: deactivate(pair[0], by=pair[1], at=noon), [(amal, rita), (rita, amal)]
    )

    assert results.count("last_administrator") == 1
    assert queries.active_administrators().count() == 1


def test_one_leaves_while_the_other_gives_the_role_up(db, noon):
    amal = an_administrator()
    rita = another_administrator("rita")
    changes: list[tuple[User, dict[str, Any]]] = [
        (amal, {"is_active": False}),
        (rita, {"roles": []}),
    ]

    results = at_once(
        lambda change: services.update_user(
            change[0].pk,
            change[1],
            expected_version=None,
            by=amal,
            authority=services.EVERYTHING,
            at=noon,
        ),
        changes,
    )

    assert results.count("last_administrator") == 1
    assert queries.active_administrators().count() == 1
