"""The cast and the builders that every domain's tests share."""
