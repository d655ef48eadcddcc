"""The codes of today's countries (ISO 3166) and currencies (ISO 4217)."""

from functools import lru_cache

from babel import Locale
from babel.numbers import get_territory_currencies

#: Groups, outliers and test codes that CLDR lists beside the countries.
_NO_COUNTRIES = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ")
)


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    codes = {str(code) for code in Locale("en").territories}
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - _NO_COUNTRIES


@lru_cache(maxsize=1)
def currencies() -> frozenset[str]:
    """Those that are legal tender somewhere today."""
    return frozenset(code for country in countries() for code in get_territory_currencies(country))
