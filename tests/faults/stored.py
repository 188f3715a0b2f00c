"""What a store holds in the end, against what was sent: each key once, judged as the tidy series is."""

from __future__ import annotations

from collections.abc import Sequence

from faults.charting import MEAN, SIGMA
from faults.senders import Sender
from gemba.quality.control.monitoring.models import StreamState
from gemba.quality.control.monitoring.stored import points_from
from gemba.quality.records.store import fetch
from gemba.stats.charts import judge, known_limits


def differences(senders: Sequence[Sender]) -> list[str]:
    """Everything in which readings, keys and points differ from what was sent; nothing if all is well."""
    found: list[str] = []
    for sender in senders:
        rows = fetch(
            "SELECT r.sequence, r.text, r.stream_id FROM collecting_reading r JOIN collecting_intake i "
            "ON i.source = r.source AND i.sequence - (i.reading - r.id) = r.sequence "
            "AND r.id <= i.reading AND r.id > i.reading - i.count "
            "WHERE r.source = %s ORDER BY r.position, r.sequence",
            [sender.name],
        )
        numbers = [row[0] for row in rows]
        lost = set(range(1, sender.acknowledged + 1)) - set(numbers)
        if lost:
            found.append(f"{sender.name}: {len(lost)} acknowledged readings are lost, first {min(lost)}")
        count = fetch("SELECT COUNT(*) FROM collecting_reading WHERE source = %s", [sender.name])[0][0]
        if count != len(set(numbers)):
            found.append(f"{sender.name}: {count} readings of {len(set(numbers))} keys")
        if numbers != list(range(1, len(sender.texts) + 1)):
            found.append(f"{sender.name}: the numbers do not come in their order, each once")
        if [row[1] for row in rows] != sender.texts:
            found.append(f"{sender.name}: the values are not those that were sent")
        streams = {row[2] for row in rows}
        if len(streams) != 1 or fired(streams.pop()) != expected(sender.texts):
            found.append(f"{sender.name}: the chart is not judged as its tidy series is")
    if StreamState.objects.filter(rejudge_position__isnull=False).exists():
        found.append("a stream still waits to be judged anew")
    return found


def fired(stream: int) -> list[tuple[float | None, str]]:
    """The points in force of a chart by its limits, each with the rules that fire at it."""
    points = [stored.point for stored in points_from(stream, (0, 0))]
    return [(point.first, point.fired) for point in points if point.n and point.limits is not None]


def expected(texts: Sequence[str]) -> list[tuple[float | None, str]]:
    """The same, by the statistics floor at once."""
    values = [float(text) for text in texts]
    chart = judge(known_limits("i-mr", mean=MEAN, sigma=SIGMA), values, rules="nelson")
    codes = [(panel.name, chart.violations.codes_at(panel.name)) for panel in chart.panels]
    return [
        (value, ";".join(f"{name}:{','.join(at[number])}" for name, at in codes if number in at))
        for number, value in enumerate(values, start=1)
    ]
