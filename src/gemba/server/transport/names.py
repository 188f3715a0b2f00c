"""Under which names and addresses this machine is reached."""

from __future__ import annotations

import contextlib
import ipaddress
import socket

EVERY = {"0.0.0.0", "::", ""}  # noqa: S104 (recognised here, not bound)


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def names_of_host(host: str) -> tuple[str, ...]:
    """What a certificate must name for a server that listens on this address."""
    names = ["localhost", "127.0.0.1"]
    if host not in EVERY:
        return tuple(dict.fromkeys([host, *names]))
    name = socket.gethostname()
    found = [name, f"{name}.local", socket.getfqdn()]
    with contextlib.suppress(OSError):
        found += [str(info[4][0]) for info in socket.getaddrinfo(name, None)]
    found.append(_outward())
    return tuple(dict.fromkeys(item for item in [*found, *names] if item))


def _outward() -> str:
    """The address that this machine uses towards its network; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return ""
        return str(probe.getsockname()[0])
