from typing import Any, Literal
from uuid import UUID

from django.db.models import QuerySet
from ninja import Field

from alawael.core.paging import ListQuery
from alawael.core.schemas import In, Moment, Out
from alawael.exchange.models import (
    Import,
    ImportedAction,
    ImportedRecord,
    ImportState,
    RefusedRow,
)
from alawael.exchange.profiles.base import Profile


class ImportColumnOut(Out):
    name: str = Field(examples=["sku"])
    label_en: str = Field(examples=["SKU"])
    label_ar: str = Field(examples=["رمز المنتج"])
    kind: str = Field(
        description="text, number, money, day, moment, flag or choice.", examples=["text"]
    )
    required: bool
    example: str = Field(examples=["LAMP-01"])
    choices: list[str] = []


class ImportOptionsOut(Out):
    day_order: str = Field(examples=["ymd"])
    decimal_mark: str = Field(examples=["."])
    mode: str = Field(examples=["upsert"])
    encoding: str = Field("", description="Empty: as recognised.")
    delimiter: str = Field("", description="Empty: as recognised.")
    goods: str = Field(
        "leave",
        description="`ship`: goods of invoices are received and shipped, and come back with credit "
        "notes. `leave`: stock stays as it is.",
        examples=["leave"],
    )
    cost_percent: str = Field(
        "60", description="What shipped goods cost, in percent of their price.", examples=["60"]
    )
    warehouse: str = Field(
        "", description="Code of the warehouse; empty: the oldest in use.", examples=["RUH"]
    )


class ImportProfileOut(Out):
    key: str = Field(examples=["products"])
    label_en: str = Field(examples=["Products"])
    label_ar: str = Field(examples=["المنتجات"])
    description_en: str
    description_ar: str
    modes: list[str] = Field(examples=[["upsert", "create", "update"]])
    can_ship_goods: bool = Field(description="Whether the option `goods` may be `ship`.")
    columns: list[ImportColumnOut]
    default_options: ImportOptionsOut

    @classmethod
    def of(cls, profile: Profile) -> "ImportProfileOut":
        return cls(
            key=profile.key,
            label_en=profile.label.en,
            label_ar=profile.label.ar,
            description_en=profile.description.en,
            description_ar=profile.description.ar,
            modes=list(profile.modes),
            can_ship_goods=profile.can_ship_goods,
            default_options=ImportOptionsOut(**profile.default_options.as_json()),
            columns=[
                ImportColumnOut(
                    name=column.name,
                    label_en=column.label.en,
                    label_ar=column.label.ar,
                    kind=column.kind,
                    required=column.required,
                    example=column.example,
                    choices=list(dict.fromkeys(column.choices.values())),
                )
                for column in profile.columns
            ],
        )


class ImportOut(Out):
    id: UUID
    version: int
    state: ImportState
    profile: str = Field(description="Empty until it is known.", examples=["online-retail"])
    file_name: str = Field(examples=["online_retail.csv.gz"])
    file_size: int = Field(examples=[588552])
    sha256: str
    created_at: Moment
    created_by_name: str = Field(examples=["Amal"])
    began_at: Moment | None
    finished_at: Moment | None
    done: int = Field(description="Rows (while undoing: records) behind us.", examples=[12000])
    total: int = Field(examples=[46431])
    rows_per_second: int = Field(examples=[1500])
    failure_en: str
    failure_ar: str

    @staticmethod
    def resolve_file_name(batch: Import) -> str:
        return batch.file.name

    @staticmethod
    def resolve_file_size(batch: Import) -> int:
        return batch.file.size

    @staticmethod
    def resolve_sha256(batch: Import) -> str:
        return batch.file.sha256

    @staticmethod
    def resolve_rows_per_second(batch: Import) -> int:
        until = batch.finished_at or batch.progress_at
        if batch.began_at is None or until is None:
            return 0
        return round(batch.done / max(0.001, (until - batch.began_at).total_seconds()))


class ImportNote(Out):
    en: str
    ar: str


class ImportPreviewRow(Out):
    row: int = Field(examples=[2])
    key: str = Field(examples=["536389"])
    action: str = Field(examples=["created"])


class ImportReport(Out):
    """What became of every row. The four actions add up to `total`, in rows and in amounts."""

    rows: dict[str, int] = Field(
        examples=[
            {
                "total": 46431,
                "created": 46431,
                "changed": 0,
                "unchanged": 0,
                "refused": 0,
                "blank": 0,
            }
        ]
    )
    amounts: dict[str, str] | None = Field(
        None, examples=[{"total": "1559941.57", "created": "1559941.57", "refused": "0.00"}]
    )
    items: dict[str, dict[str, int]] = Field(
        description="By phase of the profile.", examples=[{"documents": {"created": 2406}}]
    )
    records: dict[str, dict[str, int]] = Field(
        description="By kind of record.", examples=[{"invoice": {"posted": 1942}}]
    )
    facts: dict[str, int] = {}
    notes: list[ImportNote] = []
    preview: list[ImportPreviewRow] = []


class UndoReport(Out):
    undone: dict[str, dict[str, int]] = Field(examples=[{"invoice": {"posted": 1942}}])
    kept: dict[str, dict[str, int]] = Field(examples=[{"party": {"created": 1}}])


class ImportDetailOut(ImportOut):
    headings: list[str] = Field(examples=[["InvoiceNo", "StockCode"]])
    sample: list[list[str]] = Field(description="The first rows of the file.")

    @staticmethod
    def resolve_sample(batch: Import) -> list[list[str]]:
        return batch.first_rows

    mapping: dict[str, str] = Field(
        description="Column of the profile to heading of the file.",
        examples=[{"document": "InvoiceNo", "product": "StockCode"}],
    )
    options: ImportOptionsOut
    encoding: str = Field(examples=["utf-8-sig"])
    delimiter: str = Field(examples=[","])
    check_report: ImportReport | None
    run_report: ImportReport | None
    undo_report: UndoReport | None

    @staticmethod
    def resolve_options(batch: Import) -> dict[str, Any]:
        return batch.options or {"day_order": "ymd", "decimal_mark": ".", "mode": "upsert"}

    @staticmethod
    def resolve_encoding(batch: Import) -> str:
        return str(batch.shape["encoding"])

    @staticmethod
    def resolve_delimiter(batch: Import) -> str:
        return str(batch.shape["delimiter"])


class ImportOptionsIn(In):
    day_order: Literal["ymd", "dmy", "mdy"] | None = None
    decimal_mark: Literal[".", ","] | None = None
    mode: Literal["upsert", "create", "update"] | None = None
    encoding: Literal["", "utf-8", "utf-8-sig", "cp1256", "cp1252", "utf-16"] | None = None
    delimiter: str | None = Field(None, max_length=1, examples=[";"])
    goods: Literal["leave", "ship"] | None = None
    cost_percent: str | None = Field(None, pattern=r"^\d{1,3}(\.\d{1,2})?$", examples=["60"])
    warehouse: str | None = Field(None, max_length=20, examples=["RUH"])

    model_config = {"extra": "forbid", "str_strip_whitespace": False}


class ImportChange(In):
    """Only what is sent changes."""

    profile: str | None = Field(None, max_length=40, examples=["products"])
    mapping: dict[str, str] | None = Field(
        None, max_length=300, examples=[{"sku": "Item code", "name_en": "Description"}]
    )
    options: ImportOptionsIn | None = None


class ImportQuery(ListQuery):
    state: ImportState | None = Field(None, description="Only imports in this state.")
    profile: str | None = Field(None, max_length=40, description="Only this profile.")

    def narrow(self, rows: QuerySet[Import]) -> QuerySet[Import]:
        if self.state:
            rows = rows.filter(state=self.state)
        return rows.filter(profile=self.profile) if self.profile else rows


class RefusedRowOut(Out):
    id: UUID
    row: int = Field(examples=[17])
    column: str = Field(description="Empty when the whole row is meant.", examples=["quantity"])
    code: str = Field(examples=["not_a_number"])
    message_en: str
    message_ar: str
    cells: list[str]

    @staticmethod
    def resolve_cells(refused: RefusedRow) -> list[str]:
        return refused.as_sent


class RefusedRowQuery(ListQuery):
    format: Literal["json", "csv", "xlsx"] = Field(
        "json", description="csv and xlsx: all refused rows as a file, with their reasons."
    )


class ImportedRecordOut(Out):
    id: UUID
    sequence: int = Field(examples=[1])
    kind: str = Field(examples=["invoice"])
    record_id: UUID
    key: str = Field(examples=["536389"])
    action: ImportedAction
    undone_at: Moment | None
    kept_code: str = Field(description="Why an undo left it alone.", examples=["changed_since"])
    kept_en: str
    kept_ar: str


class ImportedRecordQuery(ListQuery):
    kind: str | None = Field(None, max_length=40, description="Only this kind of record.")
    kept: bool | None = Field(None, description="Only what an undo left alone, or only the rest.")

    def narrow(self, rows: QuerySet[ImportedRecord]) -> QuerySet[ImportedRecord]:
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.kept is None:
            return rows
        return rows.exclude(kept_code="") if self.kept else rows.filter(kept_code="")


class UndoOutlook(Out):
    """What an undo would take back."""

    records: dict[str, dict[str, int]] = Field(examples=[{"invoice": {"posted": 1942}}])
