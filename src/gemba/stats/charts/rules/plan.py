"""How a rule set is judged, worked out once: which tracks are kept of a series, and what is read from them.

A track notes one sign for each point: 1 (high), 2 (low) or 0. Several rules read the same track. A rule
fires at a point that carries the sign itself when at least ``need`` of the last ``window`` points do.
The batch holds a track as two masks; the stream as one integer, two bits a point, the newest lowest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from gemba.stats.charts.rules.rule import Rule

Kind: TypeAlias = Literal["limits", "side", "move", "zone", "within"]
Reading: TypeAlias = Literal["sign", "either", "turn"]

_TRACKS: dict[str, tuple[Kind, Reading]] = {
    "beyond": ("limits", "sign"),
    "same_side": ("side", "sign"),
    "trend": ("move", "sign"),
    "alternating": ("move", "turn"),
    "zone": ("zone", "sign"),
    "within": ("within", "sign"),
    "outside": ("zone", "either"),
    "opposite": ("zone", "turn"),
}
_REACHES = {"trend": 1, "alternating": 2, "opposite": 1}
"""How many points before the first sign, or turn, belong to the pattern."""


class Track(NamedTuple):
    """What is noted of each point, and the bits of history the stream keeps."""

    kind: Kind
    sigma: float
    keep: int


class Check(NamedTuple):
    """What a rule reads: its track, how, and how many signs among how many points.

    ``reach`` is how many points before the first sign belong to the pattern; ``ones`` has a bit for each
    point of the window.
    """

    code: str
    track: int
    reading: Reading
    need: int
    window: int
    reach: int
    ones: int

    @property
    def link(self) -> int:
        """Firings that lie less than this many points apart are one pattern."""
        return max(self.window, 2)


class Plan(NamedTuple):
    """Tracks and checks of a rule set."""

    tracks: tuple[Track, ...]
    checks: tuple[Check, ...]


def make_plan(rules: tuple[Rule, ...]) -> Plan:
    """The plan of these rules."""
    bits: dict[tuple[Kind, float], int] = {}
    checks: list[Check] = []
    for rule in rules:
        kind, reading = _TRACKS[rule.test]
        reach = _REACHES.get(rule.test, 0)
        fewer = reach - (rule.counts == "moves") if reach else 0
        need, window = rule.k - fewer, rule.of - fewer
        key = (kind, rule.sigma)
        history = window + (1 if need == window else window - 1) + (reading == "turn")
        bits[key] = max(bits.get(key, 0), history)
        ones = (4**window - 1) // 3
        checks.append(Check(rule.code, list(bits).index(key), reading, need, window, reach, ones))
    tracks = tuple(Track(kind, sigma, 4**length - 1) for (kind, sigma), length in bits.items())
    return Plan(tracks, tuple(checks))
