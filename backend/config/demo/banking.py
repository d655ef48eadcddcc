"""How the company of the demo keeps its bank: statements beside the books, and a few advances."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from alawael.core.clock import BUSINESS_ZONE, business_day
from alawael.invoicing.queries import open_documents
from alawael.payments import advances, bank
from alawael.payments import services as payments
from alawael.payments.models import Payment, PaymentKind, PaymentMethod, PaymentState
from config.demo.calendar import Calendar, Event
from config.demo.company import Stage
from config.demo.words import Name

#: Statements of so many months are taken in; of the newest, so few lines are matched.
MONTHS, BEGUN = 3, 5
FEE = Decimal("57.50")
#: Which customer pays how much ahead, how many days before the end, and for what.
ADVANCES = (
    (2, Decimal("5750.00"), 64, Name("Office furniture to order", "أثاث مكتبي حسب الطلب")),
    (6, Decimal("2300.00"), 19, Name("Gift boxes for the season", "علب هدايا موسمية")),
)
HEADINGS = ("Date", "Description", "Reference", "Beneficiary", "Debit", "Credit")


class Banking:
    """Throws no dice: all else happens as it would without it."""

    def __init__(self, stage: Stage, calendar: Calendar) -> None:
        self.stage, self.calendar = stage, calendar
        self.maha = stage.staff["maha"]

    def begin(self, at: datetime) -> None:
        after = business_day(self.calendar.until).replace(day=1)
        for number in range(MONTHS):
            first = (after - timedelta(days=1)).replace(day=1)
            if first > business_day(at):
                self.calendar.at(_morning(after), self._reading(first, after, number == 0))
            after = first
        for place, amount, days, what in ADVANCES:
            moment = self.calendar.until - timedelta(days=days)
            if moment > at:
                self.calendar.at(moment, self._receiving(place, amount, what))

    def _reading(self, first: date, after: date, is_newest: bool) -> Event:
        return lambda at: self._read_statement(first, after, is_newest, at)

    def _receiving(self, place: int, amount: Decimal, what: Name) -> Event:
        return lambda at: self._receive_ahead(place, amount, what, at)

    def _receive_ahead(self, place: int, amount: Decimal, what: Name, at: datetime) -> None:
        payment = payments.draft_payment(
            self.stage.customers[place],
            kind=PaymentKind.RECEIPT,
            method=PaymentMethod.BANK_TRANSFER,
            account=self.stage.bank,
            amount=amount,
            paid_on=business_day(at),
            reference=f"FT-{amount:.0f}",
            by=self.maha,
            at=at,
        )
        advances.post_advance(payment, name_en=what.en, name_ar=what.ar, by=self.maha, at=at)

    def _read_statement(self, first: date, after: date, is_newest: bool, at: datetime) -> None:
        """What the bank says of a month; most of it is what was booked."""
        moved = self._moved(first, after)
        imported = bank.import_statement(
            self.stage.bank,
            self._file(moved, after, at).encode(),
            file_name=f"bank-{first:%Y-%m}.csv",
            by=self.maha,
            at=at,
        )
        lines = list(imported.statement.lines.order_by("position"))
        known = list(zip(lines, moved, strict=False))
        for line, payment in known[:BEGUN] if is_newest else known:
            bank.match_bank(line, payment, by=self.maha, at=at)

    def _moved(self, first: date, after: date) -> list[Payment]:
        """What went through the bank in a month; a cheque only once it is credited."""
        rows = Payment.objects.filter(
            account=self.stage.bank,
            state=PaymentState.POSTED,
            is_matched=False,
            paid_on__gte=first,
            paid_on__lt=after,
        )
        return [
            payment
            for payment in rows.order_by("paid_on", "number")
            if not payments.lies_in_drawer(payment)
        ]

    def _file(self, moved: Sequence[Payment], after: date, at: datetime) -> str:
        """A CSV as banks write it: at its end a fee, and a transfer that nobody has booked yet."""
        text = io.StringIO()
        rows = csv.writer(text)
        rows.writerow(HEADINGS)
        for number, payment in enumerate(moved, start=1):
            name = payment.party_name_en if number % 3 else ""
            sides = ["", payment.amount] if payment.is_receipt else [payment.amount, ""]
            told = f"Transfer {payment.reference}"
            rows.writerow([payment.paid_on, told, f"FT{after:%y%m}{number:04d}", name, *sides])
        last = after - timedelta(days=1)
        rows.writerow([last, "Monthly account fee", f"FEE{after:%y%m}", "", FEE, ""])
        open_ = open_documents().filter(currency="SAR", kind="invoice").order_by("number").first()
        if open_ is not None:
            told = f"Incoming transfer {open_.customer_name_en}"
            facts = [f"FT{after:%y%m}9999", open_.customer_name_en, "", open_.open_amount]
            rows.writerow([last, told, *facts])
        return text.getvalue()


def _morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=BUSINESS_ZONE)
