"""Jobs, the audit trail and the cache are the whole company's; their routes refuse whoever is
limited."""

from alawael.accounts.policy import free

free("job_id", "record_id", "row")
free("after")  # where a list of the caller's own rows goes on
