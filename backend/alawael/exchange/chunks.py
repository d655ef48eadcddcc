"""How a check or a run moves through a file: chunk by chunk, each wholly or not at all.

A chunk of a run is one unit of work: the records it makes, the rows it refuses, its share of the
report and the checkpoint behind it commit together. So a worker may be killed anywhere; the next
one continues at the checkpoint and the result is the same. A check does the same inside a
rehearsal that is rolled back, and commits only what it found.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from time import perf_counter
from typing import Any

from alawael.core.errors import Refusal
from alawael.core.sealing import as_text, sealed
from alawael.core.unit_of_work import rehearse, unit_of_work
from alawael.exchange import reports
from alawael.exchange.models import Import, ImportedRecord, ImportState, RefusedRow
from alawael.exchange.profiles.base import (
    REFUSED,
    ItemRefused,
    Mark,
    Outcome,
    Phase,
    Preparation,
    Profile,
    RowError,
    Session,
    refusal_errors,
)
from alawael.exchange.staging import Item, Staging

#: How many refused cells are kept to be looked at; the count in the report is always exact.
MOST_KEPT = 10_000
#: A chunk should take about this long (seconds): other writers wait for no more than that.
CHUNK_SECONDS = 0.4
MOST_ITEMS = 250


class Overtaken(Exception):
    """The import is not where this job left it: it was cancelled, or another worker has it."""


class _OneByOne(Exception):
    """Something in the chunk was refused; only going item by item tells what."""


class _Refused(Exception):
    """Item number `index` of a chunk cannot be imported; the chunk is rolled back."""

    def __init__(self, index: int, errors: Sequence[RowError]) -> None:
        self.index, self.errors = index, list(errors)
        super().__init__()


@dataclass
class Progress:
    """A job's own view of its checkpoint, which it moves only after a commit."""

    phase: int
    position: int
    sequence: int
    done: int


class Crossing:
    """One job's way through the staged rows of an import."""

    def __init__(
        self,
        batch: Import,
        profile: Profile,
        staging: Staging,
        session: Session,
        *,
        fence: Callable[[], None],
    ) -> None:
        self.batch = batch
        self.profile = profile
        self.staging = staging
        self.session = session
        self.checks = batch.state == ImportState.CHECKING
        self.here = Progress(batch.phase, batch.position, batch.sequence, batch.done)
        self._fence = fence
        self._size = 10
        self._refused: dict[int, list[RowError]] = {}
        self._together = True

    def prepare(self) -> None:
        """Make sure of what everything stands on; a check only says what it would do."""
        amount = self.profile.total(self.staging.every_row(), self.session)
        if self.checks:
            prepared = rehearse(lambda: self.profile.prepare(self.session))
            self._note_preparation(prepared, amount)
        else:
            self._prepare_for_good(amount)

    @unit_of_work
    def _prepare_for_good(self, amount: Decimal | None) -> None:
        self._fence()
        self._note_preparation(self.profile.prepare(self.session), amount)

    @unit_of_work
    def _note_preparation(self, prepared: Preparation, amount: Decimal | None) -> None:
        report = self._stored_report() or reports.empty_report(
            rows=self.staging.rows, blank=self.staging.blank, amount=amount
        )
        reports.add_notes(report, prepared.notes)
        reports.add_marks(report, prepared.marks)
        sequence = self.here.sequence
        if not self.checks:
            sequence = self._keep_marks(prepared.marks, sequence)
        self._move({self._report_field: report, "total": self.staging.rows, "sequence": sequence})
        self.here.sequence = sequence

    def next_chunk(self, *, at: datetime) -> bool:
        """Carry out the next items; False when the whole file is behind us.

        Raises Overtaken when the import was cancelled meanwhile.
        """
        phases = self.profile.phases
        if self.here.phase >= len(phases):
            return False
        self.session.at = at
        phase = phases[self.here.phase]
        items = self.staging.items(phase.key, self.here.position, self._size)
        if not items:
            self._enter_next_phase()
            return True
        began = perf_counter()
        try:
            try:
                self._commit(phase, items)
            except _OneByOne:
                self._together = False
                self._commit(phase, items)
        except _Refused as refused:
            # What stands before the refused item is committed with it; the rest comes next.
            self._refused[items[refused.index].place] = refused.errors
            self._commit(phase, items[: refused.index + 1])
        finally:
            self._together = True
        self._adapt(perf_counter() - began)
        return True

    def _commit(self, phase: Phase, items: Sequence[Item]) -> None:
        if self.checks:
            moved = self._note(phase, items, rehearse(lambda: self._rehearsal(phase, items)))
        else:
            moved = self._for_good(phase, items)
        self.here = moved
        self._refused.clear()

    def _rehearsal(self, phase: Phase, items: Sequence[Item]) -> list[Outcome]:
        self.profile.prepare(self.session)
        return self._outcomes(phase, items)

    @unit_of_work
    def _for_good(self, phase: Phase, items: Sequence[Item]) -> Progress:
        self._fence()
        return self._note(phase, items, self._outcomes(phase, items))

    def _outcomes(self, phase: Phase, items: Sequence[Item]) -> list[Outcome]:
        self.session.found = {}
        phase.look_up(items, self.session)
        if self._together and not self._refused:
            try:
                together = phase.carry_out_together(items, self.session)
            except Refusal as refusal:
                raise _OneByOne from refusal
            if together is not None:
                return together
        return [self._outcome(phase, item, index) for index, item in enumerate(items)]

    def _outcome(self, phase: Phase, item: Item, index: int) -> Outcome:
        if item.place in self._refused:
            return Outcome(REFUSED, errors=self._refused[item.place])
        try:
            return phase.carry_out(item, self.session)
        except ItemRefused as refused:
            raise _Refused(index, refused.errors) from refused
        except Refusal as refusal:
            raise _Refused(index, refusal_errors(item, refusal)) from refusal

    @unit_of_work
    def _note(self, phase: Phase, items: Sequence[Item], outcomes: Sequence[Outcome]) -> Progress:
        """Keep what became of the items, and move the checkpoint behind them."""
        report = self._stored_report()
        if report is None:
            raise Overtaken()
        refused: list[RowError] = []
        marks: list[Mark] = []
        for item, outcome in zip(items, outcomes, strict=True):
            reports.add(report, phase, item, outcome, phase.amount(item, self.session))
            if phase.counts_rows:
                refused += outcome.errors
            marks += outcome.marks
        sequence = self.here.sequence
        if not self.checks:
            sequence = self._keep_marks(marks, sequence)
        self._keep_refused(refused)
        rows = sum(len(item.rows) for item in items) if phase.counts_rows else 0
        moved = Progress(self.here.phase, items[-1].place, sequence, self.here.done + rows)
        self._move({self._report_field: report, **vars(moved)})
        return moved

    def _keep_marks(self, marks: Sequence[Mark], sequence: int) -> int:
        ImportedRecord.objects.bulk_create(
            ImportedRecord(
                batch=self.batch,
                sequence=number,
                kind=mark.kind,
                record_id=mark.record_id,
                key=mark.key[:200],
                action=mark.action,
                changes=dict(mark.changes),
            )
            for number, mark in enumerate(marks, sequence + 1)
        )
        return sequence + len(marks)

    def _keep_refused(self, errors: Sequence[RowError]) -> None:
        if not errors:
            return
        kept = RefusedRow.objects.filter(batch=self.batch, in_run=not self.checks).count()
        RefusedRow.objects.bulk_create(
            _with_cells(
                RefusedRow(
                    batch=self.batch,
                    in_run=not self.checks,
                    row=row.number,
                    column=error.column,
                    code=error.code,
                    message_en=error.message.en[:500],
                    message_ar=error.message.ar[:500],
                ),
                row.cells,
            )
            for row, error in errors[: max(0, MOST_KEPT - kept)]
        )

    @unit_of_work
    def _enter_next_phase(self) -> None:
        moved = Progress(self.here.phase + 1, 0, self.here.sequence, self.here.done)
        self._move(vars(moved))
        self.here = moved

    def _move(self, changes: Mapping[str, Any]) -> None:
        """Compare and set: only from the very place where this job believes the import to be."""
        moved = Import.objects.filter(
            pk=self.batch.pk,
            state=self.batch.state,
            job=self.batch.job,
            phase=self.here.phase,
            position=self.here.position,
        ).update(progress_at=self.session.at, **changes)
        if not moved:
            raise Overtaken()

    def _stored_report(self) -> dict[str, Any] | None:
        stored = Import.objects.values_list(self._report_field, flat=True)
        report: dict[str, Any] | None = stored.get(pk=self.batch.pk)
        return report

    @property
    def _report_field(self) -> str:
        return "check_report" if self.checks else "run_report"

    def _adapt(self, seconds: float) -> None:
        if seconds > CHUNK_SECONDS:
            self._size = max(1, self._size * 2 // 3)
        elif seconds < CHUNK_SECONDS / 2:
            self._size = min(MOST_ITEMS, self._size * 3 // 2 + 1)


def _with_cells(refused: RefusedRow, cells: Sequence[str]) -> RefusedRow:
    refused.sealed_cells = sealed(refused, sealed_cells=as_text(list(cells)))["sealed_cells"]
    return refused
