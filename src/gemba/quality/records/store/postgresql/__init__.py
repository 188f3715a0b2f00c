"""Django's backend for a grown store: what is written waits for the next question."""
