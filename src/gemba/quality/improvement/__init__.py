"""Quality improvement: what is done so that it does not happen again, and the proof that it does not."""
