"""Bytes in, bytes out: the web server, its settings, its pages, its API. No law lives here."""
