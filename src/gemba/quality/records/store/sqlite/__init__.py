"""Django's SQLite backend under the store's write lock."""
