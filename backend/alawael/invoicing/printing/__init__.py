"""Paper for customers: invoices, notes and statements as bilingual PDF, typeset by Typst."""

from alawael.invoicing.printing.invoice import invoice_pdf
from alawael.invoicing.printing.statement import (
    Ageing,
    Movement,
    Statement,
    statement_pdf,
)

__all__ = ["Ageing", "Movement", "Statement", "invoice_pdf", "statement_pdf"]
