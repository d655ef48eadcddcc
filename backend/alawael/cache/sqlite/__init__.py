"""Django's own SQLite backend, with an eye on every statement and every commit."""
