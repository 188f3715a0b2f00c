"""What happens now, told to browsers: one event stream each, for all of its charts."""
