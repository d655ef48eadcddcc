"""Bank accounts of parties and our own: entered, corrected, taken out of use, and seen in full.

What the audit trail tells of them, it tells of the party or of our company, with the IBAN masked.
Each change moves the version of its owner on, so that of two at once one is refused.
"""

from collections.abc import Mapping
from copy import copy
from datetime import datetime
from typing import Any

from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.claims import change
from alawael.core.errors import FieldError, Invalid, Text
from alawael.core.sealing import opened, sealed
from alawael.core.unit_of_work import unit_of_work
from alawael.parties import queries, rules
from alawael.parties.iban import masked_iban
from alawael.parties.models import BankAccount, Company, Party

MOST_ACCOUNTS = 50
_TOO_MANY = Text(
    f"At most {MOST_ACCOUNTS} bank accounts can be kept.",
    f"يمكن حفظ {MOST_ACCOUNTS} حسابًا بنكيًا على الأكثر.",
)
_KNOWN = Text("This IBAN is here already.", "هذا الآيبان مسجل هنا بالفعل.")


@unit_of_work
def add_bank_account(
    owner: Party | Company, values: Mapping[str, Any], *, by: Actor, at: datetime
) -> BankAccount:
    """Enter a bank account; the first one becomes the main one.

    `values` are iban, holder, bank_name, bic and is_main. Raises Invalid.
    """
    tidy = rules.tidied_account(values)
    iban = tidy.pop("iban", "")
    account = BankAccount(party=_party(owner), created_at=at, **tidy)
    others = list(queries.bank_accounts_of(owner))
    _refuse(rules.account_problems(iban, account) or _misfits(iban, others))
    account.is_main = account.is_main or not others
    for name, value in sealed(account, iban=iban).items():
        setattr(account, name, value)
    account.save(force_insert=True)
    if account.is_main:
        _only_main(account, others)
    _record(owner, account, "added", _facts(account), by=by, at=at)
    return account


@unit_of_work
def change_bank_account(
    account: BankAccount,
    changes: Mapping[str, Any],
    *,
    expected_version: int | None,
    by: Actor,
    at: datetime,
) -> BankAccount:
    """Correct holder, bank or BIC, or make it the main account. The IBAN stays what it is."""
    owner, changes = _owner(account), rules.tidied_account(changes)
    after = copy(account)
    for name, value in changes.items():
        setattr(after, name, value)
    _refuse(rules.account_problems(opened(account, "iban"), after))
    differences = audit.difference(account, changes)
    change(account, expected_version=expected_version, **changes)
    if account.is_main:
        _only_main(account, list(queries.bank_accounts_of(owner)))
    _record(owner, account, "changed", differences, by=by, at=at)
    return account


@unit_of_work
def retire_bank_account(
    account: BankAccount, *, expected_version: int | None, by: Actor, at: datetime
) -> BankAccount:
    """Take a bank account out of use; payments that were made to it still name it."""
    change(account, expected_version=expected_version, is_active=False, is_main=False)
    _record(_owner(account), account, "retired", {}, by=by, at=at)
    return account


@unit_of_work
def reveal_iban(account: BankAccount, *, by: Actor, at: datetime) -> str:
    """The whole IBAN. That somebody looked is on record before they see it."""
    iban = opened(account, "iban")
    owner = _owner(account)
    audit.record(owner, _action(owner, "revealed"), by=by, at=at, changes=_which(iban))
    return iban


@unit_of_work
def reveal_personal_id(party: Party, *, by: Actor, at: datetime) -> str:
    """The whole number that identifies a person; that somebody looked is on record."""
    facts = {"other_id": party.other_id_shown}
    audit.record(party, "party.other_id_revealed", by=by, at=at, changes=facts)
    return party.identification


def _misfits(iban: str, others: list[BankAccount]) -> list[FieldError]:
    if len(others) >= MOST_ACCOUNTS:
        return [FieldError("/iban", "too_many_bank_accounts", _TOO_MANY)]
    if any(opened(one, "iban") == iban for one in others):
        return [FieldError("/iban", "iban_known", _KNOWN)]
    return []


def _only_main(account: BankAccount, others: list[BankAccount]) -> None:
    for other in others:
        if other.is_main and other.pk != account.pk:
            change(other, is_main=False)


def _record(
    owner: Party | Company,
    account: BankAccount,
    what: str,
    changes: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> None:
    change(owner)
    facts = {**_which(opened(account, "iban")), **changes}
    audit.record(owner, _action(owner, what), by=by, at=at, changes=facts)


def _action(owner: Party | Company, what: str) -> str:
    return f"{owner._meta.model_name}.bank_account_{what}"


def _which(iban: str) -> dict[str, Any]:
    return {"iban": masked_iban(iban)}


def _facts(account: BankAccount) -> dict[str, Any]:
    named = ("holder", "bank_name", "bic", "is_main")
    return {name: [None, value] for name in named if (value := getattr(account, name))}


def _owner(account: BankAccount) -> Party | Company:
    return account.party or queries.company()


def _party(owner: Party | Company) -> Party | None:
    return owner if isinstance(owner, Party) else None


def _refuse(errors: list[FieldError]) -> None:
    if errors:
        raise Invalid(errors=errors)
