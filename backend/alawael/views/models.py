from django.db import models

from alawael.accounts.models import User
from alawael.core.fields import Record


class SavedView(Record):
    """A way of looking at one list. Its state is what the web app keeps in the address."""

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="saved_views")
    #: The list it belongs to, such as "products".
    list_key = models.CharField(max_length=60)
    name = models.CharField(max_length=80)
    is_shared = models.BooleanField(default=False)
    #: Opened when its owner comes to the list without a state.
    is_default = models.BooleanField(default=False)
    state = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "list_key", "name"], name="one_view_per_name_and_owner"
            )
        ]
        indexes = [models.Index(fields=["list_key", "is_shared"], name="views_of_a_list")]
