import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from django.conf import settings

from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.errors import Refusal, Text, one_error
from alawael.core.sealing import as_text, sealed
from alawael.core.unit_of_work import unit_of_work
from alawael.files.models import FileChunk, StoredFile
from alawael.files.queries import CHUNK


class FileTooLarge(Refusal):
    code = "file_too_large"
    status = 413
    title = Text("The file is too large", "الملف كبير جدًا")
    message = Text(
        "A file may have at most {most_megabytes} MB. Split it and upload the parts.",
        "الحد الأقصى لحجم الملف {most_megabytes} ميغابايت. قسّمه وارفع أجزاءه.",
    )


@unit_of_work
def keep(stream: BinaryIO, *, name: str, content_type: str, by: Actor, at: datetime) -> StoredFile:
    """Keep the bytes of a seekable stream.

    Raises Invalid for an empty file, FileTooLarge beyond MAX_UPLOAD_SIZE.
    """
    size, sha256 = measure(stream)
    file = StoredFile.objects.create(
        name=_plain_name(name),
        content_type=content_type[:120],
        size=size,
        sha256=sha256,
        created_at=at,
        created_by=by.actor_id,
        created_by_name=by.actor_name,
    )
    for number, content in enumerate(_pieces(stream)):
        chunk = FileChunk(file=file, number=number)
        chunk.sealed_content = sealed(chunk, sealed_content=as_text(content))["sealed_content"]
        chunk.save(force_insert=True)
    audit.record(file, "file.kept", by=by, at=at, changes={"name": file.name, "sha256": sha256})
    return file


def measure(stream: BinaryIO) -> tuple[int, str]:
    """Size and SHA-256 of a seekable stream that may be kept. Raises as `keep` does."""
    size, digest = 0, hashlib.sha256()
    for piece in _pieces(stream):
        size += len(piece)
        if size > settings.MAX_UPLOAD_SIZE:
            raise FileTooLarge(most_megabytes=settings.MAX_UPLOAD_SIZE // 1024**2)
        digest.update(piece)
    if not size:
        raise one_error("/file", "empty_file", Text("The file is empty.", "الملف فارغ."))
    return size, digest.hexdigest()


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    """The stream from its start; a unit that is run again reads it again."""
    stream.seek(0)
    while piece := stream.read(CHUNK):
        yield piece


def _plain_name(name: str) -> str:
    """The last part of a name, without what a screen or a file system might stumble over."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[-255:] or "file"
