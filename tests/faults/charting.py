"""Seeds a plant whose charts have limits, ready to be served: ``python -m faults.charting FOLDER STREAMS``.

Into ``seed.json`` goes, beside what ``server.plant`` says, a token for a year and the number of a
characteristic with a chart for each of the streams ``machine=M1``, ``machine=M2`` and so on, by known limits
and all rules of Nelson.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

MEAN, SIGMA = 50.0, 1.0


def seed(folder: Path, streams: int) -> None:
    from server import plant as served

    served.seed(folder)
    from charted.plant import NOW, Plant
    from gemba.quality.people.models import Person
    from gemba.quality.people.queries import actor_of
    from gemba.quality.people.services import accept_signing, check_identity, issue_token, record_training
    from gemba.quality.records.actor import system
    from gemba.stats.charts import known_limits

    made = Plant(chart_kind="i-mr", stream_keys="machine", rules="nelson")
    first = [
        made.reading("50.0", source="warm", stream={"machine": f"M{n + 1}"}, purpose="set-up")
        for n in range(streams)
    ]
    made.deliver(first)
    made.know_limits(known_limits("i-mr", mean=MEAN, sigma=SIGMA))
    now = datetime.now(UTC)
    assert now > NOW
    for person in Person.objects.filter(username__in=served.ROLES):
        check_identity(person=person, how="badge", actor=system("setup"), now=now)
        record_training(person=person, training="Signing", actor=system("setup"), now=now)
        himself = actor_of(person.pk)
        assert himself is not None
        accept_signing(person=person, secret=served.SECRET, actor=himself, now=now)
    scopes, expires = ("ingest", "read"), now + timedelta(days=360)
    _, token = issue_token(name="gauges", scopes=scopes, expires=expires, actor=system("setup"), now=now)
    file = folder / "seed.json"
    known = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(known | {"charted": made.number, "token": token}), encoding="utf-8")


if __name__ == "__main__":
    seed(Path(sys.argv[1]), int(sys.argv[2]))
