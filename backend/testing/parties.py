"""Builders for our company, customers and suppliers."""

from typing import Any

from alawael.core.actors import SYSTEM
from alawael.parties import queries, services
from alawael.parties.models import Company, Party
from testing.cast import NOON

VAT_NUMBER = "300012345600003"
NATIONAL_ADDRESS = {
    "building_number": "7421",
    "street_en": "King Fahd Road",
    "street_ar": "طريق الملك فهد",
    "district_en": "Al Olaya",
    "district_ar": "العليا",
    "city_en": "Riyadh",
    "city_ar": "الرياض",
    "postal_code": "12211",
    "additional_number": "3288",
}


def our_company(**values: Any) -> Company:
    """Our own company, complete enough to post invoices; set up when it is not there yet."""
    complete = {
        "name_en": "Alamal Trading Company",
        "name_ar": "شركة الأمل للتجارة",
        "vat_number": VAT_NUMBER,
        "other_id_scheme": "CRN",
        "other_id": "1010123456",
        **NATIONAL_ADDRESS,
        **values,
    }
    return queries.company_if_any() or services.set_up_company(complete, by=SYSTEM, at=NOON)


def a_party(**values: Any) -> Party:
    """A Saudi business that buys from us, with its national address and without a VAT number."""
    named = {"name_en": "Anwar Trading", "name_ar": "أنوار للتجارة", **NATIONAL_ADDRESS, **values}
    return services.create_party(named, by=SYSTEM, at=NOON)


def a_customer(**values: Any) -> Party:
    return a_party(**values)


def a_supplier(**values: Any) -> Party:
    return a_party(is_customer=False, is_supplier=True, **values)


def a_person(**values: Any) -> Party:
    """A private customer, who gets simplified invoices."""
    return a_party(is_business=False, **values)
