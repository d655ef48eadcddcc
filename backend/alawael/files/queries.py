import base64
import io
from typing import BinaryIO, cast
from uuid import UUID

from alawael.core.rows import existing
from alawael.core.sealing import opened
from alawael.files.models import FileChunk, StoredFile

#: MongoDB's own size for pieces of files: a round piece plus its keys fits into 256 KiB.
CHUNK = 255 * 1024


def stored_file(file_id: UUID) -> StoredFile:
    """Raises NotFound."""
    return existing(StoredFile.objects.filter(pk=file_id))


def open_file(file_id: UUID) -> BinaryIO:
    """A file for reading; it holds one chunk in memory at a time. Raises NotFound."""
    return cast(BinaryIO, io.BufferedReader(_Chunks(stored_file(file_id)), CHUNK))


class _Chunks(io.RawIOBase):
    def __init__(self, file: StoredFile) -> None:
        self._file = file
        self._place = 0
        self._number = -1
        self._chunk = b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._file.size}[whence]
        self._place = max(0, base + offset)
        return self._place

    def readinto(self, buffer: "memoryview[int] | bytearray", /) -> int:  # type: ignore[override]
        if self._place >= self._file.size:
            return 0
        number, within = divmod(self._place, CHUNK)
        self._load(number)
        piece = self._chunk[within : within + len(buffer)]
        buffer[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)

    def _load(self, number: int) -> None:
        if number == self._number:
            return
        chunk = FileChunk.objects.get(file=self._file, number=number)
        text = opened(chunk, "sealed_content")
        self._chunk = base64.b64decode(text) if text else bytes(chunk.content or b"")
        self._number = number
