from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Field, Query, Router, Status

from alawael.accounts.permissions import SignedInRequest, may
from alawael.accounts.queries import users
from alawael.core.clock import now
from alawael.core.errors import FieldError, Forbidden, Text
from alawael.core.http import expected_version, with_etag
from alawael.core.paging import Listing, ListQuery
from alawael.core.schemas import PROBLEMS, Page
from alawael.core.search_text import matches
from alawael.parties import queries, services
from alawael.parties.models import Company, Party
from alawael.parties.schemas import (
    CompanyIn,
    CompanyOut,
    CompanyPatch,
    PartyIn,
    PartyOut,
    PartyPatch,
    SalespersonOut,
)

router = Router()


class OwnCustomersStay(Forbidden):
    code = "own_customers_stay"
    message = Text(
        "You see your own customers only, and cannot give them away or take others. "
        "Ask somebody who sees all customers.",
        "عرضك مقتصر على عملائك، فلا يمكنك نقلهم إلى غيرك ولا أخذ غيرهم. "
        "اطلب ذلك ممن يرى جميع العملاء.",
    )


PARTIES = Listing(
    PartyOut,
    sorts={"code": "code_folded", "name_en": "name_en", "name_ar": "name_ar", "id": "id"},
    default_sort="code",
    search=matches,
)

SALESPEOPLE = Listing(
    SalespersonOut,
    sorts={"name_en": "name_en", "id": "pk"},
    default_sort="name_en",
    search=matches,
)


ALLOW_DUPLICATE = (
    "`allow_duplicate=true` saves it although another active party has its VAT number."
)


class PartyQuery(ListQuery):
    is_customer: bool | None = None
    is_supplier: bool | None = None
    is_business: bool | None = None
    is_active: bool | None = None
    country: str | None = Field(None, max_length=2, examples=["SA"])
    vat_number: str | None = Field(None, max_length=30)


@router.get(
    "/company",
    auth=may("company:read"),
    response={200: CompanyOut, **PROBLEMS},
    operation_id="read_company",
    summary="Read the data of our own company",
)
def read_company(request: SignedInRequest, response: HttpResponse) -> Company:
    company = queries.company()
    with_etag(response, company)
    return company


@router.post(
    "/company",
    auth=may("company:edit"),
    response={201: CompanyOut, **PROBLEMS},
    operation_id="set_up_company",
    summary="Enter our own company, once",
)
def set_up_company(
    request: SignedInRequest, response: HttpResponse, payload: CompanyIn
) -> Status[Company]:
    company = services.set_up_company(payload.dict(), by=request.user, at=now())
    with_etag(response, company)
    return Status(201, company)


@router.patch(
    "/company",
    auth=may("company:edit"),
    response={200: CompanyOut, **PROBLEMS},
    operation_id="change_company",
    summary="Change the data of our own company",
)
def change_company(
    request: SignedInRequest, response: HttpResponse, payload: CompanyPatch
) -> Company:
    company = services.update_company(
        payload.dict(exclude_unset=True),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    with_etag(response, company)
    return company


@router.get(
    "/parties",
    auth=may("party:read"),
    response={200: Page[PartyOut], **PROBLEMS},
    operation_id="list_parties",
    summary="List customers and suppliers",
)
def list_parties(
    request: SignedInRequest, query: Query[PartyQuery]
) -> dict[str, Any] | HttpResponse:
    rows = queries.parties(
        is_customer=query.is_customer,
        is_supplier=query.is_supplier,
        is_business=query.is_business,
        is_active=query.is_active,
        country=query.country,
        vat_number=query.vat_number,
    )
    return PARTIES.page(request, rows, query)


@router.post(
    "/parties",
    auth=may("party:create"),
    response={201: PartyOut, **PROBLEMS},
    operation_id="create_party",
    summary="Enter a customer or supplier",
    description=ALLOW_DUPLICATE,
)
def create_party(
    request: SignedInRequest,
    response: HttpResponse,
    payload: PartyIn,
    allow_duplicate: bool = False,
) -> Status[Party]:
    values = payload.dict()
    if request.sight.own_customers and values["salesperson_id"] is None:
        # Whom somebody brings in is their own; otherwise they would not see them again.
        values["salesperson_id"] = request.user.pk
    _keep_own(request, values, before=request.user.pk)
    with _holders_unnamed(request):
        party = services.create_party(
            values, allow_duplicate=allow_duplicate, by=request.user, at=now()
        )
    with_etag(response, party)
    return Status(201, party)


@router.get(
    "/parties/{party_id}",
    auth=may("party:read"),
    response={200: PartyOut, **PROBLEMS},
    operation_id="read_party",
    summary="Read a customer or supplier",
)
def read_party(request: SignedInRequest, response: HttpResponse, party_id: UUID) -> Party:
    party = queries.party(party_id)
    with_etag(response, party)
    return party


@router.patch(
    "/parties/{party_id}",
    auth=may("party:edit"),
    response={200: PartyOut, **PROBLEMS},
    operation_id="change_party",
    summary="Change a customer or supplier",
    description=ALLOW_DUPLICATE,
)
def change_party(
    request: SignedInRequest,
    response: HttpResponse,
    party_id: UUID,
    payload: PartyPatch,
    allow_duplicate: bool = False,
) -> Party:
    values = payload.dict(exclude_unset=True)
    if request.sight.own_customers:
        _keep_own(request, values, before=queries.party(party_id).salesperson_id)
    with _holders_unnamed(request):
        party = services.update_party(
            party_id,
            values,
            expected_version=expected_version(request),
            allow_duplicate=allow_duplicate,
            by=request.user,
            at=now(),
        )
    with_etag(response, party)
    return party


@router.delete(
    "/parties/{party_id}",
    auth=may("party:delete"),
    response={204: None, **PROBLEMS},
    operation_id="deactivate_party",
    summary="Take a customer or supplier out of use",
)
def deactivate_party(request: SignedInRequest, party_id: UUID) -> Status[None]:
    services.deactivate_party(
        party_id, expected_version=expected_version(request), by=request.user, at=now()
    )
    return Status(204, None)


@router.get(
    "/salespeople",
    auth=may("party:read"),
    response={200: Page[SalespersonOut], **PROBLEMS},
    operation_id="list_salespeople",
    summary="Everybody whose customer a party can be, by name",
)
def list_salespeople(
    request: SignedInRequest, query: Query[ListQuery]
) -> dict[str, Any] | HttpResponse:
    return SALESPEOPLE.page(request, users(), query)


def _keep_own(request: SignedInRequest, values: Mapping[str, Any], *, before: UUID | None) -> None:
    """Who is limited to own customers can neither give them away nor enter those of others."""
    after = values.get("salesperson_id", before)
    if request.sight.own_customers and after not in (before, request.user.pk):
        raise OwnCustomersStay()


@contextmanager
def _holders_unnamed(request: SignedInRequest) -> Iterator[None]:
    """Do not tell who holds a number to somebody who may not see that party."""
    try:
        yield
    except services.VatNumberTaken as refusal:
        if not request.sight.own_customers:
            raise
        taken = refusal.facts["taken"]
        message = services.VatNumberTakenBySomebody.message
        filled = Text(message.en.format(taken=taken), message.ar.format(taken=taken))
        errors = [FieldError("/vat_number", refusal.code, filled)]
        raise services.VatNumberTakenBySomebody(errors=errors, taken=taken) from None
