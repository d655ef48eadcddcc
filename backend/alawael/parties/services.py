from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from alawael.accounts.queries import active_users
from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.claims import change
from alawael.core.errors import FieldError, Invalid, Refusal, Text
from alawael.core.numbering import open_series, take_number
from alawael.core.sealing import BlindIndexField, SealedField, sealed
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.parties import queries, rules
from alawael.parties.models import PERSONAL_SCHEMES, Company, Party

M = TypeVar("M", Party, Company)

UNKNOWN_SALESPERSON = Text(
    "Choose somebody who works with the program.", "اختر شخصًا يعمل على البرنامج."
)
PARTY_NUMBERS = "party"
MAIN_COMPANY = "1"
BATCH = 500


class CompanyExists(Refusal):
    code = "company_exists"
    message = Text(
        "Your company has been set up already. Change its data instead.",
        "تم إعداد شركتك مسبقًا. يمكنك تعديل بياناتها.",
    )


class PartyCodeTaken(Refusal):
    code = "party_code_taken"
    message = Text(
        "The code {taken} belongs to another party. Choose another one, or leave it blank.",
        "الرمز {taken} مستخدم لطرف آخر. اختر رمزًا آخر أو اتركه فارغًا.",
    )


class VatNumberTaken(Refusal):
    code = "vat_number_taken"
    message = Text(
        "The VAT number {taken} belongs to {holder} already. "
        "If this is right, a branch for example, save it with “allow duplicate”.",
        "الرقم الضريبي {taken} مسجل مسبقًا باسم {holder}. "
        "إذا كان ذلك صحيحًا (لفرع مثلًا) فاحفظه مع «السماح بالتكرار».",
    )


class VatNumberTakenBySomebody(VatNumberTaken):
    """The same to whoever may not know who holds the number."""

    message = Text(
        "The VAT number {taken} belongs to another party already. "
        "If this is right, a branch for example, save it with “allow duplicate”.",
        "الرقم الضريبي {taken} مسجل مسبقًا لطرف آخر. "
        "إذا كان ذلك صحيحًا (لفرع مثلًا) فاحفظه مع «السماح بالتكرار».",
    )


@unit_of_work
def set_up_company(values: Mapping[str, Any], *, by: Actor, at: datetime) -> Company:
    """Enter our own company. Of several set-ups at once exactly one succeeds.

    `values` are the fields of the model; what is left out keeps its default.
    """
    if queries.company_if_any() is not None:
        raise CompanyExists()
    company = Company(code=MAIN_COMPANY, **rules.tidied(values))
    _refuse(rules.company_problems(company))
    company.save(force_insert=True)
    audit.record(company, "company.set_up", by=by, at=at, changes=_facts(company))
    return company


@unit_of_work
def update_company(
    changes: Mapping[str, Any], *, expected_version: int | None, by: Actor, at: datetime
) -> Company:
    """Change our company's data. Documents that were posted keep what they say."""
    company = queries.company()
    after = _with(company, changes := rules.tidied(changes))
    _refuse(rules.company_problems(after))
    differences = audit.difference(company, changes)
    change(company, expected_version=expected_version, **changes)
    audit.record(company, "company.changed", by=by, at=at, changes=differences)
    return company


@unit_of_work
def create_party(
    values: Mapping[str, Any], *, allow_duplicate: bool = False, by: Actor, at: datetime
) -> Party:
    """Enter a customer or supplier. Without a code it gets the next one of the series.

    `values` are the fields of the model. Raises Invalid, PartyCodeTaken or VatNumberTaken.
    """
    [party] = _new_parties([values])
    _refuse(rules.party_problems(party))
    _refuse_unknown_salespeople([party], [""])
    _refuse_taken_codes([party], [""])
    if not allow_duplicate:
        _refuse_taken_vat_numbers([party], [""])
    party.save(force_insert=True)
    audit.record(party, "party.created", by=by, at=at, changes=_facts(party))
    return party


@unit_of_work
def create_parties(
    rows: Sequence[Mapping[str, Any]],
    *,
    allow_duplicate: bool = False,
    by: Actor,
    at: datetime,
) -> list[Party]:
    """Enter many parties in few queries, all or none; for imports.

    A refusal names its rows: "/17/vat_number" is the VAT number of row 17, counted from 0.
    """
    parties = _new_parties(rows)
    places = [f"/{row}" for row in range(len(parties))]
    _refuse(
        FieldError(place + problem.pointer, problem.code, problem.message)
        for place, party in zip(places, parties, strict=True)
        for problem in rules.party_problems(party)
    )
    _refuse_unknown_salespeople(parties, places)
    _refuse_taken_codes(parties, places)
    if not allow_duplicate:
        _refuse_taken_vat_numbers(parties, places)
    Party.objects.bulk_create(parties, batch_size=BATCH)
    audit.record_many([(party, _facts(party)) for party in parties], "party.created", by=by, at=at)
    return parties


@unit_of_work
def update_party(
    party_id: UUID,
    changes: Mapping[str, Any],
    *,
    expected_version: int | None,
    allow_duplicate: bool = False,
    by: Actor,
    at: datetime,
) -> Party:
    """Change what is named in `changes`. A code left blank stays as it is."""
    party = queries.party(party_id)
    changes = rules.tidied(changes)
    if not changes.get("code", "x"):
        del changes["code"]
    changes = _with_number_in_place(party, changes)
    after = _with(party, changes)
    _refuse(rules.party_problems(after))
    differences = _told(party, after, changes)
    if "salesperson_id" in differences:
        _refuse_unknown_salespeople([after], [""])
    after.code_folded = queries.folded_code(after.code)
    if after.code_folded != party.code_folded:
        _refuse_taken_codes([after], [""])
    if not allow_duplicate and {"vat_number", "is_active"} & differences.keys():
        _refuse_taken_vat_numbers([after], [""])
    change(
        party,
        expected_version=expected_version,
        **changes,
        code_folded=after.code_folded,
        search_text=_search_text(after),
    )
    audit.record(party, "party.changed", by=by, at=at, changes=differences)
    return party


@unit_of_work
def deactivate_party(
    party_id: UUID, *, expected_version: int | None, by: Actor, at: datetime
) -> Party:
    """Take a party out of use. It stays on its documents and in the books for good."""
    party = queries.party(party_id)
    differences = audit.difference(party, {"is_active": False})
    change(party, expected_version=expected_version, is_active=False)
    audit.record(party, "party.deactivated", by=by, at=at, changes=differences)
    return party


def _new_parties(rows: Sequence[Mapping[str, Any]]) -> list[Party]:
    parties = [Party(**rules.tidied(values)) for values in rows]
    for party in parties:
        if party.other_id and party.other_id_scheme in PERSONAL_SCHEMES:
            _set(party, _number_of_a_person(party, party.other_id))
        party.search_text = _search_text(party)
    nameless = [party for party in parties if not party.code]
    if nameless:
        open_series(PARTY_NUMBERS)
    given = {queries.folded_code(party.code) for party in parties}
    for party in nameless:
        party.code = _free_code(given)
        party.search_text = _search_text(party)
    for party in parties:
        party.code_folded = queries.folded_code(party.code)
    return parties


def _number_of_a_person(party: Party, number: str) -> dict[str, str]:
    return {"other_id": "", **sealed(party, personal_id=number)}


def _with_number_in_place(party: Party, changes: dict[str, Any]) -> dict[str, Any]:
    """The number of a person goes where it is sealed, any other where it is not.

    What a form shows of a sealed number comes back unchanged, and so changes nothing. A number does
    not come out of its seal by calling it something else: it has to be entered again.
    """
    given = changes.pop("other_id", None)
    if given == party.other_id_shown:
        given = None
    scheme = changes.get("other_id_scheme", party.other_id_scheme)
    was, will_be = (one in PERSONAL_SCHEMES for one in (party.other_id_scheme, scheme))
    if given is None and was == will_be:
        return changes
    if will_be:
        return {**changes, **_number_of_a_person(party, given or party.other_id)}
    return {**changes, "other_id": given or "", **sealed(party, personal_id="")}


def _told(party: Party, after: Party, changes: Mapping[str, Any]) -> dict[str, Any]:
    """What the audit trail says of a change; of a person's number, its end."""
    hidden = {"other_id", "personal_id", "personal_id_index"}
    told = audit.difference(
        party, {name: value for name, value in changes.items() if name not in hidden}
    )
    if after.identification != party.identification:
        told["other_id"] = [party.other_id_shown, after.other_id_shown]
    return told


def _set(party: Party, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(party, name, value)


def _free_code(given: set[str]) -> str:
    """The next code of the series that nobody typed by hand before."""
    while True:
        code = f"P{take_number(PARTY_NUMBERS):05d}"
        if queries.folded_code(code) not in given and queries.party_by_code(code) is None:
            return code


def _refuse_taken_codes(parties: Sequence[Party], places: Sequence[str]) -> None:
    holders = {
        party.code_folded: party.pk
        for party in queries.parties_by_code(party.code for party in parties).values()
    }
    errors = []
    for party, place in zip(parties, places, strict=True):
        if holders.setdefault(party.code_folded, party.pk) != party.pk:
            message = _filled(PartyCodeTaken.message, taken=party.code)
            errors.append((party.code, FieldError(f"{place}/code", PartyCodeTaken.code, message)))
    if errors:
        raise PartyCodeTaken(errors=[error for _, error in errors], taken=errors[0][0])


def _refuse_taken_vat_numbers(parties: Sequence[Party], places: Sequence[str]) -> None:
    bearing = [party for party in parties if party.is_active and party.vat_number]
    ours = {party.pk for party in parties}
    holders: dict[str, Party] = {}
    for holder in queries.active_holders({party.vat_number for party in bearing}):
        if holder.pk not in ours:
            holders.setdefault(holder.vat_number, holder)
    facts, errors = [], []
    for party, place in zip(parties, places, strict=True):
        if not (party.is_active and party.vat_number):
            continue
        holder = holders.setdefault(party.vat_number, party)
        if holder is not party:
            fact = {"taken": party.vat_number, "holder": _called(holder)}
            message = _filled(VatNumberTaken.message, **fact)
            facts.append(fact)
            errors.append(FieldError(f"{place}/vat_number", VatNumberTaken.code, message))
    if errors:
        raise VatNumberTaken(errors=errors, **facts[0])


def _refuse_unknown_salespeople(parties: Sequence[Party], places: Sequence[str]) -> None:
    known = active_users(party.salesperson_id for party in parties if party.salesperson_id)
    _refuse(
        FieldError(f"{place}/salesperson_id", "unknown_salesperson", UNKNOWN_SALESPERSON)
        for party, place in zip(parties, places, strict=True)
        if party.salesperson_id and party.salesperson_id not in known
    )


def _refuse(problems: Iterable[FieldError]) -> None:
    if errors := list(problems):
        raise Invalid(errors=errors)


def _filled(text: Text, **facts: str) -> Text:
    return Text(text.within("en", facts), text.within("ar", facts))


def _called(party: Party) -> str:
    return f"{party.code} {party.name_en or party.name_ar}"


def _with(record: M, changes: Mapping[str, Any]) -> M:
    after = copy(record)
    for name, value in changes.items():
        setattr(after, name, value)
    return after


def _facts(trader: Party | Company) -> dict[str, Any]:
    """What an audit event says of a new record: everything that is not blank."""
    kept = {
        field.attname: getattr(trader, field.attname)
        for field in trader._meta.fields
        if not isinstance(field, SealedField | BlindIndexField)
    }
    if isinstance(trader, Party):
        kept["other_id"] = trader.other_id_shown
    hidden = ("id", "version", "search_text", "code_folded")
    return {
        name: [None, value]
        for name, value in kept.items()
        if name not in hidden and value not in ("", None)
    }


def _search_text(party: Party) -> str:
    return searchable(
        party.code,
        party.name_en,
        party.name_ar,
        party.vat_number,
        party.other_id,
        party.email,
        party.phone,
        party.city_en,
        party.city_ar,
    )
