"""Gemba: quality management in one program, from measurement to proof.

``gemba.stats`` is a statistics library for quality work, useful alone in a notebook.
"""

__version__ = "0.1.0"
