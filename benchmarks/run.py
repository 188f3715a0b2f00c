"""``bin/bench [NAME ...]``: run the benchmarks and print their sheets."""

from __future__ import annotations

import importlib
import os
import platform
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent))

TOLD = "one core; x: times as long as Gemba."
ALONE = "GEMBA_BENCH_ALONE"  # set where a topic is one of several: the head of the sheets was printed
TOPICS = (
    *("charts", "weighted", "screening", "lengths", "step", "imports", "reading", "workbook", "pictures"),
    *("kernel", "pages", "desk", "http", "peer_http"),
)


def main(names: list[str]) -> int:
    """Run the named topics, or all."""
    unknown = sorted(set(names) - set(TOPICS))
    if unknown:
        print(
            f"There is no benchmark named {', '.join(unknown)}. There are: {', '.join(TOPICS)}.",
            file=sys.stderr,
        )
        return 2
    wanted = names or list(TOPICS)
    if ALONE not in os.environ:
        print(f"Python {platform.python_version()}, {platform.machine()}, {TOLD}\n")
    if len(wanted) > 1:
        failed = [name for name in wanted if _alone(name)]  # the others are measured all the same
        return int(bool(failed))
    for sheet in importlib.import_module(f"topics.{wanted[0]}").sheets():
        print(sheet.text(), end="\n\n", flush=True)
    return 0


def _alone(name: str) -> int:
    """Measure a topic in a process of its own: a store, and what was imported, belong to one of them."""
    sys.stdout.flush()
    return subprocess.call([sys.executable, __file__, name], env=os.environ | {ALONE: "yes"})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
