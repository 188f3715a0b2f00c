"""The pages: what a record type declares, shown to a person."""
