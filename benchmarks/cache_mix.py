"""How often the response cache helps on a day at the office of a trading company, by route.

    python benchmarks/cache_mix.py [REQUESTS]     4,000 unless said otherwise
    WRITES=0.2 python benchmarks/cache_mix.py     another share of writes than 0.05

One process with an empty cache, asked without a socket, so that the hits do not depend on the
machine. Where the figures come from:

*Reads.* A page of the web app asks what it asks when it is opened (frontend/src/features/*/), and
nothing that the browser still holds as fresh: 15 seconds for most, minutes for units, warehouses
and saved views. Eight people of five roles, so with five views of what one may see, open the pages
of their work, each one every 30 seconds. They look at the newest documents and at the same few
products and customers far more often than at the rest (Zipf's law).

*Writes.* One of so many requests is a command. At 0.02 and 16,000 requests that is a day of some
30 sales; at 0.05 each person gives a command every five minutes all day long, a busy office; 0.2
is an extreme, a command for every second page. Nine in ten move a sale from the order to the
payment or a purchase from the order to the bill, one step at a time; one in ten changes the price
of a product or the name of a customer. Whoever wrote asks for everything around it anew, as the web
app does.

Answers that are never kept (the audit trail under each sheet) are counted apart.
"""

import logging
import os
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from bench import fresh_database

WRITES = float(os.environ.get("WRITES", "0.05"))
PRODUCTS, CUSTOMERS, SUPPLIERS, SALES, PURCHASES = 60, 40, 8, 60, 20
#: Seconds between the pages of one person, and for how long the browser holds an answer.
PACE, USUAL, FRESH = 30.0, 15.0, {"/payments/accounts": 300.0, "/salespeople": 60.0}
FRESH |= dict.fromkeys(["/units", "/categories/tree", "/views"], 300.0)
FRESH |= dict.fromkeys(["/warehouses", "/dashboard", "/accounts/tree"], 60.0)

UNITS, PLACES = "/units?limit=200", "/warehouses?is_active=true&limit=200&sort=code"
TREE = "/categories/tree"


def a_list(path: str, sort: str, views: str = "") -> list[str]:
    return [f"{path}?limit=50&sort={sort}", f"/views?list_key={views or path[1:]}&limit=200"]


def a_sheet(path: str, name: str, *others: str) -> list[str]:
    return [f"{path}/{{{name}}}", *others, f"/audit?record_id={{{name}}}&limit=10"]


PAGES = {
    "dashboard": ["/dashboard?months=12"],
    "ageing": ["/reports/receivables-ageing"],
    "orders": a_list("/sales-orders", "-ordered_on"),
    "order": a_sheet("/sales-orders", "order", PLACES, UNITS),
    "new order": [
        "/parties?is_customer=true&is_active=true&limit=20",
        "/products?is_active=true&limit=20",
        "/products/{product}",
        "/stock/availability?product_ids={product}",
        PLACES,
        UNITS,
    ],
    "shipments": a_list("/shipments", "-id"),
    "shipment": a_sheet("/shipments", "shipment", PLACES, UNITS),
    "invoices": a_list("/invoices", "-issued_on"),
    "invoice": a_sheet("/invoices", "invoice", "/payments/of-document/{invoice}"),
    "payments": a_list("/payments", "-paid_on"),
    "payment": a_sheet(
        "/payments", "payment", "/journal-entries?source_id={payment}&limit=50&sort=number"
    ),
    "products": [*a_list("/products", "sku"), TREE, UNITS],
    "product": a_sheet(
        "/products", "product", TREE, UNITS, "/stock/availability?product_ids={product}",
        "/price-lists?is_active=true&limit=50",
    ),
    "customers": a_list("/parties", "code"),
    "customer": a_sheet(
        "/parties", "customer", "/reports/receivables-ageing?party_id={customer}",
        "/invoices?customer_id={customer}&limit=5", "/salespeople?limit=200",
    ),
    "stock": [*a_list("/stock/balances", "sku", "stock"), PLACES],
    "purchase orders": a_list("/purchase-orders", "-ordered_on"),
    "purchase order": a_sheet("/purchase-orders", "purchase", PLACES),
    "receipts": a_list("/receipts", "-received_on"),
    "bills": a_list("/bills", "-issued_on"),
}  # fmt: skip

#: Who works here, and which pages they open; what stands twice is opened twice as often.
SELLING = ["orders", "orders", "order", "order", "new order", "new order", "customers"]
SELLING += ["customer", "customer", "products", "product", "invoices", "invoice"]
STORING = ["shipments", "shipments", "shipment", "shipment", "stock", "orders", "receipts"]
BUYING = ["purchase orders", "purchase orders", "purchase order", "receipts", "stock"]
COUNTING = ["invoices", "invoices", "invoice", "invoice", "payments", "payments", "payment"]
OFFICE = {
    "sales": [*SELLING, *SELLING],
    "warehouse": [*STORING, "product"],
    "purchasing": [*BUYING, "products", "product", "product"],
    "finance": [*COUNTING, "ageing", "customers", "customer", "bills"],
    "admin": ["dashboard", "dashboard", "ageing", "orders", "order", "invoices", "products"],
}
STAFF = ["sales", "sales", "sales", "warehouse", "purchasing", "finance", "finance", "admin"]


class Person:
    """Somebody at a browser, which holds for a while what it was answered."""

    def __init__(self, number: int, role: str) -> None:
        from alawael.accounts.models import User
        from alawael.core.clock import now
        from testing.serving import token_for

        email = f"mix{number}@alawael.test"
        user = User.objects.create(email=email, name_en=email, role_keys=[role], created_at=now())
        self.token, self.pages = token_for(user), OFFICE[role]
        self.held: dict[str, float] = {}

    def asks(self, page: str, shop: "Shop", clock: float) -> Iterator[str]:
        chosen = {name: zipf(shop.chance, ids) for name, ids in shop.known.items()}
        for path in PAGES[page]:
            asked = path.format(**chosen)
            lasts = FRESH.get(asked.partition("?")[0], USUAL)
            if clock - self.held.get(asked, -lasts) >= lasts:
                self.held[asked] = clock
                yield asked

    def wrote(self) -> None:
        for path in [path for path in self.held if path.partition("?")[0] not in FRESH]:
            del self.held[path]


class Shop:
    """A company in the middle of its trade, its people, and the program with its cache."""

    def __init__(self) -> None:
        from testing.catalog import a_product
        from testing.parties import a_customer, our_company
        from testing.purchasing import a_vendor
        from testing.stock import goods_on_hand

        our_company()
        self.chance = random.Random(1)  # noqa: S311 - a repeatable story
        self.products = [a_product(f"LAMP-{n:03}", price=Decimal(20 + n)) for n in range(PRODUCTS)]
        self.customers = [
            a_customer(name_en=f"Customer {n}", other_id_scheme="CRN", other_id=f"10109{n:05}")
            for n in range(CUSTOMERS)
        ]
        self.suppliers = [a_vendor(f"Supplier {n}") for n in range(SUPPLIERS)]
        for product in self.products:
            goods_on_hand(product, "100000", cost="10")
        #: What one may look at, by what the pages call it; of documents the newest first.
        self.known: dict[str, list[str]] = defaultdict(list)
        self.known["product"] = [str(product.pk) for product in self.products]
        self.known["customer"] = [str(customer.pk) for customer in self.customers]
        for begin, number in ((self.sale, SALES), (self.purchase, PURCHASES)):
            for _ in range(number):
                list(begin())
        self.under_way: list[Iterator[None]] = []
        self.people = [Person(n, role) for n, role in enumerate(STAFF)]

    def write(self, number: int) -> None:
        """One command."""
        self.chance.choice(self.people).wrote()
        kind = self.chance.random()
        if kind < 0.1:
            self.change_master_data(number)
        elif kind < 0.28 or not self.under_way:
            begin = self.sale if self.chance.random() < 0.75 else self.purchase
            self.under_way.append(begin())
            next(self.under_way[-1])
        else:
            story = self.chance.choice(self.under_way)
            if next(story, self) is self:
                self.under_way.remove(story)

    def change_master_data(self, number: int) -> None:
        from alawael.catalog.services import update_product
        from alawael.core.actors import SYSTEM
        from alawael.core.clock import now
        from alawael.parties.services import update_party

        told: dict[str, Any] = {"expected_version": None, "by": SYSTEM, "at": now()}
        if self.chance.random() < 0.6:
            product = zipf(self.chance, self.known["product"])
            update_product(product, {"price": Decimal(number % 90 + 10)}, **told)
        else:
            customer = zipf(self.chance, self.known["customer"])
            update_party(customer, {"name_en": f"Customer {number}"}, **told)

    def sale(self) -> Iterator[None]:
        """Order, confirmation, shipment, its way, invoice and payment, one command at a time."""
        from alawael.core.actors import SYSTEM
        from alawael.payments.services import post_payment
        from alawael.sales import billing, orders, shipments
        from testing.cast import NOON
        from testing.payments import a_drafted_receipt, wishes
        from testing.sales import a_draft_order, again, ordered
        from testing.stock import TODAY

        told: dict[str, Any] = {"by": SYSTEM, "at": NOON}
        customer = zipf(self.chance, self.customers)
        lines = [ordered(one, "2") for one in self.chance.sample(self.products, 3)]
        order = a_draft_order(*lines, customer=customer)
        self._made("order", order)
        yield
        orders.confirm(again(order), **told)
        yield
        shipment = shipments.create_from_order(again(order), **told)
        self._made("shipment", shipment)
        yield
        shipment = shipments.make_ready(shipment, **told)
        yield
        shipment = shipments.ship(shipment, on=TODAY, **told)
        yield
        invoice = billing.invoice_shipment(shipment, **told)
        self._made("invoice", invoice)
        yield
        payment = a_drafted_receipt(str(invoice.total), customer=customer)
        self._made("payment", payment)
        yield
        post_payment(payment, wishes(invoice), **told)
        yield

    def purchase(self) -> Iterator[None]:
        """Order, approval, receipt, its posting and bill, one command at a time."""
        from alawael.core.actors import SYSTEM
        from alawael.purchasing import billing, orders, receipts
        from testing.cast import NOON
        from testing.invoicing import MARCH
        from testing.purchasing import a_draft_order, a_wish

        told: dict[str, Any] = {"by": SYSTEM, "at": NOON}
        product = self.chance.choice(self.products)
        order = a_draft_order(a_wish(product), supplier=self.chance.choice(self.suppliers))
        self._made("purchase", order)
        yield
        order = orders.submit_order(order, **told)
        yield
        receipt = receipts.draft_receipt(order, None, **told)
        yield
        receipts.post_receipt(receipt, **told)
        yield
        number = str(order.number)
        billing.draft_bill(order, None, supplier_number=number, issued_on=MARCH, **told)
        yield

    def _made(self, name: str, document: Any) -> None:
        self.known[name].insert(0, str(document.pk))


def zipf(chance: random.Random, items: list[Any]) -> Any:
    """The first of them far more often than the last."""
    return chance.choices(items, [1 / (rank + 1) for rank in range(len(items))])[0]


def main(requests: int) -> None:
    fresh_database()
    from django.core.wsgi import get_wsgi_application

    from config.cache_wiring import with_cache
    from testing.serving import ask

    logging.disable(logging.WARNING)
    shop = Shop()
    app = with_cache(get_wsgi_application())
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    asked, writes, clock, began = 0, 0, 0.0, time.monotonic()
    while asked + writes < requests:
        clock += PACE / len(shop.people)
        person = shop.chance.choice(shop.people)
        for path in person.asks(shop.chance.choice(person.pages), shop, clock):
            said = ask(app, f"/api{path}", person.token)
            if said.status == 403:
                continue  # the web app knows what one may do, and would not have asked
            if said.status != 200:
                raise SystemExit(f"{said.status} for {path}: {said.body[:300]!r}")
            outcomes[route_of(path)][said.cache or "-"] += 1
            asked += 1
        while writes < WRITES * (asked + writes):
            shop.write(writes)
            writes += 1
    if not any("HIT" in counts for counts in outcomes.values()):
        raise SystemExit("Nothing was kept. On MongoDB the cache needs Redis (REDIS_URL).")
    seconds = time.monotonic() - began
    told = f"{clock / 60:.0f} minutes of {len(shop.people)} people, in {seconds:.0f} s"
    print(f"{asked + writes:,} requests, {writes:,} of them writes: {told}")
    never = [route for route, counts in outcomes.items() if set(counts) <= {"-", "BYPASS"}]
    kept = {route: outcomes[route] for route in outcomes if route not in never}
    for route, counts in sorted(kept.items(), key=lambda one: -one[1].total()):
        show(route, counts)
    show("all that may be kept", sum(kept.values(), Counter()))
    print(f"never kept: {sum(outcomes[route].total() for route in never):,} of {', '.join(never)}")


def route_of(path: str) -> str:
    """`/products/019b…` and its like are one; `?customer_id=` and its like are told apart."""
    bare, _, query = path.partition("?")
    name = "/".join("{id}" if len(part) == 36 else part for part in bare.split("/"))
    first = query.partition("=")[0]
    return f"{name}?{first}=…" if first.endswith(("_id", "_ids")) else name


def show(route: str, counts: Counter[str]) -> None:
    hits, asked = counts["HIT"], counts.total()
    print(f"{route:44} {hits:>6,} hits of {asked:>6,}  {hits / asked:>6.1%}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4_000)
