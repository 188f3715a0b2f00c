"""A plant of its own that a benchmark serves: ``python served.py FOLDER PORT`` makes and serves it.

Forty machines on four characteristics, each machine with limits in force, so that every reading is judged
against its specification and against its limits by the rules of the platform.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from harness import ROOT

MACHINES, CHARACTERISTICS = 40, 4
PASSWORD = "correct-horse-battery"  # noqa: S105 (of a plant that lives for seconds)


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def seed(folder: Path) -> None:
    """Make the plant: one person, one token, the characteristics, a few readings and limits."""
    from gemba.server.opening import open_store, prepare_settings
    from gemba.server.secret import make_secret

    database = os.environ.get("GEMBA_DATABASE", "")
    data = prepare_settings(folder, database=database, https=False, hosts=(), proxy="")
    data.hold()
    make_secret(data.keys)
    import django

    django.setup()
    now = datetime.now(UTC)
    open_store(data, now=now)
    told = {"token": _token(now), "characteristics": _characteristics()}
    (folder / "seed.json").write_text(json.dumps(told), encoding="utf-8")
    data.release()


def _token(now: datetime) -> str:
    from gemba.quality.people import services
    from gemba.quality.people.queries import actor_of
    from gemba.quality.records.actor import system

    setup: Any = {"actor": system("setup"), "now": now}
    ada = services.create_person(username="ada", name="Ada", **setup)
    services.set_password(person=ada, password=PASSWORD, **setup)
    for role in ("access_administrator", "engineer", "operator"):
        services.grant_role(person=ada, role=role, **setup)
    actor = actor_of(ada.pk)
    assert actor is not None
    end = now + timedelta(days=1)
    scopes = ("ingest", "read")
    return services.issue_token(name="bench", scopes=scopes, expires=end, actor=actor, now=now)[1]


def _characteristics() -> list[str]:
    """Numbers of characteristics whose machines all have limits in force."""
    sys.path.append(str(ROOT / "tests"))
    from charted.plant import Plant
    from gemba.stats.charts import known_limits

    plants = []
    for number in range(CHARACTERISTICS):
        limits = {"lsl": Decimal("9.8"), "usl": Decimal("10.2")}
        plant = Plant(name=f"Bore {number}", stream_keys="machine", **limits)
        for machine in range(number, MACHINES, CHARACTERISTICS):
            plant.send("10.000", stream={"machine": f"M{machine}"}, source=f"seed-{number}")
        plant.know_limits(known_limits("i-mr", mean=10.0, sigma=0.02))
        plants.append(plant)
    return [plant.number for plant in plants]


def main(folder: Path, port: int) -> None:
    """Serve the plant; make it before, where it is not there."""
    if not (folder / "seed.json").exists():
        seed(folder)
    from gemba.server.app import Serving, run

    serving = Serving(port=port, database=os.environ.get("GEMBA_DATABASE", ""))
    run(folder, serving, say=lambda line: print(line, flush=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
