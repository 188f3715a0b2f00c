"""HTTPS with an authority of the plant's own: made at the first start, trusted once on each device."""

from gemba.server.transport.authority import Certificate, own_certificate
from gemba.server.transport.names import is_loopback, names_of_host

__all__ = ["Certificate", "is_loopback", "names_of_host", "own_certificate"]
