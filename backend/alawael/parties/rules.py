"""What the data of a trader must look like. Whether it is complete is asked when it is used."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import available_timezones

from alawael.core.errors import FieldError, Text
from alawael.core.iso import countries, currencies
from alawael.parties.iban import iban_problem, is_bic, tidy_iban
from alawael.parties.models import (
    SELLER_SCHEMES,
    BankAccount,
    Company,
    Identity,
    OtherIdScheme,
    Party,
)

#: The seller's name goes into the QR code, whose length is one byte.
LONGEST_LEGAL_NAME = 255
LONGEST_TERMS = 3650
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_WESTERN = {start + digit: str(digit) for start in (0x0660, 0x06F0) for digit in range(10)}
_DIGITS_ONLY = ("vat_number", "building_number", "postal_code", "additional_number")

NAME_MISSING = Text("Enter a name, in Arabic or in English.", "أدخل الاسم بالعربية أو بالإنجليزية.")
WRONG_VAT_NUMBER = Text(
    "A Saudi VAT number has 15 digits, the first and the last a 3.",
    "يتكون الرقم الضريبي السعودي من 15 رقمًا، أولها وآخرها 3.",
)
_DIGITS = {
    "building_number": (4, Text("Write four digits.", "اكتب أربعة أرقام.")),
    "postal_code": (5, Text("Write five digits.", "اكتب خمسة أرقام.")),
    "additional_number": (4, Text("Write four digits.", "اكتب أربعة أرقام.")),
}
_UNKNOWN_COUNTRY = Text(
    "Choose a country by its two letters, such as SA.",
    "اختر الدولة برمزها المكوّن من حرفين، مثل SA.",
)
_UNKNOWN_CURRENCY = Text(
    "Choose a currency by its three letters, such as SAR.",
    "اختر العملة برمزها المكوّن من ثلاثة أحرف، مثل SAR.",
)
_UNKNOWN_SCHEME = Text(
    "Choose what kind of number this is, such as CRN.", "اختر نوع هذا الرقم، مثل CRN."
)
_ID_MISSING = Text("Enter the number itself.", "أدخل الرقم نفسه.")
_WRONG_EMAIL = Text("This is not an e-mail address.", "هذا ليس عنوان بريد إلكتروني.")
_NEITHER = Text(
    "Say whether this is a customer, a supplier or both.",
    "حدد ما إذا كان عميلًا أو موردًا أو كليهما.",
)
_NEGATIVE = Text("Enter 0 or more.", "أدخل صفرًا أو أكثر.")
_TERMS_TOO_LONG = Text("Enter at most 3650 days.", "أدخل 3650 يومًا على الأكثر.")
_NAME_TOO_LONG = Text(
    "The name does not fit into the QR code of an invoice. Shorten it to about 125 Arabic letters.",
    "الاسم أطول من أن يتسع له رمز QR في الفاتورة. اختصره إلى نحو 125 حرفًا عربيًا.",
)
_UNKNOWN_ZONE = Text("Choose a time zone such as Asia/Riyadh.", "اختر منطقة زمنية مثل Asia/Riyadh.")
_UNKNOWN_PHASE = Text("Choose phase 1 or 2.", "اختر المرحلة 1 أو 2.")
_UNKNOWN_LANGUAGE = Text("Choose ar or en.", "اختر ar أو en.")
_CODE_MISSING = Text("Enter a code.", "أدخل الرمز.")
_WRONG_BIC = Text(
    "A BIC has 8 or 11 characters, such as RJHISARI.",
    "يتكون رمز BIC من 8 أو 11 خانة، مثل RJHISARI.",
)

_Problem = tuple[str, str, Text]


def tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as we keep them: Western digits, no stray spaces, codes in capitals."""
    tidy = {
        name: value.strip() if isinstance(value, str) else value for name, value in values.items()
    }
    for name in _DIGITS_ONLY:
        if name in tidy:
            tidy[name] = _without_gaps(tidy[name].translate(_WESTERN))
    for name in ("other_id", "phone", "code"):
        if name in tidy:
            tidy[name] = tidy[name].translate(_WESTERN)
    for name in ("country", "currency", "base_currency", "other_id_scheme"):
        if name in tidy:
            tidy[name] = tidy[name].upper()
    if "email" in tidy:
        tidy["email"] = tidy["email"].lower()
    return tidy


def _without_gaps(number: str) -> str:
    """Digits close up ("3000 0000" is one number); a code with letters keeps its form."""
    closed = re.sub(r"[\s-]", "", number)
    return closed if closed.isdigit() else number


def party_problems(party: Party) -> list[FieldError]:
    return _as_errors(_of_party(party))


def company_problems(company: Company) -> list[FieldError]:
    return _as_errors(_of_company(company))


def tidied_account(values: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a bank account as we keep them."""
    tidy = {
        name: value.strip() if isinstance(value, str) else value for name, value in values.items()
    }
    if "iban" in tidy:
        tidy["iban"] = tidy_iban(tidy["iban"])
    if "bic" in tidy:
        tidy["bic"] = _without_spaces(tidy["bic"]).upper()
    return tidy


def account_problems(iban: str, account: BankAccount) -> list[FieldError]:
    """What is wrong with a bank account; its own IBAN is sealed, so it is told."""
    problem = iban_problem(iban)
    errors = [FieldError("/iban", *problem)] if problem else []
    if account.bic and not is_bic(account.bic):
        errors.append(FieldError("/bic", "wrong_bic", _WRONG_BIC))
    return errors


def _without_spaces(text: str) -> str:
    return re.sub(r"\s", "", text)


def is_saudi_vat_number(number: str) -> bool:
    return re.fullmatch(r"3[0-9]{13}3", number) is not None


def _as_errors(problems: Iterator[_Problem]) -> list[FieldError]:
    return [FieldError(f"/{field}", code, message) for field, code, message in problems]


def _of_party(party: Party) -> Iterator[_Problem]:
    if not party.code:
        yield "code", "missing", _CODE_MISSING
    yield from _of_identity(party)
    if not party.is_customer and not party.is_supplier:
        yield "is_customer", "neither", _NEITHER
    if party.currency not in currencies():
        yield "currency", "unknown_currency", _UNKNOWN_CURRENCY
    if party.language not in ("ar", "en"):
        yield "language", "unknown_language", _UNKNOWN_LANGUAGE
    if party.credit_limit is not None and party.credit_limit < 0:
        yield "credit_limit", "negative", _NEGATIVE
    if party.payment_terms_days < 0:
        yield "payment_terms_days", "negative", _NEGATIVE
    if party.payment_terms_days > LONGEST_TERMS:
        yield "payment_terms_days", "too_long", _TERMS_TOO_LONG


def _of_company(company: Company) -> Iterator[_Problem]:
    yield from _of_identity(company)
    for field in ("name_en", "name_ar"):
        if len(getattr(company, field).encode()) > LONGEST_LEGAL_NAME:
            yield field, "too_long_for_qr", _NAME_TOO_LONG
    if company.other_id and company.other_id_scheme not in SELLER_SCHEMES:
        yield "other_id_scheme", "unknown_scheme", _UNKNOWN_SCHEME
    if company.base_currency not in currencies():
        yield "base_currency", "unknown_currency", _UNKNOWN_CURRENCY
    if company.einvoice_phase not in (1, 2):
        yield "einvoice_phase", "unknown_phase", _UNKNOWN_PHASE
    if company.time_zone not in available_timezones():
        yield "time_zone", "unknown_time_zone", _UNKNOWN_ZONE


def _of_identity(trader: Identity) -> Iterator[_Problem]:
    if not trader.name_en and not trader.name_ar:
        yield "name_en", "missing", NAME_MISSING
    if trader.country not in countries():
        yield "country", "unknown_country", _UNKNOWN_COUNTRY
    if trader.other_id and trader.other_id_scheme not in OtherIdScheme.values:
        yield "other_id_scheme", "unknown_scheme", _UNKNOWN_SCHEME
    if trader.other_id_scheme and not trader.identification:
        yield "other_id", "missing", _ID_MISSING
    if trader.email and not _EMAIL.fullmatch(trader.email):
        yield "email", "wrong_email", _WRONG_EMAIL
    if trader.is_saudi:
        yield from _of_saudi(trader)


def _of_saudi(trader: Identity) -> Iterator[_Problem]:
    if trader.vat_number and not is_saudi_vat_number(trader.vat_number):
        yield "vat_number", "wrong_vat_number", WRONG_VAT_NUMBER
    for field, (count, message) in _DIGITS.items():
        number = getattr(trader, field)
        if number and not re.fullmatch(f"[0-9]{{{count}}}", number):
            yield field, "wrong_digits", message
