"""Who is asking: one function for both halves of the server, a session or a token, with the rights of now."""

from gemba.server.identity.asking import Identity, forget, identify
from gemba.server.identity.sessions import note_use

__all__ = ["Identity", "forget", "identify", "note_use"]
