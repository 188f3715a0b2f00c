"""Seeds a plant with something in every state, for a fuzzer to act upon: ``python -m fuzz.crowded FOLDER``.

``seed.json`` names the records, the tasks and the files that are there.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from faults import charting


def seed(folder: Path) -> None:
    charting.seed(folder, 2)
    from django.conf import settings

    from charted.plant import Plant
    from gemba.quality.control.nonconformance.factory import WAY, make_staff, nonconformance_in
    from gemba.quality.records.attachments import keep_attachment
    from gemba.quality.records.models import Attachment, Header, Site, Task

    now = datetime.now(UTC)
    site = Site.objects.get(code="HAL")
    staff = make_staff(site, now=now)
    made = [nonconformance_in(state, site=site, staff=staff, now=now) for state in (*WAY, "void")]
    out = Plant(name="Depth")
    out.now = now
    out.send(*[50.0, 51.0] * 12, 120.0)
    keep_attachment(
        header=made[0].pk,
        name="note.txt",
        content=b"seen",
        folder=settings.DATA,
        actor=staff.inspector,
        now=now,
    )
    file = folder / "seed.json"
    known = json.loads(file.read_text(encoding="utf-8"))
    known["records"] = [str(pk) for pk in Header.objects.values_list("pk", flat=True)]
    known["numbers"] = [number for number in Header.objects.values_list("number", flat=True) if number]
    known["others"] = [
        *Task.objects.values_list("pk", flat=True),
        *Attachment.objects.values_list("pk", flat=True),
    ]
    file.write_text(json.dumps(known), encoding="utf-8")


if __name__ == "__main__":
    seed(Path(sys.argv[1]))
