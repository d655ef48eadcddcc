"""Every list asks the database the same few questions, however long it is.

The rows come from a company that has traded at random, so that documents have lines, goods and
partners of their own; a page of one row and a page of many must cost the same.
"""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alawael.catalog.models import PriceList
from alawael.core.ids import new_id
from alawael.ledger.models import JournalLine
from alawael.stock.models import Location, StockCount, StockMove
from config.api import api
from testing.cast import ApiClient
from testing.random_trade import Log, World, attempt, next_command

#: Questions of a list; the one that finds out who asks is among them.
BUDGET = 6
#: Lists that work something out for all their rows at once.
DEARER = {
    "/api/enquiries": 7,
    "/api/reports/general-ledger": 8,
    "/api/sales/backorders": 12,
    "/api/stock/products/{product_id}/card": 11,
    "/api/stock/replenishment": 10,
    "/api/stock/valuation": 9,
}
#: Lists that this company does not fill, and where their questions are counted.
ELSEWHERE = {
    "/api/auth/passkeys": "at most a handful, and only in a browser's session",
    "/api/auth/sessions": "at most a handful of one person's devices",
    "/api/auth/tokens": "one table, no joins",
    "/api/bank-statements": "payments/tests/test_bank.py",
    "/api/fiscal-years": "one row for each year",
    "/api/imports": "exchange/tests/test_api.py",
    "/api/imports/{import_id}/errors": "exchange/tests/test_api.py",
    "/api/imports/{import_id}/records": "exchange/tests/test_api.py",
    "/api/jobs": "one table, no joins",
    "/api/security/events": "one table, no joins",
}
STORIES = 32
STEPS = 12
THREE = range(3)

LISTS = sorted(
    path
    for path, methods in api.get_openapi_schema()["paths"].items()
    for parameter in methods.get("get", {}).get("parameters", [])
    if parameter["name"] == "after"
)
COUNTED = [path for path in LISTS if path not in ELSEWHERE]


@pytest.mark.slow
def test_a_long_list_asks_no_more_than_a_short_one(db):
    trade = Trade()
    reader = ApiClient(trade.world.author)
    trade.go_on(STORIES)
    furnish(trade.world, reader)
    while too_short(reader) and trade.world.stories < 4 * STORIES:
        trade.go_on(STORIES // 4)
    assert not too_short(reader), "They compare nothing; make some rows in this test."
    complaints = []
    for path in COUNTED:
        asked_for = below_a_document(path)
        (one, short), (many, long) = (questions(reader, asked_for, limit) for limit in (1, 200))
        # One more: where the only row has nothing below it, that is not asked for.
        if long > short + 1 or long > DEARER.get(path, BUDGET):
            complaints.append(f"{path}: {short} questions for {one} rows, {long} for {many}")
    assert not complaints, "\n".join(complaints)


def test_the_exceptions_are_lists():
    assert set(ELSEWHERE) | set(DEARER) <= set(LISTS)


class Trade:
    """A company that trades at random, the same each time."""

    def __init__(self):
        self.world, self.log = World.founded(), Log()

    def go_on(self, stories):
        for _ in range(stories):
            self.world.begin_story()
            dice = random.Random(self.world.stories)  # noqa: S311 - the same company each time
            for _ in range(STEPS):
                attempt(self.world, *next_command(dice, self.log), self.log, watch=False)


def too_short(reader):
    """Lists with fewer than two rows."""
    pages = {path: below_a_document(path) for path in COUNTED}
    return [path for path, asked_for in pages.items() if questions(reader, asked_for, 2)[0] < 2]


def furnish(world, client):
    """Three of everything that the commands of trade do not make."""
    product, supplier, customer = world.products[0], world.suppliers[0], world.customers[0]
    riyadh, jeddah = world.warehouses
    bins = list(Location.objects.filter(warehouse=riyadh)[:2])
    needed = {"product_id": product.pk, "quantity": "3"}
    for n in THREE:
        make(client, "/categories", name_en=f"Category {n}")
        make(client, "/views", list_key="products", name=f"View {n}", state={})
        make(client, "/requisitions", warehouse_id=riyadh.pk, lines=[needed])
        make(
            client, "/enquiries", warehouse_id=riyadh.pk, lines=[needed], supplier_ids=[supplier.pk]
        )
        make(client, "/transfers", source_id=riyadh.pk, destination_id=jeddah.pk, lines=[needed])
        make(
            client, "/sales-orders", customer_id=customer.pk, warehouse_id=riyadh.pk, lines=[needed]
        )
        make(
            client, "/supplier-products", supplier_id=supplier.pk, product_id=world.products[n].pk,
            price="9",
        )  # fmt: skip
        make(
            client, "/reorder-points", product_id=world.products[n].pk, warehouse_id=riyadh.pk,
            minimum="100000", maximum="200000",
        )  # fmt: skip
        make(
            client, "/bills", supplier_id=supplier.pk, supplier_number=f"S-{n}",
            issued_on="2026-03-01", lines=[{**needed, "unit_price": "9"}],
        )  # fmt: skip
        prices = make(client, "/price-lists", name_en=f"Prices {n}")
        for item in THREE:
            make(
                client, f"/price-lists/{prices['id']}/items", product_id=world.products[item].pk,
                price="9",
            )  # fmt: skip
    for place in bins:
        answer = client.put(
            f"/api/count-schedules/{place.pk}", {"every_days": 7}, content_type="application/json"
        )
        assert answer.status_code == 200, answer.content


def make(client, path, **values):
    answer = client.post(f"/api{path}", values, headers={"Idempotency-Key": str(new_id())})
    assert answer.status_code in (200, 201), (path, answer.content)
    return answer.json()


def below_a_document(path):
    """The list of one document, and the report of one account."""
    if path == "/api/reports/general-ledger":
        account = JournalLine.objects.order_by("id").first().account_id
        return f"{path}?account={account}&from=2026-01-01&to=2026-12-31"
    return path.format(
        count_id=StockCount.objects.order_by("id").first().pk,
        price_list_id=PriceList.objects.order_by("id").first().pk,
        product_id=StockMove.objects.order_by("id").first().product_id,
    )


def questions(reader, path, limit):
    """How many rows a page shows, and how many questions it cost."""
    mark = "&" if "?" in path else "?"
    with CaptureQueriesContext(connection) as asked:
        answer = reader.get(f"{path}{mark}limit={limit}")
    assert answer.status_code == 200, (path, answer.content)
    page = answer.json()
    return len(page["items"] if "items" in page else page["rows"]), len(asked)
