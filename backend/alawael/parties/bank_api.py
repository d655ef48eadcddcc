"""Bank accounts, masked; they and the numbers of persons in full for few, each look on record."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Status

from alawael.accounts.permissions import SignedInRequest, may
from alawael.accounts.requests import never_store
from alawael.core.clock import now
from alawael.core.http import expected_version, with_etag
from alawael.core.schemas import PROBLEMS
from alawael.parties import bank_accounts, queries
from alawael.parties.models import BankAccount
from alawael.parties.schemas import (
    BankAccountIn,
    BankAccountOut,
    BankAccountPatch,
    RevealedOut,
)

router = Router()


@router.get(
    "/parties/{party_id}/bank-accounts",
    auth=may("party:read"),
    response={200: list[BankAccountOut], **PROBLEMS},
    operation_id="list_party_bank_accounts",
    summary="The bank accounts of a party, masked, the main one first",
)
def list_party_bank_accounts(request: SignedInRequest, party_id: UUID) -> list[BankAccount]:
    return list(queries.bank_accounts_of(queries.party(party_id)))


@router.post(
    "/parties/{party_id}/bank-accounts",
    auth=may("bank_account:create"),
    response={201: BankAccountOut, **PROBLEMS},
    operation_id="add_party_bank_account",
    summary="Enter a bank account of a party",
)
def add_party_bank_account(
    request: SignedInRequest, response: HttpResponse, party_id: UUID, payload: BankAccountIn
) -> Status[BankAccount]:
    account = bank_accounts.add_bank_account(
        queries.party(party_id), payload.dict(), by=request.user, at=now()
    )
    with_etag(response, account)
    return Status(201, account)


@router.patch(
    "/parties/{party_id}/bank-accounts/{bank_account_id}",
    auth=may("bank_account:edit"),
    response={200: BankAccountOut, **PROBLEMS},
    operation_id="change_party_bank_account",
    summary="Correct holder, bank or BIC, or make it the main one",
)
def change_party_bank_account(
    request: SignedInRequest,
    response: HttpResponse,
    party_id: UUID,
    bank_account_id: UUID,
    payload: BankAccountPatch,
) -> BankAccount:
    account = queries.bank_account_of(queries.party(party_id), bank_account_id)
    return _change(request, response, account, payload)


@router.delete(
    "/parties/{party_id}/bank-accounts/{bank_account_id}",
    auth=may("bank_account:delete"),
    response={204: None, **PROBLEMS},
    operation_id="retire_party_bank_account",
    summary="Take a bank account out of use",
)
def retire_party_bank_account(
    request: SignedInRequest, party_id: UUID, bank_account_id: UUID
) -> Status[None]:
    return _retire(request, queries.bank_account_of(queries.party(party_id), bank_account_id))


@router.post(
    "/parties/{party_id}/bank-accounts/{bank_account_id}/reveal",
    auth=may("bank_account:reveal"),
    response={200: RevealedOut, **PROBLEMS},
    operation_id="reveal_party_iban",
    summary="See a whole IBAN; that you looked is on record",
)
def reveal_party_iban(
    request: SignedInRequest, response: HttpResponse, party_id: UUID, bank_account_id: UUID
) -> dict[str, str]:
    account = queries.bank_account_of(queries.party(party_id), bank_account_id)
    return _reveal(request, response, account)


@router.post(
    "/parties/{party_id}/reveal-id",
    auth=may("personal_id:reveal"),
    response={200: RevealedOut, **PROBLEMS},
    operation_id="reveal_personal_id",
    summary="See the whole national id, iqama or passport number; that you looked is on record",
)
def reveal_personal_id(
    request: SignedInRequest, response: HttpResponse, party_id: UUID
) -> dict[str, str]:
    party = queries.party(party_id)
    never_store(response)
    return {"value": bank_accounts.reveal_personal_id(party, by=request.user, at=now())}


@router.get(
    "/company/bank-accounts",
    auth=may("company:read"),
    response={200: list[BankAccountOut], **PROBLEMS},
    operation_id="list_own_bank_accounts",
    summary="Our own bank accounts, masked, the main one first",
)
def list_own_bank_accounts(request: SignedInRequest) -> list[BankAccount]:
    return list(queries.bank_accounts_of(queries.company()))


@router.post(
    "/company/bank-accounts",
    auth=may("company:edit"),
    response={201: BankAccountOut, **PROBLEMS},
    operation_id="add_own_bank_account",
    summary="Enter a bank account of ours",
)
def add_own_bank_account(
    request: SignedInRequest, response: HttpResponse, payload: BankAccountIn
) -> Status[BankAccount]:
    account = bank_accounts.add_bank_account(
        queries.company(), payload.dict(), by=request.user, at=now()
    )
    with_etag(response, account)
    return Status(201, account)


@router.patch(
    "/company/bank-accounts/{bank_account_id}",
    auth=may("company:edit"),
    response={200: BankAccountOut, **PROBLEMS},
    operation_id="change_own_bank_account",
    summary="Correct a bank account of ours, or make it the main one",
)
def change_own_bank_account(
    request: SignedInRequest,
    response: HttpResponse,
    bank_account_id: UUID,
    payload: BankAccountPatch,
) -> BankAccount:
    account = queries.bank_account_of(queries.company(), bank_account_id)
    return _change(request, response, account, payload)


@router.delete(
    "/company/bank-accounts/{bank_account_id}",
    auth=may("company:edit"),
    response={204: None, **PROBLEMS},
    operation_id="retire_own_bank_account",
    summary="Take a bank account of ours out of use",
)
def retire_own_bank_account(request: SignedInRequest, bank_account_id: UUID) -> Status[None]:
    return _retire(request, queries.bank_account_of(queries.company(), bank_account_id))


@router.post(
    "/company/bank-accounts/{bank_account_id}/reveal",
    auth=may("bank_account:reveal"),
    response={200: RevealedOut, **PROBLEMS},
    operation_id="reveal_own_iban",
    summary="See a whole IBAN of ours; that you looked is on record",
)
def reveal_own_iban(
    request: SignedInRequest, response: HttpResponse, bank_account_id: UUID
) -> dict[str, str]:
    account = queries.bank_account_of(queries.company(), bank_account_id)
    return _reveal(request, response, account)


def _change(
    request: SignedInRequest,
    response: HttpResponse,
    account: BankAccount,
    payload: BankAccountPatch,
) -> BankAccount:
    changed = bank_accounts.change_bank_account(
        account,
        payload.dict(exclude_unset=True),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    with_etag(response, changed)
    return changed


def _retire(request: SignedInRequest, account: BankAccount) -> Status[None]:
    bank_accounts.retire_bank_account(
        account, expected_version=expected_version(request), by=request.user, at=now()
    )
    return Status(204, None)


def _reveal(
    request: SignedInRequest, response: HttpResponse, account: BankAccount
) -> dict[str, str]:
    never_store(response)
    return {"value": bank_accounts.reveal_iban(account, by=request.user, at=now())}
