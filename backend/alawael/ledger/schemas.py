from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from alawael.core.paging import ListQuery
from alawael.core.schemas import Day, In, Moment, MoneyText, Out, SpanQuery
from alawael.ledger.models import AccountType, EntryKind, LedgerRole, PeriodState

AccountCode = Annotated[
    str, Field(max_length=20, pattern=r"^[0-9A-Za-z][0-9A-Za-z.\-]*$", examples=["111003"])
]
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["USD"])]
AccountName = Annotated[str, Field(max_length=120, examples=["Bank, current account"])]


class AccountQuery(ListQuery):
    type: AccountType | None = None
    is_group: bool | None = None
    is_active: bool | None = None
    parent_id: UUID | None = None
    code: str | None = Field(None, max_length=20)


class AccountIn(In):
    code: AccountCode
    name_en: AccountName = ""
    name_ar: AccountName = ""
    type: AccountType = Field(examples=["asset"])
    parent_id: UUID | None = None
    is_group: bool = False
    needs_party: bool = Field(False, description="Every line must name a party.")
    currency: CurrencyCode | None = None


class AccountChange(In):
    """What is not sent stays; `parent_id` and `currency` may be set to null."""

    code: AccountCode | None = None
    name_en: AccountName | None = None
    name_ar: AccountName | None = None
    type: AccountType | None = None
    parent_id: UUID | None = None
    is_group: bool | None = None
    is_active: bool | None = None
    needs_party: bool | None = None
    currency: CurrencyCode | None = None

    def changes(self) -> dict[str, Any]:
        sent = self.dict(exclude_unset=True)
        nullable = ("parent_id", "currency")
        return {
            name: value for name, value in sent.items() if value is not None or name in nullable
        }


class AccountOut(Out):
    id: UUID
    version: int
    code: str = Field(examples=["111003"])
    name_en: str
    name_ar: str
    type: AccountType
    parent_id: UUID | None
    parent_code: str | None = Field(None, alias="parent.code")
    is_group: bool
    is_active: bool
    needs_party: bool
    currency: str | None


class AccountNode(AccountOut):
    children: list["AccountNode"] = []


class AccountRoleIn(In):
    account_id: UUID


class AccountRoleOut(Out):
    role: LedgerRole
    version: int | None = Field(None, description="Null while no account is set.")
    account_id: UUID | None = None
    account_code: str | None = None
    account_name_en: str | None = None
    account_name_ar: str | None = None


class FiscalYearIn(In):
    year: int = Field(ge=1950, le=2150, examples=[2026])
    first_month: int = Field(1, ge=1, le=12)


class FiscalYearOut(Out):
    id: UUID
    version: int
    year: int
    starts_on: date
    ends_on: date


class PeriodQuery(ListQuery):
    year: int | None = Field(None, ge=1900, le=2199)
    state: PeriodState | None = None


class PeriodOut(Out):
    id: UUID
    version: int
    name: str = Field(examples=["2026-03"])
    year: int = Field(alias="fiscal_year.year")
    number: int
    starts_on: date
    ends_on: date
    state: PeriodState


class JournalLineIn(In):
    account_id: UUID
    debit: MoneyText = Field(Decimal("0.00"), ge=0)
    credit: MoneyText = Field(Decimal("0.00"), ge=0)
    party_id: UUID | None = None
    memo: str = Field("", max_length=300)
    currency: CurrencyCode | None = None
    amount_currency: MoneyText | None = None


class JournalEntryIn(In):
    date: Day
    memo: str = Field("", max_length=300, examples=["Rent for March"])
    kind: Literal["manual", "opening"] = "manual"
    lines: list[JournalLineIn] = Field(max_length=5000)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "date": "2026-03-31",
                    "memo": "Rent for March",
                    "lines": [
                        {
                            "account_id": "01890a5d-ac96-774b-bcce-b302099a8057",
                            "debit": "5000.00",
                        },
                        {
                            "account_id": "01890a5d-ac96-774b-bcce-b302099a8058",
                            "credit": "5000.00",
                        },
                    ],
                }
            ]
        }
    )


class ReversalIn(In):
    date: Day | None = Field(None, description="Today in Riyadh unless said otherwise.")
    memo: str = Field("", max_length=300)


class JournalEntryQuery(ListQuery):
    date_from: Day | None = None
    date_to: Day | None = None
    account_id: UUID | None = None
    party_id: UUID | None = None
    kind: str | None = Field(None, max_length=30)
    number: int | None = Field(None, ge=1, lt=2**63)
    source_id: UUID | None = None


class JournalEntryRow(Out):
    id: UUID
    number: int
    date: date
    memo: str
    kind: str = Field(examples=[EntryKind.MANUAL])
    source_type: str
    source_id: UUID | None
    source_number: str
    reverses_id: UUID | None
    total: MoneyText
    posted_at: Moment
    posted_by: UUID
    posted_by_name: str


class JournalLineOut(Out):
    account_id: UUID
    account_code: str = Field(alias="account.code")
    account_name_en: str = Field(alias="account.name_en")
    account_name_ar: str = Field(alias="account.name_ar")
    party_id: UUID | None
    party_code: str | None = Field(None, alias="party.code")
    party_name_en: str | None = Field(None, alias="party.name_en")
    party_name_ar: str | None = Field(None, alias="party.name_ar")
    debit: MoneyText
    credit: MoneyText
    memo: str
    currency: str | None
    amount_currency: MoneyText | None


class JournalEntryOut(JournalEntryRow):
    """An entry with its lines. In the answer to a dry run `number` is the one it would get."""

    reverses_number: int | None = None
    reversed_by_id: UUID | None = None
    reversed_by_number: int | None = None
    lines: list[JournalLineOut]


class ReportQuery(SpanQuery):
    format: Literal["json", "csv"] = "json"


class TrialBalanceQuery(ReportQuery):
    include_zero: bool = False


class GeneralLedgerQuery(ReportQuery):
    account: str = Field(max_length=40, description="Code or id of an account or a group.")
    party_id: UUID | None = None
    after: str | None = Field(None, max_length=60)
    limit: int = Field(50, ge=1, le=200)


class BalanceSheetQuery(Schema):
    on: Day = Field(examples=["2026-12-31"])
    format: Literal["json", "csv"] = "json"


class ReportAccountOut(Out):
    code: str
    name_en: str
    name_ar: str
    type: AccountType
    level: int
    is_group: bool


class TrialBalanceSums(Out):
    opening_debit: MoneyText
    opening_credit: MoneyText
    debit: MoneyText
    credit: MoneyText
    closing_debit: MoneyText
    closing_credit: MoneyText


class TrialBalanceRowOut(ReportAccountOut):
    opening_debit: MoneyText
    opening_credit: MoneyText
    debit: MoneyText
    credit: MoneyText
    closing_debit: MoneyText
    closing_credit: MoneyText


class TrialBalanceOut(Out):
    first: date
    last: date
    rows: list[TrialBalanceRowOut]
    totals: TrialBalanceSums


class AmountRowOut(ReportAccountOut):
    amount: MoneyText


class ProfitAndLossOut(Out):
    first: date
    last: date
    revenue: list[AmountRowOut]
    expenses: list[AmountRowOut]
    total_revenue: MoneyText
    total_expenses: MoneyText
    profit: MoneyText


class BalanceSheetOut(Out):
    on: date
    assets: list[AmountRowOut]
    liabilities: list[AmountRowOut]
    equity: list[AmountRowOut]
    profit_of_earlier_years: MoneyText
    profit_of_this_year: MoneyText
    total_assets: MoneyText
    total_liabilities: MoneyText
    total_equity: MoneyText
    difference: MoneyText = Field(description="Always 0.00; anything else is an alarm.")


class LedgerRowOut(Out):
    date: date
    entry_number: int
    kind: str
    memo: str
    account_code: str
    source_type: str
    source_number: str
    party_code: str | None
    party_name_en: str | None
    party_name_ar: str | None
    debit: MoneyText
    credit: MoneyText
    balance: MoneyText
    currency: str | None
    amount_currency: MoneyText | None


class GeneralLedgerOut(Out):
    account: ReportAccountOut
    first: date
    last: date
    opening: MoneyText = Field(description="The balance before the first row of this page.")
    rows: list[LedgerRowOut]
    closing: MoneyText = Field(description="The balance at the end of the last day.")
    next: str | None
