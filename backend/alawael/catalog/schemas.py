from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from ninja import Field

from alawael.catalog.models import ProductKind, TaxCategory
from alawael.catalog.queries import PriceQuote
from alawael.core.schemas import Day, In, Out, Patch, QuantityText

Position = Annotated[int | None, Field(ge=0, le=100_000)]
Priority = Annotated[int, Field(ge=-1000, le=1000)]
CurrencyCode = Annotated[
    str, Field(max_length=3, examples=["SAR"], description="ISO 4217, three letters.")
]
Factor = Annotated[int, Field(ge=1, le=10**9, examples=[12])]


class UnitIn(In):
    code: str = Field(max_length=20, examples=["box"])
    name_en: str = Field("", max_length=60, examples=["Box"])
    name_ar: str = Field("", max_length=60, examples=["صندوق"])
    is_whole: bool = Field(False, description="Counted in whole numbers only.")
    unece_code: str = Field(
        "", max_length=3, examples=["XBX"], description="UN/ECE Recommendation 20."
    )
    is_active: bool = True


class UnitPatch(Patch, UnitIn):
    code: str = Field("", max_length=20, examples=["box"])


class UnitOut(Out):
    id: UUID
    version: int
    code: str
    name_en: str
    name_ar: str
    is_whole: bool
    unece_code: str
    is_active: bool


class CategoryIn(In):
    name_en: str = Field("", max_length=120, examples=["Lamps"])
    name_ar: str = Field("", max_length=120, examples=["مصابيح"])
    parent_id: UUID | None = None
    position: Position = Field(None, description="Its place among its siblings; the end if null.")


class CategoryPatch(Patch):
    name_en: str = Field("", max_length=120, examples=["Lamps"])
    name_ar: str = Field("", max_length=120, examples=["مصابيح"])
    is_active: bool = True


class CategoryMove(In):
    parent_id: UUID | None = Field(None, description="Null moves it to the top.")
    position: Position = None


class CategoryOut(Out):
    id: UUID
    version: int
    name_en: str
    name_ar: str
    parent_id: UUID | None
    depth: int
    position: int
    is_active: bool


class CategoryNodeOut(Out):
    category: CategoryOut
    products: int = Field(description="Active products in this category itself.")
    branch_products: int = Field(description="Active products in the whole branch.")
    children: "list[CategoryNodeOut]"


class CategoryTreeOut(Out):
    items: list[CategoryNodeOut]


class ProductUnitIn(In):
    """One of this unit is numerator/denominator stock units."""

    unit_id: UUID
    numerator: Factor
    denominator: Factor = 1


class ProductUnitOut(Out):
    unit_id: UUID
    numerator: int
    denominator: int


class BarcodeIn(In):
    code: str = Field(min_length=1, max_length=80, examples=["6281000000014"])
    unit_id: UUID | None = Field(None, description="What it is printed on; null: the stock unit.")


class BarcodeOut(Out):
    code: str
    unit_id: UUID


class ProductIn(In):
    sku: str = Field(min_length=1, max_length=80, examples=["LAMP-1"])
    name_en: str = Field("", max_length=300, examples=["Desk lamp"])
    name_ar: str = Field("", max_length=300, examples=["مصباح مكتب"])
    description_en: str = Field("", max_length=4000)
    description_ar: str = Field("", max_length=4000)
    category_id: UUID | None = None
    kind: ProductKind = ProductKind.GOODS
    unit_id: UUID = Field(description="The stock unit; the price is for one of it.")
    price: QuantityText = Field(
        Decimal(0), examples=["49.5"], description="Without VAT, in riyals."
    )
    tax_category: TaxCategory = TaxCategory.STANDARD
    exemption_code: str = Field("", max_length=40, examples=["VATEX-SA-32"])
    exemption_reason_en: str = Field("", max_length=300)
    exemption_reason_ar: str = Field("", max_length=300)
    is_active: bool = True
    units: list[ProductUnitIn] = Field([], max_length=20)
    barcodes: list[BarcodeIn] = Field([], max_length=50)


class ProductPatch(Patch):
    """Only what is sent changes; `units` and `barcodes` are replaced as whole lists."""

    sku: str = Field("", min_length=1, max_length=80, examples=["LAMP-1"])
    name_en: str = Field("", max_length=300)
    name_ar: str = Field("", max_length=300)
    description_en: str = Field("", max_length=4000)
    description_ar: str = Field("", max_length=4000)
    category_id: UUID | None = None
    kind: ProductKind = ProductKind.GOODS
    unit_id: UUID = UUID(int=0)
    price: QuantityText = Field(Decimal(0), examples=["49.5"])
    tax_category: TaxCategory = TaxCategory.STANDARD
    exemption_code: str = Field("", max_length=40)
    exemption_reason_en: str = Field("", max_length=300)
    exemption_reason_ar: str = Field("", max_length=300)
    is_active: bool = True
    units: list[ProductUnitIn] = Field([], max_length=20)
    barcodes: list[BarcodeIn] = Field([], max_length=50)


class ProductOut(Out):
    id: UUID
    version: int
    sku: str
    name_en: str
    name_ar: str
    description_en: str
    description_ar: str
    category_id: UUID | None
    kind: ProductKind
    unit_id: UUID
    price: QuantityText
    tax_category: TaxCategory
    exemption_code: str
    exemption_reason_en: str
    exemption_reason_ar: str
    is_active: bool
    units: list[ProductUnitOut]
    barcodes: list[BarcodeOut]


class ScannedOut(Out):
    """What a scanner read: a product, in the unit that the code is printed on."""

    code: str
    unit: UnitOut
    product: ProductOut


class PriceListIn(In):
    name_en: str = Field("", max_length=120, examples=["Wholesale"])
    name_ar: str = Field("", max_length=120, examples=["أسعار الجملة"])
    currency: CurrencyCode = "SAR"
    valid_from: Day | None = None
    valid_to: Day | None = None
    is_default: bool = Field(False, description="Asked last, after all other lists.")
    priority: Priority = Field(0, description="Of several lists the highest wins.")
    party_id: UUID | None = Field(None, description="The customer it is for; null: everybody.")
    is_active: bool = True


class PriceListPatch(Patch, PriceListIn):
    """Only what is sent changes."""


class PriceListOut(Out):
    id: UUID
    version: int
    name_en: str
    name_ar: str
    currency: str
    valid_from: date | None
    valid_to: date | None
    is_default: bool
    priority: int
    party_id: UUID | None
    is_active: bool


class PriceListItemIn(In):
    product_id: UUID
    unit_id: UUID | None = Field(None, description="Null: the product's stock unit.")
    min_quantity: QuantityText = Field(
        Decimal(0), examples=["100"], description="From how many on."
    )
    price: QuantityText = Field(examples=["44.9"], description="For one unit, without VAT.")
    valid_from: Day | None = None
    valid_to: Day | None = None


class PriceListItemPatch(Patch):
    min_quantity: QuantityText = Field(Decimal(0), examples=["100"])
    price: QuantityText = Field(Decimal(0), examples=["44.9"])
    valid_from: Day | None = None
    valid_to: Day | None = None


class PriceListItemOut(Out):
    id: UUID
    version: int
    price_list_id: UUID
    product_id: UUID
    sku: str = Field(alias="product.sku")
    product_name_en: str = Field(alias="product.name_en")
    product_name_ar: str = Field(alias="product.name_ar")
    unit_id: UUID
    min_quantity: QuantityText
    price: QuantityText
    valid_from: date | None
    valid_to: date | None


class PriceQuoteOut(Out):
    product_id: UUID = Field(alias="product.id")
    unit_id: UUID = Field(alias="unit.id")
    quantity: QuantityText
    currency: str
    price: QuantityText = Field(description="For one unit, without VAT.")
    rule: str = Field(
        examples=["customer_list"],
        description="customer_list, price_list, default_list or product.",
    )
    explanation_en: str
    explanation_ar: str
    price_list_id: UUID | None
    item_id: UUID | None
    is_converted: bool = Field(description="Whether the price was for another unit.")

    @staticmethod
    def resolve_explanation_en(quote: PriceQuote) -> str:
        return quote.explanation.en

    @staticmethod
    def resolve_explanation_ar(quote: PriceQuote) -> str:
        return quote.explanation.ar

    @staticmethod
    def resolve_price_list_id(quote: PriceQuote) -> Any:
        return quote.price_list and quote.price_list.pk

    @staticmethod
    def resolve_item_id(quote: PriceQuote) -> Any:
        return quote.item and quote.item.pk
