"""Money received and paid, and which invoices and bills it answers."""
