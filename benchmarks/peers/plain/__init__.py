"""What a user would build instead: a Django application with a history table, an audit log and an outbox."""
