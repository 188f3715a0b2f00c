"""No text of a page escapes the catalogue: each page in a made-up language, and what stands there bare."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import asdict
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from browser.content import newest_points, streams
from browser.pages import addresses, pages
from browser.plant import records_of
from gemba.quality.control.collecting.models import Stream
from gemba.quality.control.collecting.queries import key_in_words
from gemba.quality.people import services
from gemba.quality.people.models import Person, PersonName
from gemba.quality.people.roles import ROLES
from gemba.quality.records.models import Entry, Header, Site, Version
from gemba.quality.records.outbox import reactions
from gemba.quality.records.types import record_type, record_types
from gemba.server.ingest import looking
from gemba.server.reports.record import document_of
from gemba.server.web.views import uploads
from gemba.server.web.views.accounts import ZONES
from gemba.stats.charts import CONVENTIONS
from gemba.stats.charts.rules import PRESETS
from server.conftest import actor, client_of, make_person, now
from server.everything import Everything
from server.pseudo import LANGUAGE, bare, escaped, typed_texts

pytestmark = pytest.mark.django_db
NAMES = {
    *("Gemba", "English", "Deutsch", "PDF", "FMEA", "Ppk", "Cpk", "Ctrl", "CSV", "Excel", "UTC"),
    *("move", "person", "caliper, 1", "Cp", "Pp", "i-mr", "xbar-r", "bare", "nelson"),
    *("ISO 22514-2", "CPL", "CPU", "PPL", "PPU", *PRESETS, *CONVENTIONS),
}
"""Names that are the same in every language."""
MOST = 40
"""About so many addresses of one page are looked at: moves and states of one kind have the same words."""
CODE = re.compile(
    r"[A-Z]{2,6}(-[A-Z0-9]+)*-\d\d-\d{4,}|[A-Z]\d+|\d+(\.\d+)? \S+|[a-z_]+=\S+|\S+@\S+|\S*\d\S*|#\d+"
)
"""Record numbers, addresses, values with their unit: no words."""


def reader() -> tuple[Person, Client]:
    """Somebody who may see and do all, and reads the made-up language."""
    made = make_person("polly", *ROLES)
    services.choose_language(person=made, language=LANGUAGE, actor=actor(made), now=now())
    return made, client_of(made)


def seed_of(person: Person) -> dict[str, Any]:
    """What fills the addresses of pages: one record of each type in each state, its moves, its form."""
    found = records_of(actor(person), now())
    for part in (
        "records",
        "types",
        "made",
        "editable",
        "moves",
    ):  # the type that tests alone have draws no page
        found[part] = without_specimen(found[part])
    return {
        **found,
        "streams": streams(),
        "points": newest_points(),
        "people": list(Person.objects.order_by("pk").values_list("pk", flat=True)),
        "link": "nothing",
    }


def without_specimen(part: Any) -> Any:
    if isinstance(part, dict):
        return {kind: states for kind, states in part.items() if kind != "specimen"}
    return [item for item in part if "specimen" not in (item, item[0])]


def typed_in() -> set[str]:
    """What people typed into this plant: it is shown as they wrote it."""
    found = set(PersonName.objects.values_list("name", flat=True))
    found |= set(Person.objects.values_list("username", flat=True))
    found |= set(Header.objects.values_list("title", flat=True))
    found |= {text for site in Site.objects.all() for text in (site.code, site.name, site.zone, str(site))}
    found |= {f"{site.code} {site.name}" for site in Site.objects.all()}
    found |= {text for text in Entry.objects.values_list("reason", flat=True) if text}
    for version in Version.objects.values_list("snapshot", flat=True):
        found |= set(typed_texts(without_retold(json.loads(version))))
    codes = {state.name for kind in record_types() for state in kind.lifecycle.states}
    columns = [column for kind in record_types() for column in kind.model._meta.concrete_fields]
    codes |= {str(code) for column in columns for code, _ in column.flatchoices}
    lines = {line for text in found for line in (*text.splitlines(), " ".join(text.split()))}
    return {part for line in lines for part in bare(line)[0]} - codes


def without_retold(snapshot: dict[str, Any]) -> dict[str, Any]:
    """A version without the sentences of the statistics, which are told anew in each language."""
    for name in record_type(snapshot["header"]["type"]).retold:
        relation, _, column = name.rpartition(".")
        for row in snapshot["fields"].get(relation, ()) if relation else [snapshot["fields"]]:
            row.pop(column, None)
    return snapshot


def keys_of_streams() -> set[str]:
    """What tells streams apart, as it stands after the name of their characteristic."""
    keys = set(Stream.objects.exclude(key="").values_list("key", flat=True))
    return keys | {key_in_words(key) for key in keys}


def specimen_words() -> set[str]:
    """The texts of the type of record that tests alone have."""
    kind = record_type("specimen")
    states = {state.label for state in kind.lifecycle.states}
    return {
        kind.label,
        kind.plural,
        *states,
        *(move.name.capitalize() for move in kind.lifecycle.moves),
        *(r.sentence for r in reactions() if "specimen" in r.sentence),
    }


def fitting(text: str, typed: set[str]) -> bool:
    """Whether a bare text is none of ours: a name, a code, or what somebody typed."""
    named = re.sub(r"^[A-Z]{2,6}-[A-Z]+-\d\d-\d{4,} ", "", text)
    data = text.startswith(("[{", "{"))
    return data or named in NAMES or named in typed or CODE.fullmatch(named) is not None


def test_the_made_up_language_tells_ours_from_what_was_typed() -> None:
    page = '<p title="loose">⟦Value⟧: Bore 12 <b>⟦a ⟦b⟧</b> c⟧</p><code>plain</code>'
    assert escaped(page) == [("p title", "loose"), ("p", "Bore 12")]


def faults_of(client: Client, name: str, pattern: str, seed: dict[str, Any], typed: set[str]) -> set[str]:
    found = set()
    all_of_them = addresses(name, pattern, seed)
    for address in all_of_them[:: 1 + len(all_of_them) // MOST]:
        answer = client.get(address)
        if answer.status_code == 302 and name.startswith(("account_", "mfa_")):
            continue  # it asks first who one is; that page is among these too
        body = answer.content.decode()
        assert f'<html lang="{LANGUAGE}">' in body, (address, answer.status_code)
        found |= {f"{name} <{place}> {text}" for place, text in escaped(body) if not fitting(text, typed)}
    return found


TORQUE = "Torque\n;\ntime;torque (Nm)\n" + "".join(
    f"2026-11-{day:02d} 08:00;{40 + day % 7}.5{day % 10}\n" for day in range(1, 29)
)


def test_no_text_of_a_file_that_is_brought_escapes_it(
    people: dict[str, Person], marked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the child says of a file is asked here without a child."""
    _, client = reader()
    monkeypatch.setattr(uploads, "answer_of", lambda _, asked: next(looking.look(asked, b"")))
    monkeypatch.setattr(uploads, "answers_of", lambda _, asked: looking.refused(asked, b""))
    file = SimpleUploadedFile("torque.csv", (TORQUE + "2026-11-29 08:00;broken\n").encode())
    place = str(client.post("/upload", {"file": file})["Location"])
    more = "?answer-decimal-torque=.&series=torque&limit-lsl-torque=39&limit-usl-torque=48"
    faults = [
        fault for address in (place, place + more) for fault in escaped(client.get(address).content.decode())
    ]
    typed = {
        "torque.csv",
        "torque",
        "Torque",
        "broken",
        "Nm",
        "Polly",
        "polly",
        "HAL",
        "Halle",
        "time",
        "[Nm]",
    }
    assert [text for _, text in faults if not fitting(text, typed)] == []
    lines = list(csv.reader(io.StringIO(client.get(place + "/refused.csv").content.decode())))
    assert [bare(text)[0] for text in (*lines[0], *lines[1][-2:])] == [[]] * 8


SETTING = re.compile(
    r"pseudo|verdict|left|right|good|warn|bad|plain|gemba \S+|[0-9a-f]{16,}|(Polly, )?.*\d\d:\d\d [A-Z]{3,4}"
)
"""What sets a paper, moments, and digests: no words."""


def test_no_text_of_a_page_escapes_the_catalogue(plant: Everything, marked: None) -> None:
    person, client = reader()
    seed, typed = seed_of(person), typed_in()
    typed |= {f"{title} {key}" for title in list(typed) for key in keys_of_streams()}
    typed |= {str(person.username), "Polly", *ZONES, *specimen_words(), *keys_of_streams()}
    faults: set[str] = set()
    for name, pattern in pages().items():
        if name not in ("style", "manual", "manual_index"):  # the manual is in English
            faults |= faults_of(client, name, pattern, seed, typed)
    for kind, states in seed["records"].items():
        identity = max(states.values())
        paper = asdict(document_of(identity, actor=actor(person), now=now(), language=LANGUAGE))
        del paper["figures"]  # pictures, whose words are those of the page
        parts = [part for text in typed_texts(paper) for part in bare(text)[0]]
        faults |= {
            f"paper of {kind} {part}"
            for part in parts
            if not SETTING.fullmatch(part) and not fitting(part, typed)
        }
    assert sorted(faults) == []
