"""What hangs on the thread beside a corrective action: its verdict, or the day on which it will be judged."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from gemba.quality.improvement.capa.models import Capa
from gemba.quality.improvement.capa.record import CAPA
from gemba.quality.improvement.capa.words import VERDICTS
from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.reading import may_read
from gemba.quality.records.thread.graph import RECORD, Card, Near
from gemba.stats.results import N_, Translate, translator

VERDICT = "verdict"
PLACE = 100
CATEGORIES: Mapping[str, str] = {"effective": "effective", "not effective": "failed", "not yet shown": "open"}


def verdicts_beside(cards: Collection[Card], each: int, actor: Actor, language: str | None) -> Sequence[Near]:
    """The verdicts of corrective actions; one each, so that ``each`` cuts nothing."""
    del each
    ids = [card.key[1] for card in cards if card.type == CAPA.name]
    rows = Capa.objects.filter(pk__in=ids, window_until__isnull=False).select_related("header") if ids else ()
    t = translator(language)
    return [
        Near((RECORD, row.pk), "judged", "judged", _card(row, t), outward=True)
        for row in rows
        if may_read(CAPA, actor, row.header.site_id)
    ]


def _card(row: Capa, t: Translate) -> Card:
    until = from_microseconds(row.window_until or 0)
    due = t(N_("Judged on {day:%Y-%m-%d}")).format(day=until)
    return Card(
        key=(VERDICT, row.pk),
        place=PLACE,
        type=VERDICT,
        label=t(N_("Verdict")),
        number=t(N_("Cycle {cycle}")).format(cycle=row.cycle),
        title=row.verdict_words,
        state=row.verdict or "waiting",
        said=t(VERDICTS[row.verdict]) if row.verdict else due,
        category=CATEGORIES.get(row.verdict, "draft"),
        site=row.header.site_id,
    )
