"""Whose customers are whose; the policy reads it (`accounts.policy`)."""

from alawael.accounts.policy import limited_by, named
from alawael.parties.models import Party

limited_by(Party, party="")
named(party_id=Party, customer_id=Party, supplier_id=Party, supplier_ids=Party)
