import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from alawael.invoicing.document import (
    Adjustment,
    AdvanceInvoice,
    BankDetails,
    InvoiceDocument,
    InvoiceType,
    Kind,
    PartyDetails,
)
from alawael.invoicing.einvoice import invoice_xml
from alawael.invoicing.printing import Ageing, Movement, Statement, invoice_pdf, statement_pdf
from alawael.invoicing.printing.invoice import invoice_data
from alawael.invoicing.printing.signs import FONTS, font_signs, printable
from alawael.invoicing.printing.statement import statement_data
from alawael.invoicing.tests.documents import (
    AL_AMAL,
    CANDLES,
    EXPORTED_LAMP,
    ISSUED,
    LAMP,
    NOOR,
    a_credit_note,
    a_document,
    a_simplified_invoice,
    an_export,
)
from alawael.invoicing.vat import totals
from testing.papers import pages_of

IN_CONTENT_ORDER = "-raw"


@pytest.fixture
def read():
    """A PDF as Poppler reads it, page by page."""
    return pages_of


def shown(document: InvoiceDocument) -> dict[str, Any]:
    return invoice_data(document, totals(document))


def amounts(rows: list[dict[str, str]]) -> dict[str, str]:
    return {row["en"]: row["amount"] for row in rows}


def forty_lines():
    return [replace(LAMP, quantity=Decimal(n), sku=f"LMP-{n:03}") for n in range(1, 41)]


@pytest.mark.parametrize(
    ("kind", "type_", "english", "arabic"),
    [
        (Kind.INVOICE, InvoiceType.STANDARD, "Tax Invoice", "فاتورة ضريبية"),
        (
            Kind.INVOICE,
            InvoiceType.SIMPLIFIED,
            "Simplified Tax Invoice",
            "فاتورة ضريبية مبسطة",
        ),
        (Kind.CREDIT_NOTE, InvoiceType.STANDARD, "Credit Note", "إشعار دائن"),
        (Kind.DEBIT_NOTE, InvoiceType.STANDARD, "Debit Note", "إشعار مدين"),
        (Kind.ADVANCE, InvoiceType.STANDARD, "Tax Invoice", "فاتورة ضريبية"),
    ],
)
def test_the_title_is_the_laws(kind, type_, english, arabic):
    assert shown(a_document(kind=kind, type=type_))["title"] == {"en": english, "ar": arabic}


def test_every_kind_and_type_can_be_printed():
    for kind in Kind:
        for type_ in InvoiceType:
            assert invoice_pdf(a_document(kind=kind, type=type_)).startswith(b"%PDF-1.7")


def test_a_tax_invoice_reads_in_order(read):
    (page,) = read(invoice_pdf(a_document()), IN_CONTENT_ORDER)

    phrases = [
        "Al-Amal Trading Company",
        "VAT number 300012345600003",
        "Tax Invoice",
        "INV-2026-00042",
        "2026-05-13 18:30:00",
        "Noor Gifts Establishment",
        "Jeddah 23323, Additional no. 6789, Saudi Arabia",
        "VAT number 310122393500003",
        "Ceramic table lamp",
        "LMP-101",
        "86.50",
        "Box of twelve candles",
        "13.333333",
        "Standard rate 15%",
        "Total excluding VAT",
        "506.00",
        "75.90",
        "581.90",
        "Page 1 of 1",
    ]
    assert in_order(page, phrases) == phrases


def test_arabic_is_shaped_from_text_in_its_logical_order(read):
    """Words without a ligature: Poppler turns the letters of a ligature around."""
    (page,) = read(invoice_pdf(a_document()))

    for phrase in (
        "فاتورة",
        "السجل التجاري 1010123456",
        "تاريخ التوريد",
        "العميل",
        "مؤسسة نور للهدايا",
        "سعر الوحدة",
        "مصباح طاولة",
        "المبالغ بالريال السعودي",
    ):
        assert phrase in page


def in_order(page: str, phrases: list[str]) -> list[str]:
    """The phrases that follow one another on the page."""
    found, at = [], 0
    for phrase in phrases:
        here = page.find(phrase, at)
        if here >= 0:
            found.append(phrase)
            at = here + len(phrase)
    return found


def test_forty_lines_take_two_pages_with_their_heading_on_both(read):
    first, second = read(invoice_pdf(a_document(*forty_lines())))

    assert "LMP-001" in first
    assert "LMP-040" in second
    for number, page in enumerate((first, second), start=1):
        assert page.count("Unit price") == 1
        assert f"Page {number} of 2" in page
    assert "INV-2026-00042" in second
    assert "Total including VAT" not in first


def test_very_long_names_wrap_and_stay_whole(read):
    name = "International company for the import and export of household gifts " * 6
    line = replace(CANDLES, name_en=name, name_ar="علبة " * 60, sku="S" * 30)

    text = " ".join(read(invoice_pdf(a_document(line, buyer=replace(NOOR, name_en=name)))))

    assert text.count("household") == 12
    assert text.count("علبة") == 61  # and the unit's own name


def test_a_simplified_invoice_needs_no_buyer():
    assert shown(a_simplified_invoice())["buyer"] is None


def test_a_note_shows_the_invoice_it_corrects_and_why():
    assert shown(a_credit_note())["note"] == {
        "originals": [{"number": "INV-2026-00042", "on": "2026-05-13"}],
        "reason_en": "Goods or services refunded",
        "reason_ar": "استرجاع السلع أو الخدمات",
    }


def test_an_export_in_euros_shows_riyals_and_why_there_is_no_tax():
    data = shown(an_export())

    assert amounts(data["riyals"]) == {
        "Total excluding VAT": "1,405.63",
        "VAT": "0.00",
        "Total including VAT": "1,405.63",
    }
    assert {"en": "Exchange rate", "ar": "سعر الصرف", "value": "1 EUR = 4.0625 SAR"} in data[
        "facts"
    ]
    (reason,) = data["explanations"]
    assert (reason["code"], reason["en"]) == ("VATEX-SA-32", "Export of goods")
    assert shown(a_document())["riyals"] == []


def test_different_reasons_for_the_same_rate_are_all_explained():
    service = replace(EXPORTED_LAMP, exemption_code="VATEX-SA-33", exemption_text_en="Services")

    codes = [reason["code"] for reason in shown(an_export(EXPORTED_LAMP, service))["explanations"]]

    assert codes == ["VATEX-SA-32", "VATEX-SA-33"]


def test_the_way_from_the_lines_to_the_amount_due_is_shown():
    data = shown(
        a_document(
            adjustments=(Adjustment(Decimal(6)), Adjustment(Decimal(10), is_charge=True)),
            advances=(AdvanceInvoice("ADV-1", ISSUED, Decimal(100), Decimal(15)),),
        )
    )

    assert amounts(data["totals"]) == {
        "Sum of lines": "506.00",
        "Discounts": "-6.00",
        "Charges": "10.00",
        "Total excluding VAT": "510.00",
        "VAT": "76.50",
        "Total including VAT": "586.50",
        "Advances invoiced": "-115.00",
        "Amount due": "471.50",
    }
    assert data["advances"][0]["number"] == "ADV-1"


def test_the_account_to_pay_into_is_named(read):
    account = BankDetails("SA0380000000608010167519", bank_name="بنك الرياض (RB)", bic="RIBLSARI")

    (page,) = read(invoice_pdf(a_document(pay_into=account)), IN_CONTENT_ORDER)

    assert "SA03 8000 0000 6080 1016 7519" in page
    assert "RIBLSARI" in page
    named = {row["en"]: row["value"] for row in shown(a_document(pay_into=account))["pay_into"]}
    assert (named["Bank"], named["Account name"]) == ("بنك الرياض (RB)", AL_AMAL.legal_name)
    assert shown(a_document())["pay_into"] == []


def test_prices_with_vat_are_shown_without_it_and_rounding_is_named():
    data = shown(
        a_document(
            *[replace(LAMP, quantity=Decimal(1), unit_price=Decimal(1))] * 10,
            prices_include_vat=True,
        )
    )

    assert data["lines"][0]["price"] == "0.87"
    assert amounts(data["totals"])["Rounding"] == "-0.01"
    assert amounts(data["totals"])["Amount due"] == "10.00"


def test_the_same_invoice_gives_the_same_bytes():
    document = a_document(*forty_lines())
    xml = invoice_xml(document)

    first = invoice_pdf(document, xml=xml)
    invoice_pdf(a_credit_note())  # whatever was printed in between

    assert invoice_pdf(document, xml=xml) == first
    # No date of the machine's clock in it, only the moment of issue.
    assert set(re.findall(rb"D:([0-9]{14})", first)) == {b"20260513153000"}
    later = replace(document, issued_at=ISSUED + timedelta(seconds=1))
    assert invoice_pdf(later, xml=xml) != first


def test_the_xml_travels_inside_the_archive_pdf(tmp_path):
    document = a_document()
    xml = invoice_xml(document)
    pdf = invoice_pdf(document, xml=xml)

    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    if not shutil.which("pdfdetach"):
        pytest.skip("pdfdetach (poppler-utils) is not installed")
    paper, inside = tmp_path / "paper.pdf", tmp_path / "inside.xml"
    paper.write_bytes(pdf)
    command = ["pdfdetach", "-savefile", "INV-2026-00042.xml", "-o", str(inside), str(paper)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    assert inside.read_bytes() == xml


def test_a_name_our_fonts_cannot_show_does_not_stop_the_invoice(read):
    buyer = replace(NOOR, name_en="北京 Gifts\x07 Łódź 🎁")

    (page,) = read(invoice_pdf(a_document(buyer=buyer)), IN_CONTENT_ORDER)

    assert "�� Gifts Łódź �" in page


def test_text_in_our_scripts_is_left_as_it_is():
    text = "فاتورة ضريبية ٣٤٥ ﷺ – Łódź, Şişli, Москва, Ελλάς\u200f\n€ 5.00"

    assert printable({"a": [text], "b": 1, "c": None}) == {"a": [text], "b": 1, "c": None}


def test_fonts_cover_both_scripts_and_come_with_their_licence():
    fonts = {font.stem: font_signs(font) for font in FONTS.glob("*.ttf")}

    assert len(fonts) == 4
    for name, signs in fonts.items():
        assert set(map(ord, "Tax Invoice 0123456789.,%·–")) <= signs, name
        if "Arabic" in name:
            assert set(map(ord, "فاتورة ضريبية مبسطة إشعار دائن ٠١٢٣٤٥٦٧٨٩")) <= signs, name
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text()
    assert sum(path.stat().st_size for path in Path(FONTS).iterdir()) < 1_500_000


def a_statement(**changes: object) -> Statement:
    statement = Statement(
        company=AL_AMAL,
        customer=NOOR,
        from_on=date(2026, 5, 1),
        to_on=date(2026, 5, 31),
        made_at=ISSUED,
        opening=Decimal("1000.00"),
        movements=(
            Movement(date(2026, 5, 13), "INV-2026-00042", "Invoice", "فاتورة", Decimal("581.90")),
            Movement(
                date(2026, 5, 20),
                "RCT-2026-00009",
                "Bank transfer",
                "تحويل بنكي",
                credit=Decimal("1200.00"),
            ),
        ),
        ageing=Ageing(not_due=Decimal("381.90")),
    )
    return replace(statement, **changes)  # type: ignore[arg-type]


def test_a_statement_carries_its_balance_from_row_to_row():
    statement = a_statement()
    data = statement_data(statement)

    assert [row["balance"] for row in data["movements"]] == ["1,581.90", "381.90"]
    assert (data["opening"], data["closing"]) == ("1,000.00", "381.90")
    assert (data["debits"], data["credits"]) == ("581.90", "1,200.00")
    assert statement.closing == Decimal("381.90")


def test_a_statement_without_movements_closes_where_it_opened():
    data = statement_data(a_statement(movements=()))

    assert data["closing"] == data["opening"] == "1,000.00"


def test_a_statement_reads_in_order_in_both_languages(read):
    (page,) = read(statement_pdf(a_statement()), IN_CONTENT_ORDER)

    phrases = [
        "Statement of Account",
        "2026-05-31",
        "Noor Gifts Establishment",
        "Opening balance",
        "1,000.00",
        "INV-2026-00042",
        "1,581.90",
        "RCT-2026-00009",
        "381.90",
        "Total and closing balance",
        "Not yet due",
    ]
    assert in_order(page, phrases) == phrases
    (arabic,) = read(statement_pdf(a_statement()))
    assert "كشف حساب" in arabic
    assert "تحويل" in arabic


def test_a_long_statement_repeats_its_heading(read):
    rows = [Movement(date(2026, 5, 1), f"INV-{n:04}", debit=Decimal(1)) for n in range(120)]

    pages = read(statement_pdf(a_statement(movements=tuple(rows))))

    assert len(pages) == 3
    assert all("Balance" in page for page in pages)
    assert "1,120.00" in pages[-1]


def test_the_same_statement_gives_the_same_bytes():
    assert statement_pdf(a_statement()) == statement_pdf(a_statement())


def test_a_customer_with_one_name_only_can_be_printed():
    for noor in (PartyDetails(name_en="Noor"), PartyDetails(name_ar="نور")):
        assert invoice_pdf(a_document(buyer=noor, seller=noor)).startswith(b"%PDF")
