"""The golden thread: what a record stands on and what came of it, as one picture.

A *strand* says where a type stands on the thread and what must follow from its records; a *card* is one
record in the picture, a *tie* what joins two of them; a *gap* is a record that should be there and is not.
Neighbours: every record type declares its strand; slices install what hangs on the thread without being
a record (charts); the server draws the picture.
"""
