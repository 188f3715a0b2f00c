"""Nonconformances: product that is not as required, kept in and decided on by the right people.

Words: a *location* is a place where suspect product may be, each is answered before a nonconformance is
contained; a *review* is the recorded word of one function, engineering and quality at least; a *line* is a
part of the quantity with one decision about it; a *concession* is the leave to use what does not conform.
A *cycle* begins anew when a decision is reviewed again. A machine may draft, a person reports. Neighbours:
products say what was required, collecting has the readings of the re-inspection, monitoring the last good
point; concessions and corrective actions are seen by their headers only.
"""
