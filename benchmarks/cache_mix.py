"""How often the response cache helps in a mixed load: 80 % reads, 20 % writes, by route.

    python benchmarks/cache_mix.py [REQUESTS]     4,000 unless said otherwise
    WRITES=0.05 python benchmarks/cache_mix.py    another share of writes

One process with an embedded database, asked without a socket, so that the figures do not depend on
the machine. Five people read what people read: a few products and customers again and again, most
others seldom (Zipf's law), the first pages of lists, and now and then a report. A write changes the
price of a product (60 %) or the name of a customer, of the same spread, so it makes one sheet and
every list of its kind old.
"""

import os
import random
import sys
import time
from collections import Counter, defaultdict
from typing import Any

from bench import a_company, fresh_database

PRODUCTS, CUSTOMERS, PEOPLE = 60, 40, 5
WRITES = float(os.environ.get("WRITES", "0.2"))


class Shop:
    """The program with its cache, some goods, customers and people."""

    def __init__(self) -> None:
        from django.core.wsgi import get_wsgi_application

        from alawael.accounts.models import ADMIN, User
        from alawael.core.clock import now
        from config.cache_wiring import with_cache
        from testing.catalog import a_product
        from testing.parties import a_customer
        from testing.serving import token_for

        a_company()
        self.app = with_cache(get_wsgi_application())
        self.products = [str(a_product(f"LAMP-{number:03}").pk) for number in range(PRODUCTS)]
        self.customers = [
            str(a_customer(name_en=f"Customer {number}").pk) for number in range(CUSTOMERS)
        ]
        self.tokens = [
            token_for(
                User.objects.create(
                    email=f"mix{number}@alawael.test",
                    name_en=f"Mix {number}",
                    role_keys=[ADMIN],
                    created_at=now(),
                )
            )
            for number in range(PEOPLE)
        ]


def zipf(chance: random.Random, items: list[str]) -> str:
    """The first of them far more often than the last."""
    weights = [1 / (rank + 1) for rank in range(len(items))]
    return chance.choices(items, weights)[0]


def read(chance: random.Random, shop: Shop) -> str:
    kind = chance.random()
    if kind < 0.35:
        return f"/api/products/{zipf(chance, shop.products)}"
    if kind < 0.55:
        return f"/api/parties/{zipf(chance, shop.customers)}"
    if kind < 0.70:
        return "/api/products?limit=20" + chance.choice(["", "", "&q=lamp", "&sort=sku"])
    if kind < 0.80:
        return "/api/parties?limit=20"
    if kind < 0.86:
        return "/api/invoices?limit=20"
    return chance.choice(
        [
            "/api/accounts",
            "/api/company",
            "/api/dashboard",
            "/api/reports/receivables-ageing",
            "/api/units",
            "/api/warehouses",
        ]
    )


def write(chance: random.Random, shop: Shop, number: int) -> None:
    from decimal import Decimal

    from alawael.catalog.services import update_product
    from alawael.core.actors import SYSTEM
    from alawael.core.clock import now
    from alawael.parties.services import update_party

    told: dict[str, Any] = {"expected_version": None, "by": SYSTEM, "at": now()}
    if chance.random() < 0.6:
        update_product(zipf(chance, shop.products), {"price": Decimal(number % 90 + 10)}, **told)
    else:
        update_party(zipf(chance, shop.customers), {"name_en": f"Customer {number}"}, **told)


def main(requests: int) -> None:
    fresh_database()
    from testing.serving import ask

    shop, chance = Shop(), random.Random(1)  # noqa: S311 - a repeatable story
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    writes, began = 0, time.monotonic()
    for number in range(requests):
        if chance.random() < WRITES:
            write(chance, shop, number)
            writes += 1
            continue
        path = read(chance, shop)
        said = ask(shop.app, path, chance.choice(shop.tokens))
        if said.status != 200:
            raise SystemExit(f"{said.status} for {path}: {said.body[:300]!r}")
        outcomes[route_of(path)][said.cache or "-"] += 1
    seconds = time.monotonic() - began
    print(f"{requests:,} requests, {writes:,} of them writes, in {seconds:.0f} s")
    for route, counts in sorted(outcomes.items(), key=lambda one: -one[1].total()):
        show(route, counts)
    show("all reads", sum(outcomes.values(), Counter()))


def route_of(path: str) -> str:
    """`/api/products/019b…` and its like are one."""
    bare = path.partition("?")[0].removeprefix("/api")
    parts = bare.split("/")
    return "/".join("{id}" if len(part) == 36 else part for part in parts)


def show(route: str, counts: Counter[str]) -> None:
    hits, asked = counts["HIT"], counts.total()
    print(f"{route:32} {hits:>6,} hits of {asked:>6,}  {hits / asked:>6.1%}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4_000)
