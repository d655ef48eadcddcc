"""Bank statements as banks send them: CSV, ISO 20022 CAMT.053 and SWIFT MT940, read into lines."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import mt940
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from alawael.core.errors import Refusal, Text
from alawael.core.money import ZERO, round_money
from alawael.core.search_text import fold
from alawael.payments.models import StatementFormat

MOST_LINES = 20_000
ENCODINGS = ("utf-8-sig", "cp1256", "latin-1")
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%d %b %Y", "%d-%b-%Y")
#: What banks call their columns, folded; the first that is found wins.
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "date": ("booking date", "transaction date", "posting date", "date", "value date", "التاريخ",
             "تاريخ العمليه", "تاريخ القيد"),
    "amount": ("amount", "transaction amount", "المبلغ", "مبلغ العمليه"),
    "debit": ("debit", "debit amount", "withdrawal", "withdrawals", "paid out", "مدين", "سحب"),
    "credit": ("credit", "credit amount", "deposit", "deposits", "paid in", "دائن", "ايداع"),
    "reference": ("reference", "transaction reference", "reference number", "رقم المرجع", "المرجع"),
    "text": ("description", "details", "narrative", "transaction details", "memo", "البيان",
             "الوصف", "تفاصيل العمليه"),
    "counterparty": ("counterparty", "beneficiary", "beneficiary name", "name", "payee",
                     "اسم المستفيد", "المستفيد", "الاسم"),
    "iban": ("iban", "counterparty iban", "beneficiary iban", "counterparty account",
             "beneficiary account", "account number", "الايبان", "رقم الايبان", "حساب المستفيد"),
}  # fmt: skip


class BadStatement(Refusal):
    """A file that cannot be read as a bank statement; the classes below say why."""

    status = 422
    title = Text("The bank statement cannot be read", "تعذرت قراءة كشف البنك")


class UnreadableStatement(BadStatement):
    code = "unreadable_statement"
    message = Text(
        "This is no bank statement in CSV, CAMT.053 or MT940. {reason}",
        "هذا ليس كشف بنك بصيغة CSV أو CAMT.053 أو MT940. {reason}",
    )

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason=reason.en)

    def sentence(self, language: str) -> str:
        return self.message.within(language, {"reason": self.reason.within(language, {})})


class StatementColumnsMissing(BadStatement):
    code = "statement_columns_missing"
    message = Text(
        "The file has no headings that mean a day and an amount. Say which column is which.",
        "لا توجد في الملف عناوين تدل على التاريخ والمبلغ. حدد معنى كل عمود.",
    )


class StatementDayUnread(BadStatement):
    code = "statement_day_unread"
    message = Text(
        "Row {row}: “{cell}” is no day as it is expected. Choose another column, or say how days "
        "are written.",
        "السطر {row}: «{cell}» ليس تاريخًا مفهومًا. اختر عمودًا آخر أو حدد طريقة كتابة التاريخ.",
    )


class StatementAmountUnread(BadStatement):
    code = "statement_amount_unread"
    message = Text(
        "Row {row}: there is no amount in “{cell}”. Choose another column, or correct the file.",
        "السطر {row}: لا يوجد مبلغ في «{cell}». اختر عمودًا آخر أو صحّح الملف.",
    )


@dataclass(frozen=True)
class ReadLine:
    """One movement; above zero came in, below zero went out."""

    booked_on: date
    amount: Decimal
    reference: str = ""
    text: str = ""
    counterparty: str = ""
    #: As the bank wrote it; whether it is one is asked when the line is taken in.
    iban: str = ""


@dataclass(frozen=True)
class ReadStatement:
    lines: list[ReadLine]
    reference: str = ""
    currency: str | None = None
    opening: Decimal | None = None
    closing: Decimal | None = None
    #: Days from and to; those of the lines when the file does not say.
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class CsvColumns:
    """Which column holds what; what is left out is guessed from the headings."""

    names: Mapping[str, str] = field(default_factory=dict)
    #: A strptime pattern; left out, the usual ones are tried, day before month.
    day_format: str | None = None


def recognise(content: bytes) -> StatementFormat:
    """What kind of statement a file is, by its content."""
    start = content[:4096].lstrip(b"\xef\xbb\xbf\r\n\t ")
    if start.startswith(b"<"):
        return StatementFormat.CAMT053
    if b":60F:" in content[:65536] or b":60M:" in content[:65536] or b":25:" in start:
        return StatementFormat.MT940
    return StatementFormat.CSV


def read_statement(
    content: bytes, kind: StatementFormat | None = None, columns: CsvColumns | None = None
) -> ReadStatement:
    """The lines of a statement file, in the order of the file. Raises BadStatement."""
    kind = kind or recognise(content)
    if kind == StatementFormat.CAMT053:
        found = _read_camt(content)
    elif kind == StatementFormat.MT940:
        found = _read_mt940(content)
    else:
        found = _read_csv(content, columns or CsvColumns())
    if not found.lines:
        raise _unreadable("It has no lines.", "لا سطور فيه.")
    if len(found.lines) > MOST_LINES:
        raise _unreadable(f"It has more than {MOST_LINES} lines.", f"فيه أكثر من {MOST_LINES} سطر.")
    return found


def amount_of(text: str) -> Decimal:
    """An amount as banks write it: "1,234.50", "1.234,50", "(90.00)", "90.00-", "٩٠٫٥".

    Raises ValueError when it is none.
    """
    bare = fold(text).replace("٫", ".").replace("٬", ",")
    bare = re.sub(r"[^\d.,()+-]", "", bare)
    is_negative = bare.startswith(("-", "(")) or bare.endswith("-")
    digits = bare.strip("()+-")
    last = max(digits.rfind("."), digits.rfind(","))
    if last >= 0:
        separator, decimals = digits[last], digits[last + 1 :]
        is_decimal = len(decimals) <= 2 or (separator == "." and digits.count(".") == 1)
        whole = re.sub(r"[.,]", "", digits[:last])
        digits = f"{whole}.{decimals}" if is_decimal else whole + decimals
    try:
        amount = round_money(Decimal(digits))
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is no amount.") from error
    return -amount if is_negative else amount


def _unreadable(en: str, ar: str) -> UnreadableStatement:
    return UnreadableStatement(Text(en, ar))


def _broken(error: Exception) -> UnreadableStatement:
    """What a reader of the format said; it speaks English only."""
    return _unreadable(str(error).replace("{", "(").replace("}", ")"), "الملف غير سليم.")


def _decoded(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable("Its text has an unknown encoding.", "ترميز نصه غير معروف.")


# CSV


def _read_csv(content: bytes, columns: CsvColumns) -> ReadStatement:
    text = _decoded(content)
    if "\x00" in text:
        raise _unreadable("It is not text.", "محتواه ليس نصًا.")
    delimiter = max(",;\t|", key=text[:8192].count)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        places = _places(rows, columns)
        lines = [
            line
            for number, row in enumerate(rows, start=2)
            if any(cell.strip() for cell in row)
            for line in _csv_line(number, row, places, columns)
        ]
    except csv.Error as error:
        raise _broken(error) from error
    days = [line.booked_on for line in lines]
    return ReadStatement(lines, starts_on=min(days, default=None), ends_on=max(days, default=None))


def _places(rows: Iterator[list[str]], columns: CsvColumns) -> dict[str, int]:
    """Where each column is. Banks put lines above the headings, so the first ten are tried."""
    for _ in range(10):
        headings = [fold(cell) for cell in next(rows, [])]
        places = {}
        for name, usual in _HEADINGS.items():
            asked = columns.names.get(name)
            for heading in [fold(asked)] if asked else usual:
                if heading in headings:
                    places[name] = headings.index(heading)
                    break
        if "date" in places and ("amount" in places or {"debit", "credit"} & places.keys()):
            return places
    raise StatementColumnsMissing()


def _csv_line(
    number: int, row: list[str], places: Mapping[str, int], columns: CsvColumns
) -> Iterator[ReadLine]:
    def cell(name: str) -> str:
        place = places.get(name)
        return row[place].strip() if place is not None and place < len(row) else ""

    def money(name: str) -> Decimal:
        try:
            return amount_of(cell(name)) if re.search(r"\d", cell(name)) else ZERO
        except ValueError as error:
            raise StatementAmountUnread(row=number, cell=cell(name)) from error

    amount = money("amount") if "amount" in places else ZERO
    amount += abs(money("credit")) - abs(money("debit"))
    if amount:
        try:
            booked_on = _day(cell("date"), columns.day_format)
        except ValueError as error:
            raise StatementDayUnread(row=number, cell=cell("date")) from error
        yield ReadLine(
            booked_on,
            amount,
            reference=cell("reference")[:200],
            text=cell("text")[:500],
            counterparty=cell("counterparty")[:200],
            iban=cell("iban"),
        )


def _day(text: str, pattern: str | None) -> date:
    bare = fold(text).split(" t")[0]
    for tried in [pattern] if pattern else _DAYS:
        try:
            return datetime.strptime(bare if pattern else bare[:11].strip(), tried).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise ValueError(f"{text!r} is no day.")


# MT940


def _read_mt940(content: bytes) -> ReadStatement:
    try:
        found = mt940.parse(_decoded(content))
        lines = [_mt940_line(one.data) for one in found]
    except (ValueError, KeyError, RuntimeError, AttributeError, TypeError) as error:
        raise _broken(error) from error
    opening, closing = (found.data.get(f"final_{name}_balance") for name in ("opening", "closing"))
    return ReadStatement(
        lines,
        reference=str(found.data.get("transaction_reference") or "")[:120],
        currency=opening.amount.currency if opening else None,
        opening=round_money(opening.amount.amount) if opening else None,
        closing=round_money(closing.amount.amount) if closing else None,
        starts_on=_plain_day(opening.date) if opening else None,
        ends_on=_plain_day(closing.date) if closing else None,
    )


def _mt940_line(data: Mapping[str, Any]) -> ReadLine:
    references = [data.get("customer_reference"), data.get("bank_reference")]
    given = [str(one) for one in references if one and one != "NONREF"]
    details = " ".join(str(data.get("transaction_details") or "").split())
    return ReadLine(
        _plain_day(data.get("entry_date") or data["date"]),
        round_money(data["amount"].amount),
        reference=" ".join(given)[:200],
        text=details[:500],
        counterparty=str(data.get("applicant_name") or "")[:200],
    )


def _plain_day(day: date) -> date:
    return date(day.year, day.month, day.day)


# CAMT.053; namespaces differ by version, paths do not.


def _read_camt(content: bytes) -> ReadStatement:
    try:
        root = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise _unreadable("The XML is broken or unsafe.", "ملف XML تالف أو غير آمن.") from error
    statements = [node for node in root.iter() if _name(node) == "Stmt"]
    if not statements:
        raise _unreadable("The XML holds no statement (Stmt).", "لا يحتوي ملف XML على كشف (Stmt).")
    try:
        lines = [line for one in statements for line in _camt_lines(one)]
    except (ValueError, InvalidOperation) as error:
        raise _broken(error) from error
    first = statements[0]
    balances = {
        _text(b, "Tp", "CdOrPrtry", "Cd"): b for one in statements for b in _all(one, "Bal")
    }
    opening, closing = balances.get("OPBD"), balances.get("CLBD")
    days = [line.booked_on for line in lines]
    return ReadStatement(
        lines,
        reference=_text(first, "Id")[:120],
        currency=_text(first, "Acct", "Ccy") or _currency(first),
        opening=_signed(opening) if opening is not None else None,
        closing=_signed(closing) if closing is not None else None,
        starts_on=_camt_day(_text(first, "FrToDt", "FrDtTm")) or min(days, default=None),
        ends_on=_camt_day(_text(first, "FrToDt", "ToDtTm")) or max(days, default=None),
    )


def _camt_lines(statement: Element) -> Iterator[ReadLine]:
    for entry in _all(statement, "Ntry"):
        if (_text(entry, "Sts", "Cd") or _text(entry, "Sts") or "BOOK") != "BOOK":
            continue
        details = [one for block in _all(entry, "NtryDtls") for one in _all(block, "TxDtls")]
        amounts = [_detail_amount(one) for one in details]
        whole = _signed(entry)
        if len(details) > 1 and sum(amounts, ZERO) == abs(whole):
            sign = 1 if whole >= 0 else -1
            for detail, amount in zip(details, amounts, strict=True):
                yield _camt_line(entry, detail, sign * amount)
        else:
            yield _camt_line(entry, details[0] if details else entry, whole)


def _camt_line(entry: Element, detail: Element, amount: Decimal) -> ReadLine:
    booked = _camt_day(_text(entry, "BookgDt", "Dt") or _text(entry, "BookgDt", "DtTm"))
    booked = booked or _camt_day(_text(entry, "ValDt", "Dt"))
    if booked is None:
        raise ValueError("An entry has no booking day.")
    end_to_end = _text(detail, "Refs", "EndToEndId")
    given = [
        "" if end_to_end == "NOTPROVIDED" else end_to_end,
        _text(entry, "AcctSvcrRef"),
    ]
    other = "Dbtr" if amount >= 0 else "Cdtr"
    told = [node.text or "" for block in _all(detail, "RmtInf") for node in _all(block, "Ustrd")]
    structured = _text(detail, "RmtInf", "Strd", "CdtrRefInf", "Ref")
    return ReadLine(
        booked,
        amount,
        reference=" ".join(one for one in given if one)[:200],
        text=(" ".join([*told, structured]).strip() or _text(entry, "AddtlNtryInf"))[:500],
        counterparty=(
            _text(detail, "RltdPties", other, "Nm")
            or _text(detail, "RltdPties", other, "Pty", "Nm")
        )[:200],
        iban=_text(detail, "RltdPties", f"{other}Acct", "Id", "IBAN"),
    )


def _detail_amount(detail: Element) -> Decimal:
    text = _text(detail, "Amt") or _text(detail, "AmtDtls", "TxAmt", "Amt")
    return round_money(Decimal(text)) if text else ZERO


def _signed(node: Element) -> Decimal:
    amount = round_money(Decimal(_text(node, "Amt")))
    return -amount if _text(node, "CdtDbtInd") == "DBIT" else amount


def _currency(statement: Element) -> str | None:
    for node in statement.iter():
        if _name(node) == "Amt" and node.get("Ccy"):
            return node.get("Ccy")
    return None


def _camt_day(text: str) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def _name(node: Element) -> str:
    return node.tag.rpartition("}")[2]


def _all(node: Element, name: str) -> list[Element]:
    return [child for child in node if _name(child) == name]


def _text(node: Element, *path: str) -> str:
    """The text at the end of a path of element names; "" when there is none."""
    found: Iterable[Element] = [node]
    for name in path:
        found = [child for parent in found for child in _all(parent, name)]
    return next((" ".join((one.text or "").split()) for one in found), "")
