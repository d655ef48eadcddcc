"""Invoices from orders: what is due, once, exactly."""

from decimal import Decimal

import pytest

from alawael.core.actors import SYSTEM
from alawael.invoicing.advances import AdvanceUse
from alawael.invoicing.document import Kind, NoteReason, VatCategory
from alawael.invoicing.models import InvoiceLine
from alawael.invoicing.services import credit_invoice, issue_document
from alawael.ledger.models import AccountRole, JournalLine, LedgerRole
from alawael.sales import billing
from alawael.sales.models import ReturnSettlement, SalesOrderState
from alawael.sales.progress import hear_of_invoice
from testing.cast import NOON
from testing.catalog import a_service, a_unit
from testing.invoicing import a_line
from testing.sales import (
    again,
    an_order,
    came_back,
    goods,
    inspected,
    invoiced,
    line_of,
    open_for_sales,
    ordered,
    shipped,
)

pytestmark = pytest.mark.usefixtures("store")


def balance(role):
    account = AccountRole.objects.get(role=role).account_id
    lines = JournalLine.objects.filter(account_id=account)
    return sum((line.debit - line.credit for line in lines), Decimal(0))


def test_what_was_delivered_is_invoiced_once():
    order = an_order(ordered(goods(on_hand="50"), "50"), ordered(a_service(), "1"))
    shipped(order, "30")

    invoice = invoiced(again(order))

    assert (invoice.net, invoice.vat, invoice.source_number) == (650, Decimal("97.50"), "SO-000001")
    assert (line_of(order).invoiced, again(order).billing_status) == (30, "full")
    with pytest.raises(billing.NothingToBill):
        invoiced(again(order))
    with pytest.raises(billing.TooMuchToBill):
        invoiced(again(order), "1")


def test_an_order_billed_as_ordered_does_not_wait_for_its_shipment():
    order = an_order(ordered(goods(), "10"), invoice_policy="ordered")

    assert invoiced(again(order), "4").net == 80
    assert invoiced(again(order)).net == 120
    assert again(order).billing_status == "full"


def test_parts_of_a_line_carry_its_unit_and_add_up_to_its_discount():
    box = a_unit("box")
    lamp = goods(units=[{"unit_id": box.pk, "numerator": 12, "denominator": 1}], on_hand="36")
    order = an_order(
        ordered(lamp, "3", unit_id=box.pk, unit_price=Decimal(100), discount=Decimal(10))
    )

    for quantity in ("12", "7", "17"):
        shipped(again(order), quantity)
        invoiced(again(order))

    lines = InvoiceLine.objects.order_by("id")
    assert [(line.quantity, line.unit_price, line.discount) for line in lines] == [
        (1, 100, Decimal("3.33")),
        (7, Decimal("8.333333"), Decimal("1.95")),
        (17, Decimal("8.333333"), Decimal("4.72")),
    ]
    assert sum(line.net for line in lines) == 290


def test_a_shipment_is_invoiced_with_its_day_of_supply():
    order = an_order(ordered(goods(on_hand="10"), "10"))
    first, _second = shipped(order, "4"), shipped(again(order), "6")

    invoice = billing.invoice_shipment(first, by=SYSTEM, at=NOON)

    assert (invoice.net, invoice.supplied_on) == (80, first.shipped_on)
    assert again(order).billing_status == "part"


def test_an_advance_is_taken_off_the_invoice():
    order = an_order(ordered(goods(on_hand="10"), "10"))
    advance = issue_document(
        Kind.ADVANCE,
        order.customer,
        [a_line("100", tax_category=VatCategory.STANDARD)],
        money=LedgerRole.BANK,
        by=SYSTEM,
        at=NOON,
    )
    shipped(order)

    invoice = billing.invoice_order(
        again(order), advances=[AdvanceUse(advance.pk)], by=SYSTEM, at=NOON
    )

    assert (invoice.net, invoice.prepaid, invoice.open_amount) == (200, 115, 115)


def test_a_wrong_invoice_is_credited_and_issued_again():
    order = an_order(ordered(goods(on_hand="3"), "3", discount=Decimal(1)))
    shipped(order)
    wrong = invoiced(again(order))
    note = credit_invoice(wrong, None, reason=NoteReason.DETAILS_CHANGED, by=SYSTEM, at=NOON)
    hear_of_invoice(note.pk)
    assert again(order).billing_status == "none"

    right = invoiced(again(order))

    assert (right.net, right.pk != wrong.pk) == (wrong.net, True)
    assert again(order).billing_status == "full"


def test_an_order_that_is_delivered_and_billed_closes_by_itself():
    open_for_sales(closes_by_itself=True)
    order = an_order(ordered(goods(on_hand="1"), "1"))
    shipped(order)
    invoiced(again(order))

    assert again(order).state == SalesOrderState.CLOSED


def test_cost_may_wait_for_the_invoice():
    open_for_sales(cogs_timing="invoice")
    waiting, cogs = LedgerRole.GOODS_DELIVERED_NOT_INVOICED, LedgerRole.COGS
    order = an_order(ordered(goods(on_hand="10", cost="10"), "10"))
    shipment = shipped(order)
    assert (balance(waiting), balance(cogs)) == (100, 0)

    invoiced(again(order), "4")
    assert (balance(waiting), balance(cogs)) == (60, 40)
    inspected(came_back(shipment, "2"), ReturnSettlement.REFUND)
    assert (balance(waiting), balance(cogs)) == (40, 40)
    invoiced(again(order))

    assert (balance(waiting), balance(cogs), balance(LedgerRole.INVENTORY)) == (0, 80, -80)
