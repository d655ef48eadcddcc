"""Typst, with our fonts and nothing else: the same input gives the same bytes on every machine."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from json import dumps
from pathlib import Path
from threading import Lock
from typing import Any, Final

import typst

from alawael.core.money import plain, round_money
from alawael.invoicing.document import Address, PartyDetails
from alawael.invoicing.printing.signs import FONTS, printable

FOLDER: Final = Path(__file__).parent
RIYADH: Final = timezone(timedelta(hours=3))  # no summer time, so no time-zone database is needed

# A compiler is not made for two threads at once.
_typesetting = Lock()


def typeset(
    template: str, data: dict[str, Any], *, made_at: datetime, attachment: bytes | None = None
) -> bytes:
    """A tagged PDF/A-3b; `attachment` is the XML that travels inside it."""
    made_at = made_at.astimezone(UTC)
    made = [made_at.year, made_at.month, made_at.day, made_at.hour, made_at.minute, made_at.second]
    inputs = {
        "data": dumps(printable(data | {"made": made}), ensure_ascii=False),
        "xml": attachment.decode() if attachment else "",
    }
    with _typesetting:
        pdf = _compiler(template).compile(format="pdf", sys_inputs=inputs, pdf_standards=["a-3b"])
    assert isinstance(pdf, bytes)  # noqa: S101  (only pictures come as a list, one for each page)
    return pdf


@cache
def _compiler(template: str) -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[FONTS],
    )
    return typst.Compiler(FOLDER / template, root=FOLDER, font_paths=fonts)


def money(amount: Decimal) -> str:
    return f"{round_money(amount):,.2f}"


def number(value: Decimal) -> str:
    """Thousands apart, and only the decimals there are."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def price(value: Decimal) -> str:
    """Two decimals, or as many more as the price has."""
    text = number(value)
    return text if len(text.partition(".")[2]) > 2 else f"{value:,.2f}"


def percent(rate: Decimal) -> str:
    return f"{plain(rate)}%"


def day(on: date | None) -> str:
    return on.isoformat() if on else ""


def riyadh_time(moment: datetime) -> str:
    return moment.astimezone(RIYADH).strftime("%Y-%m-%d %H:%M:%S")


def party(details: PartyDetails) -> dict[str, Any]:
    return {
        "en": {"name": details.name_en, "address": _address_en(details.address)},
        "ar": {"name": details.name_ar, "address": _address_ar(details.address)},
        "vat": details.vat_number,
        "id": details.other_id,
        "id_label": _ID_LABELS.get(details.other_id_scheme, _OTHER_ID),
        "contact": " · ".join(filter(None, (details.phone, details.email))),
    }


def _address_en(address: Address) -> list[str]:
    street = " ".join(filter(None, (address.building_no, address.street_en)))
    city = " ".join(filter(None, (address.city_en, address.postal_code)))
    additional = f"Additional no. {address.additional_no}" if address.additional_no else ""
    country = address.country_name_en or address.country
    if not (street or address.district_en or city):
        return []
    return [
        ", ".join(filter(None, parts))
        for parts in ((street, address.district_en), (city, additional, country))
    ]


def _address_ar(address: Address) -> list[str]:
    if not (address.street_ar or address.district_ar or address.city_ar):
        return []
    street = " ".join(filter(None, (address.building_no, address.street_ar)))
    city = " ".join(filter(None, (address.city_ar, address.postal_code)))
    # Side by side after Arabic, two numbers joined by a dash would change places.
    additional = f"الرقم الإضافي {address.additional_no}" if address.additional_no else ""
    return [
        "، ".join(filter(None, parts))
        for parts in ((street, address.district_ar), (city, additional, address.country_name_ar))
    ]


_OTHER_ID = ("ID number", "رقم الهوية")
_ID_LABELS = {
    "CRN": ("CR number", "السجل التجاري"),
    "MOM": ("Municipal licence", "رخصة البلدية"),
    "MLS": ("Labour ministry licence", "ترخيص وزارة الموارد البشرية"),
    "700": ("Unified number (700)", "الرقم الموحد (700)"),
    "SAG": ("Investment licence", "ترخيص الاستثمار"),
    "TIN": ("Tax number", "الرقم المميز"),
    "NAT": ("National ID", "الهوية الوطنية"),
    "GCC": ("GCC ID", "هوية مواطني دول الخليج"),
    "IQA": ("Iqama number", "رقم الإقامة"),
    "PAS": ("Passport number", "رقم جواز السفر"),
}
