import pytest

from alawael.core.actors import SYSTEM
from alawael.core.errors import Invalid, Refusal
from alawael.ledger.chart_sa import CHART
from alawael.ledger.chart_services import (
    assign_role,
    change_account,
    create_account,
    deactivate_account,
    install_chart,
)
from alawael.ledger.models import AccountRole, LedgerRole
from alawael.ledger.services import reverse
from testing.ledger import MARCH, an_entry, the_account

pytestmark = pytest.mark.usefixtures("books")


def changed(account, noon, **changes):
    return change_account(account, changes, expected_version=None, by=SYSTEM, at=noon)


def code_of(refusing, *arguments, **named):
    with pytest.raises(Refusal) as refused:
        refusing(*arguments, **named)
    error = refused.value
    return error.errors[0].code if isinstance(error, Invalid) else error.code


def test_the_saudi_chart_is_a_tree_in_two_languages():
    by_code = {row.code: row for row in CHART}

    assert len(by_code) == len(CHART) > 90
    for row in CHART:
        assert row.name_en
        assert any("\u0600" <= letter <= "\u06ff" for letter in row.name_ar)
        if row.parent:
            assert by_code[row.parent].is_group
            assert by_code[row.parent].type == row.type
        else:
            assert row.is_group


def test_every_role_has_one_account_of_the_saudi_chart():
    given = [row.role for row in CHART if row.role]

    assert sorted(given) == sorted(LedgerRole)
    assert AccountRole.objects.count() == len(LedgerRole)


def test_installing_again_changes_nothing_and_brings_back_only_what_is_missing(noon):
    changed(the_account("620017"), noon, name_en="Odds and ends")

    assert install_chart(by=SYSTEM, at=noon) == 0
    assert the_account("620017").name_en == "Odds and ends"


def test_an_account_is_found_by_folded_arabic(as_amal):
    answer = as_amal.get("/api/accounts?q=الايرادات").json()

    assert [row["code"] for row in answer["items"]] == ["4000"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"code": "111003"}, "account_code_taken"),
        ({"code": "11 1"}, "invalid_code"),
        ({"name_en": ""}, "missing"),
        ({"parent": "111003"}, "not_a_group"),
        ({"parent": "2110"}, "other_type"),
        ({"is_group": True, "needs_party": True}, "group_by_party"),
    ],
)
def test_refuses_an_account_that_does_not_fit(noon, values, code):
    wanted = {
        "code": "111009",
        "name_en": "Second bank",
        "type": "asset",
        "parent": "1110",
    } | values
    wanted["parent"] = the_account(wanted["parent"])

    assert code_of(create_account, wanted, by=SYSTEM, at=noon) == code


@pytest.mark.parametrize(
    "changes", [{"is_group": True}, {"needs_party": True}, {"currency": "USD"}, {"type": "revenue"}]
)
def test_what_entries_rely_on_stays(noon, changes):
    an_entry(debited="620001")
    changes = {**changes, "parent": None}

    assert code_of(changed, the_account("620001"), noon, **changes) == "account_in_use"


def test_name_and_place_of_an_account_with_entries_may_change(noon):
    an_entry(debited="620001")

    changed(the_account("620001"), noon, name_en="Wages", parent=the_account("6100"))

    assert (the_account("620001").name_en, the_account("620001").parent.code) == ("Wages", "6100")


def test_an_account_with_a_role_stays_in_use(noon):
    bank = the_account("111003")

    assert code_of(changed, bank, noon, is_active=False) == "account_has_role"
    assert code_of(changed, bank, noon, is_group=True) == "account_has_role"


def test_an_account_goes_out_of_use_once_its_balance_is_zero(noon):
    rent, wages = an_entry(debited="620001"), the_account("620001")
    away = {"expected_version": None, "by": SYSTEM, "at": noon}

    assert code_of(deactivate_account, wages, **away) == "account_has_balance"
    reverse(rent, on=MARCH, memo="", by=SYSTEM, at=noon)
    assert deactivate_account(wages, **away).is_active is False


def test_a_group_goes_out_of_use_after_what_it_contains(noon):
    assert code_of(changed, the_account("7200"), noon, is_active=False) == "account_has_children"

    for code in ("720001", "720002", "7200"):
        changed(the_account(code), noon, is_active=False)

    assert code_of(changed, the_account("720001"), noon, is_active=True) == "not_a_group"


def test_a_group_cannot_contain_itself(noon):
    current_assets = the_account("1100")

    assert code_of(changed, current_assets, noon, parent=the_account("1110")) == "circle"


@pytest.mark.parametrize(
    ("role", "account", "code"),
    [
        (LedgerRole.BANK, "1110", "account_unfit_for_role"),
        (LedgerRole.BANK, "410001", "account_unfit_for_role"),
        (LedgerRole.AR, "112004", "role_is_by_party"),
    ],
)
def test_a_role_takes_only_an_account_that_fits(noon, role, account, code):
    given = {"expected_version": None, "by": SYSTEM, "at": noon}

    assert code_of(assign_role, role, the_account(account), **given) == code


def test_a_role_moves_to_another_account(noon):
    assign_role(LedgerRole.BANK, the_account("111004"), expected_version=1, by=SYSTEM, at=noon)

    assert AccountRole.objects.get(role=LedgerRole.BANK).account.code == "111004"
