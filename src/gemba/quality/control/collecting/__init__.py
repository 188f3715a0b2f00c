"""Readings: taken in exactly once, judged against the specification, kept for ever.

Words: a *reading* is one value of one characteristic as its source sent it; its *key* is the source and
the source's own sequence number; a *stream* is one characteristic on one combination of its stream keys;
*quarantine* holds what cannot be taken yet, with every reason, until a person mends and releases or
discards it; an *amendment* is a correction, a re-measurement or a void of an earlier reading, which stays.
Neighbours: ``loop.receive`` is the only caller of the writers here; products says what is asked;
monitoring judges what was accepted.
"""
