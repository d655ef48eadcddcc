"""How the company of the demo sells: offers and orders, deliveries, invoices, money and returns."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from alawael.core.clock import business_day
from alawael.core.money import round_money
from alawael.invoicing.models import Invoice
from alawael.parties.models import Party
from alawael.payments import services as payments
from alawael.payments.models import Payment, PaymentKind, PaymentMethod
from alawael.payments.services import AllocationWish
from alawael.sales import billing, orders, queries, returns, shipments
from alawael.sales.drafting import OrderedLine
from alawael.sales.models import CustomerReturn, ReturnSettlement, SalesOrder, Shipment
from alawael.sales.returns import ReturnedLine, Verdict
from alawael.stock import queries as stock
from alawael.stock.models import Warehouse
from config.demo.calendar import WEEKEND, Calendar
from config.demo.company import Stage
from config.demo.goods import Goods
from config.demo.words import CITIES

#: Orders a working day, in tenths: business grows, and rests in the summer.
PACE = {1: 8, 2: 8, 3: 9, 4: 9, 5: 9, 6: 7, 7: 6, 8: 7, 9: 9, 10: 10, 11: 11, 12: 11}
CITY_OF = {city.name.en: city.code for city in CITIES}


class Selling:
    def __init__(self, stage: Stage, calendar: Calendar) -> None:
        self.stage, self.calendar, self.dice = stage, calendar, stage.dice
        self.salem, self.omar = stage.staff["salem"], stage.staff["omar"]
        self.maha, self.yasser = stage.staff["maha"], stage.staff["yasser"]
        #: Those who buy often stand in it often.
        self.buyers = [
            customer
            for number, customer in enumerate(stage.customers)
            for _ in range(1 + 60 // (number + 5))
        ]
        self.wanted = [one for one in stage.goods for _ in range(one.pace)]

    def begin(self, at: datetime) -> None:
        self.calendar.later(at, 1, self.take_orders)

    def take_orders(self, at: datetime) -> None:
        """The orders of a day."""
        tenths = PACE[business_day(at).month]
        number = tenths // 10 + (self.dice.randrange(10) < tenths % 10)
        for _ in range(number):
            self._take_order(at)
        if business_day(at).weekday() not in WEEKEND:
            self.calendar.later(at, 1, self.take_orders)

    def _take_order(self, at: datetime) -> None:
        customer = self.dice.choice(self.buyers)
        warehouse = self.stage.warehouses[CITY_OF[customer.city_en]]
        lines = self._lines(customer, warehouse)
        if not lines:
            return
        order = orders.create_order(customer, lines, warehouse=warehouse, by=self.salem, at=at)
        if self.dice.random() < 0.15:
            orders.send_quote(order, by=self.salem, at=at)
            if self.dice.random() < 0.6:
                self.calendar.later(at, 3, lambda at: self._confirm(order.pk, at))
            elif self.dice.random() < 0.5:
                self.calendar.later(at, 9, lambda at: self._lose(order.pk, at))
        else:
            self._confirm(order.pk, at)

    def _lines(self, customer: Party, warehouse: Warehouse) -> list[OrderedLine]:
        """Some of what is there; now and then more than that."""
        tried = {one.product.pk: one for one in self.dice.sample(self.wanted, 14)}
        free = stock.free(tried, warehouse)
        there = [pk for pk in tried if free[pk] >= 1]
        lines: list[OrderedLine] = []
        for pk in there[: self.dice.randrange(1, 6)]:
            quantity = min(free[pk], Decimal(self._quantity(tried[pk], customer)))
            if len(lines) > 1 and self.dice.random() < 0.02:
                quantity = free[pk] + 12
            percent = Decimal(5) if self.dice.random() < 0.1 else None
            lines.append(OrderedLine(pk, quantity, discount_percent=percent))
        return lines

    def _quantity(self, one: Goods, customer: Party) -> int:
        return self.dice.randrange(1, 4 if not customer.is_business else 4 + one.pace * 3)

    def _lose(self, order_id: UUID, at: datetime) -> None:
        order = SalesOrder.objects.get(pk=order_id)
        orders.cancel(order, reason="Bought elsewhere", by=self.salem, at=at)

    def _confirm(self, order_id: UUID, at: datetime) -> None:
        order = SalesOrder.objects.get(pk=order_id)
        orders.confirm(order, by=self.salem, at=at)
        days = self.dice.randrange(1, 4)
        self.calendar.later(at, days, lambda at: self._ship(order_id, at))

    def _ship(self, order_id: UUID, at: datetime) -> None:
        order = SalesOrder.objects.get(pk=order_id)
        if not any(line.open_to_ship > 0 for line in queries.order_lines(order)):
            return
        if not stock.reservations(document_id=order.pk).exists():
            return
        shipment = shipments.create_from_order(order, only_reserved=True, by=self.omar, at=at)
        shipments.make_ready(shipment, by=self.omar, at=at)
        shipments.ship(shipment, on=business_day(at), by=self.omar, at=at)
        days = self.dice.randrange(1, 3)
        self.calendar.later(at, days, lambda at: self._deliver(shipment.pk, at))

    def _deliver(self, shipment_id: UUID, at: datetime) -> None:
        """It arrives, and the invoice goes out."""
        rows = Shipment.objects.select_related("order__customer")
        shipment = rows.get(pk=shipment_id)
        shipments.confirm_delivery(shipment, on=business_day(at), by=self.yasser, at=at)
        invoice = billing.invoice_shipment(shipment, by=self.maha, at=at)
        self._expect_money(invoice, shipment.order.customer, at)
        if self.dice.random() < 0.06:
            days = self.dice.randrange(4, 12)
            self.calendar.later(at, days, lambda at: self._take_back(shipment_id, at))

    def _expect_money(self, invoice: Invoice, customer: Party, at: datetime) -> None:
        """Most pay when it is due, some late, some in two parts, a few not at all."""
        luck, terms = self.dice.random(), customer.payment_terms_days
        if luck < 0.06:
            return
        late = self.dice.randrange(15, 75) if luck < 0.24 else self.dice.randrange(-2, 8)
        half = luck > 0.93
        self.calendar.later(
            at, max(terms + late, 0), lambda at: self._get_money(invoice.pk, half, at)
        )

    def _get_money(self, invoice_id: UUID, half: bool, at: datetime) -> None:
        invoice = Invoice.objects.select_related("customer").get(pk=invoice_id)
        if invoice.open_amount <= 0:
            return
        amount = round_money(invoice.open_amount / 2) if half else invoice.open_amount
        is_cheque = self.dice.random() < 0.08
        payment = payments.draft_payment(
            invoice.customer,
            kind=PaymentKind.RECEIPT,
            method=PaymentMethod.CHEQUE if is_cheque else PaymentMethod.BANK_TRANSFER,
            account=self.stage.bank,
            amount=amount,
            paid_on=business_day(at),
            reference=invoice.number,
            by=self.maha,
            at=at,
        )
        payments.post_payment(payment, [AllocationWish(invoice.pk)], by=self.maha, at=at)
        if half:
            self.calendar.later(at, 30, lambda at: self._get_money(invoice_id, False, at))
        if is_cheque:
            self.calendar.later(at, 4, lambda at: self._cash_cheque(payment.pk, invoice_id, at))

    def _cash_cheque(self, payment_id: UUID, invoice_id: UUID, at: datetime) -> None:
        payment = Payment.objects.get(pk=payment_id)
        on = business_day(at)
        if self.dice.random() < 0.15:
            payments.bounce(
                payment, reason="Not covered", on=on, fee=Decimal("25.00"), by=self.maha, at=at
            )
            self.calendar.later(at, 20, lambda at: self._get_money(invoice_id, False, at))
        else:
            payments.clear_cheque(payment, on=on, by=self.maha, at=at)

    def _take_back(self, shipment_id: UUID, at: datetime) -> None:
        """The customer sends some of the first line back, and gets money for it."""
        shipment = Shipment.objects.select_related("order").get(pk=shipment_id)
        line = queries.shipment_lines(shipment)[0]
        if line.quantity < 2:
            return
        back = returns.create_return(
            shipment.order,
            [ReturnedLine(line.pk, Decimal(1))],
            reason="Damaged on arrival",
            by=self.salem,
            at=at,
        )
        returns.approve(back, by=self.salem, at=at)
        self.calendar.later(at, 3, lambda at: self._inspect(back.pk, at))

    def _inspect(self, return_id: UUID, at: datetime) -> None:
        on = business_day(at)
        back = CustomerReturn.objects.select_related("warehouse").get(pk=return_id)
        returns.receive(back, on=on, by=self.omar, at=at)
        is_good = self.dice.random() < 0.6
        verdicts = [
            Verdict(
                line.pk,
                ReturnSettlement.REFUND,
                restocked=line.quantity if is_good else Decimal(0),
                scrapped=Decimal(0) if is_good else line.quantity,
            )
            for line in queries.return_lines(back)
        ]
        returns.inspect(back, verdicts, on=on, by=self.omar, at=at)
        returns.credit(back, by=self.maha, at=at)
        returns.close(back, by=self.salem, at=at)
