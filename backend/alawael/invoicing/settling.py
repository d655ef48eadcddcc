"""How invoices and bills are answered: by payments, notes and write-offs, never beyond."""

from decimal import Decimal

from django.db.models import F

from alawael.core.errors import Refusal, Text
from alawael.core.fields import MoneyField
from alawael.core.groups import groups_of
from alawael.core.money import ZERO, plain, round_money
from alawael.invoicing.models import Bill, Invoice


class SettledTooHigh(Refusal):
    code = "settled_too_high"
    message = Text(
        "Only {left} of {number} is still open; {wanted} was asked for.",
        "المتبقي من {number} هو {left} والمطلوب {wanted}.",
    )


class NotOpen(Refusal):
    code = "document_not_open"
    message = Text(
        "Only a posted document can be paid or settled.",
        "لا يمكن سداد أو تسوية إلا مستند مرحّل.",
    )


def open_in_riyals(document: Invoice | Bill, amount: Decimal) -> Decimal:
    """What `amount` of a document's open amount stands for in the ledger, in riyals.

    At the document's own exchange rate; the last part takes the halalas that rounding left.
    """
    left: Decimal = document.total_base - document.settled_base
    if amount == document.open_amount:
        return left
    return min(round_money(amount * document.exchange_rate), left)


def settle(document: Invoice | Bill, amount: Decimal, amount_base: Decimal) -> None:
    """Answer `amount` of a posted document (`amount_base` in riyals), inside the caller's unit.

    One conditional update, so that many payments at once never answer more than there is. Raises
    NotOpen and SettledTooHigh. The object follows its row.
    """
    if not document.is_posted:
        raise NotOpen()
    rows = type(document)._default_manager.filter(
        **groups_of(document),
        pk=document.pk,
        state=document.state,
        settled__lte=document.payable - amount,
        settled_base__lte=document.total_base - amount_base,
    )
    won = amount > 0 and rows.update(
        settled=F("settled") + MoneyField.steps(amount),
        settled_base=F("settled_base") + MoneyField.steps(amount_base),
    )
    document.refresh_from_db(fields=["settled", "settled_base", "state"])
    if not won:
        raise SettledTooHigh(
            number=document.number or "", left=plain(document.open_amount), wanted=plain(amount)
        )


def unsettle(document: Invoice | Bill, amount: Decimal, amount_base: Decimal) -> None:
    """Open `amount` again that was settled before; raises RuntimeError when it never was."""
    won = (
        type(document)
        ._default_manager.filter(
            **groups_of(document),
            pk=document.pk,
            settled__gte=amount,
            settled_base__gte=min(amount_base, ZERO),
        )
        .update(
            settled=F("settled") - MoneyField.steps(amount),
            settled_base=F("settled_base") - MoneyField.steps(amount_base),
        )
    )
    if not won:
        raise RuntimeError(f"{document.number} was never settled by {amount}.")
    document.refresh_from_db(fields=["settled", "settled_base"])
