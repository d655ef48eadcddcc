from uuid import UUID

from alawael.core.schemas import MoneyText, Out, QuantityText


class PreviewedStock(Out):
    """What a place would gain (or, negative, lose)."""

    product_id: UUID
    sku: str
    name_en: str
    name_ar: str
    #: Empty when only the value would change.
    location_code: str
    lot_code: str | None
    quantity: QuantityText
    value: MoneyText


class PreviewedPosting(Out):
    """A line that would be posted to the ledger."""

    account_code: str
    account_name_en: str
    account_name_ar: str
    debit: MoneyText
    credit: MoneyText
    party_id: UUID | None


class CommandPreview(Out):
    """What a command would do to stock and books; `dry_run=true` answers it and changes nothing."""

    stock: list[PreviewedStock]
    journal: list[PreviewedPosting]
