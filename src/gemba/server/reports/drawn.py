"""What a child process does for a document with pictures: draw each, set the pages. It opens no store."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from gemba.server.reports.paper import set_in_type
from gemba.stats.figures import Figure

TASK = "gemba.server.reports.drawn:setting"


def setting(asked: Mapping[str, Any], content: bytes) -> Iterator[str]:
    """The document as PDF, as text; ``figures`` are Vega-Lite with their words, by the name that it uses."""
    del content
    drawn = {name: Figure(**figure).to_pdf("print") for name, figure in asked["figures"].items()}
    yield base64.b64encode(set_in_type(asked["document"], drawn)).decode()
