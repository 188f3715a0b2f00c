"""Who may ask for what the demo adds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gemba.server.access import ANYBODY, QUALITY, SIGNED_IN, Rule

ACCESS: Mapping[str, Rule] = MappingProxyType(
    {
        "demo_enter": Rule(ANYBODY),
        "demo_be": Rule(write=SIGNED_IN),
        "demo_pass": Rule(write=SIGNED_IN),
        "demo_lines": Rule(QUALITY),
    }
)
"""Route name -> its rule."""
