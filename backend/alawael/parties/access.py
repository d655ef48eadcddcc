"""Whose customers are whose; the policy reads it (`accounts.policy`)."""

from alawael.accounts.policy import limited_by, named
from alawael.parties.models import BankAccount, Party

limited_by(Party, party="")
limited_by(BankAccount, party="party", or_none=True)  # our own ones have no party
named(bank_account_id=BankAccount)
named(party_id=Party, customer_id=Party, supplier_id=Party, supplier_ids=Party)
