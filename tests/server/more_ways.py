"""More ways of writing, for the test of every model: ``ways`` are its clients and its senders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.conftest import now


def of_gauges(ways: Any) -> Iterator[str]:
    """A gauge registered, calibrated, failed and answered for."""
    about = {"title": "Micrometer", "tag": "MIC-1", "unit": "mm", "interval_months": "12"}
    ways.post("inspector", "/records/gauge/new", site="HAL", notice_days="30", **about)
    yield "form: a gauge"
    found = {"calibrated_at": now().isoformat(), "performer": "DKD", "certificate": "C-1"}
    path = "records/gauge/GAU-HAL-26-0001/moves"
    ways.api("inspector", f"{path}/pass", {"fields": found})
    yield "api: a calibration"
    ways.send("10.01", gauge="MIC-1")
    ways.api("inspector", f"{path}/fail", {"fields": found | {"calibrated_at": now().isoformat()}})
    yield "api: a gauge out of tolerance"
    ways.work()
    yield "worker: the impact listed"
    row = {"number": 1, "answer": "checked", "words": "measured again"}
    ways.api("engineer", f"{path}/investigate", {"fields": {"impacts": [row]}})
    yield "api: an impact answered"
