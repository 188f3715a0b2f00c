"""The kernel: what every record has. Lifecycle, advance, trail, version, signature, link, task, outbox.

Words: a *header* is the row every record has; a *version* is the record after one change; an *entry* is
one line of the trail; a *seal* ends a transaction; a *move* is a step of a lifecycle. Neighbours: every
slice stands on this kernel; it imports none of them.
"""
