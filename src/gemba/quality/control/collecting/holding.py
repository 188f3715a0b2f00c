"""The keys that were taken, and the work list of quarantine, held against what is sealed.

A key must lead to the reading that was stored under it, and every stored reading must have its key: whoever
removes one would have it taken a second time, whoever turns one aside would have a reading refused. What was
held back carries its content word for word, so the digest of its key is made again too. ``verify`` asks this.
"""

from __future__ import annotations

from collections.abc import Iterator

from gemba.quality.control.collecting.intake import is_digest_of, read_reading
from gemba.quality.records import store
from gemba.quality.records.canonical import DIGEST_SIZE
from gemba.quality.records.trail import Finding

KEYLESS = """
    SELECT r.id FROM {table} r
    LEFT JOIN collecting_intake i ON i.source = r.source AND i.sequence = r.sequence
    WHERE CASE WHEN i.{column} = r.id THEN FALSE ELSE NOT EXISTS (
        SELECT 1 FROM collecting_intake run WHERE run.source = r.source AND run.sequence = (
            SELECT near.sequence FROM collecting_intake near
            WHERE near.source = r.source AND near.sequence >= r.sequence ORDER BY near.sequence LIMIT 1
        ) AND run.sequence - run.count < r.sequence AND run.{column} - (run.sequence - r.sequence) = r.id
    ) END
"""
"""Where readings are sent one by one the key lies where its reading says: ``CASE``, so that a run is only
looked for where it does not."""
ASTRAY = """
    SELECT i.source, i.sequence, i.reading, i.quarantine FROM collecting_intake i
    LEFT JOIN collecting_reading r ON r.id = i.reading AND r.source = i.source AND r.sequence = i.sequence
    LEFT JOIN collecting_quarantined q
        ON q.id = i.quarantine AND q.source = i.source AND q.sequence = i.sequence
    WHERE (i.reading IS NOT NULL AND r.id IS NULL) OR (i.quarantine IS NOT NULL AND q.id IS NULL)
        OR (r.id IS NULL AND q.id IS NULL) OR (q.id IS NOT NULL AND i.count <> 1)
        OR length(i.digest) <> i.count * {size} OR i.count < 1
        OR (i.count > 1 AND i.count <> (
            SELECT COUNT(*) FROM collecting_reading each
            WHERE each.id > i.reading - i.count AND each.id <= i.reading
                AND each.source = i.source AND each.sequence = i.sequence - (i.reading - each.id)
        ))
        OR (i.count > 1 AND EXISTS (
            SELECT 1 FROM collecting_intake other WHERE other.source = i.source
                AND other.sequence < i.sequence AND other.sequence > i.sequence - i.count
        ))
"""
HELD = """
    SELECT q.id, q.content, i.digest FROM collecting_quarantined q
    JOIN collecting_intake i ON i.source = q.source AND i.sequence = q.sequence
"""
UNLISTED = """
    SELECT q.id FROM collecting_quarantined q
    LEFT JOIN collecting_decision d ON d.quarantined_id = q.id
    LEFT JOIN collecting_waiting w ON w.quarantined_id = q.id
    WHERE (d.id IS NULL) <> (w.quarantined_id IS NOT NULL)
"""
STREAMLESS = """
    SELECT used.stream_id FROM (SELECT DISTINCT stream_id FROM collecting_reading) AS used
    LEFT JOIN collecting_stream s ON s.id = used.stream_id
    WHERE s.id IS NULL
"""
UNREADABLE = (ValueError, TypeError, LookupError)
KEYS = "collecting_intake"


def altered_keys() -> Iterator[Finding]:
    """Every key that is gone, leads elsewhere or to nothing, or stands for other content."""
    for table, column in (("collecting_reading", "reading"), ("collecting_quarantined", "quarantine")):
        for (identity,) in store.stream(KEYLESS.format(table=table, column=column)):
            text = f"the key of row {identity} of {table} is gone or leads elsewhere"
            yield _finding(KEYS, int(identity), text)
    for source, sequence, reading, quarantine in store.stream(ASTRAY.format(size=DIGEST_SIZE)):
        text = f"the key {source} {sequence} stands for nothing that was stored"
        yield _finding(KEYS, int(reading or quarantine or 0), text)
    for identity, content, digest in store.stream(HELD):
        if not _is_digest(content, bytes(digest)):
            text = f"the key of row {identity} of collecting_quarantined stands for other content"
            yield _finding(KEYS, int(identity), text)
    for (identity,) in store.stream(UNLISTED):
        text = f"row {identity} of collecting_quarantined is not on the work list as decided"
        yield _finding("collecting_waiting", int(identity), text)


def missing_streams() -> Iterator[Finding]:
    """Every stream that is gone although readings belong to it."""
    for (identity,) in store.stream(STREAMLESS):
        text = f"row {identity} of collecting_stream was deleted, readings belong to it"
        yield Finding("row deleted", "collecting_stream", int(identity), 0, text)


def _is_digest(content: str, digest: bytes) -> bool:
    try:
        return is_digest_of(read_reading(content), digest)
    except UNREADABLE:
        return True  # the digest of the row tells that somebody altered it


def _finding(table: str, row: int, text: str) -> Finding:
    return Finding("row altered", table, row, 0, text)
