"""The proof that the program carries: known right answers, constants and laws, checked where it runs.

``cases`` are the carried cases (see their ``source``); ``topics`` says which function answers which.
Neighbours: every family of ``gemba.stats`` below; nothing but the shell above.
"""

from gemba.stats.proof.case import Case, Quantity, carried_cases, compare_case, read_cases
from gemba.stats.proof.check import Check, Topic, check_case
from gemba.stats.proof.qualification import Qualification, qualify
from gemba.stats.proof.signature import SignedReport, Signer, check_report, home_key
from gemba.stats.proof.topics import TOPICS

__all__ = [
    "TOPICS",
    "Case",
    "Check",
    "Qualification",
    "Quantity",
    "SignedReport",
    "Signer",
    "Topic",
    "carried_cases",
    "check_case",
    "check_report",
    "compare_case",
    "home_key",
    "qualify",
    "read_cases",
]
