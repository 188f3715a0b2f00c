"""A report of one file: what was found, as one HTML page or one PDF, for people without the program.

``contents`` says what stands in a report, ``compose`` fills it by calling ``gemba.stats``, ``page`` makes
HTML of it and ``paper`` PDF.
"""
