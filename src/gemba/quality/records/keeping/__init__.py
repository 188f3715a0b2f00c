"""Keeping the store: copies that are proved, the way back, the way to another database, the doctor.

A backup is one folder: the whole store as an SQLite file, whatever database it came from, the attachments,
the log of anchors, and a manifest that vouches for every byte. Restoring proves the copy first and only
then replaces anything. Moving copies the same rows, so one code path serves all three.
"""
