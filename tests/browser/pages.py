"""Every page of the plant, from the URL table: what fills its address, and who opens it.

A page without values in its address needs no line here. One with values says where they come from, and an
address that is no page says why; ``test_pages`` fails for an address that does neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from gemba.server.access import ACCESS
from server.test_access import ROUTES

Seed = Mapping[str, Any]
Values = list[dict[str, Any]]

NO_PAGE: Mapping[str, str] = {
    "attachment": "a file to save",
    "chart_capability": "a file to save",
    "chart_capability_drawn": "the picture of the page that shows it",
    "chart_figure": "the figure that a chart draws",
    "chart_histogram": "the histogram that a chart's page draws",
    "chart_side": "a piece of the chart's page",
    "manual_picture": "a picture that the manual shows",
    "mfa_download_recovery_codes": "a file to save",
    "trust_certificate": "a file to save",
    "upload_figure": "the figure that a file's chart draws",
    "record_print": "a file to save",
    "records_table": "a file to save",
    "charts_table": "a file to save",
    "coverage_table": "a file to save",
    "desk_table": "a file to save",
    "loop_table": "a file to save",
    "trail_table": "a file to save",
    "upload_refused": "a file to save",
}
BY_HAND: Mapping[str, str] = {
    "mfa_authenticate": "between password and code",
    "upload_look": "after a file was sent",
    "brought": "after a file was kept",
}
"""Pages that stand only after a step; ``test_steps`` takes it and looks at them."""
STRANGER = ("account_login", "account_signup", "account_inactive", "setup", "trust")
WITH_SECOND_FACTOR = (
    "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_reauthenticate", "mfa_view_recovery_codes",
)  # fmt: skip
ELSEWHERE = ("account_reauthenticate",)
"""Pages that turn somebody away who showed a moment ago that it is him; looked at without that."""


def _types(seed: Seed) -> Values:
    return [{"type_name": kind} for kind in seed["types"]]


def _one_of_each_state(seed: Seed) -> Values:
    return [
        {"type_name": kind, "reference": identity}
        for kind, states in seed["records"].items()
        for identity in states.values()
    ]


def _moves(seed: Seed) -> Values:
    return [
        {"type_name": kind, "reference": identity, "move": move} for kind, identity, move in seed["moves"]
    ]


def _editable(seed: Seed) -> Values:
    return [{"type_name": kind, "reference": identity} for kind, identity in seed["editable"]]


FILLED: Mapping[str, Callable[[Seed], Values]] = {
    "advice": lambda seed: [{"stream": number} for number in seed["streams"][:3]],
    "calendar": lambda _: [{"code": "HAL"}],
    "chart": lambda seed: [{"stream": number} for number in (*seed["streams"][:2], *seed["streams"][-3:])],
    "chart_capability_page": lambda seed: [{"stream": seed["streams"][0]}],
    "chart_point": lambda seed: [
        {"stream": number, "point": point} for number, point in seed["points"].items()
    ],
    "closer": lambda seed: [{"stream": number} for number in seed["streams"][:2]],
    "goal": lambda seed: [{"identity": number} for number in list(seed["records"]["product"].values())[:2]],
    "compare": lambda seed: [
        {"identity": number} for number in list(seed["records"]["characteristic"].values())[:2]
    ],
    "differences": lambda seed: [{**values, "number": 1} for values in _one_of_each_state(seed)[::4]],
    "manual": lambda _: [{"page": name} for name in ("records/capa", "start/living-plant", "explain/loop")],
    "person": lambda seed: [{"identity": number} for number in seed["people"][:3]],
    "reading": lambda _: [{"identity": 1}],
    "record": _one_of_each_state,
    "record_edit": _editable,
    "record_move": _moves,
    "record_new": lambda seed: [{"type_name": kind} for kind in seed["made"]],
    "record_thread": lambda seed: _one_of_each_state(seed)[::3],
    "records": _types,
    "setup": lambda seed: [{"secret": seed["link"]}, {"secret": "used-long-ago"}],
}

PAST: Mapping[str, str] = {"record": "?version=1", "records": "?as_of=2030-01-01"}
"""The same pages as they were at a past moment."""


def pages() -> dict[str, str]:
    """Name -> pattern of every address that somebody can open in a browser."""
    found = {}
    for name, pattern in ROUTES:
        rule = ACCESS.get(name)
        if rule is None or rule.read is None or pattern.endswith(".json") or name.startswith("api:"):
            continue
        if name not in NO_PAGE and name not in BY_HAND:
            found[name] = pattern
    return found


def addresses(name: str, pattern: str, seed: Seed) -> list[str]:
    """The addresses of a page in a plant."""
    if "<" not in pattern:
        return [f"/{pattern}"]
    found = [filled(pattern, values) for values in FILLED[name](seed)]
    return [*found, *(address + PAST[name] for address in found[:3])] if name in PAST else found


def filled(pattern: str, values: Mapping[str, Any]) -> str:
    """An address from its pattern."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(values[part[1]]), pattern)
