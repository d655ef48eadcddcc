"""The Phase-1 QR code of ZATCA: five values as tag, length, value; then Base64; then a picture."""

from base64 import b64decode, b64encode
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import segno

from alawael.core.errors import Refusal, Text
from alawael.core.money import round_money
from alawael.invoicing.document import InvoiceDocument
from alawael.invoicing.vat import Totals, totals

QUIET_ZONE = 4  # modules, as ISO/IEC 18004 asks


class TooLongForQr(Refusal):
    """A value's length must fit in the one byte that ZATCA gives it."""

    code = "too_long_for_qr"
    title = Text("Too long for the QR code", "أطول من أن يتسع له رمز الاستجابة السريعة")
    message = Text(
        "The {field} takes {length} bytes and the QR code holds at most 255 "
        "(an Arabic letter takes two). Shorten it.",
        "تبلغ قيمة «{field}» {length} بايت، ورمز الاستجابة السريعة يتسع لـ 255 بايت "
        "(الحرف العربي بايتان). اختصرها.",
    )


def document_qr(document: InvoiceDocument, sums: Totals | None = None) -> str:
    """The Base64 text of a document's QR code; its totals are in riyals."""
    sums = sums or totals(document)
    return encode(
        document.seller.legal_name,
        document.seller.vat_number,
        issued_at=document.issued_at,
        total=sums.total_sar,
        vat=sums.vat_sar,
    )


def encode(
    seller: str, vat_number: str, *, issued_at: datetime, total: Decimal, vat: Decimal
) -> str:
    """Base64 of the tags 1 to 5. Notes give positive figures too."""
    fields = (
        ("seller's name", seller.strip()),
        ("VAT number", vat_number),
        ("time of issue", utc_stamp(issued_at)),
        ("total", f"{round_money(total):f}"),
        ("VAT total", f"{round_money(vat):f}"),
    )
    tlv = bytearray()
    for tag, (field, text) in enumerate(fields, start=1):
        value = text.encode()
        if len(value) > 255:
            raise TooLongForQr(field=field, length=len(value))
        tlv += bytes((tag, len(value))) + value
    return b64encode(tlv).decode("ascii")


def decode(text: str) -> dict[int, str]:
    """Read the values back by tag, as a scanner does."""
    tlv = b64decode(text, validate=True)
    values: dict[int, str] = {}
    at = 0
    while at < len(tlv):
        tag, length = tlv[at], tlv[at + 1]
        values[tag] = tlv[at + 2 : at + 2 + length].decode()
        at += 2 + length
    return values


def utc_stamp(moment: datetime) -> str:
    """Seconds in UTC with `Z`. Local time with `Z` is what ZATCA refuses."""
    if moment.tzinfo is None:
        raise ValueError("The moment of issue needs its time zone.")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def svg(text: str) -> str:
    """The picture for print: black on white, a module to a unit, with its quiet zone."""
    out = BytesIO()
    _picture(text).save(
        out, kind="svg", border=QUIET_ZONE, light="#fff", svgclass=None, lineclass=None, nl=False
    )
    return out.getvalue().decode()


def png(text: str, *, pixels_per_module: int = 8) -> bytes:
    """The picture for screens and receipt printers."""
    out = BytesIO()
    _picture(text).save(out, kind="png", border=QUIET_ZONE, scale=pixels_per_module, light="#fff")
    return out.getvalue()


def _picture(text: str) -> segno.QRCode:
    # boost_error off: the level is M by rule, and a picture must not change with its text's length.
    return segno.make_qr(text, error="m", boost_error=False)
