import json

from django.db import models

from alawael.core.fields import Record, Row
from alawael.core.sealing import SealedField, opened
from alawael.files.models import StoredFile

#: Rows of a file as JSON, commonly; a longer one is kept as well, as our databases measure none.
_SEALED_ROWS = 100_000


class ImportState(models.TextChoices):
    UPLOADED = "uploaded"
    MAPPED = "mapped"
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"
    CANCELLED = "cancelled"


#: A background job is at work on the import.
BUSY = (ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING)


class Import(Record):
    """One file on its way into the books, and back out if need be."""

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=ImportState, default=ImportState.UPLOADED)
    #: Which kind of table it is; empty until somebody or the headings have told.
    profile = models.CharField(max_length=40, default="")
    #: How the file is read (tables.Shape), its headings and its first rows.
    shape = models.JSONField()
    headings = models.JSONField()
    #: Of imports from before the rows of files were sealed.
    sample = models.JSONField(default=list)
    sealed_sample = SealedField(clear="sample", max_length=_SEALED_ROWS, default="", db_default="")
    #: Of the headings; files with the same ones get the same mapping offered.
    signature = models.CharField(max_length=64)
    #: {column of the profile: heading of the file}
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    created_by_name = models.CharField(max_length=200)
    job = models.UUIDField(null=True)
    #: Where the present check or run stands. Moved on in the unit that wrote what lies before it.
    phase = models.PositiveIntegerField(default=0)
    position = models.PositiveBigIntegerField(default=0)
    #: The last `sequence` given to an imported record.
    sequence = models.PositiveBigIntegerField(default=0)
    #: Progress in rows (or records, while undoing).
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    began_at = models.DateTimeField(null=True)
    progress_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    check_report = models.JSONField(null=True)
    run_report = models.JSONField(null=True)
    undo_report = models.JSONField(null=True)
    failure_en = models.CharField(max_length=500, default="")
    failure_ar = models.CharField(max_length=500, default="")

    class Meta:
        indexes = [
            models.Index(fields=["state", "id"], name="imports_by_state"),
            models.Index(fields=["profile", "id"], name="imports_by_profile"),
        ]

    @property
    def is_busy(self) -> bool:
        return self.state in BUSY

    @property
    def first_rows(self) -> list[list[str]]:
        rows: list[list[str]] = json.loads(opened(self, "sealed_sample") or "[]") or self.sample
        return rows


class RefusedRow(Row):
    """A row that was not imported, or a cell of it, with the reason. At most 10,000 an import."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="refused_rows")
    #: Whether the check or the run refused it.
    in_run = models.BooleanField()
    row = models.PositiveBigIntegerField()
    column = models.CharField(max_length=60, default="")
    code = models.CharField(max_length=60)
    message_en = models.CharField(max_length=500)
    message_ar = models.CharField(max_length=500)
    #: Of rows that were kept before they were sealed.
    cells = models.JSONField(default=list)
    #: The row as it stands in the file.
    sealed_cells = SealedField(clear="cells", max_length=_SEALED_ROWS, default="", db_default="")

    class Meta:
        indexes = [models.Index(fields=["batch", "in_run", "row"], name="refused_rows_in_order")]

    @property
    def as_sent(self) -> list[str]:
        cells: list[str] = json.loads(opened(self, "sealed_cells") or "[]") or self.cells
        return cells


class ImportedAction(models.TextChoices):
    CREATED = "created"
    CHANGED = "changed"
    POSTED = "posted"


class ImportedRecord(Row):
    """What an import made or changed, so that it can be taken back."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="imported_records")
    sequence = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40)
    record_id = models.UUIDField()
    key = models.CharField(max_length=200)
    action = models.CharField(max_length=12, choices=ImportedAction)
    #: {field: [old, new]} of a changed record, as the audit trail writes values.
    changes = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    #: Why an undo left it alone; empty while it has not.
    kept_code = models.CharField(max_length=60, default="")
    kept_en = models.CharField(max_length=500, default="")
    kept_ar = models.CharField(max_length=500, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "sequence"], name="one_record_per_sequence")
        ]
        indexes = [
            models.Index(fields=["kind", "record_id"], name="imports_of_a_record"),
            models.Index(fields=["key"], name="imported_records_by_key"),
        ]


class SavedMapping(Row):
    """How people mapped a file of this shape the last time."""

    profile = models.CharField(max_length=40)
    signature = models.CharField(max_length=64)
    mapping = models.JSONField()
    options = models.JSONField()
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "signature"], name="one_mapping_per_profile_and_headings"
            )
        ]
