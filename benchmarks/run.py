"""``bin/bench [NAME ...]``: run the benchmarks and print their sheets."""

from __future__ import annotations

import importlib
import os
import platform
import sys
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent))

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
    print(f"Python {platform.python_version()}, {platform.machine()}, one core; x: times as long as Gemba.\n")
    for name in names or TOPICS:
        for sheet in importlib.import_module(f"topics.{name}").sheets():
            print(sheet.text(), end="\n\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
