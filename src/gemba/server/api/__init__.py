"""The HTTP API under /api/v1, made from the record types and their screens."""
