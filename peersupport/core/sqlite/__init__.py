"""The database backend for SQLite: Django's own, whose threads take turns to write."""
