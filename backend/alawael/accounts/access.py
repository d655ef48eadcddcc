"""Ids of users and roles, and of what belongs to the caller; nobody is limited in them."""

from alawael.accounts.policy import free

free("user_id", "role_id", "actor_id", "salesperson_id")
free("passkey_id", "session_id", "token_id")  # looked for among the caller's own
free("id")  # of a user in a batch, whose routes refuse whoever is limited
