"""How a peer's script times its work and answers. Runs in the peer's own environment."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from typing import Any


def timed(work: Callable[[], Any], *, repeats: int = 5, enough: float = 5.0) -> tuple[Any, float]:
    """The answer of the work and its median time; called once before, unless that alone takes long."""
    began = time.perf_counter()
    answer = work()
    first = time.perf_counter() - began
    if first > enough:
        return answer, first
    seconds: list[float] = []
    while len(seconds) < repeats and sum(seconds) < enough:
        began = time.perf_counter()
        answer = work()
        seconds.append(time.perf_counter() - began)
    return answer, statistics.median(seconds)


def speak(seconds: float, **answer: Any) -> None:
    """Print the answer as the line that the benchmark reads."""
    print(json.dumps({"seconds": seconds, **answer}))
