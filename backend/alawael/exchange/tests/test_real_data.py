"""The whole Online Retail table, and the figures that everybody knows of it."""

import os
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Sum

from alawael.core.install import install
from alawael.core.verify import verify
from alawael.exchange.reports import reconciles
from alawael.invoicing.models import Invoice
from alawael.invoicing.queries import open_total
from alawael.stock.models import CostState, StockMove
from testing.exchange import an_upload, run, with_goods
from testing.parties import our_company

FILE = Path(__file__).parents[5] / "shared" / "data" / "online_retail.csv.gz"
LINES, TOTAL = 46_431, Decimal("1559941.57")


@pytest.mark.slow
@pytest.mark.real_data
@pytest.mark.skipif(not FILE.exists(), reason="online_retail.csv.gz is not beside the repository")
@pytest.mark.parametrize("goods", ["leave", "ship"])
def test_the_real_table_comes_in_whole(amal, noon, goods):
    if connection.vendor == "mongodb" and os.environ.get("ALAWAEL_TEST_FULL") != "true":
        pytest.skip("only on SQLite; `make full` brings it into MongoDB, which takes long")
    install()
    our_company()

    batch = an_upload(FILE.read_bytes(), by=amal, at=noon, name=FILE.name)
    if goods == "ship":
        batch = with_goods(batch, by=amal, at=noon)
    batch = run(batch, by=amal, at=noon)

    report = batch.run_report
    assert report is not None
    assert (batch.profile, batch.state) == ("online-retail", "done")
    assert report["rows"]["created"] == LINES
    assert report["amounts"]["created"] == str(TOTAL)
    assert reconciles(report)
    assert Invoice.objects.filter(kind="invoice", state="posted").count() == 1942
    assert Invoice.objects.filter(kind="credit_note", state="posted").count() == 464
    assert report["facts"]["notes_with_original"] == 342
    assert open_total() == TOTAL
    worth = CostState.objects.aggregate(sum=Sum("value"))["sum"]
    assert (worth is not None, StockMove.objects.exists()) == (goods == "ship",) * 2
    assert [finding.name for finding in verify() if not finding.holds] == []
