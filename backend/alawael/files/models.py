from django.db import models

from alawael.core.fields import Row
from alawael.core.sealing import SealedField

#: A chunk of 255 KiB in base64, sealed and in base64 again.
_SEALED_CHUNK = 500_000


class StoredFile(Row):
    """A file as it was handed in. Its bytes never change."""

    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    created_by_name = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="files_of_one_content")]


class FileChunk(Row):
    """A piece of a file. In the database, so that every machine and every backup has it.

    Sealed, because nobody knows what stands in it: a table for an import names persons.
    """

    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    #: Of files that were kept before they were sealed.
    content = models.BinaryField(null=True)
    #: The bytes in base64.
    sealed_content = SealedField(
        clear="content", max_length=_SEALED_CHUNK, default="", db_default=""
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="one_chunk_per_place")
        ]
