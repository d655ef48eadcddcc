"""Bank statements as banks write them, and what is not one."""

from datetime import date
from decimal import Decimal

import pytest

from alawael.payments.models import StatementFormat
from alawael.payments.statement_files import (
    BadStatement,
    CsvColumns,
    amount_of,
    read_statement,
    recognise,
)

CSV = """Account,SA44 2000 0001 2345 6789 1234
Date,Description,Reference,Debit,Credit,Balance
05/03/2026,TRANSFER ANWAR TRADING,INV-000001,,"1,690.00","11,690.00"
06/03/2026,SUPPLIER,BILL-7,"1,207.50",,"10,482.50"
"""
ARABIC_CSV = "التاريخ;المبلغ;البيان;المستفيد\n٢٠٢٦-٠٣-٠٥;٦٩٠٫٥٠;حوالة واردة;أنوار للتجارة\n"
MT940 = """:20:STMT1
:25:SA4420000001234567891234
:28C:15/1
:60F:C260301SAR10000,00
:61:2603050305C690,00NTRFINV-000001//BANKREF1
:86:TRANSFER ANWAR TRADING
:61:2603060306D1207,50NTRFNONREF//BANKREF2
:86:SUPPLIER
:62F:C260331SAR9482,50
-"""
CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Id>S-15</Id><FrToDt><FrDtTm>2026-03-01T00:00:00</FrDtTm><ToDtTm>2026-03-31T23:59:59</ToDtTm>
</FrToDt><Acct><Id><IBAN>SA4420000001234567891234</IBAN></Id><Ccy>SAR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="SAR">10000.00</Amt>
<CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Ntry><Amt Ccy="SAR">690.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-03-05</Dt></BookgDt><AcctSvcrRef>B1</AcctSvcrRef><NtryDtls><TxDtls>
<Refs><EndToEndId>INV-000001</EndToEndId></Refs><RltdPties><Dbtr><Pty><Nm>Anwar Trading</Nm></Pty>
</Dbtr></RltdPties><RmtInf><Ustrd>Invoice 1</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="SAR">300.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>
<BookgDt><Dt>2026-03-06</Dt></BookgDt><NtryDtls>
<TxDtls><AmtDtls><TxAmt><Amt Ccy="SAR">100.00</Amt></TxAmt></AmtDtls></TxDtls>
<TxDtls><AmtDtls><TxAmt><Amt Ccy="SAR">200.00</Amt></TxAmt></AmtDtls></TxDtls>
</NtryDtls></Ntry>
<Ntry><Amt Ccy="SAR">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts></Ntry>
</Stmt></BkToCstmrStmt></Document>"""


def lines(content):
    read = read_statement(content.encode())
    return [(line.booked_on.day, line.amount, line.reference) for line in read.lines]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234", "1234"),
        ("12,5", "12.50"),
        ("(90.00)", "-90"),
        ("90.00-", "-90"),
        ("SAR 7", "7"),
        ("٩٠٫٥", "90.50"),
    ],
)
def test_an_amount_is_read_however_the_bank_writes_it(text, amount):
    assert amount_of(text) == Decimal(amount)


def test_csv_is_read_below_its_preamble():
    assert lines(CSV) == [(5, 1690, "INV-000001"), (6, Decimal("-1207.50"), "BILL-7")]
    [line] = read_statement(ARABIC_CSV.encode()).lines
    assert (line.amount, line.counterparty) == (Decimal("690.50"), "أنوار للتجارة")


def test_csv_columns_can_be_named():
    columns = CsvColumns({"date": "When", "amount": "How much"}, "%m/%d/%Y")

    [line] = read_statement(b"When,How much\n03/05/2026,7\n", columns=columns).lines

    assert (line.booked_on, line.amount) == (date(2026, 3, 5), 7)


def test_mt940_is_read():
    read = read_statement(MT940.encode())

    assert [line.amount for line in read.lines] == [690, Decimal("-1207.50")]
    assert read.lines[0].reference == "INV-000001 BANKREF1"
    assert (read.currency, read.opening, read.closing) == ("SAR", 10000, Decimal("9482.50"))


def test_camt_is_read_and_batches_are_taken_apart():
    read = read_statement(CAMT.encode())

    assert [line.amount for line in read.lines] == [690, -100, -200]
    assert (read.lines[0].counterparty, read.lines[0].text) == ("Anwar Trading", "Invoice 1")
    assert (read.reference, read.opening, read.ends_on) == ("S-15", 10000, date(2026, 3, 31))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a,b\n1,2\n",
        b"Date,Amount\nsoon,5\n",
        b"Date,Amount\n2026-03-01,1\x00\n",
        b"<Document></Document>",
        b"<broken",
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><Document><Stmt>&b;</Stmt></Document>',
        b":20:X\n:25:Y\n:60F:C260301SAR1,00\n",
        bytes(range(256)),
    ],
)
def test_what_is_no_statement_is_refused(content):
    with pytest.raises(BadStatement) as refused:
        read_statement(content)
    assert refused.value.sentence("ar") != refused.value.sentence("en")


def test_the_kind_is_recognised_by_content():
    found = [recognise(text.encode()) for text in (CSV, MT940, CAMT)]
    assert found == [StatementFormat.CSV, StatementFormat.MT940, StatementFormat.CAMT053]
