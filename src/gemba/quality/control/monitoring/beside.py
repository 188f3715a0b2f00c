"""What hangs on the thread of records without being one: the charts, with their signals and limits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from gemba.quality.control.collecting import queries as collecting
from gemba.quality.control.monitoring.models import LimitSet, Signal, StreamState
from gemba.quality.control.monitoring.record import LIMIT_SET, SIGNAL
from gemba.quality.records.actor import Actor
from gemba.quality.records.lifecycle import LOCKED
from gemba.quality.records.models import Header
from gemba.quality.records.reading import may_read
from gemba.quality.records.thread.graph import RECORD, Card, Key, Near
from gemba.quality.records.thread.near import card_of
from gemba.stats.results import N_, Translate, translator

CHART = "chart"
PLACE = 60
_READ = {"charted": "charts", "signalled": "signalled_by", "limited": "limits"}
"""Relation from a characteristic to its chart, and from a chart to its signals and limits; and back."""


class _Pair(NamedTuple):
    """That two hang together: the relation leads from the source to the target."""

    source: Key
    relation: str
    target: Key
    held: int = 1


@dataclass(frozen=True)
class _Look:
    """What is asked for: so many by each relation, by whom, in which language."""

    each: int
    actor: Actor
    language: str | None


def charts_beside(cards: Collection[Card], each: int, actor: Actor, language: str | None) -> Sequence[Near]:
    """The charts of characteristics, signals and limit sets, and these of charts."""
    look = _Look(each, actor, language)
    ids: dict[str, list[int]] = {}
    for card in cards:
        ids.setdefault(card.type, []).append(card.key[1])
    pairs = [
        *_charts_of(ids.get("characteristic", ()), each),
        *_pairs_up(Signal, "signalled", ids.get(SIGNAL.name, ())),
        *_pairs_up(LimitSet, "limited", ids.get(LIMIT_SET.name, ())),
        *_of_charts(ids.get(CHART, ()), each),
    ]
    asked = {card.key for card in cards}
    found = _described({pair.target for pair in pairs} | {pair.source for pair in pairs} - asked, look)
    return [near for pair in pairs for near in _both_ways(pair, asked, found)]


def _both_ways(pair: _Pair, asked: set[Key], found: dict[Key, Card]) -> Iterator[Near]:
    source, relation, target, held = pair
    if source in asked and target in found:
        yield Near(source, relation, relation, found[target], outward=True, held=held)
    if target in asked and source in found:
        yield Near(target, _READ[relation], relation, found[source], outward=False)


def _charts_of(characteristics: Sequence[int], each: int) -> Iterator[_Pair]:
    if not characteristics:
        return
    rows = StreamState.objects.filter(characteristic__in=characteristics).exclude(state="")
    by = [F("characteristic")]
    for row in _newest(rows, by, "stream", each).values("characteristic_id", "stream", "held"):
        yield _Pair((RECORD, row["characteristic_id"]), "charted", (CHART, row["stream"]), row["held"])


def _pairs_up(model: type[Any], relation: str, ids: Sequence[int]) -> Iterator[_Pair]:
    if ids:
        for identity, stream in model.objects.filter(pk__in=ids).values_list("pk", "stream"):
            yield _Pair((CHART, stream), relation, (RECORD, identity))


def _of_charts(charts: Sequence[int], each: int) -> Iterator[_Pair]:
    if not charts:
        return
    for row in StreamState.objects.filter(stream__in=charts).values("stream", "characteristic_id", "limits"):
        yield _Pair((RECORD, row["characteristic_id"]), "charted", (CHART, row["stream"]))
        if row["limits"] is not None:
            yield _Pair((CHART, row["stream"]), "limited", (RECORD, row["limits"]))
    rows = _newest(Signal.objects.filter(stream__in=charts), [F("stream")], "pk", each)
    for row in rows.values("stream", "pk", "held"):
        yield _Pair((CHART, row["stream"]), "signalled", (RECORD, row["pk"]), row["held"])


def _newest(rows: Any, by: list[F], order: str, each: int) -> Any:
    """The newest rows of each group, with the size of the group."""
    ranked = rows.annotate(
        rank=Window(RowNumber(), partition_by=by, order_by=F(order).desc()),
        held=Window(Count("*"), partition_by=by),
    )
    return ranked.filter(rank__lte=each)


def _described(keys: Iterable[Key], look: _Look) -> dict[Key, Card]:
    keys = set(keys)
    found: dict[Key, Card] = {}
    records = [identity for kind, identity in keys if kind == RECORD]
    for header in Header.objects.filter(pk__in=records) if records else ():
        found[(RECORD, header.pk)] = card_of(header, look.actor, look.language)
    charts = [identity for kind, identity in keys if kind == CHART]
    if charts:
        names, t = collecting.keys_of(charts), translator(look.language)
        found_rows = StreamState.objects.filter(stream__in=charts).select_related("characteristic")
        rows = list(found_rows.defer("state"))
        alarmed = [row.signal for row in rows if row.signal is not None]
        ended = Header.objects.filter(pk__in=alarmed, category__in=LOCKED).values_list("pk", flat=True)
        closed = set(ended) if alarmed else set()
        for row in rows:
            found[(CHART, row.stream)] = _chart(
                row, names.get(row.stream, ""), look.actor, t, closed=row.signal in closed
            )
    return found


def _chart(row: StreamState, name: str, actor: Actor, t: Translate, *, closed: bool) -> Card:
    """A chart as a card: what its stream is called, and how it stands.

    A stream remembers its last signal until it was clean for a while; a closed one is no signal any more.
    """
    header: Header = row.characteristic
    seen = may_read(SIGNAL, actor, header.site_id)
    if row.signal is not None and not closed:
        state, category, words = "signal", "failed", t(N_("Signal"))
    elif row.limits is not None and closed:
        state, category, words = "in_control", "effective", t(N_("Signal closed"))
    elif row.limits is not None:
        state, category, words = "in_control", "effective", t(N_("In control"))
    else:
        count = t(N_("{count} of {needed} collected")).format(count=row.collected, needed=row.needed)
        state, category, words = "collecting", "draft", count
    return Card(
        key=(CHART, row.stream),
        place=PLACE,
        type=CHART,
        label=t(N_("Chart")),
        number=collecting.key_in_words(name) or header.number,
        title=header.title if seen else "",
        state=state,
        said=words,
        category=category,
        site=header.site_id,
        readable=seen,
    )
