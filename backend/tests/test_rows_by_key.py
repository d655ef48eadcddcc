"""Rows that foreign keys name are asked for by their keys, however many they are."""

from django.db.models import prefetch_related_objects

from alawael.cache import tags
from alawael.cache.watch import recording
from alawael.core.ids import new_id
from alawael.stock.models import StockBalance

PRODUCT = "catalog_product"


def test_what_is_kept_hangs_on_these_rows_alone(db):
    keys = [new_id() for _ in range(3)]

    with recording() as cells:
        prefetch_related_objects([StockBalance(product_id=key) for key in keys], "product")

    assert cells == tags.read_cells_of_rows(PRODUCT, keys)


def test_there_may_be_thousands_of_them(db):
    rows = [StockBalance(product_id=new_id()) for _ in range(2000)]

    prefetch_related_objects(rows, "product")
