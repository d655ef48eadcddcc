"""What a caller may do beyond the permission of the route."""

from alawael.accounts.permissions import SignedInRequest, allows, known_permissions

BACKDATE = "stock:backdate"
known_permissions.add(BACKDATE)


def may_backdate(request: SignedInRequest) -> bool:
    """Whether the caller may move goods on a frozen day."""
    return allows(request.permissions, BACKDATE)
