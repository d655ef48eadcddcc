"""Promises to customers: quotations, orders, shipments and returns. Invoices live in invoicing."""
