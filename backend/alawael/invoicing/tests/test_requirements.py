from dataclasses import replace
from decimal import Decimal

import pytest

from alawael.invoicing.document import Adjustment, InvoiceDocument, InvoiceType, PartyDetails
from alawael.invoicing.requirements import problems
from alawael.invoicing.tests.documents import (
    AL_AMAL,
    EXPORTED_LAMP,
    LAMP,
    NOOR,
    a_credit_note,
    a_document,
    a_simplified_invoice,
    an_export,
)


def found(document: InvoiceDocument) -> set[tuple[str, str]]:
    return {(problem.pointer, problem.code) for problem in problems(document)}


@pytest.mark.parametrize(
    "document",
    [a_document(), a_simplified_invoice(), a_credit_note(), an_export()],
    ids=["standard", "simplified", "credit note", "export"],
)
def test_a_complete_document_has_no_problem(document):
    assert problems(document) == []


def test_a_standard_invoice_wants_to_know_the_buyer():
    assert found(a_document(buyer=PartyDetails())) == {
        ("/buyer/name", "required"),
        ("/buyer/vat_number", "buyer_unknown"),
        ("/buyer/address/building_no", "four_digits"),
        ("/buyer/address/postal_code", "five_digits"),
        ("/buyer/address/street", "required"),
        ("/buyer/address/city", "required"),
        ("/buyer/address/district", "required"),
    }


def test_another_number_identifies_a_buyer_without_vat_number():
    assert problems(a_document(buyer=replace(NOOR, vat_number=""))) == []


@pytest.mark.parametrize(
    "number", ["", "30001234560000", "3000123456000033", "100012345600003", "٣٠٠٠١٢٣٤٥٦٠٠٠٠٣"]
)
def test_refuses_a_malformed_vat_number_of_the_seller(number):
    document = a_simplified_invoice(seller=replace(AL_AMAL, vat_number=number))

    assert found(document) == {("/seller/vat_number", "wrong_vat_number")}


def test_the_seller_is_named_in_arabic():
    document = a_document(seller=replace(AL_AMAL, name_ar=" "))

    assert found(document) == {("/seller/name_ar", "required")}


def test_a_note_needs_its_invoice_and_its_reason():
    document = a_credit_note(originals=(), reason=None)

    assert found(document) == {("/originals", "required"), ("/reason", "required")}


def test_a_standard_invoice_needs_the_date_of_supply():
    assert found(a_document(supplied_on=None)) == {("/supplied_on", "required")}


def test_an_export_is_standard_and_its_buyer_has_no_saudi_vat_number():
    assert found(an_export(type=InvoiceType.SIMPLIFIED)) == {("/type", "export_is_standard")}
    assert found(an_export(buyer=NOOR)) == {("/buyer/vat_number", "vat_number_on_export")}


def test_a_line_without_tax_says_why():
    line = replace(EXPORTED_LAMP, exemption_code="", exemption_text_en="", exemption_text_ar="")

    assert found(a_document(LAMP, line)) == {
        ("/lines/1/exemption_code", "required"),
        ("/lines/1/exemption_text", "required"),
    }


def test_figures_are_positive():
    lines = (
        replace(LAMP, quantity=Decimal(-1)),
        replace(LAMP, unit_price=Decimal(-1)),
        replace(LAMP, discount=Decimal(347)),
        replace(LAMP, name_en="", name_ar=""),
    )
    document = a_document(*lines, adjustments=(Adjustment(Decimal(-1)),))

    assert found(document) == {
        ("/lines/0/quantity", "negative"),
        ("/lines/1/unit_price", "negative"),
        ("/lines/2/discount", "discount_too_high"),
        ("/lines/3/name", "required"),
        ("/adjustments/0/amount", "negative"),
    }


def test_an_invoice_has_lines():
    assert found(replace(a_document(), lines=())) == {("/lines", "required")}
