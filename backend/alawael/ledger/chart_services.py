"""What can happen to the chart: accounts are added, changed, put out of use and given roles."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Sum

from alawael.core.actors import Actor
from alawael.core.audit import difference, record
from alawael.core.claims import change
from alawael.core.errors import FieldError, Invalid, Refusal, Text, one_error
from alawael.core.money import ZERO
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.ledger.chart_sa import CHART
from alawael.ledger.models import (
    CONTROL_ROLES,
    Account,
    AccountRole,
    AccountType,
    JournalLine,
    LedgerRole,
)
from alawael.ledger.services import hold_journal, open_journal

#: The type that the account of a role must have.
TYPE_OF_ROLE: Mapping[LedgerRole, AccountType] = {
    row.role: row.type for row in CHART if row.role is not None
}
#: Roles whose account is kept by party.
ROLES_BY_PARTY = frozenset(row.role for row in CHART if row.needs_party)
#: What may not change any more once there are lines.
FIXED_BY_LINES = ("type", "is_group", "needs_party", "currency")
_CODE = re.compile(r"^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$")


class AccountCodeTaken(Refusal):
    code = "account_code_taken"
    message = Text(
        "There is an account {account_code} already.", "يوجد حساب بالرمز {account_code} بالفعل."
    )


class AccountInUse(Refusal):
    code = "account_in_use"
    message = Text(
        "Account {account_code} has entries, so its {field} stays as it is. Open a new account.",
        "على الحساب {account_code} قيود، ولا يمكن تغيير {field}. افتح حسابًا جديدًا.",
    )


class AccountHasRole(Refusal):
    code = "account_has_role"
    message = Text(
        "Account {account_code} is used for {role}. Choose another account for that role first.",
        "الحساب {account_code} مستخدم للدور {role}. اختر حسابًا آخر لهذا الدور أولًا.",
    )


class AccountHasBalance(Refusal):
    code = "account_has_balance"
    message = Text(
        "Account {account_code} has a balance of {balance}. Clear it first.",
        "رصيد الحساب {account_code} هو {balance}. صفّه أولًا.",
    )


class AccountHasChildren(Refusal):
    code = "account_has_children"
    message = Text(
        "Group {account_code} still contains accounts. Move them or put them out of use first.",
        "لا يزال الحساب الرئيسي {account_code} يضم حسابات. انقلها أو أوقفها أولًا.",
    )


class UnfitForRole(Refusal):
    code = "account_unfit_for_role"
    message = Text(
        "{role} needs an active account of type {type}. Account {account_code} is not one.",
        "يحتاج الدور {role} إلى حساب فعال من نوع {type}، والحساب {account_code} ليس كذلك.",
    )


class RoleIsByParty(Refusal):
    code = "role_is_by_party"
    message = Text(
        "{role} needs an account that is kept by party. Account {account_code} is not.",
        "يحتاج الدور {role} إلى حساب يُمسك حسب الأطراف، والحساب {account_code} ليس كذلك.",
    )


@unit_of_work
def create_account(values: Mapping[str, Any], *, by: Actor, at: datetime) -> Account:
    """Add an account to the chart. Raises AccountCodeTaken, or Invalid with every wrong place."""
    account = Account(**values)
    if account.parent is not None:
        hold_journal()  # its group might be put out of use beside us
    _require_sound(account)
    account.search_text = _found_by(account)
    account.save(force_insert=True)
    record(account, "account.created", by=by, at=at, changes=dict(values))
    return account


@unit_of_work
def change_account(
    account: Account,
    changes: Mapping[str, Any],
    *,
    expected_version: int | None,
    by: Actor,
    at: datetime,
) -> Account:
    """Change an account; what its entries rely on stays.

    Raises AccountInUse, AccountHasRole, AccountHasBalance, AccountHasChildren, AccountCodeTaken,
    Invalid or VersionConflict.
    """
    account = Account.objects.get(pk=account.pk)
    different = difference(account, changes)
    after = Account(**{**_values(account), **changes}, pk=account.pk)
    if {"type", "is_group", "needs_party", "currency", "is_active", "parent"} & different.keys():
        hold_journal()
    _require_sound(after)
    _require_free_to_change(account, after, set(different))
    written = {name: changes[name] for name in different}
    change(account, expected_version=expected_version, **written, search_text=_found_by(after))
    if different:
        record(account, "account.changed", by=by, at=at, changes=different)
    return account


def deactivate_account(
    account: Account, *, expected_version: int | None, by: Actor, at: datetime
) -> Account:
    """Put an account out of use; its entries remain. Raises what `change_account` raises."""
    return change_account(
        account, {"is_active": False}, expected_version=expected_version, by=by, at=at
    )


@unit_of_work
def assign_role(
    role: LedgerRole, account: Account, *, expected_version: int | None, by: Actor, at: datetime
) -> AccountRole:
    """Let the program's postings use another account for a role from now on."""
    account = Account.objects.get(pk=account.pk)
    _require_fit(role, account)
    hold_journal()
    present = AccountRole.objects.select_related("account").filter(role=role).first()
    if role in CONTROL_ROLES:
        # What documents leave open would otherwise stand on two accounts.
        for kept in (account, *([present.account] if present else [])):
            _require_no_balance(kept)
    if present is None:
        present = AccountRole.objects.create(role=role, account=account)
        before = None
    else:
        before = present.account.code
        change(present, expected_version=expected_version, account=account)
    if before != account.code:
        codes = {"role": str(role), "account": [before, account.code]}
        record(present, "account_role.assigned", by=by, at=at, changes=codes)
    return present


@unit_of_work
def install_chart(*, by: Actor, at: datetime) -> int:
    """Add the Saudi chart and its roles; what is there already is left alone.

    Returns how many accounts were added.
    """
    open_journal()
    present = {account.code: account for account in Account.objects.all()}
    added: list[Account] = []
    for row in CHART:
        if row.code in present:
            continue
        account = Account(
            code=row.code,
            name_en=row.name_en,
            name_ar=row.name_ar,
            type=row.type,
            parent=present[row.parent] if row.parent else None,
            is_group=row.is_group,
            needs_party=row.needs_party,
        )
        account.search_text = _found_by(account)
        present[row.code] = account
        added.append(account)
    Account.objects.bulk_create(added)
    given = set(AccountRole.objects.values_list("role", flat=True))
    AccountRole.objects.bulk_create(
        AccountRole(role=row.role, account=present[row.code])
        for row in CHART
        if row.role is not None and row.role not in given
    )
    if added:
        facts = {"chart": "sa", "accounts": len(added)}
        record(added[0], "account.chart_installed", by=by, at=at, changes=facts)
    return len(added)


def _values(account: Account) -> dict[str, Any]:
    names = ("code", "name_en", "name_ar", "type", "parent", "is_group", "is_active")
    return {name: getattr(account, name) for name in (*names, "needs_party", "currency")}


def _found_by(account: Account) -> str:
    return searchable(account.code, account.name_en, account.name_ar)


def _require_sound(account: Account) -> None:
    if not _CODE.match(account.code):
        raise one_error(
            "/code",
            "invalid_code",
            Text(
                "Use up to 20 digits, Latin letters, dots or dashes.",
                "استخدم حتى 20 خانة من الأرقام أو الحروف اللاتينية أو النقاط أو الشرطات.",
            ),
        )
    if not (account.name_en or account.name_ar):
        raise one_error(
            "/name_en",
            "missing",
            Text("Enter a name in one language at least.", "أدخل الاسم بلغة واحدة على الأقل."),
        )
    if Account.objects.filter(code=account.code).exclude(pk=account.pk).exists():
        raise AccountCodeTaken(account_code=account.code)
    if account.is_group and account.needs_party:
        raise one_error(
            "/needs_party",
            "group_by_party",
            Text("A group has no lines of its own.", "الحساب الرئيسي لا تُقيد عليه أسطر."),
        )
    _require_sound_parent(account)


def _require_sound_parent(account: Account) -> None:
    parent = account.parent
    if parent is None:
        return
    errors = []
    if not parent.is_group or (account.is_active and not parent.is_active):
        words = Text(f"{parent.code} is not an active group.", f"{parent.code} ليس رئيسيًا فعالًا.")
        errors.append(FieldError("/parent_id", "not_a_group", words))
    if parent.type != account.type:
        words = Text(
            f"The group {parent.code} has another type.", f"نوع الحساب الرئيسي {parent.code} مختلف."
        )
        errors.append(FieldError("/parent_id", "other_type", words))
    above: Account | None = parent
    while above is not None and above.pk != account.pk:
        above = above.parent
    if above is not None:
        words = Text("A group cannot contain itself.", "لا يمكن أن يحتوي الحساب نفسه.")
        errors.append(FieldError("/parent_id", "circle", words))
    if errors:
        raise Invalid(errors=errors)


def _require_free_to_change(before: Account, after: Account, different: set[str]) -> None:
    fixed = [name for name in FIXED_BY_LINES if name in different]
    # A limit on currencies may be lifted, and a party need not be named any more.
    loosened = {"currency"} if after.currency is None else set()
    loosened |= {"needs_party"} if not after.needs_party else set()
    lines = JournalLine.objects.filter(account=before.pk)
    if (hard := [name for name in fixed if name not in loosened]) and lines.exists():
        raise AccountInUse(account_code=before.code, field=hard[0])
    role = AccountRole.objects.filter(account=before.pk).order_by("role").first()
    if role is not None and {"type", "is_group", "needs_party", "is_active"} & different:
        raise AccountHasRole(account_code=before.code, role=role.role)
    children = Account.objects.filter(parent=before.pk)
    if {"type", "is_group"} & different and children.exists():
        raise AccountHasChildren(account_code=before.code)
    if "is_active" in different and not after.is_active:
        if children.filter(is_active=True).exists():
            raise AccountHasChildren(account_code=before.code)
        _require_no_balance(before)


def _require_no_balance(account: Account) -> None:
    sums = JournalLine.objects.filter(account=account.pk).aggregate(
        debit=Sum("debit"), credit=Sum("credit")
    )
    balance = (sums["debit"] or ZERO) - (sums["credit"] or ZERO)
    if balance:
        raise AccountHasBalance(account_code=account.code, balance=f"{balance:.2f}")


def _require_fit(role: LedgerRole, account: Account) -> None:
    kind = TYPE_OF_ROLE[role]
    if not account.takes_lines or account.type != kind:
        raise UnfitForRole(account_code=account.code, role=str(role), type=str(kind))
    if role in ROLES_BY_PARTY and not account.needs_party:
        raise RoleIsByParty(account_code=account.code, role=str(role))
