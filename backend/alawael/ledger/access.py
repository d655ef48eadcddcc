"""The books are the whole company's: their routes refuse whoever is limited (`whole_company`)."""

from alawael.accounts.policy import free, named
from alawael.ledger.models import Account

named(parent_id=Account)
free("account_id", "entry_id", "period_id", "source_id")
