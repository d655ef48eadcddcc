"""Numbers of persons that stood in the clear go where they are sealed, and out of the search."""

from typing import Any

from django.db import migrations

from alawael.core.search_text import searchable
from alawael.core.sealing import blind_index, place_of, seal

# As parties.models and parties.services have them at this migration.
PERSONAL_SCHEMES = ("NAT", "GCC", "IQA", "PAS")
SEARCHED = ("code", "name_en", "name_ar", "vat_number", "email", "phone", "city_en", "city_ar")


def seal_personal_ids(apps: Any, schema_editor: Any) -> None:
    """May run again: what is sealed already is not found any more."""
    party_model = apps.get_model("parties", "Party")
    parties = party_model.objects.filter(other_id_scheme__in=PERSONAL_SCHEMES)
    for party in list(parties.exclude(other_id="").order_by("pk")):
        place = place_of(party, "personal_id")
        kind = "parties_party.personal_id"
        party_model.objects.filter(pk=party.pk, other_id=party.other_id).update(
            other_id="",
            personal_id=seal(party.other_id, place=place),
            personal_id_index=blind_index(party.other_id, kind=kind),
            search_text=searchable(*(getattr(party, name) for name in SEARCHED)),
        )


def keep(apps: Any, schema_editor: Any) -> None:
    """The release before reads nothing sealed; what is sealed stays sealed."""


class Migration(migrations.Migration):
    dependencies = [("parties", "0003_sealed")]

    operations = [migrations.RunPython(seal_personal_ids, keep)]
