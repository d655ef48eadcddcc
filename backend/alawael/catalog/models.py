from django.db import models
from django.db.models import Q

from alawael.core.fields import QuantityField, Record, Row

#: What `Product.price` is in. Prices in other currencies stand on price lists.
PRICE_CURRENCY = "SAR"


class ProductKind(models.TextChoices):
    GOODS = "goods"
    SERVICE = "service"


class TaxCategory(models.TextChoices):
    """How VAT treats a product, in the codes of UN/ECE 5305 that ZATCA uses."""

    STANDARD = "S"
    ZERO_RATED = "Z"
    EXEMPT = "E"
    OUT_OF_SCOPE = "O"


class Unit(Record):
    """What quantities are counted in."""

    code = models.CharField(max_length=20)
    #: The code as it is compared.
    code_folded = models.CharField(max_length=40, unique=True)
    name_en = models.CharField(max_length=60, default="")
    name_ar = models.CharField(max_length=60, default="")
    #: Pieces cannot be halved.
    is_whole = models.BooleanField(default=False)
    #: UN/ECE Recommendation 20, for electronic invoices.
    unece_code = models.CharField(max_length=3, default="")
    is_active = models.BooleanField(default=True)
    search_text = models.TextField(default="")


class Category(Record):
    """A branch of the product tree."""

    name_en = models.CharField(max_length=120, default="")
    name_ar = models.CharField(max_length=120, default="")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    #: The ids from the root down to this one, "/a/b/": a branch is everything that starts with it.
    path = models.CharField(max_length=400)
    depth = models.PositiveIntegerField(default=0)
    #: Its place among its siblings.
    position = models.PositiveIntegerField(default=0)
    #: Moves on whenever a child comes in, so that two moves at once collide instead of crossing.
    arrivals = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    search_text = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["path"], name="categories_by_path"),
            models.Index(fields=["parent", "position"], name="categories_of_a_parent"),
        ]


class Product(Record):
    """Goods or a service that we buy or sell."""

    sku = models.CharField(max_length=80)
    #: The SKU as it is compared, so that "lamp-1" and "LAMP-1" are one.
    sku_folded = models.CharField(max_length=160, unique=True)
    name_en = models.CharField(max_length=300, default="")
    name_ar = models.CharField(max_length=300, default="")
    description_en = models.TextField(default="")
    description_ar = models.TextField(default="")
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, related_name="products"
    )
    kind = models.CharField(max_length=8, choices=ProductKind, default=ProductKind.GOODS)
    #: What stock is counted in, and what the price is for.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    #: For one unit, without VAT.
    price = QuantityField(default=0)
    tax_category = models.CharField(max_length=1, choices=TaxCategory, default=TaxCategory.STANDARD)
    #: Why it is not taxed at the standard rate, such as VATEX-SA-32.
    exemption_code = models.CharField(max_length=40, default="")
    exemption_reason_en = models.CharField(max_length=300, default="")
    exemption_reason_ar = models.CharField(max_length=300, default="")
    is_active = models.BooleanField(default=True)
    search_text = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["name_en", "id"], name="products_by_english_name"),
            models.Index(fields=["name_ar", "id"], name="products_by_arabic_name"),
            models.Index(fields=["price", "id"], name="products_by_price"),
        ]


class ProductUnit(Row):
    """A further unit of a product: one of it is numerator/denominator stock units, exactly."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    numerator = models.PositiveBigIntegerField()
    denominator = models.PositiveBigIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "unit"], name="one_factor_per_product_unit"),
            models.CheckConstraint(
                condition=Q(numerator__gt=0, denominator__gt=0), name="unit_factors_are_positive"
            ),
        ]


class Barcode(Row):
    """A code that a scanner reads: it names the product and what it is packed in."""

    code = models.CharField(max_length=80, unique=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="barcodes")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")


class PriceList(Record):
    """Prices for everybody or for one customer, for a time or for good."""

    name_en = models.CharField(max_length=120, default="")
    name_ar = models.CharField(max_length=120, default="")
    currency = models.CharField(max_length=3, default=PRICE_CURRENCY)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    #: The currency whose default list this is; null for all others.
    default_for = models.CharField(max_length=3, null=True, unique=True)
    #: The higher one wins where several lists have a price.
    priority = models.IntegerField(default=0)
    #: The customer it was made for. An id only: parties stand on the same floor.
    party_id = models.UUIDField(null=True)
    is_active = models.BooleanField(default=True)
    search_text = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["currency", "is_active"], name="price_lists_of_a_currency"),
            models.Index(fields=["party_id"], name="price_lists_of_a_party"),
            models.Index(fields=["name_en", "id"], name="price_lists_by_english_name"),
            models.Index(fields=["name_ar", "id"], name="price_lists_by_arabic_name"),
        ]

    @property
    def is_default(self) -> bool:
        """Whether it is asked after all other lists of its currency."""
        return self.default_for is not None


class PriceListItem(Record):
    """A price of one product in one unit, from a quantity on."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="list_prices")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    min_quantity = QuantityField(default=0)
    #: For one unit, without VAT, in the currency of the list.
    price = QuantityField()
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "product", "unit", "min_quantity", "valid_from"],
                name="one_price_per_quantity_and_start",
            ),
        ]
        indexes = [models.Index(fields=["product", "price_list"], name="list_prices_of_a_product")]
