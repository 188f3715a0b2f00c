"""Data to stdout, messages to stderr; colours on a terminal only, and never with NO_COLOR."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

from gemba.cli.language import _

Tone = Literal["good", "bad", "plain"]
_STYLES: dict[Tone, str] = {"good": "bold green", "bad": "bold red", "plain": "bold"}


def show(text: str) -> None:
    """Data to stdout, exactly as given."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def show_json(values: Mapping[str, Any]) -> None:
    """Data to stdout as JSON."""
    show(json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False))


def show_answer(headline: str, rest: str, tone: Tone) -> None:
    """A headline, coloured on a terminal, and the figures below it."""
    if sys.stdout.isatty():
        from rich.console import Console

        Console(highlight=False).print(headline, style=_STYLES[tone], markup=False)
    else:
        show(headline)
    if rest:
        show("\n" + rest)


def tell(text: str) -> None:
    """A message to stderr."""
    sys.stderr.write(text + "\n")


def suggest(command: str) -> None:
    """The next command worth trying, to stderr when a person is looking."""
    if sys.stderr.isatty():
        tell(_("Next: {command}").format(command=command))


def warn(text: str) -> None:
    """A message that starts with its weight."""
    tell(f"gemba: {text}")


@contextmanager
def working(text: str) -> Iterator[None]:
    """Say on stderr that something takes its time; silent where nobody looks."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield
