"""Kept bytes come back as they were, piece by piece."""

import io

import pytest
from django.conf import settings

from alawael.core.errors import Invalid, NotFound
from alawael.core.ids import new_id
from alawael.files import queries, services
from alawael.files.models import FileChunk, StoredFile


def kept(content, amal, noon, name="lines.csv"):
    return services.keep(io.BytesIO(content), name=name, content_type="text/csv", by=amal, at=noon)


def test_gives_back_every_byte(amal, noon):
    content = bytes(range(256)) * 2500

    file = kept(content, amal, noon)

    assert queries.open_file(file.pk).read() == content
    assert FileChunk.objects.count() == 3
    assert file.size == len(content)


def test_reads_from_the_middle_across_a_border(amal, noon):
    content = bytes(range(256)) * 2500
    stream = queries.open_file(kept(content, amal, noon).pk)

    stream.seek(queries.CHUNK - 5)

    assert stream.read(10) == content[queries.CHUNK - 5 : queries.CHUNK + 5]


def test_refuses_an_empty_file(amal, noon):
    with pytest.raises(Invalid):
        kept(b"", amal, noon)


def test_refuses_more_than_the_limit_and_keeps_nothing(amal, noon, monkeypatch):
    monkeypatch.setattr(settings, "MAX_UPLOAD_SIZE", 1000)

    with pytest.raises(services.FileTooLarge):
        kept(b"x" * 1001, amal, noon)

    assert not StoredFile.objects.exists()


def test_a_name_is_never_a_path(amal, noon):
    assert kept(b"1", amal, noon, name="../../etc/pass\nwd").name == "passwd"


def test_an_unknown_file_is_not_found(db):
    with pytest.raises(NotFound):
        queries.open_file(new_id())
