"""A hand on mouse and keyboard: everything that it does on a page is counted, and can be read after."""

from __future__ import annotations

import re
from typing import Any


class Hand:
    """Somebody before a page; ``done`` is every user action: a click, a field that was filled, a key."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.done: list[str] = []

    def click(
        self, role: str, name: str | re.Pattern[str], *, within: str = "main", exact: bool = True
    ) -> None:
        """Click what has this role and this name."""
        exact = exact and isinstance(name, str)
        self.page.locator(within).get_by_role(role, name=name, exact=exact).first.click()
        self.done.append(f"click {name if isinstance(name, str) else name.pattern}")

    def fill(self, label: str, text: str, *, within: str = "main") -> None:
        """Type into the field with this label."""
        self.page.locator(within).get_by_label(label, exact=True).fill(text)
        self.done.append(f"type {label}")

    def choose(self, label: str, option: str, *, within: str = "main") -> None:
        """Take an option of the list with this label."""
        self.page.locator(within).get_by_label(label, exact=True).select_option(option)
        self.done.append(f"choose {label}")
