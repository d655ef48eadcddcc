"""How payments hang on parties; the policy reads it. Bank statements are the whole company's."""

from alawael.accounts.policy import free, limited_by, named
from alawael.payments.models import Allocation, Payment

limited_by(Payment, party="party")
limited_by(Allocation, party="payment__party")
named(payment_id=Payment, allocation_id=Allocation, document_id=Payment)
free("statement_id")
