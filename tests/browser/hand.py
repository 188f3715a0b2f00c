"""A hand on mouse and keyboard: everything that it does on a page is counted, and can be read after."""

from __future__ import annotations

import re
import time
from typing import Any

SECONDS = 60


def beginning(name: str) -> re.Pattern[str]:
    """A name that begins so; what a screen reader alone is told may stand after it, a blank apart."""
    return re.compile(rf"^{re.escape(name)}".replace(":", r"\s*:"))


class Hand:
    """Somebody before a page; ``done`` is every user action: a click, a field that was filled, a key."""

    def __init__(self, page: Any, done: list[str] | None = None, who: str = "") -> None:
        self.page, self.who = page, who
        self.done: list[str] = [] if done is None else done

    def note(self, what: str) -> None:
        """One action more."""
        self.done.append(f"{self.who} {what}".strip())

    def click(self, role: str, name: str, *, within: str = "main", place: int = 0) -> None:
        """Click what has this role and a name that begins so, once the page stands and links open dialogs."""
        self.page.wait_for_load_state("load")
        self.page.locator(within).get_by_role(role, name=beginning(name)).nth(place).click()
        self.note(f"click {name}")

    def field(self, label: str, *, within: str = "main", place: int = 0) -> Any:
        """The field with this label, whether it is needed or not."""
        begins = re.compile(rf"^{re.escape(label)}( needed| \(optional\))?$")
        return self.page.locator(within).get_by_label(begins).nth(place)

    def fill(self, label: str, text: str, *, within: str = "main", place: int = 0) -> None:
        """Type into the field with this label."""
        self.field(label, within=within, place=place).fill(text)
        self.note(f"type {label}")

    def choose(self, label: str, option: str, *, within: str = "main", place: int = 0) -> None:
        """Take an option of the list with this label."""
        self.field(label, within=within, place=place).select_option(label=option)
        self.note(f"choose {label}")

    def find(self, role: str, name: str, *, address: str) -> None:
        """Look at a page until what a job puts there stands on it; no action, it lies on the desk."""
        wanted = self.page.locator("main").get_by_role(role, name=beginning(name))
        deadline = time.monotonic() + SECONDS
        while True:
            self.page.goto(address)
            if wanted.count():
                return
            assert time.monotonic() < deadline, self.page.locator("main").inner_text()
            self.page.wait_for_timeout(150)
