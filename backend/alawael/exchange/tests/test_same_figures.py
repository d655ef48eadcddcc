"""Both engines answer the same real data with the same bytes.

The digests were recorded on one engine and are checked on both. A report that says more than before
changes its digest: look at it, then copy the new one from the failure.
"""

import gzip
from itertools import islice

import pytest

from alawael.core.install import install
from alawael.exchange.tests.test_real_data import FILE
from testing.exchange import an_upload, run
from testing.figures import digest, read_reports
from testing.parties import our_company

LINES = 2_000
SPAN = {"first": "2010-12-01", "last": "2011-03-14"}
DIGESTS = {
    "trial balance": "5d2f543a9dacea9e",
    "profit and loss": "3005e770791593ff",
    "balance sheet": "475dce519180f69b",
    "general ledger": "714bb45a34e4fe34",
    "trial balance, csv": "7a2563d26c66f242",
    "profit and loss, csv": "8bbaf8d2dde3a4af",
    "balance sheet, csv": "2d39cae308a8f5bf",
    "general ledger, csv": "444202dd10312366",
    "vat return": "67fae6ec561ef932",
    "receivables ageing": "4fb848cb02789022",
    "dashboard": "f7c0b22299d8cc6a",
    "dashboard, 3 months": "d97cb8cc17d3aedf",
}


@pytest.mark.slow
@pytest.mark.real_data
@pytest.mark.skipif(not FILE.exists(), reason="online_retail.csv.gz is not beside the repository")
def test_every_report_is_the_same_to_the_byte_on_both_engines(amal, as_amal, noon):
    install()
    our_company()
    with gzip.open(FILE, "rb") as file:
        head = b"".join(islice(file, LINES + 1))

    batch = run(an_upload(head, by=amal, at=noon), by=amal, at=noon)

    assert batch.run_report is not None
    assert batch.run_report["rows"]["created"] == LINES
    found = {name: digest(text) for name, text in read_reports(as_amal, **SPAN)}
    assert found == DIGESTS
