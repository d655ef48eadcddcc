"""Typst over the letterhead that invoices have, so that all our paper looks alike."""

from datetime import UTC, datetime
from functools import cache
from json import dumps
from pathlib import Path
from threading import Lock
from typing import Any, Final

import typst

from alawael.invoicing.printing.signs import FONTS, printable

TEMPLATE: Final = Path(__file__).parent / "order.typ"
#: Templates name each other from here: "/invoicing/printing/paper.typ".
ROOT: Final = Path(__file__).parents[2]

# A compiler is not made for two threads at once.
_typesetting = Lock()


def typeset(data: dict[str, Any], *, made_at: datetime) -> bytes:
    """A tagged PDF; the same data and moment give the same bytes."""
    made_at = made_at.astimezone(UTC)
    made = [made_at.year, made_at.month, made_at.day, made_at.hour, made_at.minute, made_at.second]
    inputs = {"data": dumps(printable(data | {"made": made}), ensure_ascii=False)}
    with _typesetting:
        pdf = _compiler().compile(format="pdf", sys_inputs=inputs, pdf_standards=["a-3b"])
    assert isinstance(pdf, bytes)  # noqa: S101  (only pictures come as a list, one for each page)
    return pdf


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[FONTS],
    )
    return typst.Compiler(TEMPLATE, root=ROOT, font_paths=fonts)
