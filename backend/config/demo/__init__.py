"""`alawael demo`: a believable trading company with a year of documents, made by the services."""
