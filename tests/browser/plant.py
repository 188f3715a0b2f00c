"""Seeds a plant and serves it for a browser, as a process: ``python -m browser.plant FOLDER PORT KIND``.

``full`` has weeks of work in it, ``empty`` only its first people, ``fresh`` nobody yet; ``story`` stands at a
signal, ``verdicts`` waits for data. Each line that the process reads is a number of
days, which then pass in the plant.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gemba.server.app import Serving, run
from gemba.server.opening import open_store, prepare_settings
from gemba.server.secret import make_secret

PASSWORD = "battery-staple-correct"
ADA = ("access_administrator", "system_administrator", "engineer", "operator", "quality_manager", "auditor")


def seed(folder: Path, kind: str) -> dict[str, Any]:
    import django

    django.setup()
    now = datetime.now(UTC)
    begin = now - timedelta(days={"full": 12, "story": 3, "verdicts": 20}.get(kind, 0))
    open_store(prepared(folder), now=begin)
    if kind == "fresh":
        return {}
    from gemba.quality.people.sites import create_site
    from gemba.quality.records.actor import system

    setup = system("setup")
    site = create_site(code="HAL", name="Halle works", zone="Europe/Berlin", actor=setup, now=begin)
    ada = person("ada", "Ada Lindqvist", *ADA, begin=begin)
    if kind == "full":
        return fill(site, ada, begin)
    if kind == "verdicts":
        from browser.verdicts import waiting

        return waiting(site, begin)
    if kind == "story":
        from browser.thread import thread_of

        return thread_of(site, begin)
    return {}


def person(username: str, name: str, *roles: str, begin: datetime, signs: bool = True) -> Any:
    from gemba.quality.control.nonconformance.factory import SECRET, known
    from gemba.quality.people import services
    from gemba.quality.records.actor import system

    setup = system("setup")
    made = services.create_person(username=username, name=name, actor=setup, now=begin)
    services.set_password(person=made, password=PASSWORD, actor=setup, now=begin)
    for role in roles:
        services.grant_role(person=made, role=role, actor=setup, now=begin)
    if signs:
        services.check_identity(person=made, how="passport", actor=setup, now=begin)
        services.record_training(person=made, training="Signing", actor=setup, now=begin)
        services.accept_signing(person=made, secret=SECRET, actor=known(made), now=begin)
    return made


def fill(site: Any, ada: Any, begin: datetime) -> dict[str, Any]:
    """Weeks of work, and what the addresses of its pages need."""
    from browser.content import Story, newest_points, streams
    from gemba.quality.control.nonconformance.factory import known, make_staff
    from gemba.quality.people import services
    from gemba.quality.people.models import Person
    from gemba.quality.people.sites import create_site
    from gemba.quality.planning.products.models import Characteristic
    from gemba.quality.records.actor import system
    from gemba.quality.records.models import Header

    setup, actor = system("setup"), known(ada)
    create_site(code="LYON", name="Usine de Lyon", zone="Europe/Paris", actor=setup, now=begin)
    person("hugo", "Hugo Marchand", "reader", begin=begin, signs=False)
    gone = person("tom", "Tom Okafor", "operator", begin=begin)
    services.disable_person(person=gone, reason="Left the company", actor=actor, now=begin)
    staff = make_staff(site, now=begin)
    spare_capa = correct(site, staff, begin)
    Story(site, staff, begin).tell()
    for name, scopes, days in (("Gauge bridge line 2", ("ingest",), 300), ("Dashboard", ("read",), 90)):
        token, _ = services.issue_token(
            name=name, scopes=scopes, expires=begin + timedelta(days=days), actor=actor, now=begin
        )
    services.revoke_token(token=token, actor=actor, now=begin + timedelta(days=1))
    _, secret = services.issue_token(
        name="Browser test",
        scopes=("ingest", "read"),
        expires=begin + timedelta(days=30),
        actor=actor,
        now=begin,
    )
    link = services.make_link(person=Person.objects.get(username="hugo"), purpose="access", actor=setup,
                              now=datetime.now(UTC))  # fmt: skip
    vera = person("vera", "Vera Costa", "reader", begin=begin, signs=False)
    people = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    torque = Characteristic.objects.get(name="Tightening torque")
    number = str(torque.header.number)
    spare = Header.objects.filter(type="nonconformance", state="verified").latest("pk").pk
    return {"token": secret, "number": number, "spare": spare, "spare_capa": spare_capa,
            "raised": raised_from(), "link": link, "foreign": [across_sites(number, begin), torque.pk],
            "streams": streams(), "points": newest_points(), "people": people, "code": second_factor(vera),
            **records_of(actor, datetime.now(UTC))}  # fmt: skip


def correct(site: Any, staff: Any, begin: datetime) -> int:
    """A corrective action in each state that a page shows differently; returns one more to be approved."""
    from correcting.plant import Correcting

    here = Correcting(site, staff, now=begin - timedelta(days=20))
    for state in ("submitted", "investigation", "plan_approval", "implementation", "closed", "monitoring"):
        here.plant.now = begin - timedelta(days=9)
        here.capa_in(state)
    return int(here.capa_in("plan_approval").pk)


def across_sites(number: str, begin: datetime) -> int:
    """A nonconformance at Lyon that is linked to a characteristic at Halle, which Lea of Lyon may not see."""
    from gemba.quality.control.nonconformance.factory import known
    from gemba.quality.control.nonconformance.inputs import NonconformanceInput
    from gemba.quality.control.nonconformance.services import open_nonconformance
    from gemba.quality.people import services
    from gemba.quality.records.actor import system
    from gemba.quality.records.linking import link_records
    from gemba.quality.records.models import Site

    lea, lyon = person("lea", "Lea Moreau", begin=begin, signs=False), Site.objects.get(code="LYON")
    services.grant_role(person=lea, role="engineer", site=lyon, actor=system("setup"), now=begin)
    given = NonconformanceInput(title="Collet of another plant slips")
    made = open_nonconformance(site=lyon, given=given, actor=known(lea), now=begin)
    link_records(header=made.pk, relation="affects", target=number, why="seen there too",
                 actor=system("setup"), now=begin)  # fmt: skip
    return int(made.pk)


def raised_from() -> list[int]:
    """A signal, and the nonconformance that was raised from it."""
    from gemba.quality.records.models import Link

    found = Link.objects.filter(relation="raised_from", target__type="signal").order_by("pk").first()
    assert found is not None
    return [found.target_id, found.source_id]


def second_factor(who: Any) -> str:
    """Turn it on for somebody; returns a code that works once."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(who, generate_totp_secret())
    return str(RecoveryCodes.activate(who).get_unused_codes()[0])


def records_of(actor: Any, now: datetime) -> dict[str, Any]:
    """One record of each type in each state, the moves of each, and which of them can be edited."""
    from gemba.quality.records.models import Header
    from gemba.quality.records.screen import object_page, screen_of
    from gemba.quality.records.types import record_types

    found: dict[str, dict[str, int]] = {}
    for identity, kind, state in Header.objects.order_by("pk").values_list("pk", "type", "state"):
        found.setdefault(kind, {}).setdefault(state, identity)
    moves: dict[tuple[str, str], int] = {}
    editable: dict[str, int] = {}
    for kind, states in found.items():
        for identity in states.values():
            page = object_page(identity, actor=actor, now=now)
            moves.update({(kind, move.name): identity for move in page.moves})
            if page.edit and page.edit.allowed:
                editable.setdefault(kind, identity)
    types = [kind.name for kind in record_types()]
    made = [name for name in types if (screen := screen_of(name)) is not None and screen.create is not None]
    return {"records": found, "types": types, "made": made, "editable": list(editable.items()),
            "moves": [(kind, identity, move) for (kind, move), identity in moves.items()]}  # fmt: skip


def let_days_pass(lines: Iterable[str]) -> None:
    """The days pass, and the job looks at what actions did; says so when that is done."""
    from gemba.quality.improvement.capa.services import judge_due
    from gemba.server import clock

    for line in lines:
        clock.set_ahead(clock.now() + timedelta(days=int(line), minutes=1))
        print("judged", judge_due(clock.now()), flush=True)  # noqa: T201 (for the test)


def prepared(folder: Path) -> Any:
    return prepare_settings(folder, database="", https=False, hosts=(), proxy="")


if __name__ == "__main__":
    place, port, kind = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    if not (place / "seed.json").exists():
        data = prepared(place)
        data.hold()
        make_secret(data.keys)
        (place / "seed.json").write_text(json.dumps(seed(place, kind)), encoding="utf-8")
        data.release()
    threading.Thread(target=let_days_pass, args=(sys.stdin,), daemon=True).start()
    run(place, Serving(port=port), say=lambda line: print(line, flush=True))  # noqa: T201 (for the test)
