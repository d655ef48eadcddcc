import pytest

from alawael.cache.answers import coding_for, etag_of, kept_headers, matches


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, br", "br"),
        ("gzip;q=1.0, br;q=0.2", "gzip"),
        ("zstd;q=0, *", "br"),
        ("identity", ""),
        ("", ""),
        ("gzip;q=nonsense", ""),
    ],
)
def test_the_best_coding_that_a_client_takes(accepted, coding):
    assert coding_for(accepted) == coding


@pytest.mark.parametrize(
    ("sent", "fits"),
    [('W/"3-aa"', True), ('"x", "3-aa"', True), ("*", True), ('"3"', False), ('"3-ab"', False)],
)
def test_if_none_match(sent, fits):
    assert matches(sent, 'W/"3-aa"') is fits


def test_the_etag_follows_the_content_and_keeps_the_version():
    first, second = (etag_of(body, [("ETag", '"3"')]) for body in (b"a", b"b"))

    assert first.startswith('W/"3-')
    assert first != second


def test_what_belongs_to_one_request_is_not_kept():
    given = [("X-Request-Id", "1"), ("RateLimit-Remaining", "7"), ("Content-Language", "ar")]

    assert kept_headers(given) == [("Content-Language", "ar")]
