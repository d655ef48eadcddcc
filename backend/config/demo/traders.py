"""Whom the company of the demo buys from and sells to."""

from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any

from alawael.core.actors import Actor
from alawael.core.unit_of_work import unit_of_work
from alawael.parties import services
from alawael.parties.models import Party
from config.demo.company import an_address
from config.demo.words import (
    BUYING_TRADES,
    CITIES,
    FAMILY_NAMES,
    FIRST_NAMES,
    HOUSES,
    SELLING_TRADES,
    City,
    Name,
)

SUPPLIERS, CUSTOMERS, PEOPLE = 60, 180, 20


@unit_of_work
def enter_traders(dice: Random, *, by: Actor, at: datetime) -> tuple[list[Party], list[Party]]:
    """Suppliers, and customers: businesses and a few private people."""
    cities = [city for city in CITIES for _ in range(city.weight)]
    selling = dice.sample(_names(SELLING_TRADES), SUPPLIERS)
    buying = dice.sample(_names(BUYING_TRADES), CUSTOMERS)
    people = dice.sample(
        [
            Name(f"{first.en} {last.en}", f"{first.ar} {last.ar}")
            for first in FIRST_NAMES
            for last in FAMILY_NAMES
        ],
        PEOPLE,
    )
    suppliers = [
        {
            **_a_business(dice, name, dice.choice(cities), number),
            "is_customer": False,
            "is_supplier": True,
            "payment_terms_days": dice.choice((30, 30, 45, 60)),
        }
        for number, name in enumerate(selling, start=1)
    ]
    customers = [
        {
            **_a_business(dice, name, dice.choice(cities), SUPPLIERS + number),
            "payment_terms_days": dice.choice((0, 15, 30, 30, 45)),
            "credit_limit": dice.choice((None, None, Decimal("2000000.00"))),
        }
        for number, name in enumerate(buying, start=1)
    ]
    private = [
        {**_named(name), **an_address(dice, dice.choice(cities)), "is_business": False}
        for name in people
    ]
    entered = services.create_parties([*suppliers, *customers, *private], by=by, at=at)
    return entered[:SUPPLIERS], entered[SUPPLIERS:]


def _names(trades: tuple[Name, ...]) -> list[Name]:
    return [
        Name(f"{house.en} {trade.en} Company", f"شركة {house.ar} {trade.ar}")
        for house in HOUSES
        for trade in trades
    ]


def _a_business(dice: Random, name: Name, city: City, number: int) -> dict[str, Any]:
    return {
        **_named(name),
        **an_address(dice, city),
        "vat_number": f"3{dice.randrange(10**8, 10**9)}{number:04d}3",
        "other_id_scheme": "CRN",
        "other_id": f"10{dice.randrange(10**7, 10**8)}",
        "phone": f"+9665{dice.randrange(10**7, 10**8)}",
    }


def _named(name: Name) -> dict[str, str]:
    return {"name_en": name.en, "name_ar": name.ar}
