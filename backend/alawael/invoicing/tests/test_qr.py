from base64 import b64decode
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alawael.invoicing.document import Kind
from alawael.invoicing.qr import TooLongForQr, decode, document_qr, encode, png, svg
from alawael.invoicing.tests.documents import a_credit_note, a_document, an_export

NOON = datetime(2026, 5, 13, 12, tzinfo=UTC)
ENGLISH = (
    "AQxCb2JzIFJlY29yZHMCDzMxMDEyMjM5MzUwMDAwMwMUMjAyMi0wNC0yNVQxNTozMDowMFoEBzEwMDAuMDAF"
    "BjE1MC4wMA=="
)
ARABIC = (
    "ASLYtNix2YPYqSDYp9mE2KPZhdmEINmE2YTYqtis2KfYsdipAg8zMDAwMTIzNDU2MDAwMDMDFDIwMjYtMDUtMTNUMTU6MzA6"
    "MDBaBAYxMTUuMDAFBTE1LjAw"
)


def test_gives_the_published_bytes_for_an_english_seller():
    text = encode(
        "Bobs Records",
        "310122393500003",
        issued_at=datetime(2022, 4, 25, 15, 30, tzinfo=UTC),
        total=Decimal(1000),
        vat=Decimal(150),
    )

    assert text == ENGLISH
    assert len(b64decode(text)) == 70


def test_counts_bytes_and_not_letters_for_an_arabic_seller():
    text = encode(
        " شركة الأمل للتجارة ",
        "300012345600003",
        issued_at=datetime(2026, 5, 13, 15, 30, tzinfo=UTC),
        total=Decimal(115),
        vat=Decimal(15),
    )

    assert text == ARABIC
    tlv = b64decode(text)
    assert len(tlv) == 90
    assert tlv[1] == 34  # eighteen letters and spaces


def test_turns_riyadh_time_into_utc():
    riyadh = timezone(timedelta(hours=3))
    issued = datetime(2026, 6, 1, 1, 15, 7, 999_000, tzinfo=riyadh)

    text = encode("A", "3", issued_at=issued, total=Decimal(1), vat=Decimal(0))

    assert decode(text)[3] == "2026-05-31T22:15:07Z"


def test_refuses_a_time_without_its_zone():
    with pytest.raises(ValueError, match="time zone"):
        encode(
            "A",
            "3",
            issued_at=datetime(2026, 5, 13, 12),  # noqa: DTZ001
            total=Decimal(1),
            vat=Decimal(0),
        )


def test_fits_255_bytes_and_refuses_256():
    name = "ش" * 127 + "A"
    text = encode(name, "3", issued_at=NOON, total=Decimal(1), vat=Decimal(0))
    assert decode(text)[1] == name

    with pytest.raises(TooLongForQr, match=r"seller's name takes 256 bytes .* at most 255"):
        encode("ش" * 128, "3", issued_at=NOON, total=Decimal(1), vat=Decimal(0))


def test_a_document_in_euros_shows_riyals():
    values = decode(document_qr(an_export()))

    assert values[4] == "1405.63"  # 346.00 euros
    assert values[5] == "0.00"


def test_a_credit_note_shows_positive_figures():
    note = a_credit_note()
    assert note.kind == Kind.CREDIT_NOTE

    assert decode(document_qr(note)) == decode(document_qr(a_document()))
    assert decode(document_qr(note))[4] == "581.90"


# The first moment reads the time zones, which takes seconds on a busy machine.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.text(max_size=60),
    st.integers(0, 10**12).map(lambda n: Decimal(n) / 100),
    st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1)),  # noqa: DTZ001
)
def test_what_is_written_can_be_read(seller, total, moment):
    values = decode(encode(seller, "300012345600003", issued_at=moment, total=total, vat=total))

    assert values[1] == seller.strip()
    assert Decimal(values[4]) == total
    assert values[3] == moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_the_pictures_are_the_same_each_time_and_keep_their_quiet_zone():
    assert svg(ARABIC) == svg(ARABIC)
    assert png(ARABIC) == png(ARABIC)
    assert png(ARABIC).startswith(b"\x89PNG")
    # Version 7 at level M holds these 120 characters: 45 modules, and 4 of quiet on each side.
    assert 'width="53" height="53"' in svg(ARABIC)
