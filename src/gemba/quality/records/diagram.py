"""A lifecycle drawn from its table: states from top to bottom, steps as arrows. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from gemba.quality.records.lifecycle import Lifecycle, Move, State

LEFT, WIDTH, ROW, GAP, LANE, LETTER = 150, 190, 22, 34, 16, 6.6
EDGE = LEFT + WIDTH
FAINT = 'stroke="currentColor" stroke-opacity="0.55" fill="none"'


@dataclass(frozen=True)
class Place:
    """A state on the drawing: the steps that go straight down, and those at its side, one row each.

    Where a lane leads here, the first row at the side is kept for it.
    """

    state: State
    top: float
    down: tuple[Move, ...]
    aside: tuple[Move, ...]
    entered: bool

    @property
    def height(self) -> float:
        """Two rows at least."""
        return ROW * max(2, len(self.aside) + self.entered)

    def row(self, place: int) -> float:
        """The middle of a row at the side."""
        return self.top + ROW * (place + 0.5)

    def row_of(self, move: Move) -> float:
        """The row of a step at the side."""
        return self.row(self.aside.index(move) + self.entered)


def diagram(cycle: Lifecycle) -> str:
    """A step to the next state goes straight down, any other by a lane to its target; inline SVG."""
    places = _places(cycle)
    steps = [move for place in places for move in place.aside]
    lanes = list(dict.fromkeys(m.target for p in places for m in p.aside if m.target != p.state.name))
    first = EDGE + 30 + LETTER * max((len(move.label) for move in steps), default=0)
    at = {name: first + LANE * number for number, name in enumerate(lanes)}
    parts = [_box(place) + _steps(place, at) for place in places]
    parts += [_lane(x, places, name) for name, x in at.items()]
    width, height = first + LANE * len(lanes) + 10, places[-1].top + places[-1].height + 10
    title = escape(f"States and steps of a {cycle.type.replace('-', ' ')}")
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{title}" '
        f'width="{width:.0f}" font-size="12" font-family="inherit" fill="currentColor">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0 0L8 4L0 8Z"/></marker></defs>' + "".join(parts) + "</svg>"
    )


def _places(cycle: Lifecycle) -> list[Place]:
    names = [state.name for state in cycle.states]
    below = dict(zip(names, [*names[1:], ""], strict=True))
    entered = {
        m.target for name in names for m in cycle.moves_from(name) if m.target not in (below[name], name)
    }
    places, top = [], 10.0
    for state in cycle.states:
        moves = cycle.moves_from(state.name)
        down = tuple(move for move in moves if move.target == below[state.name])
        aside = tuple(move for move in moves if move not in down)
        places.append(Place(state, top, down, aside, state.name in entered))
        top += places[-1].height + GAP
    return places


def _box(place: Place) -> str:
    """A state: a draft has a broken edge, an end a thick one."""
    edge = 3 if place.state.category in ("closed", "void") else 1.2
    broken = ' stroke-dasharray="4 3"' if place.state.category == "draft" else ""
    return (
        f'<rect x="{LEFT}" y="{place.top}" width="{WIDTH}" height="{place.height}" rx="6" fill="none" '
        f'stroke="currentColor" stroke-width="{edge}"{broken}/>'
        f'<text x="{LEFT + WIDTH / 2}" y="{place.top + place.height / 2 + 4}" text-anchor="middle" '
        f'font-weight="600">{escape(place.state.label)}</text>'
    )


def _steps(place: Place, at: dict[str, float]) -> str:
    parts = []
    if place.down:
        x, y = LEFT + WIDTH / 2, place.top + place.height
        label = escape(" · ".join(move.label for move in place.down))
        parts.append(f'<path d="M{x} {y}v{GAP}" stroke="currentColor" marker-end="url(#tip)"/>')
        parts.append(f'<text x="{x - 8}" y="{y + GAP / 2 + 4}" text-anchor="end">{label}</text>')
    for move in place.aside:
        y, label = place.row_of(move), escape(move.label)
        if move.target == place.state.name:
            parts.append(f'<path d="M{EDGE + 15} {y}a5 5 0 1 0 -2 4" {FAINT}/>')
            parts.append(f'<text x="{EDGE + 22}" y="{y + 3}">{label}</text>')
        else:
            parts.append(f'<path d="M{EDGE} {y}H{at[move.target]}" {FAINT}/>')
            parts.append(f'<text x="{EDGE + 8}" y="{y - 3}">{label}</text>')
    return "".join(parts)


def _lane(x: float, places: Sequence[Place], name: str) -> str:
    """The line at the side that all steps to one state join."""
    target = next(place for place in places if place.state.name == name).row(0)
    others = [place for place in places if place.state.name != name]
    ends = [place.row_of(move) for place in others for move in place.aside if move.target == name]
    line = f"M{x} {min([*ends, target])}V{max([*ends, target])}"
    return f'<path d="{line}" {FAINT}/><path d="M{x} {target}H{EDGE}" {FAINT} marker-end="url(#tip)"/>'
