"""Folding, so that a search finds what people mean, in Arabic and in English."""

import re
import unicodedata
from collections.abc import Iterable

from django.db.models import Q

# Letters that people write for each other: hamza seats, taa marbuta, alef maksura, Persian forms.
_ALIKE = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ؤ": "و",
        "ئ": "ي",
        "ى": "ي",
        "ی": "ي",
        "ة": "ه",
        "ک": "ك",
        "ـ": "",  # tatweel
        **{chr(0x0660 + digit): str(digit) for digit in range(10)},
        **{chr(0x06F0 + digit): str(digit) for digit in range(10)},
    }
)
_GAPS = re.compile(r"\s+")


def fold(text: str) -> str:
    """Lower case, without accents and Arabic marks, alike letters made equal, one space between."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_ALIKE))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _GAPS.sub(" ", bare.translate(_ALIKE).casefold()).strip()


def searchable(*texts: str | None) -> str:
    """What a record is found by, for its `search_text` column."""
    return fold(" ".join(text for text in texts if text))


def matches(query: str, column: str = "search_text") -> Q:
    """Rows whose search text contains every word of the query."""
    found = Q()
    for word in _words(query):
        found &= Q(**{f"{column}__contains": word})
    return found


def _words(query: str) -> Iterable[str]:
    return fold(query).split()[:8]
