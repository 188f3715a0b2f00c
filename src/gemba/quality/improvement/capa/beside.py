"""What hangs on the thread beside a corrective action: its verdict, or the day on which it will be judged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from gemba.quality.improvement.capa.models import Capa, Judgement
from gemba.quality.improvement.capa.record import CAPA
from gemba.quality.improvement.capa.retold import verdict_in_words
from gemba.quality.improvement.capa.words import VERDICTS
from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.reading import may_read
from gemba.quality.records.thread.graph import RECORD, Card, Near
from gemba.stats.results import N_, Translate, spoken, translator

VERDICT = "verdict"
PLACE = 100
CATEGORIES: Mapping[str, str] = {"effective": "effective", "not effective": "failed", "not yet shown": "open"}


def verdicts_beside(cards: Collection[Card], each: int, actor: Actor, language: str | None) -> Sequence[Near]:
    """The verdicts of corrective actions; one each, so that ``each`` cuts nothing."""
    del each
    ids = [card.key[1] for card in cards if card.type == CAPA.name]
    rows = Capa.objects.filter(pk__in=ids, window_until__isnull=False).select_related("header") if ids else ()
    t, said = translator(language), _said(rows, language or spoken())
    return [
        Near((RECORD, row.pk), "judged", "judged", _card(row, said[row.pk], t), outward=True)
        for row in rows
        if may_read(CAPA, actor, row.header.site_id)
    ]


def _said(rows: Iterable[Capa], language: str) -> dict[int, str]:
    """What the verdicts say: as it is stored, and made again of its figures for another language."""
    stored = {row.pk: row.verdict_words for row in rows}
    judged = [capa for capa, words in stored.items() if words and language != "en"]
    held = Judgement.objects.filter(capa__in=judged).order_by("pk").values_list("capa", "figures")
    figures = dict(held) if judged else {}
    return stored | {capa: verdict_in_words(kept, language) for capa, kept in figures.items()}


def _card(row: Capa, title: str, t: Translate) -> Card:
    until = from_microseconds(row.window_until or 0)
    due = t(N_("Judged on {day:%Y-%m-%d}")).format(day=until)
    return Card(
        key=(VERDICT, row.pk),
        place=PLACE,
        type=VERDICT,
        label=t(N_("Verdict")),
        number=t(N_("Cycle {cycle}")).format(cycle=row.cycle),
        title=title,
        state=row.verdict or "waiting",
        said=t(VERDICTS[row.verdict]) if row.verdict else due,
        category=CATEGORIES.get(row.verdict, "draft"),
        site=row.header.site_id,
    )
