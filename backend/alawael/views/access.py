"""Saved views are looked for among the caller's own."""

from alawael.accounts.policy import free

free("view_id")
