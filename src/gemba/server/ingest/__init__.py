"""Readings from the network: bytes to readings, many requests into one commit, an answer after it."""
