"""How invoices hang on customers and bills on suppliers; the policy reads it."""

from alawael.accounts.policy import free, limited_by, named
from alawael.invoicing.models import Bill, Invoice, InvoiceLine, WriteOff

limited_by(Invoice, customer="customer")
limited_by(InvoiceLine, customer="invoice__customer")
limited_by(WriteOff, customer="invoice__customer", or_none=True)
limited_by(Bill, party="supplier")
named(
    invoice_id=Invoice,
    advance_id=Invoice,
    write_off_id=WriteOff,
    bill_id=Bill,
    document_id=[Invoice, Bill],
)
free("source_line_id")  # lines belong to the document that is billed
