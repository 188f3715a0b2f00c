"""Texts in a file for a spreadsheet: what somebody typed must not run there as a formula."""

from __future__ import annotations

STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """A text that a spreadsheet would take for a formula, made one that it takes for a text.

    Parameters
    ----------
    text : str
        What stands in a cell.

    Returns
    -------
    str
        The text itself, or behind an apostrophe where its first character begins a formula; a sheet that
        is opened shows and computes nothing of it.

    Source: OWASP, CSV Injection.

    Examples
    --------
    >>> harmless("=1+1"), harmless("Bore diameter")
    ("'=1+1", 'Bore diameter')
    """
    return f"'{text}" if text.startswith(STARTS) else text
