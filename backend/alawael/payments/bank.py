"""What a bank says, beside what we have booked: statements are taken in and lines are matched."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.claims import WrongState, change
from alawael.core.errors import Refusal, Text
from alawael.core.sealing import sealed
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing.document import RIYAL
from alawael.ledger.models import Account
from alawael.parties import queries as parties
from alawael.parties.iban import iban_problem, ibans_in, tidy_iban, without_ibans
from alawael.parties.models import Party
from alawael.payments import queries, services
from alawael.payments.matching import bank_amount
from alawael.payments.models import (
    BankLine,
    BankStatement,
    Payment,
    PaymentKind,
    PaymentMethod,
    PaymentSide,
    StatementFormat,
)
from alawael.payments.services import AllocationWish
from alawael.payments.statement_files import CsvColumns, ReadLine, read_statement, recognise


class LineMatched(Refusal):
    code = "bank_line_matched"
    message = Text("This bank line is matched already.", "سبقت مطابقة هذا السطر.")


class LineNotMatched(Refusal):
    code = "bank_line_not_matched"
    message = Text("This bank line is not matched.", "هذا السطر غير مطابق.")


class AmountsDiffer(Refusal):
    code = "bank_amounts_differ"
    message = Text(
        "The bank says {line}, the payment {payment}.", "مبلغ البنك {line} ومبلغ الدفعة {payment}."
    )


class OtherAccount(Refusal):
    code = "bank_account_differs"
    message = Text(
        "The payment went through another account than this statement is of.",
        "مرّت الدفعة عبر حساب غير حساب هذا الكشف.",
    )


class OtherStatementCurrency(Refusal):
    code = "bank_statement_currency"
    message = Text(
        "The statement is in {statement}, the account in {account}.",
        "عملة الكشف {statement} وعملة الحساب {account}.",
    )


@dataclass(frozen=True)
class Imported:
    """A statement, whether this file was new, and how many of its lines were known before."""

    statement: BankStatement
    is_new: bool
    lines_known: int


@unit_of_work
def import_statement(
    account: Account,
    content: bytes,
    *,
    file_name: str,
    kind: StatementFormat | None = None,
    columns: CsvColumns | None = None,
    by: Actor,
    at: datetime,
) -> Imported:
    """Take a statement file in; the same file twice, or a line of an earlier one, changes nothing.

    Raises BadStatement and OtherStatementCurrency.
    """
    file_key = f"{account.pk}:{hashlib.sha256(content).hexdigest()}"
    known = BankStatement.objects.filter(file_key=file_key).select_related("account").first()
    if known is not None:
        return Imported(known, is_new=False, lines_known=known.lines.count())
    read = read_statement(content, kind, columns)
    currency = read.currency or account.currency or RIYAL
    if account.currency not in (None, currency):
        raise OtherStatementCurrency(statement=currency, account=account.currency)
    statement = BankStatement(
        account=account,
        format=kind or recognise(content),
        file_name=file_name[:200],
        file_key=file_key,
        reference=read.reference,
        currency=currency,
        starts_on=read.starts_on,
        ends_on=read.ends_on,
        opening=read.opening,
        closing=read.closing,
        created_at=at,
        created_by=by.actor_id,
    )
    statement.save(force_insert=True)
    ours = parties.own_ibans()
    lines = [_with_ibans_apart(line, ours) for line in read.lines]
    keys = _keys(account, lines)
    before = queries.known_keys(keys)
    fresh = [(key, line) for key, line in zip(keys, lines, strict=True) if key not in before]
    BankLine.objects.bulk_create(
        [
            _bank_line(statement, position, key, line)
            for position, (key, line) in enumerate(fresh, start=1)
        ]
    )
    facts = {"file": file_name, "lines": len(fresh)}
    audit.record(statement, "bank_statement.imported", by=by, at=at, changes=facts)
    return Imported(statement, is_new=True, lines_known=len(keys) - len(fresh))


def _with_ibans_apart(line: ReadLine, ours: frozenset[str]) -> ReadLine:
    """The other side's IBAN out of whatever the bank wrote, and none left in the clear."""
    written = f"{line.text} {line.reference} {line.counterparty}"
    given = tidy_iban(line.iban)
    known = [given] if given and iban_problem(given) is None else ibans_in(written)
    theirs = [iban for iban in known if iban not in ours]
    return replace(
        line,
        iban=theirs[0] if theirs else "",
        text=without_ibans(line.text),
        reference=without_ibans(line.reference),
        counterparty=without_ibans(line.counterparty),
    )


def _bank_line(statement: BankStatement, position: int, key: str, line: ReadLine) -> BankLine:
    made = BankLine(
        statement=statement,
        key=key,
        position=position,
        booked_on=line.booked_on,
        amount=line.amount,
        reference=line.reference,
        text=line.text,
        counterparty=line.counterparty,
        search_text=searchable(line.reference, line.text, line.counterparty),
    )
    made.counterparty_iban = sealed(made, counterparty_iban=line.iban)["counterparty_iban"]
    return made


@unit_of_work
def match_bank(
    line: BankLine,
    payment: Payment,
    *,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> BankLine:
    """Note that a bank line and a payment are the same; a received cheque is cleared by it.

    Raises LineMatched, PaymentMatched, AmountsDiffer, OtherAccount and WrongState.
    """
    current = BankLine.objects.select_related("statement").get(pk=line.pk)
    fresh = Payment.objects.select_related("account").get(pk=payment.pk)
    if current.is_matched:
        raise LineMatched()
    if not fresh.is_posted:
        raise WrongState(state=fresh.state)
    if fresh.is_matched:
        raise services.PaymentMatched()
    if fresh.account_id != current.statement.account_id:
        raise OtherAccount()
    expected = bank_amount(fresh, current.statement.currency)
    if current.amount != expected:
        raise AmountsDiffer(line=f"{current.amount:.2f}", payment=f"{expected:.2f}")
    change(current, expected_version=expected_version, payment=fresh)
    change(fresh, is_matched=True)
    if services.lies_in_drawer(fresh):
        services.clear_cheque(fresh, on=current.booked_on, by=by, at=at)
    facts = {"payment": fresh.number, "amount": current.amount}
    audit.record(current, "bank_line.matched", by=by, at=at, changes=facts)
    return current


@unit_of_work
def unmatch(
    line: BankLine, *, expected_version: int | None = None, by: Actor, at: datetime
) -> BankLine:
    """Take a match back. A cheque that it cleared stays cleared. Raises LineNotMatched."""
    current = BankLine.objects.get(pk=line.pk)
    if current.payment_id is None:
        raise LineNotMatched()
    payment = Payment.objects.get(pk=current.payment_id)
    change(current, expected_version=expected_version, payment=None)
    change(payment, is_matched=False)
    audit.record(current, "bank_line.unmatched", by=by, at=at, changes={"payment": payment.number})
    return current


@unit_of_work
def pay_from_line(
    line: BankLine,
    party: Party,
    wishes: Sequence[AllocationWish] = (),
    *,
    method: PaymentMethod = PaymentMethod.BANK_TRANSFER,
    side: PaymentSide | None = None,
    exchange_rate: Decimal = Decimal(1),
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Payment:
    """Post the payment that a bank line tells of, let it answer documents, and match it at once."""
    current = BankLine.objects.select_related("statement__account").get(pk=line.pk)
    if current.is_matched:
        raise LineMatched()
    payment = services.draft_payment(
        party,
        kind=PaymentKind.RECEIPT if current.amount > 0 else PaymentKind.PAYMENT,
        side=side,
        method=method,
        account=current.statement.account,
        amount=abs(current.amount),
        paid_on=current.booked_on,
        currency=current.statement.currency,
        exchange_rate=exchange_rate,
        reference=current.reference[:120],
        notes=current.text,
        by=by,
        at=at,
    )
    services.post_payment(payment, wishes, by=by, at=at)
    match_bank(line, payment, expected_version=expected_version, by=by, at=at)
    return payment


def _keys(account: Account, lines: Sequence[ReadLine]) -> list[str]:
    """A key per line; equal lines of one file are counted, because they may be two payments."""
    seen: Counter[str] = Counter()
    keys = []
    for line in lines:
        facts = "\x1f".join([str(line.booked_on), str(line.amount), line.reference, line.text])
        digest = hashlib.sha256(facts.encode()).hexdigest()[:40]
        seen[digest] += 1
        keys.append(f"{account.pk}:{digest}:{seen[digest]}")
    return keys
