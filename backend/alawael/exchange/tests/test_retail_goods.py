"""Goods of imported invoices come in, leave and come back, and an undo takes all of it back."""

from decimal import Decimal

import pytest

from alawael.catalog.models import Product
from alawael.core.errors import Invalid
from alawael.core.install import install
from alawael.core.money import plain
from alawael.core.verify import verify
from alawael.exchange import queries
from alawael.exchange.models import ImportState
from alawael.invoicing.models import Invoice
from alawael.invoicing.queries import open_total
from alawael.ledger.models import AccountRole, JournalEntry, JournalLine, LedgerRole
from alawael.stock.models import (
    NOTHING,
    CostState,
    StockBalance,
    StockMove,
    StockSettings,
    Warehouse,
)
from testing.exchange import (
    RETAIL_RETURNED,
    RETAIL_ROWS,
    RETAIL_SHIPPED,
    RETAIL_TOTAL,
    a_retail_csv,
    an_upload,
    checked,
    run,
    undone,
    with_goods,
)
from testing.parties import our_company
from testing.sales import a_draft_order, ordered
from testing.stock import a_warehouse, goods_gone


@pytest.fixture
def ready(amal):
    """A fresh installation whose company is set up; it has no warehouse yet."""
    install()
    our_company()


def uploaded(amal, noon, *rows, **options):
    batch = an_upload(a_retail_csv(*rows), by=amal, at=noon)
    return with_goods(batch, by=amal, at=noon, **options)


def imported(amal, noon, *rows, **options):
    return run(uploaded(amal, noon, *rows, **options), by=amal, at=noon)


def contradictions():
    return [(finding.name, finding.contradictions) for finding in verify() if not finding.holds]


def booked(role):
    lines = JournalLine.objects.filter(account=AccountRole.objects.get(role=role).account)
    return sum((line.debit - line.credit for line in lines), Decimal(0))


def held():
    rows = StockBalance.objects.exclude(on_hand=NOTHING).select_related("product")
    return {row.product.sku: plain(row.on_hand) for row in rows}


def worth():
    return sum((state.value for state in CostState.objects.all()), Decimal(0))


def test_goods_come_in_leave_and_come_back_once(ready, amal, noon):
    given = ("538000", "99999", "GIVEN AWAY", "1", "06-01-2011 12:00", "0", "12400", "Norway")

    batch = imported(amal, noon, *RETAIL_ROWS, given)

    assert batch.run_report["amounts"]["created"] == RETAIL_TOTAL
    assert batch.run_report["facts"]["goods_moves"] == 12
    assert batch.run_report["records"]["warehouse"] == {"created": 1}
    assert open_total() == Decimal(RETAIL_TOTAL)
    assert held() == {"22941": "2", "99999": "1"}  # what C537001 and C537002 brought back
    assert worth() == booked(LedgerRole.INVENTORY) == Decimal(RETAIL_RETURNED)
    shipped = Decimal(RETAIL_SHIPPED) + Decimal("6.00")  # given away, so at the average
    assert booked(LedgerRole.OPENING_BALANCE) == -shipped
    assert booked(LedgerRole.COGS) == shipped - Decimal(RETAIL_RETURNED)
    invoice = Invoice.objects.get(external_number="536000")
    moved = StockMove.objects.filter(document_id=invoice.pk).order_by("sequence")
    assert [(row.document_number, row.value) for row in moved] == [
        ("INV-000002", Decimal("30.60")), ("INV-000002", Decimal("30.60")),
    ]  # fmt: skip
    assert moved[0].effective_on == invoice.issued_on
    assert contradictions() == []

    entries, moves = JournalEntry.objects.count(), StockMove.objects.count()
    again = imported(amal, noon, *RETAIL_ROWS, given)

    assert again.run_report["rows"]["unchanged"] == 8
    assert (JournalEntry.objects.count(), StockMove.objects.count()) == (entries, moves)
    assert not queries.imported_records(again).exists()


def test_undo_takes_stock_back_and_another_import_brings_it_again(ready, amal, noon):
    batch = undone(imported(amal, noon), by=amal, at=noon)

    assert batch.state == ImportState.UNDONE
    assert batch.undo_report is not None
    assert batch.undo_report["kept"] == {}
    assert (held(), worth(), open_total()) == ({}, 0, 0)
    assert {booked(role) for role in (LedgerRole.INVENTORY, LedgerRole.COGS)} == {Decimal(0)}
    assert not Warehouse.objects.get().is_active
    assert contradictions() == []

    imported(amal, noon)

    assert (held(), worth()) == ({"22941": "2", "99999": "1"}, Decimal(RETAIL_RETURNED))
    assert (Warehouse.objects.get().is_active, contradictions()) == (True, [])


def test_undo_leaves_what_people_have_used(ready, amal, noon):
    a_warehouse()
    batch = imported(amal, noon)
    lamp = Product.objects.get(sku="99999")
    goods_gone(lamp, "1")
    a_draft_order(ordered(Product.objects.get(sku="84029E")))

    batch = undone(batch, by=amal, at=noon)

    kept = queries.imported_records(batch).exclude(kept_code="")
    assert {(row.kind, row.key, row.kept_code) for row in kept} == {
        ("credit_note", "C537002", "not_enough_stock"),
        ("product", "84029E", "used_since"),
        ("party", "12431", "used_since"),  # whom the order is for
    }
    assert held() == {}


def test_a_check_moves_nothing_and_wrong_options_are_refused(ready, amal, noon):
    batch = checked(uploaded(amal, noon, cost_percent="45.5"), by=amal, at=noon)

    assert batch.check_report is not None
    assert batch.check_report["amounts"]["created"] == RETAIL_TOTAL
    assert not StockMove.objects.exists()
    assert not Warehouse.objects.exists()
    for wrong in ({"cost_percent": "101"}, {"warehouse": "NOWHERE"}):
        with pytest.raises(Invalid) as refused:
            uploaded(amal, noon, **wrong)
        assert [error.pointer for error in refused.value.errors] == [f"/options/{[*wrong][0]}"]


def test_a_frozen_past_is_told_before_anything_is_written(ready, amal, noon):
    StockSettings.objects.create(frozen_until="2010-12-31")

    batch = imported(amal, noon)

    assert batch.state == ImportState.FAILED
    assert not Invoice.objects.exists()
