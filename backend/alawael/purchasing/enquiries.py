"""What can happen to an enquiry: sent to several suppliers, quoted, compared, awarded."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.announcements import announce
from alawael.core.claims import insert_missing, move_state
from alawael.core.clock import business_day
from alawael.core.errors import FieldError, Invalid, Refusal, Text, one_error
from alawael.core.money import round_money
from alawael.core.numbering import take_number
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.parties import queries as parties
from alawael.parties.models import Party
from alawael.purchasing import queries
from alawael.purchasing.drafting import OrderLineDraft, Wish, wishes
from alawael.purchasing.models import (
    Enquiry,
    EnquiryLine,
    EnquiryState,
    EnquirySupplier,
    PurchaseOrder,
    SupplierQuote,
)
from alawael.purchasing.orders import draft_order, require_reason

SERIES = "enquiry"
_State = EnquiryState


class EnquiryIncomplete(Refusal):
    code = "enquiry_incomplete"
    message = Text(
        "An enquiry needs at least one line and one supplier.",
        "يحتاج طلب عروض الأسعار إلى بند ومورد على الأقل.",
    )


class NotAsked(Refusal):
    code = "supplier_not_asked"
    message = Text("This supplier was not asked.", "لم يُطلب عرض من هذا المورد.")


class NoQuote(Refusal):
    code = "no_quote"
    message = Text(
        "{supplier} has not quoted “{line}”. Enter the quote first.",
        "لم يقدم {supplier} عرضًا لـ«{line}». أدخل العرض أولًا.",
    )


class NothingToAward(Refusal):
    code = "nothing_to_award"
    message = Text("These lines have been awarded.", "تمت ترسية هذه البنود.")


@dataclass(frozen=True)
class QuotedPrice:
    """What a supplier wants for one unit of a line, without VAT; None takes the price away."""

    line_id: UUID
    price: Decimal | None
    lead_time_days: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Award:
    line_id: UUID
    supplier_id: UUID


@dataclass(frozen=True)
class ComparedQuote:
    """A quote beside the others of its line; `total_base` is in riyals, without VAT."""

    supplier_id: UUID
    price: Decimal
    currency: str
    total: Decimal
    total_base: Decimal
    lead_time_days: int | None
    note: str
    is_cheapest: bool
    is_fastest: bool


@unit_of_work
def draft_enquiry(
    lines: Sequence[Wish],
    supplier_ids: Sequence[UUID],
    *,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> Enquiry:
    """Write down what several suppliers shall quote. Raises Invalid naming what is wrong."""
    enquiry = Enquiry(
        created_at=at,
        created_by=by.actor_id,
        **{name: value for name, value in facts.items() if value is not None},
    )
    filled, asked = _fill(enquiry, lines), _asked(enquiry, supplier_ids)
    enquiry.search_text = _search_text(None, filled, asked)
    enquiry.save(force_insert=True)
    EnquiryLine.objects.bulk_create(filled)
    EnquirySupplier.objects.bulk_create(asked)
    audit.record(enquiry, "enquiry.drafted", by=by, at=at, changes={"lines": len(filled)})
    return enquiry


@unit_of_work
def edit_enquiry(
    enquiry: Enquiry,
    changes: Mapping[str, Any],
    *,
    lines: Sequence[Wish] | None = None,
    supplier_ids: Sequence[UUID] | None = None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Enquiry:
    """Change a draft; lines and suppliers that are given replace what was there."""
    differences = audit.difference(enquiry, changes)
    move_state(
        enquiry,
        frm=[_State.DRAFT],
        to=_State.DRAFT,
        expected_version=expected_version,
        **changes,
    )
    if lines is not None:
        filled = _fill(enquiry, lines)
        EnquiryLine.objects.filter(enquiry=enquiry).delete()
        EnquiryLine.objects.bulk_create(filled)
    if supplier_ids is not None:
        asked = _asked(enquiry, supplier_ids)
        EnquirySupplier.objects.filter(enquiry=enquiry).delete()
        EnquirySupplier.objects.bulk_create(asked)
    audit.record(enquiry, "enquiry.edited", by=by, at=at, changes=differences)
    return enquiry


@unit_of_work
def send_enquiry(
    enquiry: Enquiry, *, expected_version: int | None = None, by: Actor, at: datetime
) -> Enquiry:
    """Give it its number; the suppliers have it. Raises EnquiryIncomplete."""
    lines = list(enquiry.lines.order_by("position"))
    asked = list(enquiry.suppliers.select_related("supplier").order_by("position"))
    if not lines or not asked:
        raise EnquiryIncomplete()
    number = enquiry.number or f"RFQ-{take_number(SERIES):06d}"
    move_state(
        enquiry,
        frm=[_State.DRAFT],
        to=_State.SENT,
        expected_version=expected_version,
        number=number,
        search_text=_search_text(number, lines, asked),
    )
    audit.record(enquiry, "enquiry.sent", by=by, at=at, changes={"number": number})
    announce("purchasing.enquiry_sent", at=at, enquiry=enquiry.pk)
    return enquiry


@unit_of_work
def record_quote(
    enquiry: Enquiry,
    supplier_id: UUID,
    prices: Sequence[QuotedPrice],
    *,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> Enquiry:
    """Enter what a supplier answered; prices given again replace the earlier ones.

    `facts` are columns of EnquirySupplier (reference, valid_until, currency, exchange_rate,
    has_declined). Raises NotAsked, and Invalid naming each wrong price.
    """
    move_state(enquiry, frm=[_State.SENT], to=_State.SENT, expected_version=expected_version)
    asked = EnquirySupplier.objects.filter(enquiry=enquiry, supplier_id=supplier_id).first()
    if asked is None:
        raise NotAsked()
    _require_prices(enquiry, prices)
    if facts.get("exchange_rate", asked.exchange_rate) <= 0:
        message = Text("Enter more than 0.", "أدخل أكثر من صفر.")
        raise one_error("/exchange_rate", "not_positive", message)
    head = {"quoted_on": business_day(at), "has_declined": False, **facts}
    EnquirySupplier.objects.filter(pk=asked.pk).update(**head)
    lines = [price.line_id for price in prices]
    SupplierQuote.objects.filter(supplier_id=supplier_id, line_id__in=lines).delete()
    insert_missing(
        [
            SupplierQuote(
                enquiry=enquiry,
                line_id=quoted.line_id,
                supplier_id=supplier_id,
                price=quoted.price,
                lead_time_days=quoted.lead_time_days,
                note=quoted.note,
            )
            for quoted in prices
            if quoted.price is not None
        ]
    )
    changes = {"supplier": supplier_id, "prices": len(prices)}
    audit.record(enquiry, "enquiry.quoted", by=by, at=at, changes=changes)
    return enquiry


@unit_of_work
def award_enquiry(
    enquiry: Enquiry,
    awards: Sequence[Award],
    *,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> list[PurchaseOrder]:
    """Give lines to suppliers at their quoted prices: one draft order for each of them.

    Awarded when every line is. Raises NoQuote, NothingToAward, and Invalid for strange lines.
    """
    move_state(enquiry, frm=[_State.SENT], to=_State.SENT, expected_version=expected_version)
    lines = {line.pk: line for line in enquiry.lines.order_by("position")}
    heads = {
        head.supplier_id: head
        for head in EnquirySupplier.objects.filter(enquiry=enquiry).select_related("supplier")
    }
    quotes = {
        (quote.line_id, quote.supplier_id): quote
        for quote in SupplierQuote.objects.filter(enquiry=enquiry)
    }
    by_supplier: dict[UUID, list[tuple[EnquiryLine, SupplierQuote]]] = defaultdict(list)
    for index, award in enumerate(awards):
        line = _awardable(lines, award, index)
        head = heads.get(award.supplier_id)
        if head is None:
            raise NotAsked()
        quote = quotes.get((award.line_id, award.supplier_id))
        if quote is None:
            name = head.supplier.name_en or head.supplier.name_ar
            raise NoQuote(supplier=name, line=line.name_en or line.name_ar)
        line.awarded_to_id = award.supplier_id
        by_supplier[award.supplier_id].append((line, quote))
    if not by_supplier:
        raise NothingToAward()
    orders = [
        _order(enquiry, heads[supplier_id], won, by=by, at=at)
        for supplier_id, won in sorted(by_supplier.items())
    ]
    for supplier_id, won in by_supplier.items():
        EnquiryLine.objects.filter(pk__in=[line.pk for line, _ in won]).update(
            awarded_to_id=supplier_id
        )
    if all(line.awarded_to_id for line in lines.values()):
        move_state(enquiry, frm=[_State.SENT], to=_State.AWARDED)
    changes = {"orders": [order.pk for order in orders]}
    audit.record(enquiry, "enquiry.awarded", by=by, at=at, changes=changes)
    return orders


@unit_of_work
def close_enquiry(
    enquiry: Enquiry,
    *,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Enquiry:
    """End it: awarded when some line was, else cancelled."""
    require_reason(reason)
    is_awarded = enquiry.lines.filter(awarded_to__isnull=False).exists()
    move_state(
        enquiry,
        frm=[_State.DRAFT, _State.SENT],
        to=_State.AWARDED if is_awarded else _State.CANCELLED,
        expected_version=expected_version,
        reason=reason,
    )
    audit.record(enquiry, "enquiry.closed", by=by, at=at, changes={"reason": reason})
    return enquiry


def compared(enquiry: Enquiry) -> dict[UUID, list[ComparedQuote]]:
    """The quotes of each line side by side, the cheapest first."""
    heads = {head.supplier_id: head for head in enquiry.suppliers.all()}
    by_line: dict[UUID, list[SupplierQuote]] = defaultdict(list)
    for quote in enquiry.quotes.all():
        by_line[quote.line_id].append(quote)
    return {
        line.pk: _side_by_side(line, by_line.get(line.pk, []), heads)
        for line in enquiry.lines.all()
    }


# The steps above, in the order they are taken.


def _fill(enquiry: Enquiry, lines: Sequence[Wish]) -> list[EnquiryLine]:
    columns = wishes(lines)
    wanted = {line.requisition_line_id for line in lines if line.requisition_line_id}
    known = queries.requisition_lines(wanted) if wanted else {}
    errors = [
        FieldError(
            f"/lines/{index}/requisition_line_id",
            "unknown_line",
            Text("There is no such line on a requisition.", "لا يوجد بند كهذا في طلب شراء."),
        )
        for index, line in enumerate(lines)
        if line.requisition_line_id and line.requisition_line_id not in known
    ]
    if errors:
        raise Invalid(errors=errors)
    filled = []
    for line, values in zip(lines, columns, strict=True):
        values.pop("quantity")
        filled.append(
            EnquiryLine(enquiry=enquiry, requisition_line_id=line.requisition_line_id, **values)
        )
    return filled


def _asked(enquiry: Enquiry, supplier_ids: Sequence[UUID]) -> list[EnquirySupplier]:
    wanted = list(dict.fromkeys(supplier_ids))
    known: dict[UUID, Party] = parties.parties_by_id(wanted)
    errors = [
        FieldError(
            f"/supplier_ids/{index}",
            "not_a_supplier",
            Text("Choose a supplier.", "اختر موردًا."),
        )
        for index, pk in enumerate(wanted)
        if pk not in known or not (known[pk].is_supplier and known[pk].is_active)
    ]
    if errors:
        raise Invalid(errors=errors)
    return [
        EnquirySupplier(
            enquiry=enquiry,
            supplier=known[pk],
            position=position,
            currency=known[pk].currency,
        )
        for position, pk in enumerate(wanted, start=1)
    ]


def _search_text(
    number: str | None, lines: Sequence[EnquiryLine], asked: Sequence[EnquirySupplier]
) -> str:
    names = [name for line in lines[:20] for name in (line.sku, line.name_en, line.name_ar)]
    who = [name for head in asked for name in (head.supplier.name_en, head.supplier.name_ar)]
    return searchable(number, *who, *names)


def _require_prices(enquiry: Enquiry, prices: Sequence[QuotedPrice]) -> None:
    lines = set(EnquiryLine.objects.filter(enquiry=enquiry).values_list("pk", flat=True))
    errors = []
    for index, quoted in enumerate(prices):
        if quoted.line_id not in lines:
            say = Text("This line is not on the enquiry.", "هذا البند ليس في الطلب.")
            errors.append(FieldError(f"/prices/{index}/line_id", "unknown_line", say))
        if quoted.price is not None and quoted.price < 0:
            say = Text("A price is not below 0.", "لا يقل السعر عن صفر.")
            errors.append(FieldError(f"/prices/{index}/price", "negative", say))
    if errors:
        raise Invalid(errors=errors)


def _awardable(lines: Mapping[UUID, EnquiryLine], award: Award, index: int) -> EnquiryLine:
    line = lines.get(award.line_id)
    if line is None:
        message = Text("This line is not on the enquiry.", "هذا البند ليس في الطلب.")
        raise Invalid(errors=[FieldError(f"/awards/{index}/line_id", "unknown_line", message)])
    if line.awarded_to_id is not None:
        raise NothingToAward()
    return line


def _order(
    enquiry: Enquiry,
    head: EnquirySupplier,
    won: Sequence[tuple[EnquiryLine, SupplierQuote]],
    *,
    by: Actor,
    at: datetime,
) -> PurchaseOrder:
    wanted = queries.requisition_lines(
        line.requisition_line_id for line, _ in won if line.requisition_line_id
    )
    drafts = [
        OrderLineDraft(
            quantity=line.typed_quantity,
            product_id=line.product_id,
            name_en=line.name_en,
            name_ar=line.name_ar,
            unit_id=line.unit_id,
            unit_price=quote.price,
            requisition_line=(
                wanted.get(line.requisition_line_id) if line.requisition_line_id else None
            ),
        )
        for line, quote in won
    ]
    return draft_order(
        head.supplier,
        drafts,
        warehouse_id=enquiry.warehouse_id,
        expected_on=enquiry.needed_on or _promised(won, at=at),
        currency=head.currency,
        exchange_rate=head.exchange_rate,
        reference=head.reference,
        enquiry=enquiry,
        by=by,
        at=at,
    )


def _promised(won: Sequence[tuple[EnquiryLine, SupplierQuote]], *, at: datetime) -> date | None:
    """When the slowest line should be here, as the supplier says."""
    days = [quote.lead_time_days for _, quote in won if quote.lead_time_days is not None]
    if not days:
        return None
    return date.fromordinal(business_day(at).toordinal() + max(days))


def _side_by_side(
    line: EnquiryLine, quotes: Sequence[SupplierQuote], heads: Mapping[UUID, EnquirySupplier]
) -> list[ComparedQuote]:
    priced = []
    for quote in quotes:
        head = heads[quote.supplier_id]
        total = round_money(quote.price * line.typed_quantity)
        priced.append((round_money(total * head.exchange_rate), total, quote, head))
    if not priced:
        return []
    cheapest = min(base for base, *_ in priced)
    days = [quote.lead_time_days for *_, quote, _ in priced if quote.lead_time_days is not None]
    fastest = min(days) if days else None
    return [
        ComparedQuote(
            supplier_id=quote.supplier_id,
            price=quote.price,
            currency=head.currency,
            total=total,
            total_base=base,
            lead_time_days=quote.lead_time_days,
            note=quote.note,
            is_cheapest=base == cheapest,
            is_fastest=fastest is not None and quote.lead_time_days == fastest,
        )
        for base, total, quote, head in sorted(priced, key=lambda row: (row[0], row[2].pk))
    ]
