"""A file of one's own that becomes something watched: kept with a draft, read when that is released.

Its words: *brought* (a file that waits with the characteristic made for it), *taken* (its readings went
through the one door, or why they could not). Maker is not checker: the draft is released by somebody else,
and only then its readings are taken. Neighbours: ``products`` makes the characteristic, the kernel keeps the
file, ``collecting`` takes the readings by way of the loop, ``monitoring`` proposes the limits.
"""
