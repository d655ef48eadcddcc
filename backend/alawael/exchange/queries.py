from collections import Counter
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import QuerySet

from alawael.core.rows import existing
from alawael.exchange.models import Import, ImportedAction, ImportedRecord, RefusedRow, SavedMapping


def imports() -> QuerySet[Import]:
    return Import.objects.select_related("file")


def import_called(import_id: UUID) -> Import:
    """Raises NotFound."""
    return existing(imports().filter(pk=import_id))


def refused_rows(batch: Import) -> QuerySet[RefusedRow]:
    """What the run refused or, before there was one, the check."""
    return RefusedRow.objects.filter(batch=batch, in_run=batch.run_report is not None)


def imported_records(batch: Import) -> QuerySet[ImportedRecord]:
    return ImportedRecord.objects.filter(batch=batch)


def records_to_undo(batch: Import, limit: int) -> Sequence[ImportedRecord]:
    """The next ones, last made first."""
    rows = imported_records(batch).filter(undone_at=None, kept_code="")
    return list(rows.order_by("-sequence")[:limit])


def documents_taken_back(keys: Collection[str]) -> dict[str, int]:
    """How often documents of these external numbers were imported and undone."""
    rows = ImportedRecord.objects.filter(
        key__in=list(keys), action=ImportedAction.POSTED, undone_at__isnull=False
    )
    return dict(Counter(rows.values_list("key", flat=True)))


def saved_mapping(profile: str, signature: str) -> SavedMapping | None:
    return SavedMapping.objects.filter(profile=profile, signature=signature).first()
