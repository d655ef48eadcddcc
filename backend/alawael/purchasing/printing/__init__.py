"""Paper for suppliers: the order as bilingual PDF, typeset as invoices are."""

from alawael.purchasing.printing.order import purchase_order_pdf

__all__ = ["purchase_order_pdf"]
