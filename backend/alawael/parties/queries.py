from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from alawael.core.errors import NotFound, Text
from alawael.core.rows import existing
from alawael.core.sealing import blind_indexes, opened
from alawael.parties.models import IBAN, BankAccount, Company, Party

K = TypeVar("K")

#: How many keys one query looks for at most.
CHUNK = 500


class CompanyMissing(NotFound):
    code = "company_missing"
    message = Text("Enter the data of your own company first.", "أدخل بيانات شركتك أولًا.")


def company() -> Company:
    """Our own company. Raises CompanyMissing before it was set up."""
    found = company_if_any()
    if found is None:
        raise CompanyMissing()
    return found


def company_if_any() -> Company | None:
    return Company.objects.order_by("id").first()


def parties(
    *,
    is_customer: bool | None = None,
    is_supplier: bool | None = None,
    is_business: bool | None = None,
    is_active: bool | None = None,
    country: str | None = None,
    vat_number: str | None = None,
) -> QuerySet[Party]:
    """Parties that are what is said; None means either."""
    wanted = {
        "is_customer": is_customer,
        "is_supplier": is_supplier,
        "is_business": is_business,
        "is_active": is_active,
        "country": country and country.upper(),
        "vat_number": vat_number,
    }
    return Party.objects.filter(
        **{name: value for name, value in wanted.items() if value is not None}
    )


def party(party_id: UUID) -> Party:
    return existing(Party.objects.filter(pk=party_id))


def parties_by_id(ids: Iterable[UUID]) -> dict[UUID, Party]:
    return {
        found.pk: found
        for some in _in_chunks(set(ids))
        for found in Party.objects.filter(pk__in=some)
    }


def party_by_code(code: str) -> Party | None:
    return Party.objects.filter(code_folded=folded_code(code)).first()


def parties_by_code(codes: Iterable[str]) -> dict[str, Party]:
    """The parties that exist among these codes, under the codes as they were asked for."""
    asked = {code: folded_code(code) for code in codes}
    found = {
        party.code_folded: party
        for some in _in_chunks(set(asked.values()))
        for party in Party.objects.filter(code_folded__in=some)
    }
    return {code: found[folded] for code, folded in asked.items() if folded in found}


def folded_code(code: str) -> str:
    """How a code is compared: without regard to case."""
    return code.strip().casefold()


def active_holders(vat_numbers: Collection[str]) -> list[Party]:
    """Active parties with one of these VAT numbers."""
    return [
        party
        for some in _in_chunks(set(vat_numbers) - {""})
        for party in Party.objects.filter(vat_number__in=some, is_active=True).order_by("id")
    ]


def bank_accounts_of(owner: Party | Company) -> QuerySet[BankAccount]:
    """The bank accounts in use, the main one first."""
    return _accounts_of(owner).filter(is_active=True).order_by("-is_main", "id")


def bank_account_of(owner: Party | Company, account_id: UUID) -> BankAccount:
    """One bank account, in use or not. Raises NotFound."""
    return existing(_accounts_of(owner).select_related("party").filter(pk=account_id))


def _accounts_of(owner: Party | Company) -> QuerySet[BankAccount]:
    ours = BankAccount.objects.filter(party=None)
    return BankAccount.objects.filter(party=owner) if isinstance(owner, Party) else ours


def main_own_account() -> BankAccount | None:
    """Our bank account that customers are asked to pay into; none when none is the main one."""
    return BankAccount.objects.filter(party=None, is_active=True, is_main=True).first()


def own_ibans() -> frozenset[str]:
    """The IBANs of our own bank accounts in use."""
    rows = BankAccount.objects.filter(party=None, is_active=True)
    return frozenset(opened(account, "iban") for account in rows)


def bank_account(account_id: UUID) -> BankAccount:
    """One bank account, whoever owns it. Raises NotFound."""
    return existing(BankAccount.objects.filter(pk=account_id))


def parties_by_iban(ibans: Collection[str]) -> dict[str, list[Party]]:
    """The active parties that have these bank accounts, by blind index."""
    asked = {index: iban for iban in ibans for index in blind_indexes(iban, kind=IBAN)}
    found: dict[str, list[Party]] = {}
    for some in _in_chunks(asked):
        rows = BankAccount.objects.filter(iban_index__in=some, is_active=True)
        for account in rows.filter(party__isnull=False).select_related("party").order_by("id"):
            if account.party is not None and account.party.is_active:
                found.setdefault(asked[account.iban_index], []).append(account.party)
    return found


def _in_chunks(keys: Collection[K]) -> Iterator[list[K]]:
    ordered = list(keys)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
