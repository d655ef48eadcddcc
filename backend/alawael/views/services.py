from datetime import datetime
from typing import Any

from alawael.accounts.models import User
from alawael.core.audit import difference, record
from alawael.core.claims import change
from alawael.core.errors import Refusal, Text
from alawael.core.unit_of_work import unit_of_work
from alawael.views.models import SavedView

MOST_VIEWS = 200


class ViewNameTaken(Refusal):
    code = "view_name_taken"
    message = Text(
        "You have a view called “{name}” here already. Choose another name.",
        "لديك عرض باسم «{name}» هنا بالفعل. اختر اسمًا آخر.",
    )


class TooManyViews(Refusal):
    code = "too_many_views"
    message = Text("Delete some of your views first.", "احذف بعض العروض المحفوظة أولًا.")


@unit_of_work
def save_view(
    *, list_key: str, name: str, state: dict[str, Any], is_shared: bool, is_default: bool,
    by: User, at: datetime,
) -> SavedView:  # fmt: skip
    mine = SavedView.objects.filter(owner=by)
    if mine.count() >= MOST_VIEWS:
        raise TooManyViews()
    if mine.filter(list_key=list_key, name=name).exists():
        raise ViewNameTaken(name=name)
    if is_default:
        mine.filter(list_key=list_key, is_default=True).update(is_default=False)
    view = SavedView.objects.create(
        owner=by, list_key=list_key, name=name, state=state,
        is_shared=is_shared, is_default=is_default,
    )  # fmt: skip
    record(view, "view.saved", by=by, at=at, changes={"name": [None, name]})
    return view


@unit_of_work
def change_view(
    view: SavedView,
    changes: dict[str, Any],
    *,
    expected_version: int | None,
    by: User,
    at: datetime,
) -> SavedView:
    mine = SavedView.objects.filter(owner=by, list_key=view.list_key).exclude(pk=view.pk)
    if "name" in changes and mine.filter(name=changes["name"]).exists():
        raise ViewNameTaken(name=changes["name"])
    if changes.get("is_default"):
        mine.filter(is_default=True).update(is_default=False)
    differences = difference(view, changes)
    change(view, expected_version=expected_version, **changes)
    record(view, "view.changed", by=by, at=at, changes=differences)
    return view


@unit_of_work
def delete_view(view: SavedView, *, expected_version: int | None, by: User, at: datetime) -> None:
    change(view, expected_version=expected_version)
    record(view, "view.deleted", by=by, at=at, changes={"name": [view.name, None]})
    SavedView.objects.filter(pk=view.pk).delete()
