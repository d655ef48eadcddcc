"""Paper about orders and their goods: bilingual PDF, typeset as invoices are."""

from alawael.sales.printing.papers import delivery_slip_pdf, order_pdf, pick_list_pdf

__all__ = ["delivery_slip_pdf", "order_pdf", "pick_list_pdf"]
