"""Seeds a plant and serves it, as its own process: ``python -m server.plant FOLDER PORT``."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from gemba.server.app import Serving, run
from gemba.server.opening import open_store, prepare_settings
from gemba.server.secret import make_secret

PASSWORD = "correct-horse-battery"
SECRET = "battery-staple-horse"


ROLES = {
    "ada": ("access_administrator", "system_administrator", "engineer", "operator", "quality_manager"),
    "bert": ("approver",),
    "rita": ("reader",),
}


def staff(setup: Any, now: datetime) -> dict[str, Any]:
    from gemba.quality.people import services
    from gemba.quality.people.queries import actor_of

    actors: dict[str, Any] = {}
    for username, held in ROLES.items():
        person = services.create_person(username=username, name=username.title(), actor=setup, now=now)
        services.set_password(person=person, password=PASSWORD, actor=setup, now=now)
        for role in held:
            services.grant_role(person=person, role=role, actor=setup, now=now)
        actors[username] = actor_of(person.pk)
        assert actors[username] is not None
    return actors


def seed(folder: Path) -> None:
    data = prepare_settings(
        folder, database=os.environ.get("GEMBA_DATABASE", ""), https=False, hosts=(), proxy=""
    )
    data.hold()
    make_secret(data.keys)
    import django

    django.setup()
    now = datetime.now(UTC)
    open_store(data, now=now)
    from gemba.quality.people import services
    from gemba.quality.people.sites import create_site
    from gemba.quality.planning.products.inputs import CharacteristicInput
    from gemba.quality.planning.products.services import create_characteristic, release
    from gemba.quality.records.actor import system

    setup = system("setup")
    site = create_site(code="HAL", name="Halle", zone="Europe/Berlin", actor=setup, now=now)
    actors = staff(setup, now)
    given = CharacteristicInput(
        name="Bore",
        unit="mm",
        lsl=Decimal("9.9"),
        usl=Decimal("10.1"),
        chart_kind="i-mr",
        stream_keys="machine",
    )
    made = create_characteristic(site=site, given=given, actor=actors["ada"], now=now)
    release(characteristic=made, actor=actors["bert"], now=now)
    end = now + timedelta(days=1)
    _, token = services.issue_token(
        name="bridge", scopes=("ingest", "read"), expires=end, actor=actors["ada"], now=now
    )
    (folder / "seed.json").write_text(
        json.dumps({"token": token, "number": made.header.number}), encoding="utf-8"
    )
    data.release()


if __name__ == "__main__":
    place, port = Path(sys.argv[1]), int(sys.argv[2])
    if not (place / "seed.json").exists():
        seed(place)
    database = os.environ.get("GEMBA_DATABASE", "")
    run(place, Serving(port=port, database=database), say=lambda line: print(line, flush=True))  # noqa: T201 (for the test)
