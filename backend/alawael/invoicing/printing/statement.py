"""A customer's statement of account: what was owed, what moved, what is owed, and for how long."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import accumulate
from typing import Any

from alawael.core.money import ZERO
from alawael.invoicing.document import RIYAL, PartyDetails
from alawael.invoicing.printing.typesetting import day, money, party, riyadh_time, typeset


@dataclass(frozen=True, slots=True)
class Movement:
    """One posted document or payment: debits raise what the customer owes, credits lower it."""

    on: date
    number: str
    text_en: str = ""
    text_ar: str = ""
    debit: Decimal = ZERO
    credit: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Ageing:
    """What is still owed, by the days it has been due."""

    not_due: Decimal = ZERO
    days_1_30: Decimal = ZERO
    days_31_60: Decimal = ZERO
    days_61_90: Decimal = ZERO
    over_90: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Statement:
    company: PartyDetails
    customer: PartyDetails
    from_on: date
    to_on: date
    made_at: datetime
    opening: Decimal
    movements: tuple[Movement, ...]
    ageing: Ageing
    currency: str = RIYAL

    @property
    def closing(self) -> Decimal:
        return self.opening + sum((m.debit - m.credit for m in self.movements), ZERO)


def statement_pdf(statement: Statement) -> bytes:
    return typeset("statement.typ", statement_data(statement), made_at=statement.made_at)


def statement_data(statement: Statement) -> dict[str, Any]:
    movements = statement.movements
    changes = (movement.debit - movement.credit for movement in movements)
    balances = list(accumulate(changes, initial=statement.opening))[1:]
    ageing = statement.ageing
    return {
        "title": {"en": "Statement of Account", "ar": "كشف حساب"},
        "subtitle": None,
        "number": "",
        "seller": party(statement.company),
        "buyer": party(statement.customer),
        "currency": statement.currency,
        "facts": [
            {"en": "From", "ar": "من تاريخ", "value": day(statement.from_on)},
            {"en": "To", "ar": "إلى تاريخ", "value": day(statement.to_on)},
            {"en": "Currency", "ar": "العملة", "value": statement.currency},
            {
                "en": "Printed (Riyadh time)",
                "ar": "تاريخ الطباعة (توقيت الرياض)",
                "value": riyadh_time(statement.made_at),
            },
        ],
        "opening": money(statement.opening),
        "closing": money(statement.closing),
        "debits": money(sum((m.debit for m in movements), ZERO)),
        "credits": money(sum((m.credit for m in movements), ZERO)),
        "movements": [
            {
                "on": day(movement.on),
                "number": movement.number,
                "en": movement.text_en,
                "ar": movement.text_ar,
                "debit": money(movement.debit) if movement.debit else "",
                "credit": money(movement.credit) if movement.credit else "",
                "balance": money(balance),
            }
            for movement, balance in zip(movements, balances, strict=True)
        ],
        "ageing": [
            {"en": en, "ar": ar, "amount": money(amount)}
            for en, ar, amount in (
                ("Not yet due", "غير مستحق بعد", ageing.not_due),
                ("1–30 days", "من 1 إلى 30 يومًا", ageing.days_1_30),
                ("31–60 days", "من 31 إلى 60 يومًا", ageing.days_31_60),
                ("61–90 days", "من 61 إلى 90 يومًا", ageing.days_61_90),
                ("Over 90 days", "أكثر من 90 يومًا", ageing.over_90),
            )
        ],
    }
