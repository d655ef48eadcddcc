"""The verbs of an import's life. What a job does between two of them is in `chunks`."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.claims import move_state
from alawael.core.errors import FieldError, Invalid, Refusal, Text, one_error
from alawael.core.sealing import as_text, sealed
from alawael.core.unit_of_work import unit_of_work
from alawael.exchange import columns, goods, queries, tables
from alawael.exchange.columns import Options
from alawael.exchange.models import BUSY, Import, ImportState, RefusedRow, SavedMapping
from alawael.exchange.profiles import PROFILES, profile_called
from alawael.exchange.profiles.base import Profile
from alawael.exchange.staging import on_disk
from alawael.exchange.tables import Shape
from alawael.files import services as files
from alawael.files.queries import open_file

SAMPLE = 10
_LONGEST_SAMPLE = 120
_ROWS_OF_FILE = ("sample", "sealed_sample")
#: A check or a run may start, and a mapping change, from here.
EDITABLE = (ImportState.UPLOADED, ImportState.MAPPED, ImportState.CHECKED)
UNDOABLE = (ImportState.DONE, ImportState.FAILED, ImportState.CANCELLED)


class MappingIncomplete(Refusal):
    code = "mapping_incomplete"
    message = Text(
        "Say which columns of the file hold: {columns_en}.",
        "حدد أعمدة الملف التي تحتوي على: {columns_ar}.",
    )


class NothingToUndo(Refusal):
    code = "nothing_to_undo"
    message = Text(
        "This import has written nothing that could be taken back.",
        "لم يكتب هذا الاستيراد شيئًا يمكن التراجع عنه.",
    )


def upload(
    stream: BinaryIO, *, name: str, content_type: str, profile: str, by: Actor, at: datetime
) -> Import:
    """Keep a file and offer a mapping for it. An empty `profile` is guessed from the headings.

    Raises UnreadableFile for anything that is not a table, FileTooLarge, Invalid.
    """
    files.measure(stream)
    with on_disk(stream) as path:
        shape = tables.recognise(path)
        shape, headings, sample = _first_look(path, shape)
    chosen = profile_called(profile) if profile else _likeliest(headings)
    return _take_in(stream, name, content_type, shape, headings, sample, chosen, by, at)


@unit_of_work
def _take_in(
    stream: BinaryIO,
    name: str,
    content_type: str,
    shape: Shape,
    headings: list[str],
    sample: list[list[str]],
    profile: Profile | None,
    by: Actor,
    at: datetime,
) -> Import:
    batch = Import(
        file=files.keep(stream, name=name, content_type=content_type, by=by, at=at),
        shape=vars(shape),
        headings=headings,
        signature=columns.signature(headings),
        created_at=at,
        created_by=by.actor_id,
        created_by_name=by.actor_name,
    )
    batch.sealed_sample = _sealed_sample(batch, sample)
    if profile is not None:
        _propose(batch, profile)
    batch.save(force_insert=True)
    audit.record(
        batch, "import.uploaded", by=by, at=at, changes={"file": name, "profile": batch.profile}
    )
    return batch


def _sealed_sample(batch: Import, rows: list[list[str]]) -> str:
    return sealed(batch, sealed_sample=as_text(rows))["sealed_sample"]


def _first_look(path: Path, shape: Shape) -> tuple[Shape, list[str], list[list[str]]]:
    headings = tables.headings(path, shape)
    sample: list[list[str]] = []
    for row in tables.rows(path, shape):
        if not tables.is_blank(row):
            sample.append([cell[:_LONGEST_SAMPLE] for cell in row.cells[: len(headings)]])
        if len(sample) == SAMPLE:
            break
    if not sample:
        raise tables.NoTable()
    return shape, headings, sample


def _likeliest(headings: list[str]) -> Profile | None:
    """The profile of which all required columns, and most columns, are among the headings."""
    best: tuple[int, Profile] | None = None
    for profile in PROFILES.values():
        mapping = columns.guess(profile.columns, headings)
        if not profile.missing(mapping) and (best is None or len(mapping) > best[0]):
            best = (len(mapping), profile)
    return best[1] if best else None


def _propose(batch: Import, profile: Profile) -> None:
    """The mapping of last time, else a guess."""
    saved = queries.saved_mapping(profile.key, batch.signature)
    guessed = columns.guess(profile.columns, batch.headings)
    batch.profile = profile.key
    batch.mapping = _in_words_of(batch.headings, saved.mapping) if saved else guessed
    batch.options = dict(saved.options) if saved else profile.default_options.as_json()
    batch.state = _mapped_state(profile, batch.mapping)


def _in_words_of(headings: list[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """A mapping made for headings that differ in case and signs only."""
    same = {columns.fold_heading(heading): heading for heading in reversed(headings)}
    places = {column: columns.fold_heading(heading) for column, heading in mapping.items()}
    return {column: same[place] for column, place in places.items() if place in same}


def _mapped_state(profile: Profile, mapping: Mapping[str, str]) -> ImportState:
    return ImportState.UPLOADED if profile.missing(mapping) else ImportState.MAPPED


@unit_of_work
def remap(
    batch: Import,
    *,
    profile: str | None,
    mapping: Mapping[str, str] | None,
    options: Mapping[str, str] | None,
    expected_version: int | None,
    by: Actor,
    at: datetime,
) -> Import:
    """Say what the columns mean and how cells are read; what is None stays as it is.

    Raises Invalid for unknown columns or headings, WrongState once the import has run.
    """
    wished = _proposed(batch, profile)
    chosen = profile_called(wished["profile"]) if wished["profile"] else None
    if mapping is not None or options is not None:
        if chosen is None:
            raise one_error("/profile", "missing", _CHOOSE_PROFILE)
        if mapping is not None:
            wished["mapping"] = _checked_mapping(chosen, batch.headings, mapping)
        if options is not None:
            wished["options"] = _checked_options(chosen, {**wished["options"], **options})
    if chosen is not None:
        wished |= _read_again(batch, wished["options"])
    # What stands in the file is nobody's business in the audit trail, which is kept for good.
    told = {name: value for name, value in wished.items() if name not in _ROWS_OF_FILE}
    changes = audit.difference(batch, told)
    state = _mapped_state(chosen, wished["mapping"]) if chosen else ImportState.UPLOADED
    move_state(
        batch,
        frm=EDITABLE,
        to=state,
        expected_version=expected_version,
        check_report=None,
        **wished,
    )
    audit.record(batch, "import.mapped", by=by, at=at, changes=changes)
    return batch


_CHOOSE_PROFILE = Text("Choose what the file contains first.", "اختر أولًا محتوى الملف.")


def _proposed(batch: Import, profile: str | None) -> dict[str, Any]:
    copy = Import(
        profile=batch.profile,
        mapping=batch.mapping,
        options=batch.options,
        headings=batch.headings,
        signature=batch.signature,
    )
    if profile is not None and profile != batch.profile:
        _propose(copy, profile_called(profile))
    return {"profile": copy.profile, "mapping": copy.mapping, "options": copy.options}


def _checked_mapping(
    profile: Profile, headings: list[str], mapping: Mapping[str, str]
) -> dict[str, str]:
    known = {column.name for column in profile.columns}
    errors = []
    for column, heading in mapping.items():
        if column not in known:
            errors.append(FieldError(f"/mapping/{column}", "unknown_column", _NO_COLUMN))
        elif heading and heading not in headings:
            errors.append(FieldError(f"/mapping/{column}", "unknown_heading", _NO_HEADING))
    if errors:
        raise Invalid(errors=errors)
    return {column: heading for column, heading in mapping.items() if heading}


_NO_COLUMN = Text("This profile has no such column.", "لا يوجد عمود كهذا في هذا القالب.")
_NO_HEADING = Text("The file has no such column.", "لا يوجد عمود كهذا في الملف.")


def _checked_options(profile: Profile, options: Mapping[str, str]) -> dict[str, str]:
    allowed = {
        "day_order": ("ymd", "dmy", "mdy"),
        "decimal_mark": (".", ","),
        "mode": tuple(profile.modes),
        "encoding": ("", "utf-8-sig", *tables.ENCODINGS),
        "delimiter": ("", ",", ";", "\t", "|"),
        "goods": ("leave", "ship") if profile.can_ship_goods else ("leave",),
    }
    _require_share(options.get("cost_percent", goods.COST_PERCENT))
    _require_warehouse(options.get("warehouse", ""))
    for name, value in options.items():
        if name in allowed and value not in allowed[name]:
            choices = ", ".join(choice for choice in allowed[name] if choice.strip())
            raise one_error(
                f"/options/{name}",
                "unknown_choice",
                Text(f"Choose one of: {choices}.", f"اختر واحدًا من: {choices}."),
            )
    return Options(**options).as_json()


def _require_share(percent: str) -> None:
    try:
        is_share = 0 <= Decimal(percent) <= 100
    except InvalidOperation:
        is_share = False
    if not is_share:
        message = Text("Enter 0 to 100 percent.", "أدخل نسبة من 0 إلى 100.")
        raise one_error("/options/cost_percent", "out_of_range", message)


def _require_warehouse(code: str) -> None:
    if code and goods.warehouse_for(Options(warehouse=code)) is None:
        refusal = goods.NoSuchWarehouse(warehouse=code)
        message = Text(refusal.sentence("en"), refusal.sentence("ar"))
        raise one_error("/options/warehouse", refusal.code, message)


def _read_again(batch: Import, options: Mapping[str, str]) -> dict[str, Any]:
    """Headings and sample anew, when the user corrected how the text is read."""
    shape = Shape(**batch.shape)
    corrected = tables.with_corrections(
        shape, encoding=options["encoding"], delimiter=options["delimiter"]
    )
    if corrected == shape:
        return {}
    with on_disk(open_file(batch.file_id)) as path:
        shape, headings, sample = _first_look(path, corrected)
    return {
        "shape": vars(shape),
        "headings": headings,
        "sample": [],
        "sealed_sample": _sealed_sample(batch, sample),
        "signature": columns.signature(headings),
    }


@unit_of_work
def begin_check(
    batch: Import, *, job: UUID, expected_version: int | None, by: Actor, at: datetime
) -> Import:
    """Forget the last check and start another. Raises MappingIncomplete, WrongState."""
    _require_complete_mapping(batch)
    RefusedRow.objects.filter(batch=batch, in_run=False).delete()
    _begin(batch, EDITABLE, ImportState.CHECKING, job, expected_version, at, check_report=None)
    audit.record(batch, "import.check_started", by=by, at=at)
    return batch


@unit_of_work
def begin_run(
    batch: Import, *, job: UUID, expected_version: int | None, by: Actor, at: datetime
) -> Import:
    """Start to write, or go on where a failed run stopped. Raises MappingIncomplete, WrongState."""
    _require_complete_mapping(batch)
    if batch.state == ImportState.FAILED and batch.undo_report is None:
        move_state(
            batch,
            frm=[ImportState.FAILED],
            to=ImportState.RUNNING,
            expected_version=expected_version,
            job=job,
            finished_at=None,
        )
    else:
        _begin(batch, EDITABLE, ImportState.RUNNING, job, expected_version, at, run_report=None)
        _remember_mapping(batch, at)
    audit.record(batch, "import.run_started", by=by, at=at)
    return batch


@unit_of_work
def begin_undo(
    batch: Import, *, job: UUID, expected_version: int | None, by: Actor, at: datetime
) -> Import:
    """Start to take everything back. Raises NothingToUndo, WrongState."""
    if batch.state in UNDOABLE and not queries.imported_records(batch).exists():
        raise NothingToUndo()
    total = queries.imported_records(batch).filter(undone_at=None, kept_code="").count()
    _begin(
        batch,
        UNDOABLE,
        ImportState.UNDOING,
        job,
        expected_version,
        at,
        undo_report={"undone": {}, "kept": {}},
        total=total,
    )
    audit.record(batch, "import.undo_started", by=by, at=at, changes={"records": total})
    return batch


def _require_complete_mapping(batch: Import) -> None:
    profile = profile_called(batch.profile)
    missing = profile.missing(batch.mapping)
    if missing:
        raise MappingIncomplete(
            columns_en=", ".join(column.label.en for column in missing),
            columns_ar="، ".join(column.label.ar for column in missing),
        )


def _begin(
    batch: Import,
    frm: tuple[ImportState, ...],
    to: ImportState,
    job: UUID,
    expected_version: int | None,
    at: datetime,
    **changes: Any,
) -> None:
    fresh: dict[str, Any] = {
        "job": job,
        "phase": 0,
        "position": 0,
        "done": 0,
        "total": 0,
        "began_at": at,
        "finished_at": None,
        "failure_en": "",
        "failure_ar": "",
    }
    move_state(batch, frm=frm, to=to, expected_version=expected_version, **(fresh | changes))


def _remember_mapping(batch: Import, at: datetime) -> None:
    saved = queries.saved_mapping(batch.profile, batch.signature)
    facts: dict[str, Any] = {"mapping": batch.mapping, "options": batch.options, "used_at": at}
    if saved is None:
        SavedMapping.objects.create(profile=batch.profile, signature=batch.signature, **facts)
    else:
        SavedMapping.objects.filter(pk=saved.pk).update(**facts)


@unit_of_work
def finish(batch: Import, *, by: Actor, at: datetime) -> None:
    """Note that the job in hand has come to its end. Raises WrongState, VersionConflict."""
    to = {
        ImportState.CHECKING: ImportState.CHECKED,
        ImportState.RUNNING: ImportState.DONE,
        ImportState.UNDOING: ImportState.UNDONE,
    }[ImportState(batch.state)]
    move_state(batch, frm=[batch.state], to=to, finished_at=at)
    audit.record(batch, f"import.{to}", by=by, at=at)


@unit_of_work
def cancel(batch: Import, *, expected_version: int | None, by: Actor, at: datetime) -> Import:
    """Stop. A check leaves nothing behind; what a run has written stays until it is undone.

    Raises WrongState when there is nothing to stop.
    """
    to = ImportState.MAPPED if batch.state == ImportState.CHECKING else ImportState.CANCELLED
    frm = (*EDITABLE, ImportState.CHECKING, ImportState.RUNNING)
    move_state(batch, frm=frm, to=to, expected_version=expected_version, finished_at=at)
    audit.record(batch, "import.cancelled", by=by, at=at)
    return batch


@unit_of_work
def fail(batch: Import, *, why: Text, by: Actor, at: datetime) -> None:
    """Note that a job gave up. What it has written stays until it is undone or continued."""
    move_state(
        batch,
        frm=BUSY,
        to=ImportState.MAPPED if batch.state == ImportState.CHECKING else ImportState.FAILED,
        finished_at=at,
        failure_en=why.en[:500],
        failure_ar=why.ar[:500],
    )
    audit.record(batch, "import.failed", by=by, at=at, changes={"reason": why.en[:500]})


def options_of(batch: Import) -> Options:
    return replace(Options(), **batch.options)
