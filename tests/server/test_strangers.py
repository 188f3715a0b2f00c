"""Who may not even read a record and tries to change it is told that there is none, and it is kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gemba.cli.commands import record
from gemba.cli.plant import OpenPlant
from gemba.quality.people import services
from gemba.quality.people.models import Person
from gemba.quality.people.sites import create_site
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.records.actor import system
from gemba.quality.records.models import Entry
from gemba.quality.records.reasons import Refused
from gemba.quality.records.store.folder import DataFolder
from server.conftest import PASSWORD, SETUP, client_of, make_person, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger(characteristic: Characteristic) -> Person:
    """An engineer of another site."""
    elsewhere = create_site(code="ULM", name="Ulm", zone="Europe/Berlin", actor=SETUP, now=now())
    made = make_person("stranger")
    services.grant_role(person=made, role="engineer", site=elsewhere, actor=SETUP, now=now())
    return made


def tried(person: Person) -> list[tuple[str, int | None, str]]:
    """What stands in the trail of what somebody was refused: the deed, the record and the reason's code."""
    lines = Entry.objects.filter(actor=f"person:{person.pk}", action__startswith="refused:").order_by("id")
    return [
        (line.action.removeprefix("refused:"), line.header_id, json.loads(line.detail)["refused"][0]["code"])
        for line in lines
    ]


def test_by_api_and_form(stranger: Person, characteristic: Characteristic) -> None:
    client, pk = client_of(stranger), characteristic.pk
    api, page = f"/api/v1/records/characteristic/{pk}", f"/records/characteristic/{pk}"
    sent: dict[str, Any] = {"content_type": "application/json", "headers": {"If-Match": '"1"'}}
    assert client.get(page).status_code == client.get(f"{page}/edit").status_code == 404
    assert tried(stranger) == []  # to look is not to try
    assert client.patch(api, json.dumps({"fields": {"name": "Mine"}}), **sent).status_code == 404
    assert client.post(f"{api}/moves/retire", json.dumps({}), **sent).status_code == 404
    assert client.post(f"{page}/edit", {"name": "Mine"}).status_code == 404
    assert client.post(f"{page}/moves/retire", {"reason": "x"}).status_code == 404
    deeds = ["edit", "move:retire"]
    assert tried(stranger) == [(deed, pk, "records.unknown") for deed in [*deeds, *deeds]]
    assert client.post("/api/v1/records/characteristic/99999/moves/retire", "{}", **sent).status_code == 404
    assert tried(stranger)[-1] == ("move:retire", None, "records.unknown")


def test_by_shell(stranger: Person, characteristic: Characteristic, tmp_path: Path) -> None:
    plant = OpenPlant(DataFolder(tmp_path), system("shell"), datetime.now(UTC))
    asked = {"where": [], "sort": "", "limit": 50, "site": "ULM", "reason": "x", "secret": ""}
    asked |= {"fields": {}, "user": "stranger", "password": PASSWORD}
    told = record.work(plant, {**asked, "act": "move", "what": ["retire", str(characteristic.pk)]})
    assert told["moved"] == []
    number = str(characteristic.header.number)
    with pytest.raises(Refused):
        record.work(plant, {**asked, "act": "edit", "what": [number], "fields": {"name": "Mine"}})
    deeds = ["move:retire", "edit"]
    assert tried(stranger) == [(deed, characteristic.pk, "records.unknown") for deed in deeds]
