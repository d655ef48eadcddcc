"""Which signs our fonts can show, read from the fonts' own tables (OpenType `cmap`)."""

from functools import cache
from pathlib import Path
from struct import unpack_from
from typing import Any, Final
from unicodedata import category

FONTS: Final = Path(__file__).parent / "fonts"
MISSING: Final = ord("\N{REPLACEMENT CHARACTER}")


def printable(value: Any) -> Any:
    """The same data with a mark for every sign that no font of ours has.

    An archive PDF (PDF/A) refuses a sign without a shape, and a name in Chinese must not keep an
    invoice from being printed. The XML keeps the text as it is.
    """
    if isinstance(value, str):
        return value.translate(_shown())
    if isinstance(value, dict):
        return {key: printable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [printable(part) for part in value]
    return value


class _Shown(dict[int, int | None]):
    """What to put for a sign: itself, a mark, or nothing for control characters."""

    def __init__(self, signs: frozenset[int]) -> None:
        self.signs = signs

    def __missing__(self, sign: int) -> int | None:
        kind = category(chr(sign))
        if kind == "Cc":
            shown = sign if chr(sign) in "\n\t" else None
        else:
            shown = sign if sign in self.signs or kind in ("Cf", "Zs") else MISSING
        self[sign] = shown
        return shown


@cache
def _shown() -> _Shown:
    return _Shown(frozenset().union(*(font_signs(font) for font in FONTS.glob("*.ttf"))))


def font_signs(font: Path) -> set[int]:
    """Every code point the font has a shape for."""
    data = font.read_bytes()
    (tables,) = unpack_from(">H", data, 4)
    starts = {
        data[entry : entry + 4]: unpack_from(">I", data, entry + 8)[0]
        for entry in range(12, 12 + 16 * tables, 16)
    }
    cmap = starts[b"cmap"]
    (encodings,) = unpack_from(">H", data, cmap + 2)
    signs: set[int] = set()
    for encoding in range(encodings):
        (offset,) = unpack_from(">I", data, cmap + 4 + 8 * encoding + 4)
        signs |= _subtable_signs(data, cmap + offset)
    return signs


def _subtable_signs(data: bytes, start: int) -> set[int]:
    (form,) = unpack_from(">H", data, start)
    if form == 4:
        (doubled,) = unpack_from(">H", data, start + 6)
        ends = unpack_from(f">{doubled // 2}H", data, start + 14)
        firsts = unpack_from(f">{doubled // 2}H", data, start + 16 + doubled)
        ranges = list(zip(firsts, ends, strict=True))
    elif form == 12:
        (groups,) = unpack_from(">I", data, start + 12)
        ranges = [unpack_from(">II", data, start + 16 + 12 * group) for group in range(groups)]
    else:
        return set()
    return {sign for first, last in ranges for sign in range(first, last + 1)} - {0xFFFF}
