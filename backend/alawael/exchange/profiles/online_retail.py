"""The invoices of an earlier system, one row per invoice line: the "Online Retail" table.

Products come from the stock codes, customers from the customer ids. Every document number becomes
a posted invoice or, when it starts with C, a credit note; it is kept as the external number, while
the legal number comes from our series, in the order of the documents' dates. On request, goods are
received and shipped with their invoices and come back with credit notes (goods.py).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from alawael.catalog import queries as catalog
from alawael.catalog import services as catalog_services
from alawael.catalog.models import Product, ProductKind
from alawael.core.clock import business_day
from alawael.core.errors import Text
from alawael.core.money import ZERO
from alawael.exchange import goods, queries
from alawael.exchange.columns import CellError, Column, Options, read_cells
from alawael.exchange.models import ImportedAction
from alawael.exchange.profiles.base import (
    CHANGED,
    CREATED,
    UNCHANGED,
    ItemRefused,
    Mark,
    Outcome,
    Phase,
    Preparation,
    Profile,
    RowError,
    Session,
)
from alawael.exchange.profiles.countries import country_code
from alawael.exchange.profiles.masters import folded
from alawael.exchange.profiles.products import default_unit
from alawael.exchange.staging import Item, Sorted
from alawael.exchange.tables import SourceRow
from alawael.invoicing import services as invoicing
from alawael.invoicing.document import Kind, NoteReason
from alawael.invoicing.drafting import DraftLine
from alawael.invoicing.models import Invoice, InvoiceLine, InvoiceState
from alawael.ledger import period_services as periods
from alawael.parties import queries as parties
from alawael.parties import services as party_services
from alawael.parties.models import SAUDI_ARABIA, Party

#: Stock codes that are no goods but what was charged or allowed for.
CHARGES = {
    "POST": Text("Postage", "رسوم البريد"),
    "DOT": Text("Dotcom postage", "رسوم بريد المتجر الإلكتروني"),
    "C2": Text("Carriage", "رسوم النقل"),
    "M": Text("Manual", "بند يدوي"),
    "D": Text("Discount", "خصم"),
    "S": Text("Samples", "عينات"),
    "B": Text("Bad debt adjustment", "تسوية ديون معدومة"),
    "CRUK": Text("Charity commission", "عمولة خيرية"),
    "PADS": Text("Packing pads", "وسائد تغليف"),
    "BANK CHARGES": Text("Bank charges", "رسوم مصرفية"),
    "AMAZONFEE": Text("Marketplace fee", "عمولة المتجر الإلكتروني"),
}
CODE_OF_WALK_IN = "WALK-IN"
WALK_IN = Text("Walk-in customer", "عميل نقدي")
CREDIT_NOTE_MARK = "C"

_COLUMNS = (
    Column("document", Text("Invoice number", "رقم الفاتورة"), required=True, example="536389",
           synonyms=("InvoiceNo", "Invoice", "invoice no"), longest=50),
    Column("product", Text("Stock code", "رمز الصنف"), required=True, example="22941",
           synonyms=("StockCode", "sku", "item code"), longest=80),
    Column("description", Text("Description", "الوصف"), example="CHRISTMAS LIGHTS 10 REINDEER",
           longest=300),
    Column("quantity", Text("Quantity", "الكمية"), kind="number", required=True, example="6",
           synonyms=("qty",)),
    Column("moment", Text("Invoice date", "تاريخ الفاتورة"), kind="moment", required=True,
           example="01-12-2010 10:03", synonyms=("InvoiceDate", "date")),
    Column("unit_price", Text("Unit price", "سعر الوحدة"), kind="number", required=True,
           example="8.5", synonyms=("UnitPrice", "price")),
    Column("customer", Text("Customer id", "رقم العميل"), example="12431",
           synonyms=("CustomerID", "customer"), longest=40),
    Column("country", Text("Country", "الدولة"), example="Australia", longest=60),
)  # fmt: skip
_AMOUNT_COLUMNS = [column for column in _COLUMNS if column.name in ("quantity", "unit_price")]

_NEGATIVE_PRICE = Text("A price cannot be below zero.", "لا يمكن أن يكون السعر أقل من صفر.")
_WRONG_SIGN = Text(
    "An invoice needs quantities above zero, a credit note (C…) below zero.",
    "يجب أن تكون كميات الفاتورة أكبر من صفر وكميات الإشعار الدائن (C…) أقل من صفر.",
)
_TWO_CUSTOMERS = Text(
    "The lines of this document name different customers.",
    "تشير بنود هذا المستند إلى عملاء مختلفين.",
)
_OTHER_CONTENT = Text(
    "This number was imported before with another content; a posted document never changes.",
    "سبق استيراد هذا الرقم بمحتوى آخر، والمستند المرحّل لا يتغير.",
)
_BESIDE_REFUSED = Text(
    "Not imported, because other lines of the document were refused.",
    "لم يُستورد لأن بنودًا أخرى من المستند رُفضت.",
)


@dataclass
class Foreseen:
    """What only the whole file tells."""

    names: dict[str, Counter[str]] = field(default_factory=dict)
    countries: dict[str, Counter[str]] = field(default_factory=dict)
    days: set[Any] = field(default_factory=set)

    def name_of(self, code: str) -> str:
        """The most frequent description; of equally frequent ones the first."""
        return _most(self.names.get(code, Counter()))

    def country_of(self, customer: str) -> str:
        return _most(self.countries.get(customer, Counter()))


def _most(counted: "Counter[str]") -> str:
    return counted.most_common(1)[0][0] if counted else ""


def _foreseen(session: Session) -> Foreseen:
    return cast(Foreseen, session.foreseen["retail"])


# Products


class _Products(Phase):
    key = "products"
    label = Text("Products", "المنتجات")
    counts_rows = False

    def sort(self, row: SourceRow, session: Session) -> Sorted | None:
        code = _code(session.cells(row))
        return Sorted(code) if code else None

    def look_up(self, items: Sequence[Item], session: Session) -> None:
        _look_up_products({item.key for item in items}, session)

    def carry_out_together(self, items: Sequence[Item], session: Session) -> list[Outcome] | None:
        known: dict[str, Product] = session.found["products"]
        if not all(product.is_active for product in known.values()):
            return None
        new = [item.key for item in items if item.key not in known]
        values = [_product_values(code, session) for code in new]
        made = catalog_services.create_products(values, by=session.by, at=session.at) if new else []
        products = {code: product.pk for code, product in zip(new, made, strict=True)}
        return [
            Outcome(
                CREATED, [Mark("product", products[item.key], item.key, ImportedAction.CREATED)]
            )
            if item.key in products
            else Outcome(UNCHANGED)
            for item in items
        ]

    def carry_out(self, item: Item, session: Session) -> Outcome:
        if (existing := session.found["products"].get(item.key)) is not None:
            if existing.is_active:
                return Outcome(UNCHANGED)
            changes = {"is_active": True}
            catalog_services.update_product(
                existing.pk, changes, expected_version=None, by=session.by, at=session.at
            )
            return _brought_back("product", existing.pk, item.key)
        product = _make_product(item.key, session)
        mark = Mark("product", product.pk, item.key, ImportedAction.CREATED)
        return Outcome(CREATED, [mark])


def _brought_back(kind: str, pk: UUID, key: str) -> Outcome:
    """What an undo took out of use is needed again."""
    changes = {"is_active": [False, True]}
    return Outcome(CHANGED, [Mark(kind, pk, key, ImportedAction.CHANGED, changes)])


def _code(cells: Mapping[str, str]) -> str:
    return cells["product"].strip().upper()


def _look_up_products(codes: set[str], session: Session) -> None:
    session.found["products"] = dict(catalog.products_by_sku(codes))


def _product(code: str, session: Session) -> Product:
    """The product of a code. Only a rehearsal has to make it here: its phases leave no trace."""
    found: dict[str, Product] = session.found["products"]
    if code not in found:
        found[code] = _make_product(code, session)
    return found[code]


def _make_product(code: str, session: Session) -> Product:
    values = _product_values(code, session)
    return catalog_services.create_product(values, by=session.by, at=session.at)


def _product_values(code: str, session: Session) -> dict[str, Any]:
    name = _foreseen(session).name_of(code)
    charge = CHARGES.get(code)
    return {
        "sku": code,
        "unit_id": default_unit(session).pk,
        "name_en": name or (charge.en if charge else code),
        "name_ar": charge.ar if charge else "",
        "kind": ProductKind.SERVICE if charge else ProductKind.GOODS,
    }


# Customers


class _Customers(Phase):
    key = "customers"
    label = Text("Customers", "العملاء")
    counts_rows = False

    def sort(self, row: SourceRow, session: Session) -> Sorted | None:
        return Sorted(_customer_code(session.cells(row)))

    def look_up(self, items: Sequence[Item], session: Session) -> None:
        _look_up_customers({item.key for item in items}, session)

    def carry_out(self, item: Item, session: Session) -> Outcome:
        if (existing := session.found["customers"].get(item.key)) is not None:
            if existing.is_active:
                return Outcome(UNCHANGED)
            party_services.update_party(
                existing.pk,
                {"is_active": True},
                expected_version=None,
                by=session.by,
                at=session.at,
            )
            return _brought_back("party", existing.pk, item.key)
        customer = _make_customer(item.key, session)
        mark = Mark("party", customer.pk, item.key, ImportedAction.CREATED)
        several = len(_foreseen(session).countries.get(item.key, ())) > 1
        is_one = item.key != CODE_OF_WALK_IN
        facts = {"customers_of_several_countries": 1} if several and is_one else {}
        return Outcome(CREATED, [mark], facts=facts)


def _customer_code(cells: Mapping[str, str]) -> str:
    return cells.get("customer", "").strip().upper() or CODE_OF_WALK_IN


def _look_up_customers(codes: set[str], session: Session) -> None:
    session.found["customers"] = dict(parties.parties_by_code(codes))


def _customer(code: str, session: Session) -> Party:
    found: dict[str, Party] = session.found["customers"]
    if code not in found:
        found[code] = _make_customer(code, session)
    return found[code]


def _make_customer(code: str, session: Session) -> Party:
    if code == CODE_OF_WALK_IN:
        values = {
            "name_en": WALK_IN.en,
            "name_ar": WALK_IN.ar,
            "is_business": False,
            "notes": "Stands for everybody whom an imported table does not name.",
        }
    else:
        country = _foreseen(session).country_of(code)
        others = [name for name in _foreseen(session).countries.get(code, ()) if name != country]
        notes = f"Country in the imported table: {country}." if country else ""
        if others:
            notes += f" Also: {', '.join(others)}."
        values = {
            "name_en": f"Customer {code}",
            "name_ar": f"العميل {code}",
            "country": country_code(country) or SAUDI_ARABIA,
            "notes": notes,
            "language": "en",
        }
    return party_services.create_party({"code": code, **values}, by=session.by, at=session.at)


# Documents


@dataclass(frozen=True)
class _Line:
    row: SourceRow
    code: str
    description: str
    quantity: Decimal
    unit_price: Decimal

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.unit_price


@dataclass(frozen=True)
class _Document:
    number: str
    customer: str
    countries: frozenset[str]
    issued_at: datetime
    has_several_moments: bool
    lines: Sequence[_Line]

    @property
    def is_note(self) -> bool:
        return self.number.startswith(CREDIT_NOTE_MARK)

    @property
    def total(self) -> Decimal:
        """As our documents have it: positive on every kind."""
        return abs(sum((round(line.amount, 2) for line in self.lines), ZERO))


class _Documents(Phase):
    key = "documents"
    label = Text("Documents", "المستندات")

    def sort(self, row: SourceRow, session: Session) -> Sorted | None:
        cells = session.cells(row)
        number = cells["document"].strip().upper()
        values, _ = read_cells([_MOMENT], cells, session.options)
        moment = values["moment"]
        order = moment.isoformat() if isinstance(moment, datetime) else ""
        return Sorted(number or f"row:{row.number}", order)

    def look_up(self, items: Sequence[Item], session: Session) -> None:
        cells = [session.cells(row) for item in items for row in item.rows]
        _look_up_products({code for row in cells if (code := _code(row))}, session)
        _look_up_customers({_customer_code(row) for row in cells}, session)
        session.found["documents"] = _documents_here([item.key for item in items])

    def carry_out(self, item: Item, session: Session) -> Outcome:
        document = _read(item, session)
        here: _Here = session.found["documents"]
        if (existing := here.live.get(item.key)) is not None:
            if not _is_same(existing, document, session):
                raise ItemRefused(_for_all(item, "other_content", _OTHER_CONTENT))
            return Outcome(UNCHANGED)
        # A number whose document was taken back may come again, as its second edition.
        edition = here.undone.get(item.key, 0) + 1
        external_number = item.key if edition == 1 else f"{item.key} ({edition})"
        if "desk" not in session.found:
            session.found["desk"] = invoicing.Desk.open()
            if session.options.ships_goods:
                session.found["gate"] = goods.Gate.open(session.options)
        if document.is_note:
            return self._note(item, document, external_number, session)
        return self._invoice(item, document, external_number, session)

    def _invoice(
        self, item: Item, document: _Document, external_number: str, session: Session
    ) -> Outcome:
        posted = _issue(Kind.INVOICE, document, external_number, session)
        facts = _oddities(document) | _move_goods(posted, document, session)
        mark = Mark("invoice", posted.pk, item.key, ImportedAction.POSTED)
        return Outcome(CREATED, [mark], facts=facts)

    def _note(
        self, item: Item, document: _Document, external_number: str, session: Session
    ) -> Outcome:
        original, credits = _original_of(document, session)
        if original is None:
            note = _issue(Kind.CREDIT_NOTE, document, external_number, session)
        else:
            note = invoicing.credit_invoice(
                original,
                credits,
                reason=NoteReason.REFUNDED,
                desk=session.found["desk"],
                by=session.by,
                at=session.at,
                **_facts(document, external_number),
                issued_at=document.issued_at,
            )
        facts = _oddities(document) | _move_goods(note, document, session)
        if not session.rehearsing:
            # A rehearsal does not see the invoices of earlier chunks, so it cannot count them.
            facts["notes_with_original" if original else "notes_without_original"] = 1
        mark = Mark("credit_note", note.pk, item.key, ImportedAction.POSTED)
        return Outcome(CREATED, [mark], facts=facts)

    def amount(self, item: Item, session: Session) -> Decimal:
        return sum((_amount(row, session) for row in item.rows), ZERO)


_MOMENT = next(column for column in _COLUMNS if column.name == "moment")


def _read(item: Item, session: Session) -> _Document:
    """The document of an item. Raises ItemRefused that names every faulty cell and every row."""
    errors: list[RowError] = []
    lines: list[_Line] = []
    moments: list[datetime] = []
    customers: set[str] = set()
    countries: set[str] = set()
    is_note = item.key.startswith(CREDIT_NOTE_MARK)
    for row in item.rows:
        values, faults = session.values(_COLUMNS, row)
        if not faults:
            faults = _sense(values, is_note)
        errors += [RowError(row, fault) for fault in faults]
        if faults:
            continue
        moments.append(cast(datetime, values["moment"]))
        customers.add(_customer_code(session.cells(row)))
        countries |= {str(country) for country in [values.get("country")] if country}
        lines.append(
            _Line(
                row,
                _code(session.cells(row)),
                str(values.get("description") or ""),
                cast(Decimal, values["quantity"]),
                cast(Decimal, values["unit_price"]),
            )
        )
    if len(customers) > 1:
        errors += _for_all(item, "several_customers", _TWO_CUSTOMERS)
    if errors:
        raise ItemRefused(_with_the_rest(item, errors))
    return _Document(
        item.key,
        customers.pop(),
        frozenset(countries),
        min(moments),
        len(set(moments)) > 1,
        lines,
    )


def _sense(values: Mapping[str, Any], is_note: bool) -> list[CellError]:
    faults = []
    quantity = values["quantity"]
    if quantity == 0 or (quantity < 0) != is_note:
        faults.append(CellError("quantity", "wrong_sign", _WRONG_SIGN))
    if values["unit_price"] < 0:
        faults.append(CellError("unit_price", "negative", _NEGATIVE_PRICE))
    return faults


def _with_the_rest(item: Item, errors: list[RowError]) -> list[RowError]:
    """Every row of a refused document is listed, faulty itself or not."""
    named = {error.row.number for error in errors}
    fault = CellError("", "document_refused", _BESIDE_REFUSED)
    return errors + [RowError(row, fault) for row in item.rows if row.number not in named]


def _for_all(item: Item, code: str, message: Text) -> list[RowError]:
    return [RowError(row, CellError("", code, message)) for row in item.rows]


@dataclass(frozen=True)
class _Here:
    """Documents of these numbers that are in the books already, and how many were taken back."""

    live: Mapping[str, Invoice]
    undone: Mapping[str, int]


def _documents_here(numbers: list[str]) -> _Here:
    undone = queries.documents_taken_back(numbers)
    editions = {
        (number if count == 0 else f"{number} ({count + 1})"): number
        for number in numbers
        for count in [undone.get(number, 0)]
    }
    found = Invoice.objects.filter(external_number__in=list(editions)).select_related("customer")
    return _Here({editions[str(row.external_number)]: row for row in found}, undone)


def _is_same(existing: Invoice, document: _Document, session: Session) -> bool:
    return (
        existing.is_posted
        and (existing.kind == Kind.CREDIT_NOTE) == document.is_note
        and existing.total == document.total
        and existing.issued_at == document.issued_at
        and folded(existing.customer.code) == folded(document.customer)
    )


def _issue(kind: Kind, document: _Document, external_number: str, session: Session) -> Invoice:
    products = {line.code: _product(line.code, session) for line in document.lines}
    facts: dict[str, Any] = _facts(document, external_number)
    if kind == Kind.CREDIT_NOTE:
        facts["reason"] = NoteReason.REFUNDED
    return invoicing.issue_document(
        kind,
        _customer(document.customer, session),
        [
            DraftLine(
                product_id=products[line.code].pk,
                name_en=line.description or None,
                quantity=abs(line.quantity),
                unit_price=line.unit_price,
            )
            for line in document.lines
        ],
        products={product.pk: product for product in products.values()},
        due_on=business_day(document.issued_at),
        is_export=True,
        issued_at=document.issued_at,
        desk=session.found["desk"],
        by=session.by,
        at=session.at,
        **facts,
    )


def _move_goods(posted: Invoice, document: _Document, session: Session) -> dict[str, int]:
    """Let the goods follow their document, when that was asked for."""
    if not session.options.ships_goods:
        return {}
    products = [_product(line.code, session) for line in document.lines]
    follow = goods.bring_back if document.is_note else goods.ship
    moves = follow(
        posted,
        {product.pk: product for product in products},
        session.found["gate"],
        books=session.found["desk"].books,
        by=session.by,
        at=session.at,
    )
    return {"goods_moves": len(moves)} if moves else {}


def _facts(document: _Document, external_number: str) -> dict[str, Any]:
    return {
        "is_imported": True,
        "external_number": external_number,
        "supplied_on": business_day(document.issued_at),
        "notes_en": f"To: {', '.join(sorted(document.countries))}." if document.countries else "",
    }


def _original_of(
    document: _Document, session: Session
) -> tuple[Invoice | None, list[invoicing.CreditLine]]:
    """The invoice that a credit note takes back, and which of its lines.

    It is the latest earlier invoice of the same customer that holds every product of the note, at
    no lower price and with enough left to credit. A walk-in customer's notes are nobody's.
    """
    customer = session.found["customers"].get(document.customer)
    if customer is None or document.customer == CODE_OF_WALK_IN:
        return None, []
    products = [_product(line.code, session).pk for line in document.lines]
    # Two plain look-ups by index: MongoDB would answer a join by joining every line there is.
    earlier = Invoice.objects.filter(
        customer=customer,
        kind=Kind.INVOICE,
        state=InvoiceState.POSTED,
        issued_at__lte=document.issued_at,
    ).order_by("-issued_at", "-counter")
    invoices = {invoice.pk: invoice for invoice in earlier}
    by_invoice: dict[Any, list[InvoiceLine]] = {pk: [] for pk in invoices}
    lines_here = InvoiceLine.objects.filter(invoice__in=list(invoices), product__in=products)
    for line in lines_here.order_by("position"):
        by_invoice[line.invoice_id].append(line)
    for pk, lines in by_invoice.items():
        if lines and (credits := _matching(document, products, lines)):
            return invoices[pk], credits
    return None, []


def _matching(
    document: _Document, products: Sequence[Any], lines: Sequence[InvoiceLine]
) -> list[invoicing.CreditLine]:
    """How an invoice's lines can answer all lines of a note; [] when they cannot."""
    left = {line.pk: line.quantity - line.credited for line in lines}
    credits = []
    for wanted, product in zip(document.lines, products, strict=True):
        missing = -wanted.quantity
        for line in lines:
            if line.product_id != product or line.unit_price < wanted.unit_price:
                continue
            taken = min(missing, left[line.pk])
            if taken > 0:
                credits.append(invoicing.CreditLine(line.pk, taken, wanted.unit_price))
                left[line.pk] -= taken
                missing -= taken
        if missing > 0:
            return []
    return credits


def _oddities(document: _Document) -> dict[str, int]:
    facts = {
        "documents_with_several_moments": document.has_several_moments,
        "documents_of_zero": document.total == 0,
        "documents_without_customer": document.customer == CODE_OF_WALK_IN,
        "lines_at_price_zero": sum(line.unit_price == 0 for line in document.lines),
        "documents_with_a_product_twice": len({line.code for line in document.lines})
        < len(document.lines),
    }
    return {fact: int(count) for fact, count in facts.items() if count}


def _amount(row: SourceRow, session: Session) -> Decimal:
    """Quantity × price of a row; 0 when it has none, which its refusal then says."""
    values, errors = read_cells(_AMOUNT_COLUMNS, session.cells(row), session.options)
    if errors:
        return ZERO
    return cast(Decimal, values["quantity"]) * cast(Decimal, values["unit_price"])


class OnlineRetailProfile(Profile):
    key = "online-retail"
    label = Text(
        "Online Retail: invoice lines of an earlier system", "فواتير من نظام سابق (Online Retail)"
    )
    description = Text(
        "One row per invoice line. Makes products, customers, posted invoices and, from numbers "
        "that start with C, credit notes; all tax-free at rate 0 as exports. Opens the fiscal "
        "years it needs.",
        "صف لكل بند فاتورة. ينشئ المنتجات والعملاء والفواتير المرحّلة، والإشعارات الدائنة من "
        "الأرقام التي تبدأ بـ C، وكلها بنسبة صفر كصادرات، ويفتح السنوات المالية اللازمة.",
    )
    columns = _COLUMNS
    phases = (_Products(), _Customers(), _Documents())
    modes = ("upsert",)
    default_options = Options(day_order="dmy")
    can_ship_goods = True

    def foresee(self, rows: Iterable[SourceRow], session: Session) -> None:
        foreseen = Foreseen()
        for row in rows:
            cells = session.cells(row)
            if name := " ".join(cells.get("description", "").split()):
                foreseen.names.setdefault(_code(cells), Counter())[name[:300]] += 1
            if country := cells.get("country", "").strip():
                code = _customer_code(cells)
                foreseen.countries.setdefault(code, Counter())[country] += 1
            values, _ = read_cells([_MOMENT], cells, session.options)
            if isinstance(moment := values["moment"], datetime):
                foreseen.days.add(business_day(moment))
        session.foreseen["retail"] = foreseen

    def prepare(self, session: Session) -> Preparation:
        parties.company()
        foreseen = _foreseen(session)
        opened = periods.open_years_of(foreseen.days, by=session.by, at=session.at)
        notes = [_opened(year.year) for year in opened]
        notes += [_NAMES, _RULE_OF_ORIGINALS]
        if several := sum(len(names) > 1 for names in foreseen.names.values()):
            notes.append(_several_names(several))
        strange = sorted(
            {
                country
                for counted in foreseen.countries.values()
                for country in counted
                if country_code(country) is None
            }
        )
        if strange:
            notes.append(_no_country(strange))
        domestic = {"Saudi Arabia"} & {
            country for counted in foreseen.countries.values() for country in counted
        }
        if domestic:
            notes.append(_DOMESTIC)
        marks: list[Mark] = []
        if session.options.ships_goods:
            marks, rules = goods.prepare(foreseen.days, session)
            notes += rules
        return Preparation(marks=marks, notes=notes)

    def total(self, rows: Iterable[SourceRow], session: Session) -> Decimal:
        return sum((_amount(row, session) for row in rows), ZERO)


def _opened(year: int) -> Text:
    return Text(f"The fiscal year {year} was opened.", f"فُتحت السنة المالية {year}.")


_NAMES = Text(
    "Products are named by their most frequent description; invoice lines keep their own.",
    "يُسمى المنتج بوصفه الأكثر تكرارًا، وتحتفظ بنود الفواتير بأوصافها.",
)
_RULE_OF_ORIGINALS = Text(
    "A credit note is linked to the latest earlier invoice of the same customer that holds all its "
    "products at no lower price with enough quantity left; otherwise it stands alone.",
    "يُربط الإشعار الدائن بآخر فاتورة سابقة للعميل نفسه تضم جميع أصنافه بسعر لا يقل عنه وبكمية "
    "متبقية كافية، وإلا بقي مستقلًا.",
)
_DOMESTIC = Text(
    "Documents to Saudi Arabia are booked at rate 0 like all others, as the table has no tax. "
    "Ask your tax adviser before you file a return with them.",
    "رُحّلت مستندات المملكة العربية السعودية بنسبة صفر كغيرها لأن الجدول بلا ضريبة. "
    "استشر مستشارك الضريبي قبل تقديم إقرار يشملها.",
)


def _several_names(count: int) -> Text:
    return Text(
        f"{count} stock codes have more than one description.",
        f"{count} من رموز الأصناف لها أكثر من وصف.",
    )


def _no_country(names: list[str]) -> Text:
    listed = ", ".join(names)
    return Text(
        f"No country is called: {listed}. These customers are entered under Saudi Arabia; "
        "their notes keep the name.",
        f"لا توجد دولة باسم: {listed}. سُجّل هؤلاء العملاء تحت المملكة العربية السعودية مع ذكر الاسم "
        "في الملاحظات.",
    )
