"""Invoices and notes to customers, and the VAT on them. Payments live in alawael.payments."""
