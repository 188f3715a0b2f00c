"""What the parser of the command line says of a wrong usage, in the language of the shell.

The parser has English sentences and asks no catalogue for them. A sentence that is known here is told in the
reader's language with what it names; one that is not known stays as the parser said it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from gemba.cli.language import N_, _

LINES = (
    N_("Usage: {what}"),
    N_("Try '{command}' for help."),
    N_("Error: {what}"),
    N_("No such option: {name} (Possible options: {known})"),
    N_("No such option: {name}"),
    N_("Missing argument {name}."),
    N_("Missing option {name}."),
    N_("Missing parameter: {name}"),
    N_("Invalid value for {name}: {fault}"),
    N_("Invalid value: {fault}"),
    N_("Got unexpected extra argument(s) ({names})"),
    N_("Option {name} requires an argument."),
    N_("Option {name} requires {count} arguments."),
    N_("Option {name} does not take a value."),
    N_("Input should be a valid integer, unable to parse string as an integer"),
    N_("Input should be a valid number, unable to parse string as a number"),
    N_("Input should be a valid boolean, unable to interpret input"),
    N_("Input should be greater than or equal to {least}"),
    N_("Input should be greater than {least}"),
    N_("Input should be less than or equal to {most}"),
    N_("Input should be less than {most}"),
    N_("File {name} does not exist."),
    N_("Path {name} does not exist."),
    N_("{names} is not one of {known}."),
)
"""The sentences of the parser; the longer of two that begin alike stands first."""
_INSIDE = ("what", "fault")
"""Values that are sentences themselves."""


def usage_words(fault: Any) -> str:
    """What the parser shows of a fault, line by line.

    Parameters
    ----------
    fault
        An error of the parser, which writes itself into a file.
    """
    shown = io.StringIO()
    fault.show(file=shown)
    return "\n".join(in_words(line) for line in shown.getvalue().rstrip("\n").split("\n"))


def in_words(line: str) -> str:
    """One sentence of the parser in the language of the shell; another one as it is."""
    for text, pattern in _patterns():
        found = pattern.fullmatch(line)
        if found is not None:
            values = {name: in_words(v) if name in _INSIDE else v for name, v in found.groupdict().items()}
            return _(text).format(**values)
    return line


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(_made())


def _made() -> Iterator[tuple[str, re.Pattern[str]]]:
    for text in LINES:
        parts = re.split(r"\{(\w+)\}", text)
        known = (f"(?P<{part}>.+)" if place % 2 else re.escape(part) for place, part in enumerate(parts))
        yield text, re.compile("".join(known))
