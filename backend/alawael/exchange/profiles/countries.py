"""Names of countries in tables, in English or Arabic, as ISO 3166 codes."""

from functools import lru_cache

from babel import Locale

from alawael.core.iso import countries
from alawael.core.search_text import fold

#: What people write for a country beside its name. "Channel Islands" are two; Jersey is larger.
_ALSO = {
    "eire": "IE",
    "rsa": "ZA",
    "usa": "US",
    "uk": "GB",
    "uae": "AE",
    "ksa": "SA",
    "czech republic": "CZ",
    "channel islands": "JE",
    "hong kong": "HK",
}


def country_code(name: str) -> str | None:
    """The code of a country by code or name; None for what is none ("European Community")."""
    return _codes().get(fold(name))


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    codes = {fold(code): code for code in countries()}
    for language in ("en", "ar"):
        territories = Locale(language).territories
        codes |= {fold(territories[code]): code for code in countries() if code in territories}
    return codes | _ALSO
