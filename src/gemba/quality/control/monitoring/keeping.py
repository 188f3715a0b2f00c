"""Streams kept between two batches: locked in the order of their ids, remembered in memory, written back.

A copy in memory is used only when its stamp is the stored one, read under the lock. So a rolled back
transaction, another process and a restored store all make the copy worthless, whoever notices or not.
"""

from __future__ import annotations

import json
import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec

from gemba.quality.control.monitoring.judging import chart_of
from gemba.quality.control.monitoring.models import LimitSet, StreamState
from gemba.quality.control.monitoring.points import START
from gemba.quality.control.monitoring.stream import Definition, FindDefinition, Stream, fresh_stream
from gemba.quality.control.monitoring.tables import STREAM_STATE
from gemba.quality.planning.products import queries as products
from gemba.quality.planning.products.specification import Specification
from gemba.quality.records import store
from gemba.quality.records.work import Work
from gemba.stats.charts import Limits

REMEMBERED = 20_000
TABLE = STREAM_STATE.name
COLUMNS = STREAM_STATE.columns
Rows: TypeAlias = Callable[[], dict[int, tuple[int, int]]]
_encode = msgspec.json.Encoder().encode
_remembered: OrderedDict[int, tuple[int, Stream | None]] = OrderedDict()


class Locking:
    """Streams that are about to have readings, locked along with a question that is asked anyway."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._streams: frozenset[int] = frozenset()
        self._rows: Rows = dict

    def ask(self, streams: Sequence[int], readings: int) -> None:
        """Lock what the judge remembers of these streams, then have numbers drawn for a few points."""
        self._streams, self._rows = frozenset(streams), _lock_later(streams)
        self._work.ledger.expect("monitoring_point", readings)

    def lock(self, wanted: Iterable[int]) -> dict[int, tuple[int, int]]:
        """Stamp and version of each of these streams, under the lock."""
        if not self._streams.issuperset(wanted):
            # of a stream that was not locked then, somebody else may have numbered points since
            self._work.ledger.expect("monitoring_point", 0)
            return _lock_later(wanted)()
        rows = self._rows()
        return {identity: rows[identity] for identity in sorted(wanted) if identity in rows}


@dataclass
class Taken:
    """The streams of one batch, locked; ``broken`` says why a stored state could not be read."""

    streams: dict[int, Stream] = field(default_factory=dict)
    broken: dict[int, str] = field(default_factory=dict)


def definitions_of(characteristic: int, released: Sequence[Specification] | None = None) -> FindDefinition:
    """Find how the characteristic is charted by one of its versions; read once, when first asked.

    ``released`` are its releases, where they are at hand.
    """
    known: dict[int, Definition | None] = {}

    def find(version: int) -> Definition | None:
        if not known:
            every = products.releases(characteristic) if released is None else released
            for item in every:
                known[item.version] = None
                chart = item.chart
                if chart is not None:
                    drawn = chart_of(
                        chart.kind, chart.subgroup_size, chart.rules, chart.design, chart.members
                    )
                    known[item.version] = Definition(
                        item.version, drawn, chart.subgroup_minutes, chart.needed_subgroups
                    )
        return known.get(version)

    return find


def find_limits(identity: int) -> Limits:
    """The limits of a limit set."""
    return read_limits(LimitSet.objects.values_list("limits", flat=True).get(pk=identity))


@lru_cache(maxsize=1024)
def read_limits(text: str) -> Limits:
    """The limits from their stored text; the charts of a list are drawn by the same ones again and again."""
    return Limits.from_dict(json.loads(text))


def take_streams(work: Work, wanted: Mapping[int, tuple[int, int]], locking: Locking | None = None) -> Taken:
    """Lock these streams in the order of their ids until the transaction ends.

    ``wanted`` maps a stream to its characteristic and the newest version of it among the readings. A stream
    whose characteristic has no chart is left out. ``locking`` may have locked them already.
    """
    stamps = (locking or Locking(work)).lock(wanted)
    missing = [identity for identity in sorted(wanted) if identity not in stamps]
    if missing:
        fresh = [_row(identity, wanted[identity][0], None, 0, 0) for identity in missing]
        store.insert_new(TABLE, COLUMNS, fresh)
        stamps = _lock_later(wanted)()
    taken = Taken()
    for identity, (stamp, version) in stamps.items():
        characteristic, newest = wanted[identity]
        held = _remembered.pop(identity, None)
        known = held is not None and held[0] == stamp
        stream = held[1] if held and known else _load(identity, characteristic, taken)
        if stream is None and newest > version:
            stream = _begin(identity, characteristic, newest)
            if stream is not None:
                together = bool(stream.definition.chart.joined)
                stream.opening = "here" if version or together else "start"
        if stream is not None:
            taken.streams[identity] = stream
        elif newest > version:
            _note_no_chart(work, identity, newest)
        else:
            _remember(identity, stamp, None)
    return taken


def save_streams(work: Work, streams: Iterable[Stream]) -> None:
    """Write the streams back and remember them."""
    stamp = secrets.randbits(62)
    kept = list(streams)
    rows = [_row(s.id, s.characteristic, s, stamp, s.definition.version) for s in kept]
    store.put_many(TABLE, COLUMNS[:1], COLUMNS[2:], rows, kept=COLUMNS[1:2])
    work.ledger.note_changed(STREAM_STATE, rows)
    for stream in kept:
        _remember(stream.id, stamp, stream)


def take_stream(work: Work, identity: int) -> Stream | None:
    """Lock one stream that is known already; ``None`` where there is none, or no chart."""
    row = StreamState.objects.filter(pk=identity).values_list("characteristic_id", flat=True).first()
    return None if row is None else take_streams(work, {identity: (row, 0)}).streams.get(identity)


def stored_stream(stream: Stream) -> Stream:
    """The stream as it was before a judgement that failed."""
    taken = Taken()
    before = _load(stream.id, stream.characteristic, taken)
    return before or fresh_stream(stream.id, stream.characteristic, stream.definition)


def read_stream(identity: int) -> Stream | None:
    """The stream as it is stored, to look at; ``None`` where there is no chart."""
    row = StreamState.objects.filter(pk=identity).exclude(state="").first()
    return None if row is None else _read(row)


def _lock_later(wanted: Iterable[int]) -> Rows:
    rows = store.fetch_locked_later(TABLE, "stream", ("stamp", "definition"), list(wanted))
    return lambda: {identity: (stamp, version) for identity, stamp, version in rows()}


def _load(identity: int, characteristic: int, taken: Taken) -> Stream | None:
    row = StreamState.objects.get(pk=identity)
    if not row.state:
        return None
    try:
        return _read(row)
    except (ArithmeticError, LookupError, TypeError, ValueError, LimitSet.DoesNotExist) as error:
        taken.broken[identity] = repr(error)
        stream = _begin(identity, characteristic, row.definition)
        if stream is not None:
            stream.signal, stream.fault_signal = row.signal, row.fault_signal
            stream.proposed = row.proposed
            stream.mark(START)
        return stream


def _note_no_chart(work: Work, identity: int, version: int) -> None:
    stamp = secrets.randbits(62)
    rows = StreamState.objects.filter(pk=identity)
    rows.update(definition=version, stamp=stamp)
    work.ledger.note_changed(STREAM_STATE, rows.values_list(*COLUMNS))
    _remember(identity, stamp, None)


def _begin(identity: int, characteristic: int, version: int) -> Stream | None:
    definition = definitions_of(characteristic)(version)
    return None if definition is None else fresh_stream(identity, characteristic, definition)


def _read(row: StreamState) -> Stream:
    stream = Stream.from_dict(row.stream, row.characteristic_id, json.loads(row.state), find_limits)
    stream.signal, stream.fault_signal, stream.proposed = row.signal, row.fault_signal, row.proposed
    if row.rejudge_position is not None:
        first = (row.rejudge_position, row.rejudge_sequence or 0)
        last = (row.rejudge_to_position or 0, row.rejudge_to_sequence or 0)
        stream.rejudge = (first, last)
    return stream


def _row(
    identity: int, characteristic: int, stream: Stream | None, stamp: int, version: int
) -> tuple[Any, ...]:
    if stream is None:
        return (identity, characteristic, stamp, version, "", 0, 0, *(None,) * 9)
    first, last = stream.rejudge or ((None, None), (None, None))
    state = _encode(stream.to_dict()).decode()
    return (
        identity, characteristic, stamp, version, state, stream.collected, stream.definition.needed,
        stream.judge.limits_id, stream.proposed, stream.signal, stream.fault_signal, stream.due_at,
        *first, *last,
    )  # fmt: skip


def _remember(identity: int, stamp: int, stream: Stream | None) -> None:
    _remembered[identity] = (stamp, stream)
    if len(_remembered) > REMEMBERED:
        _remembered.popitem(last=False)
