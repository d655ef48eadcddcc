"""What always holds about stock, proven on live data."""

from alawael.stock import count_proofs, transfer_proofs

__all__ = ["count_proofs", "transfer_proofs"]
