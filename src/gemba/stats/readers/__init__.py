"""From a file to data shapes: CSV and other text, workbooks, Parquet; proposed, corrected, balanced.

``propose`` says how a file would be read; a person corrects and saves it as a profile. ``read`` gives the
columns with the place of every value and every refused row with its reason. What could be read in two ways
is asked, never guessed.

The way of the bytes: ``sources`` (bytes with a name and a digest), ``guard`` (what they are, and whether they
are safe to open), ``text``, ``workbook``, ``parquet`` (bytes to a ``grid`` of cells with places),
``structure`` and ``layouts`` (where the table is, which column is what), ``proposing`` (questions),
``columns`` and ``numbers`` (text to number), ``reader`` (rows stored, refused, left out).
"""

from gemba.stats.readers.guard import Limits
from gemba.stats.readers.layouts import LAYOUTS
from gemba.stats.readers.proposal import Choices, ColumnPlan, Corrections, Proposal
from gemba.stats.readers.proposing import propose
from gemba.stats.readers.questions import Note, OpenQuestions, Option, Question
from gemba.stats.readers.reader import read
from gemba.stats.readers.reading import Aside, ReadColumn, Reading, Refusal, read_safe_text, safe_text

__all__ = [
    "LAYOUTS",
    "Aside",
    "Choices",
    "ColumnPlan",
    "Corrections",
    "Limits",
    "Note",
    "OpenQuestions",
    "Option",
    "Proposal",
    "Question",
    "ReadColumn",
    "Reading",
    "Refusal",
    "propose",
    "read",
    "read_safe_text",
    "safe_text",
]
