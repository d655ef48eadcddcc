from decimal import Decimal

import pytest

from alawael.core.claims import WrongState
from alawael.core.errors import Invalid
from alawael.purchasing import enquiries
from alawael.purchasing.drafting import Wish
from alawael.purchasing.models import Enquiry, PurchaseOrder
from testing.cast import NOON
from testing.parties import a_customer
from testing.purchasing import a_lamp, a_vendor, line_of, open_buying
from testing.stock import a_warehouse


@pytest.fixture(autouse=True)
def buying(db):
    open_buying()


def fresh(enquiry):
    return Enquiry.objects.get(pk=enquiry.pk)


def quoted(enquiry, supplier, *prices, by, **facts):
    lines = enquiry.lines.order_by("position")
    return enquiries.record_quote(
        fresh(enquiry),
        supplier.pk,
        [
            enquiries.QuotedPrice(line.pk, Decimal(price), lead_time_days=days)
            for line, (price, days) in zip(lines, prices, strict=False)
        ],
        by=by,
        at=NOON,
        **facts,
    )


@pytest.fixture
def asked(amal):
    """Lamps and shades, asked of Najd and (in dollars) of Acme."""
    najd, acme = a_vendor("Najd"), a_vendor("Acme", country="US", currency="USD")
    lines = [Wish(Decimal(10), a_lamp().pk), Wish(Decimal(20), a_lamp("SHADE").pk)]
    enquiry = enquiries.draft_enquiry(
        lines, [najd.pk, acme.pk], warehouse_id=a_warehouse().pk, by=amal, at=NOON
    )
    enquiries.send_enquiry(enquiry, by=amal, at=NOON)
    return enquiry, najd, acme


def test_quotes_are_compared_in_riyals(asked, amal):
    enquiry, najd, acme = asked
    quoted(enquiry, najd, ("40", 5), ("4", 5), by=amal)
    quoted(enquiry, acme, ("10", 30), ("2", 2), by=amal, exchange_rate=Decimal("3.75"))

    rows = enquiries.compared(fresh(enquiry))

    lamps, shades = (rows[line.pk] for line in enquiry.lines.order_by("position"))
    assert [(row.supplier_id, row.total_base) for row in lamps] == [
        (acme.pk, Decimal("375.00")), (najd.pk, Decimal("400.00")),
    ]  # fmt: skip
    assert [row.is_cheapest for row in shades] == [True, False]
    assert [row.is_fastest for row in shades] == [False, True]


def test_lines_are_awarded_to_whom_one_likes(asked, amal):
    enquiry, najd, acme = asked
    quoted(enquiry, najd, ("40", 5), ("4", 5), by=amal, reference="Q-77")
    quoted(enquiry, acme, ("10", 30), by=amal, exchange_rate=Decimal("3.75"))
    lamps, shades = enquiry.lines.order_by("position")

    with pytest.raises(enquiries.NoQuote):
        enquiries.award_enquiry(
            fresh(enquiry), [enquiries.Award(shades.pk, acme.pk)], by=amal, at=NOON
        )
    assert not PurchaseOrder.objects.exists()
    awards = [enquiries.Award(lamps.pk, acme.pk)]
    [order] = enquiries.award_enquiry(fresh(enquiry), awards, by=amal, at=NOON)

    assert (order.currency, order.exchange_rate, order.net) == ("USD", Decimal("3.75"), 100)
    assert (line_of(order).tax_category, fresh(enquiry).state) == ("O", "sent")
    with pytest.raises(enquiries.NothingToAward):
        enquiries.award_enquiry(fresh(enquiry), awards, by=amal, at=NOON)
    awards = [enquiries.Award(shades.pk, najd.pk)]
    [order] = enquiries.award_enquiry(fresh(enquiry), awards, by=amal, at=NOON)
    assert (order.reference, order.net, fresh(enquiry).state) == ("Q-77", 80, "awarded")


def test_only_suppliers_are_asked_and_only_the_asked_quote(asked, amal):
    enquiry, *_ = asked
    lines = [Wish(Decimal(1), a_lamp().pk)]

    with pytest.raises(Invalid):
        enquiries.draft_enquiry(lines, [a_customer().pk], by=amal, at=NOON)
    with pytest.raises(enquiries.NotAsked):
        quoted(enquiry, a_vendor("Stranger"), ("1", 1), by=amal)
    enquiries.close_enquiry(fresh(enquiry), reason="Not needed", by=amal, at=NOON)
    assert fresh(enquiry).state == "cancelled"
    with pytest.raises(WrongState):
        enquiries.send_enquiry(fresh(enquiry), by=amal, at=NOON)
