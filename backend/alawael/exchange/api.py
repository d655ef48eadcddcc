from typing import Any, BinaryIO, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import FileEx, FormEx, P, Query, Router, Status
from ninja.files import UploadedFile

from alawael.accounts.permissions import SignedInRequest, may
from alawael.core.clock import now
from alawael.core.http import expected_version, language_of, with_etag
from alawael.core.paging import Listing
from alawael.core.schemas import PROBLEMS, Page
from alawael.exchange import downloads, jobs, queries, services, undoing
from alawael.exchange.models import Import
from alawael.exchange.profiles import PROFILES, profile_called
from alawael.exchange.schemas import (
    ImportChange,
    ImportDetailOut,
    ImportedRecordOut,
    ImportedRecordQuery,
    ImportOut,
    ImportProfileOut,
    ImportQuery,
    RefusedRowOut,
    RefusedRowQuery,
    UndoOutlook,
)

router = Router()

IMPORTS = Listing(
    schema=ImportOut,
    sorts={"id": "pk", "state": "state", "profile": "profile"},
    default_sort="-id",
)
REFUSED_ROWS = Listing(schema=RefusedRowOut, sorts={"row": "row"}, default_sort="row")
RECORDS = Listing(schema=ImportedRecordOut, sorts={"sequence": "sequence"}, default_sort="sequence")


@router.get(
    "/import-profiles",
    auth=may("import:read"),
    response={200: list[ImportProfileOut], **PROBLEMS},
    operation_id="list_import_profiles",
    summary="What can be imported, with the columns of each",
)
def list_import_profiles(request: SignedInRequest) -> list[ImportProfileOut]:
    return [ImportProfileOut.of(profile) for profile in PROFILES.values()]


@router.get(
    "/import-profiles/{key}/template",
    auth=may("import:read"),
    response={200: None, **PROBLEMS},
    operation_id="download_import_template",
    summary="An empty table of a profile with one example row",
    openapi_extra={
        "responses": {
            200: {"description": "The file.", "content": {downloads.XLSX_TYPE: {}, "text/csv": {}}}
        }
    },
)
def download_import_template(
    request: HttpRequest, key: str, format: downloads.Form = "xlsx"
) -> HttpResponse:
    return downloads.template(profile_called(key), language=language_of(request), form=format)


@router.post(
    "/imports",
    auth=may("import:create", whole_company=True),
    response={201: ImportDetailOut, 413: PROBLEMS[422], **PROBLEMS},
    operation_id="upload_import",
    summary="Upload a CSV or XLSX file",
)
def upload_import(
    request: SignedInRequest,
    response: HttpResponse,
    file: FileEx[UploadedFile, P(description="CSV (also .gz) or XLSX.")],
    profile: FormEx[str, P(max_length=40, description="Guessed from headings when empty.")] = "",
) -> Status[Import]:
    batch = services.upload(
        cast(BinaryIO, file.file),
        name=file.name or "file",
        content_type=file.content_type or "",
        profile=profile,
        by=request.user,
        at=now(),
    )
    with_etag(response, batch)
    return Status(201, batch)


@router.get(
    "/imports",
    auth=may("import:read", whole_company=True),
    response={200: Page[ImportOut], **PROBLEMS},
    operation_id="list_imports",
    summary="All imports, newest first",
)
def list_imports(request: SignedInRequest, query: Query[ImportQuery]) -> Any:
    return IMPORTS.page(request, query.narrow(queries.imports()), query)


@router.get(
    "/imports/{import_id}",
    auth=may("import:read", whole_company=True),
    response={200: ImportDetailOut, **PROBLEMS},
    operation_id="read_import",
    summary="One import with its mapping, progress and reports",
)
def read_import(request: SignedInRequest, response: HttpResponse, import_id: UUID) -> Import:
    batch = queries.import_called(import_id)
    with_etag(response, batch)
    return batch


@router.patch(
    "/imports/{import_id}",
    auth=may("import:create", whole_company=True),
    response={200: ImportDetailOut, **PROBLEMS},
    operation_id="map_import",
    summary="Choose profile, mapping and options",
)
def map_import(
    request: SignedInRequest, response: HttpResponse, import_id: UUID, change: ImportChange
) -> Import:
    batch = services.remap(
        queries.import_called(import_id),
        profile=change.profile,
        mapping=change.mapping,
        options=change.options.model_dump(exclude_none=True) if change.options else None,
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    with_etag(response, batch)
    return batch


@router.post(
    "/imports/{import_id}/check",
    auth=may("import:create", whole_company=True),
    response={202: ImportDetailOut, **PROBLEMS},
    operation_id="check_import",
    summary="Check every row in the background; writes nothing",
)
def check_import(
    request: SignedInRequest, response: HttpResponse, import_id: UUID
) -> Status[Import]:
    batch = jobs.start_check(
        queries.import_called(import_id),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    with_etag(response, batch)
    return Status(202, batch)


@router.post(
    "/imports/{import_id}/run",
    auth=may("import:create", whole_company=True),
    response={202: ImportDetailOut, **PROBLEMS},
    operation_id="run_import",
    summary="Import every row in the background",
)
def run_import(request: SignedInRequest, response: HttpResponse, import_id: UUID) -> Status[Import]:
    batch = jobs.start_run(
        queries.import_called(import_id),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    with_etag(response, batch)
    return Status(202, batch)


@router.post(
    "/imports/{import_id}/undo",
    auth=may("import:undo", whole_company=True),
    response={200: UndoOutlook, 202: ImportDetailOut, **PROBLEMS},
    operation_id="undo_import",
    summary="Take the whole import back in the background; with dry_run, only say what",
)
def undo_import(
    request: SignedInRequest, response: HttpResponse, import_id: UUID, dry_run: bool = False
) -> Status[Any]:
    batch = queries.import_called(import_id)
    if dry_run:
        return Status(200, {"records": undoing.outlook(batch)})
    batch = jobs.start_undo(
        batch, expected_version=expected_version(request), by=request.user, at=now()
    )
    with_etag(response, batch)
    return Status(202, batch)


@router.post(
    "/imports/{import_id}/cancel",
    auth=may("import:create", whole_company=True),
    response={200: ImportDetailOut, **PROBLEMS},
    operation_id="cancel_import",
    summary="Stop; what was written stays until it is undone",
)
def cancel_import(request: SignedInRequest, response: HttpResponse, import_id: UUID) -> Import:
    batch = jobs.stop(
        queries.import_called(import_id),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    with_etag(response, batch)
    return batch


@router.get(
    "/imports/{import_id}/errors",
    auth=may("import:read", whole_company=True),
    response={200: Page[RefusedRowOut], **PROBLEMS},
    operation_id="list_import_errors",
    summary="The rows that were refused, as a list or a file",
)
def list_import_errors(
    request: SignedInRequest, import_id: UUID, query: Query[RefusedRowQuery]
) -> Any:
    batch = queries.import_called(import_id)
    if query.format != "json":
        return downloads.refused(batch, language=language_of(request), form=query.format)
    return REFUSED_ROWS.page(request, queries.refused_rows(batch), query)


@router.get(
    "/imports/{import_id}/records",
    auth=may("import:read", whole_company=True),
    response={200: Page[ImportedRecordOut], **PROBLEMS},
    operation_id="list_imported_records",
    summary="What the import made and changed, and what an undo left alone",
)
def list_imported_records(
    request: SignedInRequest, import_id: UUID, query: Query[ImportedRecordQuery]
) -> Any:
    batch = queries.import_called(import_id)
    return RECORDS.page(request, query.narrow(queries.imported_records(batch)), query)
