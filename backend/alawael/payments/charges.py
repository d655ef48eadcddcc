"""What a bank takes or gives by itself: fees and interest, booked from a line of its statement."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.claims import change
from alawael.core.clock import business_day
from alawael.core.errors import Refusal, Text, one_error
from alawael.core.money import ZERO, round_money
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing.queries import Purchase, also_bought
from alawael.invoicing.vat import net_of
from alawael.ledger import services as ledger
from alawael.ledger.books import Books, Posting
from alawael.ledger.models import CONTROL_ROLES, Account, AccountRole, LedgerRole
from alawael.payments.bank import LineMatched
from alawael.payments.models import BankCharge, BankLine, ChargeKind

_USUAL = {
    ChargeKind.FEE: LedgerRole.BANK_CHARGES,
    ChargeKind.INTEREST: LedgerRole.BANK_INTEREST,
}
#: Of a hundred: banks charge the standard rate on their fees.
VAT_RATE = Decimal(15)


class LineNotCharged(Refusal):
    code = "bank_line_not_charged"
    message = Text(
        "This bank line is not booked as a fee or as interest.",
        "هذا السطر غير مقيد كرسوم أو فوائد.",
    )


@unit_of_work
def book_charge(
    line: BankLine,
    *,
    kind: ChargeKind,
    has_vat: bool = False,
    account: Account | None = None,
    exchange_rate: Decimal = Decimal(1),
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> BankLine:
    """Book a line that belongs to no party: Dr BANK_CHARGES, Dr INPUT_VAT / Cr the bank's account.

    `has_vat` says that the amount includes VAT, which the bank's tax invoice entitles us to deduct;
    interest never has any (VAT regulations, Article 29). `account` is where the cost or income goes
    unless to the account of its role. Money that came in is booked the other way round. Raises
    LineMatched, RoleMissing, PeriodClosed, VersionConflict, and Invalid for an account that
    documents keep.
    """
    current = BankLine.objects.select_related("statement__account").get(pk=line.pk)
    if current.is_matched:
        raise LineMatched()
    if has_vat and kind == ChargeKind.INTEREST:
        say = Text("Interest is exempt from VAT.", "الفوائد معفاة من ضريبة القيمة المضافة.")
        raise one_error("/has_vat", "no_vat_on_interest", say)
    books = Books.open()
    goes_to = account or books.role(_USUAL[kind])
    _require_free(goes_to, current)
    taken = -round_money(current.amount * exchange_rate)
    net = net_of(taken, VAT_RATE) if has_vat else taken
    charge = BankCharge(
        kind=kind,
        line=current,
        account=goes_to,
        net=net,
        vat=taken - net,
        booked_on=current.booked_on,
        created_at=at,
        created_by=by.actor_id,
    )
    charge.entry = ledger.post(
        [
            _posting(account, amount)
            for account, amount in (
                (goes_to, net),
                (LedgerRole.INPUT_VAT, charge.vat),
                (current.statement.account, -taken),
            )
            if amount
        ],
        on=current.booked_on,
        memo=current.text or current.counterparty or current.reference,
        kind="bank_charge",
        source=current.statement,
        source_number=current.statement.reference or current.statement.file_name[:40],
        by=by,
        at=at,
        books=books,
    )
    charge.save(force_insert=True)
    change(current, expected_version=expected_version, charge=charge)
    facts = {"kind": kind, "net": net, "vat": charge.vat, "account": goes_to.code}
    audit.record(current, "bank_line.charged", by=by, at=at, changes=facts)
    return current


@unit_of_work
def take_back_charge(
    line: BankLine, *, expected_version: int | None = None, by: Actor, at: datetime
) -> BankLine:
    """It was something else: a mirror entry of today, and the line is open again.

    Raises LineNotCharged, PeriodClosed and VersionConflict.
    """
    current = BankLine.objects.select_related("charge__entry", "statement").get(pk=line.pk)
    charge = current.charge
    if charge is None:
        raise LineNotCharged()
    on = max(business_day(at), charge.booked_on)
    change(current, expected_version=expected_version, charge=None)
    change(charge, taken_back_on=on)
    ledger.reverse(
        charge.entry, on=on, memo=charge.entry.memo, source=current.statement, by=by, at=at
    )
    facts = {"kind": charge.kind, "net": charge.net, "vat": charge.vat}
    audit.record(current, "bank_line.charge_taken_back", by=by, at=at, changes=facts)
    return current


@also_bought
def _with_vat(first: date, last: date) -> Iterator[Purchase]:
    """Fees with VAT belong to the standard rated purchases of the VAT return."""
    taxed = BankCharge.objects.exclude(vat=ZERO)
    booked = taxed.filter(booked_on__gte=first, booked_on__lte=last)
    for net, vat in booked.values_list("net", "vat"):
        yield Purchase("7", amount=net, vat=vat)
    taken_back = taxed.filter(taken_back_on__gte=first, taken_back_on__lte=last)
    for net, vat in taken_back.values_list("net", "vat"):
        yield Purchase("7", adjustment=-net, vat=-vat)


def _require_free(account: Account, line: BankLine) -> None:
    kept = AccountRole.objects.filter(role__in=CONTROL_ROLES, account=account).exists()
    if kept or account.needs_party or account.pk == line.statement.account_id:
        say = Text(
            "Choose an account of costs or income; this one is kept by documents.",
            "اختر حساب مصروف أو إيراد؛ هذا الحساب تُمسكه المستندات.",
        )
        raise one_error("/account_id", "control_account", say)


def _posting(account: Account | LedgerRole, amount: Decimal) -> Posting:
    return Posting(account, debit=max(amount, ZERO), credit=max(-amount, ZERO))
