"""Imports are the whole company's: their routes refuse whoever is limited."""

from alawael.accounts.policy import free

free("import_id")
