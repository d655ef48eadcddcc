"""What a profile expects of a file: columns, how headings are matched to them, how cells read."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple

from alawael.core.clock import BUSINESS_ZONE
from alawael.core.errors import Text
from alawael.core.search_text import fold

Value = str | Decimal | bool | date | datetime


class CellError(NamedTuple):
    """Why a cell, or the whole row when `column` is empty, was refused."""

    column: str
    code: str
    message: Text


@dataclass(frozen=True)
class Column:
    """One thing that a profile wants to know of each row.

    `kind` is text, number, money, day, moment, flag or choice; `choices` maps what people write
    (folded) to what the program calls it.
    """

    name: str
    label: Text
    kind: str = "text"
    required: bool = False
    example: str = ""
    synonyms: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    longest: int = 200
    decimals: int = 6


@dataclass(frozen=True)
class Options:
    """How the cells of one file are to be read."""

    day_order: str = "ymd"
    decimal_mark: str = "."
    mode: str = "upsert"
    encoding: str = ""
    delimiter: str = ""
    #: What becomes of the goods of imported documents: "leave" or "ship".
    goods: str = "leave"
    #: What shipped pieces cost us, in percent of their price.
    cost_percent: str = "60"
    #: The code of the warehouse that they come into and leave; empty: the oldest in use.
    warehouse: str = ""

    @property
    def ships_goods(self) -> bool:
        return self.goods == "ship"

    def as_json(self) -> dict[str, str]:
        return dict(vars(self))


def guess(columns: Iterable[Column], headings: list[str]) -> dict[str, str]:
    """{column: heading} for every column whose name, label or synonym is a heading."""
    free = {fold_heading(heading): heading for heading in reversed(headings)}
    found: dict[str, str] = {}
    for column in columns:
        known = (column.name, column.label.en, column.label.ar, *column.synonyms)
        for name in map(fold_heading, known):
            if name in free:
                found[column.name] = free.pop(name)
                break
    return found


def signature(headings: list[str]) -> str:
    """The same for two files with the same headings in the same order."""
    text = "\x1f".join(map(fold_heading, headings))
    return hashlib.sha256(text.encode()).hexdigest()


def fold_heading(text: str) -> str:
    """A heading without case, accents, spaces and signs: "Invoice No." is "invoiceno"."""
    return re.sub(r"[\W_]+", "", fold(text))


def read_cells(
    columns: Iterable[Column], cells: Mapping[str, str], options: Options
) -> tuple[dict[str, Value | None], list[CellError]]:
    """The values of the mapped cells; an empty cell is None. All mistakes at once."""
    values: dict[str, Value | None] = {}
    errors: list[CellError] = []
    for column in columns:
        if column.name not in cells:
            continue
        text = cells[column.name].strip()
        if not text:
            values[column.name] = None
            if column.required:
                errors.append(CellError(column.name, "missing", _MISSING))
            continue
        try:
            values[column.name] = _value(text, column, options)
        except _Unfit as unfit:
            errors.append(CellError(column.name, unfit.code, unfit.text))
    return values, errors


def _value(text: str, column: Column, options: Options) -> Value:
    if column.kind in _OFTEN_THE_SAME:
        return _remembered(
            column.kind, column.decimals, text, options.day_order, options.decimal_mark
        )
    value: Value = _READERS[column.kind](text, column, options)
    return value


@lru_cache(maxsize=20_000)
def _remembered(kind: str, decimals: int, text: str, day_order: str, decimal_mark: str) -> Value:
    """Tables repeat their numbers and moments; each is read several times anyway."""
    column = Column("", Text("", ""), kind=kind, decimals=decimals)
    options = Options(day_order=day_order, decimal_mark=decimal_mark)
    value: Value = _READERS[kind](text, column, options)
    return value


_OFTEN_THE_SAME = {"number", "money", "day", "moment"}


class _Unfit(Exception):
    def __init__(self, code: str, text: Text) -> None:
        self.code, self.text = code, text
        super().__init__(code)


_MISSING = Text("This value is missing.", "هذه القيمة مطلوبة.")
_GROUPS = re.compile(r"[\s\u00a0\u202f\u066c'’]")
_NUMBER = re.compile(r"^[+-]?\d{1,18}(\.\d{1,18})?$")
_ISO_DAY = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_PARTS = re.compile(r"^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})$")
_TIME = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?$")


def _text(text: str, column: Column, _: Options) -> str:
    if any(ord(letter) < 32 and letter not in "\t\r\n" for letter in text):
        raise _Unfit(
            "invalid_text",
            Text(
                "The text contains a character that cannot be kept.",
                "يحتوي النص على محرف لا يمكن حفظه.",
            ),
        )
    if len(text) > column.longest:
        raise _Unfit(
            "too_long",
            Text(
                f"Enter at most {column.longest} characters.",
                f"أدخل {column.longest} حرفًا على الأكثر.",
            ),
        )
    return text


def _number(text: str, column: Column, options: Options) -> Decimal:
    plain = _GROUPS.sub("", fold(text)).replace("\u066b", ".")
    if options.decimal_mark == ",":
        plain = plain.replace(".", "").replace(",", ".")
    else:
        plain = plain.replace(",", "")
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    elif plain.endswith("-"):
        plain = f"-{plain[:-1]}"
    plain = _without_exponent(plain)
    if not _NUMBER.match(plain):
        raise _Unfit(
            "not_a_number",
            Text("Enter a number such as 12.50.", "أدخل رقمًا مثل 12.50."),
        )
    return _within(Decimal(plain), 2 if column.kind == "money" else column.decimals)


def _without_exponent(plain: str) -> str:
    """Spreadsheets write 1e-05 for 0.00001."""
    if "e" in plain and len(plain) <= 24:
        try:
            number = Decimal(plain)
        except InvalidOperation:
            return plain
        # Written out, 1e999999999 would have a billion digits.
        return f"{number:f}" if number.is_finite() and abs(number.adjusted()) <= 18 else plain
    return plain


def _within(number: Decimal, decimals: int) -> Decimal:
    # A spreadsheet's 0.1 + 0.2 is 0.30000000000000004: its noise lies beyond twelve decimals.
    number = round(number, 12).normalize() + Decimal(0)
    if round(number, decimals) != number:
        raise _Unfit(
            "too_many_decimals",
            Text(f"Use at most {decimals} decimals.", f"استخدم {decimals} منازل عشرية على الأكثر."),
        )
    if abs(number) >= 10**12:
        raise _Unfit("too_large", Text("The number is too large.", "الرقم كبير جدًا."))
    return Decimal(f"{number:f}")


def _day(text: str, _: Column, options: Options) -> date:
    return _calendar_day(fold(text).split(" ")[0].split("t")[0], options)


def _moment(text: str, _: Column, options: Options) -> datetime:
    """A moment in Riyadh's time, in UTC; midnight when there is only a day."""
    day_text, _gap, time_text = fold(text).replace("t", " ").partition(" ")
    day = _calendar_day(day_text, options)
    found = _TIME.match(time_text.strip() or "00:00")
    hour, minute, second = (int(part or 0) for part in found.groups()) if found else (99, 0, 0)
    if hour > 23 or minute > 59 or second > 59:
        raise _Unfit(
            "not_a_moment",
            Text("Enter day and time such as 2026-03-31 14:05.", "أدخل مثلًا 2026-03-31 14:05."),
        )
    local = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=BUSINESS_ZONE)
    return local.astimezone(UTC)


def _calendar_day(text: str, options: Options) -> date:
    """The ISO form is always understood, whatever order the file was said to have."""
    iso = _ISO_DAY.match(text)
    parts = _PARTS.match(text)
    try:
        if iso:
            day = date(*(int(part) for part in iso.groups()))
        elif parts:
            numbers = dict(zip(options.day_order, map(int, parts.groups()), strict=True))
            day = date(_year(numbers["y"]), numbers["m"], numbers["d"])
        else:
            raise ValueError(text)
        if not 1900 <= day.year <= 2199:
            raise ValueError(text)
    except ValueError as error:
        raise _Unfit(
            "not_a_day",
            Text(
                "This is not a day in the order that was chosen.",
                "هذا ليس تاريخًا بالترتيب المختار.",
            ),
        ) from error
    return day


def _year(number: int) -> int:
    return number + 2000 if number < 100 else number


_YES = {"true", "yes", "y", "1", "x", "نعم", "صح", "فعال", "نشط"}
_NO = {"false", "no", "n", "0", "لا", "خطا", "غير فعال", "غير نشط"}


def _flag(text: str, _: Column, __: Options) -> bool:
    folded = fold(text)
    if folded in _YES:
        return True
    if folded in _NO:
        return False
    raise _Unfit("not_a_flag", Text("Enter yes or no.", "أدخل نعم أو لا."))


def _choice(text: str, column: Column, _: Options) -> str:
    known = {fold(word): meaning for word, meaning in column.choices.items()}
    known |= {fold(meaning): meaning for meaning in column.choices.values()}
    if (meaning := known.get(fold(text))) is None:
        choices = ", ".join(dict.fromkeys(column.choices.values()))
        raise _Unfit(
            "unknown_choice",
            Text(f"Choose one of: {choices}.", f"اختر واحدًا من: {choices}."),
        )
    return meaning


_READERS: dict[str, Callable[[str, Column, Options], Any]] = {
    "text": _text,
    "number": _number,
    "money": _number,
    "day": _day,
    "moment": _moment,
    "flag": _flag,
    "choice": _choice,
}
