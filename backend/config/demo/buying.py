"""How the company of the demo buys: what is short is ordered, received, billed and paid."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from alawael.core.clock import business_day
from alawael.core.money import round_money
from alawael.invoicing.models import Bill
from alawael.parties.models import Party
from alawael.payments import services as payments
from alawael.payments.models import PaymentKind, PaymentMethod
from alawael.payments.services import AllocationWish
from alawael.purchasing import billing, claims, landed_cost, orders, receipts, returns, statuses
from alawael.purchasing.drafting import OrderLineDraft
from alawael.purchasing.models import CostSplit, PurchaseOrder, Receipt
from alawael.purchasing.receipts import ReceiptLineDraft
from alawael.purchasing.returns import ReturnLineDraft
from alawael.stock import queries as stock
from alawael.stock import reorder
from config.demo.calendar import Calendar
from config.demo.company import Stage
from config.demo.goods import Goods
from config.demo.words import FAMILIES

#: Goods that leave at least this fast are watched and ordered again.
FAST = 3


class Buying:
    def __init__(self, stage: Stage, calendar: Calendar) -> None:
        self.stage, self.calendar, self.dice = stage, calendar, stage.dice
        self.lama, self.huda = stage.staff["lama"], stage.staff["huda"]
        self.omar, self.maha = stage.staff["omar"], stage.staff["maha"]
        self.goods = {one.product.pk: one for one in stage.goods}

    def begin(self, at: datetime) -> None:
        """Watch what leaves fast, in the main warehouse, and look every four weeks."""
        for one in self.stage.goods:
            if one.pace >= FAST:
                facts = {
                    "product_id": one.product.pk,
                    "warehouse_id": self.stage.main.pk,
                    "minimum": Decimal(one.pace * 2),
                    "maximum": Decimal(one.pace * 9),
                    "multiple": Decimal(6),
                    "supplier_id": self._sellers_of(one)[0].pk,
                    "lead_time_days": 14,
                }
                reorder.create_reorder_point(facts, by=self.lama, at=at)
        self.calendar.later(at, 7, self.order_what_is_short)

    def order_what_is_short(self, at: datetime) -> None:
        """One order for each category of which something is short, now to one, now to another."""
        wanted: dict[int, list[OrderLineDraft]] = defaultdict(list)
        sellers: dict[int, list[Party]] = {}
        for row in reorder.suggestions(on=business_day(at)):
            one = self.goods[row.point.product_id]
            price = round_money(one.cost * self.dice.randrange(96, 106) / 100)
            line = OrderLineDraft(row.suggested, one.product.pk, unit_price=price)
            wanted[one.family.category].append(line)
            sellers[one.family.category] = self._sellers_of(one)
        for category, lines in sorted(wanted.items()):
            self._order(self.dice.choice(sellers[category]), lines, at)
        self.calendar.later(at, 28, self.order_what_is_short)

    def _sellers_of(self, one: Goods) -> list[Party]:
        """Every category has four or five suppliers."""
        number = 1 + max(family.category for family in FAMILIES)
        return self.stage.suppliers[one.family.category :: number]

    def _order(self, supplier: Party, lines: list[OrderLineDraft], at: datetime) -> None:
        due = business_day(at) + timedelta(days=14)
        order = orders.draft_order(
            supplier, lines, warehouse_id=self.stage.main.pk, expected_on=due, by=self.lama, at=at
        )
        orders.submit_order(order, by=self.lama, at=at)
        if self.dice.random() < 0.03:
            orders.cancel_order(order, reason="Found cheaper elsewhere", by=self.lama, at=at)
            return
        orders.send_order(order, by=self.lama, at=at)
        self.calendar.later(at, self.dice.randrange(6, 22), lambda at: self._receive(order.pk, at))

    def _receive(self, order_id: UUID, at: datetime) -> None:
        """What came: all of it, or a part and the rest a week later."""
        order = PurchaseOrder.objects.get(pk=order_id)
        comes_short = self.dice.random() < 0.12
        drafts = []
        for line in claims.order_lines(order.pk).values():
            left = statuses.open_to_receive(line)
            quantity = left // 2 if comes_short and left > 10 else left
            if quantity > 0 and line.product_id:
                draft = ReceiptLineDraft(line.pk, quantity)
                drafts.append(self._with_lot(draft, self.goods[line.product_id], at))
        if not drafts:
            return
        number = f"DN-{self.dice.randrange(10_000, 99_999)}"
        receipt = receipts.draft_receipt(order, drafts, delivery_note=number, by=self.omar, at=at)
        receipts.post_receipt(receipt, by=self.omar, at=at)
        if self.dice.random() < 0.08:
            self._add_freight(receipt, at)
        if comes_short:
            self.calendar.later(at, 7, lambda at: self._receive(order_id, at))
        days = self.dice.randrange(1, 6)
        self.calendar.later(at, days, lambda at: self._bill(order_id, receipt.pk, at))

    def _with_lot(self, draft: ReceiptLineDraft, one: Goods, at: datetime) -> ReceiptLineDraft:
        if one.family.expires_after_days is None:
            return draft
        lasts = one.family.expires_after_days - self.dice.randrange(60)
        on = business_day(at)
        return replace(draft, lot_code=f"L{on:%y%m%d}", expires_on=on + timedelta(days=lasts))

    def _add_freight(self, receipt: Receipt, at: datetime) -> None:
        landed_cost.add_landed_cost(
            receipt,
            amount=Decimal(self.dice.randrange(80, 420)),
            split=CostSplit.VALUE,
            description="Freight and customs clearance",
            on=business_day(at),
            by=self.maha,
            at=at,
        )

    def _bill(self, order_id: UUID, receipt_id: UUID, at: datetime) -> None:
        order = PurchaseOrder.objects.select_related("supplier").get(pk=order_id)
        if all(
            statuses.to_bill(line) <= statuses.net_billed(line)
            for line in claims.order_lines(order.pk).values()
        ):
            return  # the bill of an earlier delivery had it all
        on = business_day(at)
        bill = billing.draft_bill(
            order,
            None,
            supplier_number=f"{order.supplier.code}-{self.dice.randrange(10**5, 10**6)}",
            issued_on=on,
            due_on=on + timedelta(days=order.supplier.payment_terms_days),
            by=self.maha,
            at=at,
        )
        self._post(bill, at)
        if self.dice.random() < 0.08:
            self.calendar.later(at, 3, lambda at: self._send_back(receipt_id, at))
        days = order.supplier.payment_terms_days + self.dice.randrange(-3, 10)
        self.calendar.later(at, max(days, 1), lambda at: self._pay(bill.pk, at))

    def _post(self, bill: Bill, at: datetime) -> None:
        billing.match_bill(bill, by=self.maha, at=at)
        bill = Bill.objects.get(pk=bill.pk)
        if bill.state == "draft":
            billing.approve_bill(bill, reason="Agreed by telephone", by=self.huda, at=at)
            bill = Bill.objects.get(pk=bill.pk)
        billing.post_order_bill(bill, on=business_day(at), by=self.maha, at=at)

    def _send_back(self, receipt_id: UUID, at: datetime) -> None:
        """A few pieces of the first line that still has enough of them."""
        receipt = Receipt.objects.get(pk=receipt_id)
        lines = list(claims.receipt_lines(receipt_id=receipt.pk).values())
        free = stock.free([line.product_id for line in lines], self.stage.main)
        for line in lines:
            quantity = min(line.quantity, Decimal(2))
            if line.lot_id is None and free[line.product_id] >= 40:
                draft = returns.draft_return(
                    receipt,
                    [ReturnLineDraft(line.pk, quantity)],
                    reason="Damaged packaging",
                    by=self.omar,
                    at=at,
                )
                returns.post_return(draft, by=self.omar, at=at)
                note = returns.draft_note(
                    draft,
                    supplier_number=f"CN-{self.dice.randrange(10**5, 10**6)}",
                    issued_on=business_day(at),
                    by=self.maha,
                    at=at,
                )
                self._post(note, at)
                return

    def _pay(self, bill_id: UUID, at: datetime) -> None:
        bill = Bill.objects.select_related("supplier").get(pk=bill_id)
        if bill.open_amount <= 0:
            return
        payment = payments.draft_payment(
            bill.supplier,
            kind=PaymentKind.PAYMENT,
            method=PaymentMethod.BANK_TRANSFER,
            account=self.stage.bank,
            amount=bill.open_amount,
            paid_on=business_day(at),
            reference=bill.supplier_number,
            by=self.maha,
            at=at,
        )
        payments.post_payment(payment, [AllocationWish(bill.pk)], by=self.maha, at=at)
