"""The commands, one module each: read, call one function of ``gemba.stats``, print."""
