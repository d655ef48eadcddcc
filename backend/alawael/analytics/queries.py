from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import ExtractMonth, ExtractYear

from alawael.catalog.models import Product
from alawael.core.money import ZERO
from alawael.core.sight import Sees, seen_by
from alawael.invoicing import queries as invoicing
from alawael.invoicing.document import Kind
from alawael.invoicing.models import Invoice, InvoiceLine, InvoiceState
from alawael.parties.models import Party

MONTHS = 12


@dataclass(frozen=True)
class MonthRevenue:
    """What was sold in a month, without VAT, in riyals; `credited` is what notes took back."""

    month: date
    invoiced: Decimal
    credited: Decimal
    documents: int

    @property
    def net(self) -> Decimal:
        return self.invoiced - self.credited


@dataclass(frozen=True)
class Top:
    """A product or a customer and what it brought, without VAT, in riyals."""

    id: UUID
    code: str
    name_en: str
    name_ar: str
    amount: Decimal


@dataclass(frozen=True)
class Dashboard:
    start: date
    end: date
    revenue: list[MonthRevenue]
    revenue_total: Decimal
    revenue_before: Decimal
    documents: int
    products: list[Top]
    customers: list[Top]
    receivables: dict[str, Decimal]
    receivables_total: Decimal
    overdue_total: Decimal
    drafts: int


def dashboard(
    *,
    today: date,
    end: date | None = None,
    months: int = MONTHS,
    most: int = 8,
    sight: Sees | None = None,
) -> Dashboard:
    """The figures of the `months` up to `end`; without `end`, up to the last month with sales.

    `revenue_before` is the same span before that, to compare with. With `sight` only of what
    somebody sees.
    """
    end = _month_end(end or _last_sale(sight) or today)
    start = _months_before(end.replace(day=1), months - 1)
    revenue = _revenue_by_month(start, end, sight)
    ageing = invoicing.receivables_ageing(on=today, sight=sight)
    buckets = {
        name: sum((row.buckets[name] for row in ageing), ZERO) for name, _ in invoicing.BUCKETS
    }
    return Dashboard(
        start=start,
        end=end,
        revenue=revenue,
        revenue_total=sum((month.net for month in revenue), ZERO),
        revenue_before=_net(_months_before(start, months), start - timedelta(days=1), sight),
        documents=sum(month.documents for month in revenue),
        products=_top_products(start, end, most, sight),
        customers=_top_customers(start, end, most, sight),
        receivables=buckets,
        receivables_total=sum(buckets.values(), ZERO),
        overdue_total=sum((value for name, value in buckets.items() if name != "current"), ZERO),
        drafts=seen_by(sight, Invoice.objects.filter(state=InvoiceState.DRAFT)).count(),
    )


def _posted(start: date, end: date, sight: Sees | None) -> QuerySet[Invoice]:
    found = Invoice.objects.filter(
        state=InvoiceState.POSTED, is_of_advance=False, issued_on__gte=start, issued_on__lte=end
    )
    return seen_by(sight, found)


def _revenue_by_month(start: date, end: date, sight: Sees | None) -> list[MonthRevenue]:
    sums: dict[tuple[date, bool], tuple[Decimal, int]] = {}
    rows = (
        _posted(start, end, sight)
        .values("kind", year=ExtractYear("issued_on"), month=ExtractMonth("issued_on"))
        .annotate(net_sum=Sum("net_base"), documents=Count("id"))
    )
    for row in rows:
        key = (date(row["year"], row["month"], 1), row["kind"] == Kind.CREDIT_NOTE)
        amount, documents = sums.get(key, (ZERO, 0))
        sums[key] = (amount + row["net_sum"], documents + row["documents"])
    none = (ZERO, 0)
    return [
        MonthRevenue(
            month=month,
            invoiced=sums.get((month, False), none)[0],
            credited=sums.get((month, True), none)[0],
            documents=sums.get((month, False), none)[1] + sums.get((month, True), none)[1],
        )
        for month in _months(start, end)
    ]


def _net(start: date, end: date, sight: Sees | None) -> Decimal:
    rows = _posted(start, end, sight).values("kind").annotate(net_sum=Sum("net_base"))
    return sum(
        (-row["net_sum"] if row["kind"] == Kind.CREDIT_NOTE else row["net_sum"] for row in rows),
        ZERO,
    )


def _top_products(start: date, end: date, most: int, sight: Sees | None) -> list[Top]:
    lines = InvoiceLine.objects.filter(sold_on__gte=start, sold_on__lte=end, product__isnull=False)
    sold = (
        seen_by(sight, lines)
        .values("product_id")
        .annotate(amount=Sum("revenue"))
        .order_by(F("amount").desc(), "product_id")[:most]
    )
    amounts = {row["product_id"]: row["amount"] for row in sold}
    products = Product.objects.in_bulk(list(amounts))
    return [
        Top(pk, products[pk].sku, products[pk].name_en, products[pk].name_ar, amount)
        for pk, amount in amounts.items()
    ]


def _top_customers(start: date, end: date, most: int, sight: Sees | None) -> list[Top]:
    amounts: dict[UUID, Decimal] = {}
    rows = (
        _posted(start, end, sight).values("customer_id", "kind").annotate(net_sum=Sum("net_base"))
    )
    for row in rows:
        sign = -1 if row["kind"] == Kind.CREDIT_NOTE else 1
        customer = row["customer_id"]
        amounts[customer] = amounts.get(customer, ZERO) + sign * row["net_sum"]
    best = sorted(amounts.items(), key=lambda item: (-item[1], str(item[0])))[:most]
    parties = Party.objects.in_bulk([pk for pk, _ in best])
    return [
        Top(pk, parties[pk].code, parties[pk].name_en, parties[pk].name_ar, amount)
        for pk, amount in best
    ]


def _last_sale(sight: Sees | None) -> date | None:
    posted = seen_by(sight, Invoice.objects.filter(state=InvoiceState.POSTED))
    last = posted.order_by("-issued_on", "-id").first()
    return last.issued_on if last else None


def _months(start: date, end: date) -> Iterator[date]:
    month = start
    while month <= end:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def _months_before(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
