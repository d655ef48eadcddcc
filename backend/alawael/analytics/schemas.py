from datetime import date
from uuid import UUID

from alawael.core.schemas import MoneyText, Out
from alawael.invoicing.schemas import AgeingBuckets


class MonthRevenueOut(Out):
    month: date
    invoiced: MoneyText
    credited: MoneyText
    net: MoneyText
    documents: int


class TopOut(Out):
    id: UUID
    code: str
    name_en: str
    name_ar: str
    amount: MoneyText


class DashboardOut(Out):
    """The figures of the first page, in riyals without VAT (receivables include it)."""

    start: date
    end: date
    revenue: list[MonthRevenueOut]
    revenue_total: MoneyText
    revenue_before: MoneyText
    documents: int
    products: list[TopOut]
    customers: list[TopOut]
    receivables: AgeingBuckets
    receivables_total: MoneyText
    overdue_total: MoneyText
    drafts: int
