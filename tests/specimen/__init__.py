"""A record type that exists only in the tests: the kernel's laws are shown on it."""
