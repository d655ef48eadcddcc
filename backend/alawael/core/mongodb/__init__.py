"""The engine for MongoDB: the official backend, with joins that come after the filter.

`django-mongodb-backend` puts the `$lookup` of every join before the `$match`, so a list of fifty
invoices with their customers joins all invoices there are, and filters them afterwards. MongoDB
mends that by itself in part, other servers of its protocol do not.
"""
