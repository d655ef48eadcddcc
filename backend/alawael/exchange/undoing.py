"""Taking a whole import back: last made, first undone; what cannot be is kept and says why."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from alawael.core.actors import Actor
from alawael.core.errors import Refusal, Text
from alawael.core.unit_of_work import unit_of_work
from alawael.exchange import queries
from alawael.exchange.chunks import Overtaken
from alawael.exchange.models import Import, ImportedRecord

CHUNK = 10

#: Takes one record back. Raises the Refusal that says why it must stay.
Reversal = Callable[[ImportedRecord, Actor, datetime, date], None]
_reversals: dict[str, Reversal] = {}


class ChangedSince(Refusal):
    code = "changed_since"
    message = Text(
        "It was changed after the import, so it stays as it is.",
        "تم تعديله بعد الاستيراد، لذلك يبقى كما هو.",
    )


def takes_back(kind: str) -> Callable[[Reversal], Reversal]:
    """Register how one kind of record is taken back."""

    def register(reversal: Reversal) -> Reversal:
        _reversals[kind] = reversal
        return reversal

    return register


class _Stays(Exception):
    def __init__(self, index: int, refusal: Refusal) -> None:
        self.index, self.refusal = index, refusal
        super().__init__()


class Retreat:
    """One job's way back through what an import has made."""

    def __init__(self, batch: Import, *, by: Actor, fence: Callable[[], None]) -> None:
        self.batch = batch
        self.by = by
        self.done = batch.done
        self._fence = fence
        self._staying: dict[int, Refusal] = {}

    def next_chunk(self, *, at: datetime, on: date) -> bool:
        """Take the next records back; False when none is left."""
        records = queries.records_to_undo(self.batch, CHUNK)
        if not records:
            return False
        try:
            self._commit(records, at, on)
        except _Stays as stays:
            self._staying[records[stays.index].sequence] = stays.refusal
            records = records[: stays.index + 1]
            self._commit(records, at, on)
        self.done += len(records)
        self._staying.clear()
        return True

    @unit_of_work
    def _commit(self, records: Sequence[ImportedRecord], at: datetime, on: date) -> None:
        self._fence()
        report = self._stored_report()
        for index, record in enumerate(records):
            if (refusal := self._staying.get(record.sequence)) is not None:
                _close(record, at=None, **_reason(refusal))
                _count(report["kept"], record)
                continue
            try:
                _reversals[record.kind](record, self.by, at, on)
            except Refusal as refused:
                raise _Stays(index, refused) from refused
            _close(record, at=at)
            _count(report["undone"], record)
        moved = Import.objects.filter(
            pk=self.batch.pk, state=self.batch.state, job=self.batch.job, done=self.done
        ).update(done=self.done + len(records), undo_report=report, progress_at=at)
        if not moved:
            raise Overtaken()

    def _stored_report(self) -> dict[str, Any]:
        stored = Import.objects.values_list("undo_report", flat=True).get(pk=self.batch.pk)
        return stored or {"undone": {}, "kept": {}}


def _reason(refusal: Refusal) -> dict[str, str]:
    return {
        "kept_code": refusal.code,
        "kept_en": refusal.sentence("en")[:500],
        "kept_ar": refusal.sentence("ar")[:500],
    }


def _close(record: ImportedRecord, *, at: datetime | None, **reason: str) -> None:
    rows = ImportedRecord.objects.filter(pk=record.pk, undone_at=None, kept_code="")
    if not rows.update(undone_at=at, **reason):
        raise Overtaken()


def _count(counts: dict[str, dict[str, int]], record: ImportedRecord) -> None:
    kinds = counts.setdefault(record.kind, {})
    kinds[record.action] = kinds.get(record.action, 0) + 1


def outlook(batch: Import) -> Mapping[str, Any]:
    """What an undo would try to take back: {kind: {action: count}}."""
    counts: dict[str, dict[str, int]] = {}
    rows = queries.imported_records(batch).filter(undone_at=None, kept_code="")
    for kind, action in rows.values_list("kind", "action").iterator(chunk_size=2000):
        kinds = counts.setdefault(kind, {})
        kinds[action] = kinds.get(action, 0) + 1
    return counts
