"""How long it takes to post an invoice, beside what the database needs for its rows alone.

    .venv/bin/python benchmarks/postings.py [number of invoices]

Works on a database of its own: a temporary SQLite file, or `alawael_bench` on MONGODB_TEST_URI.
"""

import sys
import time

from bench import a_company, fresh_database

NUMBER = int(sys.argv[1]) if len(sys.argv) > 1 else 300
LINES = 20


def main() -> None:
    fresh_database()
    from alawael.core.actors import SYSTEM
    from alawael.core.clock import now
    from alawael.core.unit_of_work import unit_of_work
    from alawael.invoicing import services
    from alawael.invoicing.models import Invoice, InvoiceLine, InvoiceState
    from testing.invoicing import a_draft, a_line

    customer = a_company()
    lines = [a_line("12.50", "3") for _ in range(LINES)]

    began = time.perf_counter()
    drafts = [a_draft(*lines, customer=customer) for _ in range(NUMBER)]
    drafting = time.perf_counter() - began

    began = time.perf_counter()
    for draft in drafts:
        services.post_invoice(draft, by=SYSTEM, at=now())
    posting = time.perf_counter() - began

    @unit_of_work
    def bare_rows(invoice: Invoice) -> None:
        """The reference: one commit that copies the document's rows, without any rule."""
        rows = list(InvoiceLine.objects.filter(invoice=invoice))
        invoice.pk = type(invoice)._meta.pk.get_default()
        invoice.state = InvoiceState.DRAFT
        invoice.number = invoice.counter = invoice.entry = invoice.external_number = None
        invoice.save(force_insert=True)
        for row in rows:
            row.pk, row.invoice = type(row)._meta.pk.get_default(), invoice
        InvoiceLine.objects.bulk_create(rows)

    began = time.perf_counter()
    for draft in drafts:
        bare_rows(draft)
    bare = time.perf_counter() - began

    print(f"{NUMBER} invoices of {LINES} lines each")
    for name, seconds in (("draft", drafting), ("post", posting), ("rows alone", bare)):
        each = seconds / NUMBER * 1000
        print(f"  {name:<11} {each:7.2f} ms each   {seconds / bare:5.2f} × rows alone")


main()
