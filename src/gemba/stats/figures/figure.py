"""One figure everywhere: the same Vega-Lite JSON on a page, in a report and in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False)
class Figure:
    """A picture as Vega-Lite JSON without colours of its own, with the words that replace it."""

    spec: Mapping[str, Any]
    alt: str
    title: str = ""

    def to_svg(self, theme: str = "light") -> str:
        """The picture as SVG text."""
        raise NotImplementedError
