"""Customers and suppliers from a table."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models

from alawael.core.errors import Text
from alawael.exchange.columns import CellError, Column
from alawael.exchange.profiles.base import ItemRefused, Mark, Profile, RowError, Session
from alawael.exchange.profiles.masters import MasterPhase, by_key
from alawael.exchange.tables import SourceRow
from alawael.parties import queries, rules, services
from alawael.parties.models import OtherIdScheme, Party

_NUMBER = ("other_id", "other_id_scheme")


def _text(name: str, en: str, ar: str, example: str, *synonyms: str, longest: int = 200) -> Column:
    return Column(name, Text(en, ar), example=example, synonyms=tuple(synonyms), longest=longest)


def _flag(name: str, en: str, ar: str, example: str, *synonyms: str) -> Column:
    return Column(name, Text(en, ar), kind="flag", example=example, synonyms=tuple(synonyms))


class _Parties(MasterPhase):
    key = "parties"
    label = Text("Customers and suppliers", "العملاء والموردون")
    kind = "party"
    keys = ("code", "vat_number")
    columns = (
        _text("code", "Code", "الرمز", "C-1042", "customer code", "customer no", "customer id",
              "supplier code", "account no", "رمز العميل", "رقم العميل", "كود العميل", longest=40),
        _text("name_en", "Name (English)", "الاسم بالإنجليزية", "Anwar Trading", "name",
              "customer name", "supplier name", "company", "english name"),
        _text("name_ar", "Name (Arabic)", "الاسم بالعربية", "أنوار للتجارة", "الاسم", "اسم العميل",
              "اسم المورد", "arabic name"),
        _text("vat_number", "VAT number", "الرقم الضريبي", "300012345600003", "vat", "tax number",
              "trn", "vat no", "رقم ضريبة القيمة المضافة", longest=30),
        Column("other_id_scheme", Text("Kind of other number", "نوع الرقم الآخر"), kind="choice",
               example="CRN", choices={value: value for value in OtherIdScheme.values}),
        _text("other_id", "Other number", "رقم آخر", "1010123456", "cr", "commercial registration",
              "cr number", "السجل التجاري", "رقم السجل التجاري", longest=60),
        _text("building_number", "Building number", "رقم المبنى", "7421", "building no",
              longest=20),
        _text("street_en", "Street (English)", "الشارع بالإنجليزية", "King Fahd Road", "street",
              "address"),
        _text("street_ar", "Street (Arabic)", "الشارع بالعربية", "طريق الملك فهد", "الشارع",
              "العنوان"),
        _text("district_en", "District (English)", "الحي بالإنجليزية", "Al Olaya", "district",
              longest=120),
        _text("district_ar", "District (Arabic)", "الحي بالعربية", "العليا", "الحي", longest=120),
        _text("city_en", "City (English)", "المدينة بالإنجليزية", "Riyadh", "city", longest=120),
        _text("city_ar", "City (Arabic)", "المدينة بالعربية", "الرياض", "المدينة", longest=120),
        _text("postal_code", "Postal code", "الرمز البريدي", "12211", "zip", "post code",
              longest=20),
        _text("additional_number", "Additional number", "الرقم الإضافي", "3288", longest=20),
        _text("country", "Country", "الدولة", "SA", "country code", "البلد", longest=2),
        _text("email", "E-mail", "البريد الإلكتروني", "info@anwar.example", "mail", longest=254),
        _text("phone", "Phone", "الهاتف", "+966 11 000 0000", "mobile", "telephone", "الجوال",
              "رقم الهاتف", longest=40),
        _flag("is_customer", "Customer", "عميل", "yes", "is customer"),
        _flag("is_supplier", "Supplier", "مورد", "no", "is supplier", "vendor"),
        _flag("is_business", "Business", "منشأة", "yes", "is business"),
        Column("credit_limit", Text("Credit limit", "حد الائتمان"), kind="money", example="50000"),
        Column("payment_terms_days", Text("Payment terms (days)", "مدة السداد (أيام)"),
               kind="number", decimals=0, example="30", synonyms=("payment terms", "مدة السداد")),
        _text("currency", "Currency", "العملة", "SAR", longest=3),
        Column("language", Text("Language", "اللغة"), kind="choice", example="ar",
               choices={"arabic": "ar", "العربية": "ar", "english": "en", "الإنجليزية": "en"}),
        _flag("is_active", "Active", "نشط", "yes", "is active"),
        _text("notes", "Notes", "ملاحظات", "", "remarks", longest=4000),
    )  # fmt: skip

    def find(self, keys: Mapping[str, set[str]]) -> dict[Any, models.Model]:
        codes = queries.parties_by_code(keys["code"])
        holders = queries.active_holders(keys["vat_number"])
        return by_key("code", codes.items()) | by_key(
            "vat_number", ((party.vat_number, party) for party in reversed(holders))
        )

    def fields(self, values: Mapping[str, Any], row: SourceRow, session: Session) -> dict[str, Any]:
        fields = rules.tidied(values)
        if (days := fields.get("payment_terms_days")) is not None:
            fields["payment_terms_days"] = _whole(days, row)
        return fields

    def create(self, values: Mapping[str, Any], session: Session) -> Party:
        return services.create_party(values, by=session.by, at=session.at)

    def change(self, record: Party, changes: Mapping[str, Any], session: Session) -> Party:
        return services.update_party(
            record.pk, changes, expected_version=record.version, by=session.by, at=session.at
        )

    def _mark(self, pk: UUID, key: str, action: str, changes: Mapping[str, Any]) -> Mark:
        """The number of a person is kept sealed in the party and nowhere else, so an undo leaves
        it as it is."""
        if "other_id" in changes and queries.party(pk).personal_id:
            told = {name: value for name, value in changes.items() if name not in _NUMBER}
            return super()._mark(pk, key, action, told)
        return super()._mark(pk, key, action, changes)


def _whole(days: Decimal, row: SourceRow) -> int:
    if not 0 <= days <= rules.LONGEST_TERMS:
        message = Text("Enter 0 to 3650 days.", "أدخل من 0 إلى 3650 يومًا.")
        raise ItemRefused([RowError(row, CellError("payment_terms_days", "out_of_range", message))])
    return int(days)


class PartiesProfile(Profile):
    key = "parties"
    label = _Parties.label
    description = Text(
        "One row per customer or supplier, found again by its code or VAT number. "
        "Empty cells and missing columns change nothing.",
        "صف لكل عميل أو مورد، يُعرف برمزه أو رقمه الضريبي. الخلايا الفارغة والأعمدة "
        "الناقصة لا تغيّر شيئًا.",
    )
    columns = _Parties.columns
    any_of = _Parties.keys
    phases = (_Parties(),)
