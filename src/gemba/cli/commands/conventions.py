"""What ``--against`` of ``gemba chart`` and ``gemba capability`` answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gemba.cli.codes import settle
from gemba.cli.console import show_answer, show_json

if TYPE_CHECKING:
    from gemba.cli.source import Source


def compare(source: Source, convention: str | None, against: str, as_json: bool, /, **asked: Any) -> int:
    """The same data under two conventions, line by line."""
    from gemba.cli.source import choose_kind
    from gemba.stats.capability import compare_conventions

    if "kind" in asked and asked["kind"] is None:
        layout = {name: asked.get(name) for name in ("value", "subgroup", "size", "n")}
        asked["kind"] = choose_kind(source, layout)
    with source.placing():
        found = compare_conventions(source.frame, convention or "gemba", against, **asked)
    if as_json:
        show_json(found.to_dict() | {"source": source.to_dict()})
    else:
        headline = found.headline()
        rest = f"{found.summary().removeprefix(headline).lstrip()}\n\n{found.explain()}"
        show_answer(headline, rest, "plain")
    return settle(refused=source.refused > 0, signal=False)
