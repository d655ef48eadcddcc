"""The engine for MongoDB: the official backend, with joins after the filter and usable indexes.

`django-mongodb-backend` puts the `$lookup` of every join before the `$match`, so a list of fifty
invoices with their customers joins all invoices there are, and filters them afterwards. MongoDB
mends that by itself in part, other servers of its protocol do not (`query`). And its unique
indexes, the primary key's among them, have a form that MongoDB does not use in a search (`schema`),
as has the question for the rows that foreign keys name (`lookups`).
"""
