"""Exit codes, and which one stands when several apply."""

from __future__ import annotations

from enum import IntEnum


class Code(IntEnum):
    """What the exit code of a command says."""

    FINE = 0
    ERROR = 1
    USAGE = 2
    SIGNAL = 3
    REFUSED = 4
    UNVERIFIED = 5


MEANINGS = """\
Exit codes: 0 fine; 1 error; 2 wrong usage or data that cannot be used; 3 out of control or not capable;
4 some rows of the file were refused; 5 verification failed. 4 outranks 3: a verdict on part of the data
is no verdict."""


def settle(*, refused: bool, signal: bool) -> Code:
    """The code of a command that came to an answer: refused rows outrank the verdict."""
    if refused:
        return Code.REFUSED
    return Code.SIGNAL if signal else Code.FINE
