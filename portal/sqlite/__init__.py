"""Django's SQLite backend, with its writers in a row."""
