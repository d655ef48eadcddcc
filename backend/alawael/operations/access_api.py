"""Who may do what, and why: explanations, effective rights, and looking as another role."""

from typing import Any

from ninja import Query, Router

from alawael.accounts import viewing
from alawael.accounts.models import Role
from alawael.accounts.permissions import (
    SignedInRequest,
    known_permissions,
    may,
    require,
    signed_in,
)
from alawael.accounts.roles import described
from alawael.accounts.schemas import RoleOut
from alawael.core.clock import now
from alawael.core.schemas import PROBLEMS
from alawael.operations.access_schemas import (
    AboutQuery,
    ChoicesOut,
    ExplainQuery,
    ExplanationOut,
    RightsOut,
    ViewAsIn,
)
from alawael.operations.explaining import (
    Explanation,
    Question,
    Step,
    explain,
    person_asked,
    rights_of,
)
from alawael.operations.kinds import KINDS

router = Router()


@router.get(
    "/access/explain",
    auth=signed_in,
    response={200: ExplanationOut, **PROBLEMS},
    operation_id="explain_access",
    summary="Why somebody can, or cannot, see or do something",
    description=(
        "Ask about a permission, a route, or a kind of record and one of them. About oneself "
        "everybody may ask; about others it takes user:read and role:read, and the right to see "
        "the record oneself. Whether a record exists that one may not see is never told."
    ),
)
def explain_access(request: SignedInRequest, query: Query[ExplainQuery]) -> dict[str, Any]:
    person = person_asked(request, query.user_id)
    question = Question(query.permission, query.operation, query.kind, query.record)
    return _explanation(explain(request, person, question))


@router.get(
    "/access/rights",
    auth=signed_in,
    response={200: RightsOut, **PROBLEMS},
    operation_id="read_rights",
    summary="What somebody may do, by which roles, and what they are limited to",
)
def read_rights(request: SignedInRequest, query: Query[AboutQuery]) -> dict[str, Any]:
    return rights_of(person_asked(request, query.user_id))


@router.get(
    "/access/choices",
    auth=signed_in,
    response={200: ChoicesOut, **PROBLEMS},
    operation_id="list_access_choices",
    summary="What can be asked about: kinds of record and permissions, by name",
)
def list_choices(request: SignedInRequest) -> dict[str, Any]:
    kinds = [(name, described(kind.permission)) for name, kind in KINDS.items()]
    return {
        "kinds": [
            {"kind": name, "name_en": said["type_en"], "name_ar": said["type_ar"]}
            for name, said in kinds
        ],
        "permissions": [described(permission) for permission in sorted(known_permissions)],
    }


@router.post(
    "/access/view-as",
    auth=may("role:read"),
    response={200: RoleOut, **PROBLEMS},
    operation_id="view_as",
    summary="Put on record that I begin to look as a role",
    description=(
        "Then send `X-View-As: <its key>` with each GET: it is answered with what both I and the "
        "role may see. Everything that changes is refused with `viewing_as`. Needs user:read, too."
    ),
)
def view_as(request: SignedInRequest, payload: ViewAsIn) -> Role:
    require(request, "user:read")
    return viewing.begin(payload.role, by=request.user, at=now())


def _explanation(found: Explanation) -> dict[str, Any]:
    return {
        "user": found.person,
        "allowed": found.allowed,
        "steps": [_step(step) for step in found.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "rule": step.rule,
        "passed": step.passed,
        "said_en": step.said.en,
        "said_ar": step.said.ar,
        "change_en": step.change.en,
        "change_ar": step.change.ar,
    }
