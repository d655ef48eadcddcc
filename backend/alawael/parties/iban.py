"""What an IBAN is (ISO 13616), how it is checked, and how little of it is shown."""

import re
from collections.abc import Iterator

from alawael.core.errors import Text

SAUDI_LENGTH = 24
#: How long an IBAN is, where Saudi companies pay most; elsewhere 15 to 34.
LENGTHS = {
    "SA": SAUDI_LENGTH, "AE": 23, "BH": 22, "KW": 30, "OM": 23, "QA": 29, "EG": 29, "JO": 30,
    "LB": 28, "IQ": 23, "TR": 26, "PK": 24, "GB": 22, "IE": 22, "DE": 22, "AT": 20, "CH": 21,
    "FR": 27, "IT": 27, "ES": 24, "PT": 25, "NL": 18, "BE": 16, "LU": 20, "DK": 18, "SE": 24,
    "NO": 15, "FI": 18, "PL": 28, "GR": 27, "CY": 28, "TN": 24, "MR": 27, "SD": 18, "LY": 25,
}  # fmt: skip
SHORTEST, LONGEST = 15, 34
DOTS = "••••"
_SHOWN = 4
_SHAPE = re.compile(rf"[A-Z]{{2}}[0-9]{{2}}[A-Z0-9]{{{SHORTEST - 4},{LONGEST - 4}}}")
#: An IBAN within other text, closed up or in groups of four.
_WITHIN = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}"
    r"(?:[A-Z0-9]{11,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?)(?![A-Za-z0-9])"
)
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")

_NOT_AN_IBAN = Text(
    "An IBAN begins with two letters and two digits, such as SA03 8000 0000 6080 1016 7519.",
    "يبدأ الآيبان بحرفين ورقمين، مثل SA03 8000 0000 6080 1016 7519.",
)
_WRONG_CHECK = Text(
    "The check digits of this IBAN are wrong. Compare it with the bank's letter.",
    "رقما التحقق في هذا الآيبان غير صحيحين. قارنه بخطاب البنك.",
)


def tidy_iban(text: str) -> str:
    """An IBAN as we keep it: capitals, Western digits, no gaps."""
    western = "".join(str(int(one)) if one.isdecimal() else one for one in text)
    return re.sub(r"[\s.-]", "", western).upper().removeprefix("IBAN")


def iban_problem(iban: str) -> tuple[str, Text] | None:
    """What is wrong with an IBAN in its tidy form, as a code and a sentence."""
    if not _SHAPE.fullmatch(iban):
        return "no_iban", _NOT_AN_IBAN
    country, wanted = iban[:2], LENGTHS.get(iban[:2], len(iban))
    if len(iban) != wanted:
        return "wrong_length", Text(
            f"An IBAN of {country} has {wanted} characters; this has {len(iban)}.",
            f"طول الآيبان من {country} هو {wanted} خانة، وهذا {len(iban)}.",
        )
    return None if _remainder(iban) == 1 else ("wrong_check_digits", _WRONG_CHECK)


def is_bic(bic: str) -> bool:
    return _BIC.fullmatch(bic) is not None


def masked_iban(iban: str) -> str:
    """As lists show it: "SA•••• 7519"."""
    return f"{iban[:2]}{DOTS} {iban[-_SHOWN:]}" if iban else ""


def masked_number(number: str) -> str:
    """The end of an identity number: "•••• 3456"; of a short one, nothing."""
    if not number:
        return ""
    return f"{DOTS} {number[-_SHOWN:]}" if len(number) >= 2 * _SHOWN else DOTS


def ibans_in(text: str) -> list[str]:
    """The IBANs that somebody wrote into a text, tidy, each once."""
    return list(dict.fromkeys(iban for _, iban in _found(text)))


def without_ibans(text: str) -> str:
    """The text with each IBAN masked; what only looks like one stays."""
    for written, iban in _found(text):
        text = text.replace(written, masked_iban(iban))
    return text


def _found(text: str) -> Iterator[tuple[str, str]]:
    for match in _WITHIN.finditer(text):
        groups = match.group().split(" ")
        # A word of four letters behind an IBAN looks like its last group.
        for count in range(len(groups), 0, -1):
            written = " ".join(groups[:count])
            if iban_problem(tidy_iban(written)) is None:
                yield written, tidy_iban(written)
                break


def _remainder(iban: str) -> int:
    """ISO 7064 mod 97-10: the first four go to the end, letters count from A = 10."""
    return int("".join(str(int(one, 36)) for one in iban[4:] + iban[:4])) % 97
