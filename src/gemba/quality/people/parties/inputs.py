"""What may be said of a party. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class PartyInput:
    """A customer or supplier as it is entered; ``title`` is its name."""

    title: str
    kind: Literal["customer", "supplier", "both"] = "customer"
    code: str = ""
    contact: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
