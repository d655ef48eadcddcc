import re
from base64 import b64encode
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from uuid import UUID
from xml.etree import ElementTree

import pytest

from alawael.invoicing.document import (
    Adjustment,
    AdvanceInvoice,
    InvoiceDocument,
    Kind,
    PartyDetails,
    VatCategory,
)
from alawael.invoicing.einvoice import (
    FIRST_PREVIOUS_HASH,
    invoice_hash,
    invoice_xml,
    transaction_code,
)
from alawael.invoicing.qr import document_qr
from alawael.invoicing.tests.documents import (
    AL_AMAL,
    EXPORTED_LAMP,
    ISSUED,
    LAMP,
    a_credit_note,
    a_document,
    a_simplified_invoice,
    an_export,
)

NAMES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}


class Tree:
    def __init__(self, document: InvoiceDocument) -> None:
        self.root = ElementTree.fromstring(invoice_xml(document))  # noqa: S314

    def all(self, path: str) -> list[str]:
        return [element.text or "" for element in self.root.findall(path, NAMES)]

    def one(self, path: str) -> str:
        (text,) = self.all(path)
        return text


def test_says_what_it_is_and_where_it_stands_in_the_chain():
    document = a_document()
    tree = Tree(document)

    assert tree.one("cbc:ProfileID") == "reporting:1.0"
    assert tree.one("cbc:ID") == "INV-2026-00042"
    assert tree.one("cbc:UUID") == str(document.uuid)
    assert (tree.one("cbc:IssueDate"), tree.one("cbc:IssueTime")) == ("2026-05-13", "15:30:00Z")
    assert tree.one("cbc:InvoiceTypeCode") == "388"
    references = "cac:AdditionalDocumentReference"
    assert tree.all(f"{references}/cbc:ID") == ["ICV", "PIH", "QR"]
    assert tree.one(f"{references}/cbc:UUID") == "42"
    assert tree.all(f"{references}/cac:Attachment/cbc:EmbeddedDocumentBinaryObject") == [
        FIRST_PREVIOUS_HASH,
        document_qr(document),
    ]


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (Kind.INVOICE, "388"),
        (Kind.CREDIT_NOTE, "381"),
        (Kind.DEBIT_NOTE, "383"),
        (Kind.ADVANCE, "386"),
    ],
)
def test_each_kind_has_its_code(kind, code):
    assert Tree(a_document(kind=kind)).one("cbc:InvoiceTypeCode") == code


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (a_document(), "0100000"),
        (a_simplified_invoice(), "0200000"),
        (an_export(), "0100100"),
        (a_document(is_third_party=True, is_summary=True), "0110010"),
        (a_document(is_nominal=True, is_self_billed=True), "0101001"),
    ],
    ids=["standard", "simplified", "export", "third party, summary", "nominal, self-billed"],
)
def test_the_transaction_code_has_a_flag_for_each_property(document, code):
    assert transaction_code(document) == code


def test_names_both_parties_with_their_national_address():
    tree = Tree(a_document())

    seller = "cac:AccountingSupplierParty/cac:Party"
    assert tree.one(f"{seller}/cac:PartyLegalEntity/cbc:RegistrationName") == "شركة الأمل للتجارة"
    assert tree.one(f"{seller}/cac:PartyTaxScheme/cbc:CompanyID") == "300012345600003"
    assert tree.one(f"{seller}/cac:PartyIdentification/cbc:ID") == "1010123456"
    address = "cac:AccountingCustomerParty/cac:Party/cac:PostalAddress"
    assert tree.one(f"{address}/cbc:BuildingNumber") == "3454"
    assert tree.one(f"{address}/cbc:PlotIdentification") == "6789"
    assert tree.one(f"{address}/cbc:CitySubdivisionName") == "الحمراء | Al Hamra"
    assert tree.one(f"{address}/cbc:PostalZone") == "23323"
    assert tree.one(f"{address}/cac:Country/cbc:IdentificationCode") == "SA"


def test_a_note_names_its_invoice_and_its_reason():
    tree = Tree(a_credit_note())

    reference = "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"
    assert tree.one(reference) == "INV-2026-00042"
    assert "Goods or services refunded" in tree.one("cac:PaymentMeans/cbc:InstructionNote")
    assert tree.one("cac:PaymentMeans/cbc:PaymentMeansCode") == "1"


def test_totals_follow_the_chain_of_bt_106_to_bt_115():
    tree = Tree(
        a_document(
            replace(LAMP, quantity=Decimal(30), unit_price=Decimal(20), discount=Decimal(50)),
            adjustments=(
                Adjustment(Decimal(60), reason_en="Loyalty"),
                Adjustment(Decimal(10), is_charge=True, reason_en="Freight", reason_code="FC"),
            ),
            advances=(
                AdvanceInvoice(
                    "ADV-1",
                    ISSUED,
                    taxable=Decimal(100),
                    vat=Decimal(15),
                    uuid=UUID("0196c9a8-7f00-7000-8000-000000000001"),
                ),
            ),
        )
    )

    total = "cac:LegalMonetaryTotal"
    assert {
        element.tag.partition("}")[2]: element.text
        for element in tree.root.find(total, NAMES) or ()
    } == {
        "LineExtensionAmount": "550.00",
        "TaxExclusiveAmount": "500.00",
        "TaxInclusiveAmount": "575.00",
        "AllowanceTotalAmount": "60.00",
        "ChargeTotalAmount": "10.00",
        "PrepaidAmount": "115.00",
        "PayableAmount": "460.00",
    }
    assert tree.all("cac:TaxTotal/cbc:TaxAmount") == ["75.00", "75.00"]
    assert tree.all("cac:AllowanceCharge/cbc:ChargeIndicator") == ["false", "true"]
    assert tree.all("cac:InvoiceLine/cbc:ID") == ["1", "2"]
    assert tree.one("cac:InvoiceLine/cac:DocumentReference/cbc:DocumentTypeCode") == "386"
    assert tree.one("cac:InvoiceLine/cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount") == "15.00"


def test_a_line_carries_quantity_net_vat_total_and_price():
    tree = Tree(a_document())

    line = "cac:InvoiceLine[2]"
    assert tree.one(f"{line}/cbc:InvoicedQuantity") == "12.5"
    assert tree.one(f"{line}/cbc:LineExtensionAmount") == "160.00"
    assert tree.one(f"{line}/cac:AllowanceCharge/cbc:Amount") == "6.67"
    assert tree.one(f"{line}/cac:TaxTotal/cbc:TaxAmount") == "24.00"
    assert tree.one(f"{line}/cac:TaxTotal/cbc:RoundingAmount") == "184.00"
    assert tree.one(f"{line}/cac:Item/cac:SellersItemIdentification/cbc:ID") == "CND-012"
    assert tree.one(f"{line}/cac:Item/cac:ClassifiedTaxCategory/cbc:Percent") == "15.00"
    assert tree.one(f"{line}/cac:Price/cbc:PriceAmount") == "13.333333"


def test_what_is_not_taxed_says_why():
    tree = Tree(a_document(LAMP, EXPORTED_LAMP))

    subtotals = "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory"
    assert tree.all(f"{subtotals}/cbc:ID") == [VatCategory.STANDARD, VatCategory.ZERO_RATED]
    assert tree.one(f"{subtotals}/cbc:TaxExemptionReasonCode") == "VATEX-SA-32"
    assert "Export of goods" in tree.one(f"{subtotals}/cbc:TaxExemptionReason")


def test_an_invoice_in_euros_gives_the_tax_in_riyals_too():
    root = Tree(an_export(LAMP)).root

    amounts = [
        (amount.get("currencyID"), amount.text)
        for amount in root.findall("cac:TaxTotal/cbc:TaxAmount", NAMES)
    ]
    assert amounts == [("EUR", "51.90"), ("SAR", "210.84")]


def test_prices_with_vat_become_net_prices_and_a_rounding_amount():
    tree = Tree(
        a_document(
            *[replace(LAMP, quantity=Decimal(1), unit_price=Decimal(1))] * 10,
            prices_include_vat=True,
        )
    )

    assert tree.one("cac:InvoiceLine[1]/cac:Price/cbc:PriceAmount") == "0.87"
    assert tree.one("cac:LegalMonetaryTotal/cbc:PayableRoundingAmount") == "-0.01"
    assert tree.one("cac:LegalMonetaryTotal/cbc:PayableAmount") == "10.00"


def test_a_buyer_nobody_asked_for_leaves_only_what_the_schema_wants():
    tree = Tree(a_simplified_invoice())

    customer = tree.root.find("cac:AccountingCustomerParty", NAMES)
    assert customer is not None
    assert list(customer) == []


def test_names_cannot_break_out_of_the_xml():
    name = 'Tea & <Coffee>\x00 "al\r\nMokha" ]]>'
    tree = Tree(a_document(replace(LAMP, name_en=name, name_ar="", unit_code='P"E')))

    assert tree.one("cac:InvoiceLine/cac:Item/cbc:Name") == name.replace("\x00", "")
    quantity = tree.root.find("cac:InvoiceLine/cbc:InvoicedQuantity", NAMES)
    assert quantity is not None
    assert quantity.get("unitCode") == 'P"E'


def test_no_other_element_is_empty():
    document = a_document(seller=replace(AL_AMAL, other_id=""), buyer=PartyDetails(name_ar="نور"))

    empty = [e.tag for e in Tree(document).root.iter() if not len(e) and not e.text]
    assert empty == []


def test_bytes_are_already_canonical():
    """So that a stamp can be put in later without moving a byte of the rest."""
    xml = invoice_xml(an_export(LAMP, notes_en='Tea & <Coffee> "black"\r\nMokha')).decode()
    declaration, _, body = xml.partition("\n")

    assert declaration == '<?xml version="1.0" encoding="UTF-8"?>'
    # The standard library declares prefixes where they are used, C14N 1.1 where they were.
    assert _undeclared(ElementTree.canonicalize(body)) == _undeclared(body)
    declared = [name for name, _ in re.findall(r' (xmlns[:a-z]*)="([^"]*)"', body)]
    assert declared == ["xmlns", "xmlns:cac", "xmlns:cbc", "xmlns:ext"]


def _undeclared(xml: str) -> str:
    return re.sub(r' xmlns[:a-z]*="[^"]*"', "", xml)


def test_the_same_document_gives_the_same_bytes_and_any_change_another_hash():
    first, again = invoice_xml(a_document()), invoice_xml(a_document())
    changed = invoice_xml(a_document(due_on=date(2026, 6, 13)))

    assert first == again
    assert invoice_hash(first) == b64encode(sha256(first).digest()).decode()
    assert invoice_hash(first) != invoice_hash(changed)


def test_a_chain_points_backwards():
    first = invoice_xml(a_document())
    second = a_document(counter=43, previous_hash=invoice_hash(first))

    attachments = Tree(second).all(
        "cac:AdditionalDocumentReference/cac:Attachment/cbc:EmbeddedDocumentBinaryObject"
    )
    assert attachments[0] == invoice_hash(first)


def test_the_first_link_is_zatcas():
    expected = b64encode(sha256(b"0").hexdigest().encode()).decode()
    assert expected == FIRST_PREVIOUS_HASH
