"""Goods and prices are everybody's, but for the price lists of single parties."""

from django.db.models import Q

from alawael.accounts.policy import Sight, free, limited_by, named
from alawael.catalog.models import Category, PriceList, PriceListItem


def _of_seen_parties(sight: Sight, path: str) -> Q:
    if not sight.own_customers:
        return Q()
    return Q(**{f"{path}__isnull": True}) | Q(**{f"{path}__in": sight.seen_parties()})


limited_by(PriceList, special=lambda sight: _of_seen_parties(sight, "party_id"))
limited_by(PriceListItem, special=lambda sight: _of_seen_parties(sight, "price_list__party_id"))
named(price_list_id=PriceList, item_id=PriceListItem, parent_id=Category)
free("product_id", "product_ids", "unit_id", "category_id", "branch_id")
