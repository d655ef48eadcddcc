"""What is owed: invoices and notes to customers, bills from suppliers, and the VAT on them."""
