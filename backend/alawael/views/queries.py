from uuid import UUID

from django.db.models import Q, QuerySet

from alawael.accounts.models import User
from alawael.core.rows import existing
from alawael.views.models import SavedView


def views_for(user: User) -> QuerySet[SavedView]:
    """The user's own views and everybody's shared ones."""
    return SavedView.objects.filter(Q(owner=user) | Q(is_shared=True)).select_related("owner")


def own_view(user: User, view_id: UUID) -> SavedView:
    """A view that the user may change; raises NotFound for other people's."""
    return existing(SavedView.objects.filter(owner=user, pk=view_id).select_related("owner"))
