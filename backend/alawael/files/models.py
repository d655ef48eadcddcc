from django.db import models

from alawael.core.fields import Row


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
    """A piece of a file. In the database, so that every machine and every backup has it."""

    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="one_chunk_per_place")
        ]
