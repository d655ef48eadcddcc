"""The company of the demo: who works there, where, and its settings."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from alawael.accounts import queries as accounts
from alawael.accounts import services as users
from alawael.accounts.models import User
from alawael.accounts.passwords import temporary_password
from alawael.core.actors import SYSTEM
from alawael.core.clock import business_day
from alawael.core.unit_of_work import unit_of_work
from alawael.ledger.models import Account
from alawael.ledger.period_services import open_years_of
from alawael.parties import queries as parties
from alawael.parties import services as party_services
from alawael.parties.models import Party
from alawael.payments.queries import money_accounts
from alawael.stock import counts, queries, services
from alawael.stock.models import Location, Warehouse
from config.demo.goods import Goods
from config.demo.words import CITIES, COMPANY, DISTRICTS, STAFF, STREETS, City

#: Where goods from suppliers come in.
MAIN = "RUH"
DOMAIN = "wadi-alnakheel.example"


@dataclass
class Stage:
    """Everything that the year of the demo plays on."""

    dice: Random
    began: datetime
    staff: dict[str, User]
    warehouses: dict[str, Warehouse]
    bank: Account
    goods: list[Goods] = field(default_factory=list)
    suppliers: list[Party] = field(default_factory=list)
    customers: list[Party] = field(default_factory=list)

    @property
    def main(self) -> Warehouse:
        return self.warehouses[MAIN]


def an_administrator(*, at: datetime) -> tuple[str, str] | None:
    """The first user, with a password that is shown once; None when somebody is there already."""
    if not accounts.setup_needed():
        return None
    email, password = f"admin@{DOMAIN}", temporary_password()
    users.create_first_administrator(
        email=email,
        name_en="Administrator",
        name_ar="مدير النظام",
        password=password,
        language="ar",
        at=at,
    )
    return email, password


def a_stage(dice: Random, *, began: datetime, until: datetime) -> Stage:
    """Open the company: its people, its years and its warehouses."""
    staff = _staff(at=began)
    return _open(dice, staff, began=began, until=until)


def _staff(*, at: datetime) -> dict[str, User]:
    """People who can be named in documents; an administrator gives them passwords of their own."""
    found = {}
    for key, name, role in STAFF:
        outcome = users.create_user(
            email=f"{key}@{DOMAIN}",
            name_en=name.en,
            name_ar=name.ar,
            roles=[role],
            by=SYSTEM,
            authority=users.EVERYTHING,
            at=at,
        )
        found[key] = outcome.user
    return found


@unit_of_work
def _open(dice: Random, staff: dict[str, User], *, began: datetime, until: datetime) -> Stage:
    days = (business_day(began), business_day(until))
    years = [day.replace(month=1, day=1) for day in days]
    open_years_of(sorted({*years, *days}), by=SYSTEM, at=began)
    if parties.company_if_any() is None:
        party_services.set_up_company(_company(), by=SYSTEM, at=began)
    warehouses = {city.code: _a_warehouse(city, by=staff["huda"], at=began) for city in CITIES}
    for letter in "AB":
        _a_zone(warehouses[MAIN], letter, by=staff["omar"], at=began)
    services.change_settings(
        {"count_approval_above": Decimal("500.00"), "write_off_by_another": True},
        by=staff["huda"],
        at=began,
    )
    bank = next(account for account in money_accounts() if account.code == "111003")
    return Stage(dice, began, staff, warehouses, bank)


def _company() -> dict[str, object]:
    return {
        "name_en": COMPANY.en,
        "name_ar": COMPANY.ar,
        "vat_number": "310455667700003",
        "other_id_scheme": "CRN",
        "other_id": "1010765432",
        **an_address(Random(1), CITIES[0]),  # noqa: S311 - believable, not secret
    }


def an_address(dice: Random, city: City) -> dict[str, str]:
    """A national address in a city."""
    street, district = dice.choice(STREETS), dice.choice(DISTRICTS)
    return {
        "building_number": f"{dice.randrange(2000, 9000)}",
        "street_en": street.en,
        "street_ar": street.ar,
        "district_en": district.en,
        "district_ar": district.ar,
        "city_en": city.name.en,
        "city_ar": city.name.ar,
        "postal_code": f"{city.postal}{dice.randrange(200, 999)}",
        "additional_number": f"{dice.randrange(2000, 9000)}",
    }


def _a_warehouse(city: City, *, by: User, at: datetime) -> Warehouse:
    values = {
        "code": city.code,
        "name_en": f"{city.name.en} warehouse",
        "name_ar": f"مستودع {city.name.ar}",
    }
    return services.create_warehouse(values, by=by, at=at)


def _a_zone(warehouse: Warehouse, letter: str, *, by: User, at: datetime) -> Location:
    """A zone with four bins, counted every quarter."""
    zone = services.create_location(
        queries.root_of(warehouse),
        {
            "kind": "zone",
            "type": "internal",
            "code": f"{warehouse.code}-{letter}",
            "name_en": f"Zone {letter}",
            "name_ar": f"المنطقة {letter}",
        },
        by=by,
        at=at,
    )
    for number in range(1, 5):
        code = f"{warehouse.code}-{letter}-{number:02d}"
        services.create_location(
            zone,
            {"kind": "bin", "type": "internal", "code": code, "name_en": code, "name_ar": code},
            by=by,
            at=at,
        )
    return counts.schedule_count(
        zone, every_days=90, next_on=business_day(at) + timedelta(days=90), by=by, at=at
    )
