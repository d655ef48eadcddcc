"""Who may do what, and why: looking as another role."""

from ninja import Router

from alawael.accounts import viewing
from alawael.accounts.models import Role
from alawael.accounts.permissions import SignedInRequest, may, require
from alawael.accounts.schemas import RoleOut
from alawael.core.clock import now
from alawael.core.schemas import PROBLEMS
from alawael.operations.access_schemas import ViewAsIn

router = Router()


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
