"""What decides, what keeps the trail, what signs: when it breaks, nothing passes and nothing is stored."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client

from gemba.quality.control.nonconformance.factory import SECRET
from gemba.quality.people import signing
from gemba.quality.records import (
    advance,
    editing,
    ledger,
    lifecycle,
    reading,
    recorder,
    signatures,
    work,
)
from gemba.quality.records.actor import Actor
from gemba.quality.records.models import Header, Task
from gemba.server import access
from gemba.server.identity import asking
from gemba.server.web import page, problems
from server.asking import Asker, Door
from server.everything import HERE, Everything

pytestmark = pytest.mark.django_db
ROLES = ("engineer", "approver", "inspector", "operator", "quality_manager", "auditor")
PERMISSIONS: list[Any] = [
    access.allows, (access.Rule, "who"), asking.identify, page.who, (Actor, "has_any"), (Actor, "sites"),
    reading.may_read, reading.readable, reading.visible, editing.create_reasons, editing.edit_reasons,
    lifecycle.reasons_against, advance.situation_of,
]  # fmt: skip
TRAIL: list[Any] = [
    (work.Work, "enter"), (work.Work, "write"), (ledger.Ledger, "write"), (ledger.Ledger, "seal"),
    recorder.change_record, recorder.create_record, recorder.lock_header, work.recording,
]  # fmt: skip
SIGNATURES: list[Any] = [
    signatures.check_proof, signatures.prove, signatures.sign, signatures.digest_of, signing.verify_proof,
]  # fmt: skip
REFUSALS: list[Any] = [work.enter_refusal, signatures.note_failed_signing, problems.refused]


class Broken(Exception):
    """What is injected."""


@pytest.fixture
def requests(plant: Everything, door: Door) -> dict[str, Callable[[], Any]]:
    client = door.client(Asker("full", "person", frozenset((role, HERE) for role in ROLES)))
    client.raise_request_exception = False
    held = {(item.type, item.state, item.owner): item.header for item in plant.held}
    draft, limits = held["characteristic", "draft", "other"], held["limit-set", "proposed", "other"]
    place, beside = f"/api/v1/records/characteristic/{draft}", f"/api/v1/records/{draft}"
    version = Header.objects.values_list("version", flat=True).get(pk=draft)
    asked = {"text": "look", "assignee": "role:engineer"}
    task = post(client, f"{beside}/tasks", asked).json()["id"]
    made = {"site": HERE, "fields": {"name": "New", "unit": "mm", "usl": "1"}}
    plain = {"site": HERE, "fields": {"title": "x"}}
    change = {"fields": {"usl": "7"}, "reason": "x"}

    def approve(secret: str) -> Any:
        signature = {"secret": secret, "identifier": "pat"}
        fields = {"valid_from": "2126-01-01T00:00:00+00:00", "why": "x"}
        body = {"fields": fields, "signature": signature}
        return post(client, f"/api/v1/records/limit-set/{limits}/moves/approve", body)

    return {
        "create": lambda: post(client, "/api/v1/records/characteristic", made),
        "plain create": lambda: post(client, "/api/v1/records/specimen", plain),
        "edit": lambda: send(client, "PATCH", place, change, version),
        "move": lambda: post(client, f"{place}/moves/discard", {"reason": "x"}),
        "signed move": lambda: approve(SECRET),
        "wrong signature": lambda: approve("wrong"),
        "refused move": lambda: post(client, f"{place}/moves/retire", {"reason": "x"}),
        "remark": lambda: post(client, f"{beside}/remarks", {"text": "x"}),
        "task": lambda: post(client, f"{beside}/tasks", asked),
        "task done": lambda: post(client, f"/api/v1/tasks/{task}/done", {"evidence": "x"}),
        "form": lambda: client.post("/records/specimen/new", {"site": HERE, "title": "x"}),
        "read": lambda: client.get(place),
        "list": lambda: client.get("/records/characteristic.json"),
    }


def post(client: Client, path: str, body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


def send(client: Client, method: str, path: str, body: Any, version: int) -> Any:
    sent, headers = json.dumps(body), {"If-Match": f'"{version}"'}
    return client.generic(method, path, sent, content_type="application/json", headers=headers)


def stored() -> dict[str, Any]:
    """How many rows each table holds, and what the records are like."""
    models = [model for model in apps.get_models() if model._meta.managed and model is not Session]
    counts: dict[str, Any] = {model._meta.label: model._default_manager.count() for model in models}
    counts["headers"] = list(Header.objects.values_list("pk", "state", "version").order_by("pk"))
    counts["tasks"] = list(Task.objects.values_list("pk", "state", "assignee").order_by("pk"))
    return counts


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name, held in before.items() if after[name] != held}


def allowed(target: Any) -> set[str]:
    """What may stay of a request that broke: that both parts of a signature were shown, and the refusal."""
    kept = {"people.SigningSession"}
    if target in REFUSALS:
        kept |= {"records.Entry", "records.Seal", "records.Sequence", "people.FailedSigning"}
    return kept


def inject(target: Any, patch: pytest.MonkeyPatch) -> list[int]:
    """Let a function break wherever it is known; the list grows with each call."""
    calls: list[int] = []

    def broken(*_: Any, **__: Any) -> Any:
        calls.append(1)
        raise Broken

    if isinstance(target, tuple):
        patch.setattr(target[0], target[1], broken)
        return calls
    for module in [item for name, item in list(sys.modules.items()) if name.startswith("gemba.")]:
        for name, value in list(vars(module).items()):
            if value is target:
                patch.setattr(module, name, broken)
            elif isinstance(value, list) and any(item is target for item in value):
                patch.setattr(module, name, [broken if item is target else item for item in value])
    return calls


def name_of(target: Any) -> str:
    return f"{target[0].__name__}.{target[1]}" if isinstance(target, tuple) else str(target.__qualname__)


def test_without_a_fault_every_request_is_answered(requests: dict[str, Callable[[], Any]]) -> None:
    refused = {"wrong signature", "refused move"}
    for name, ask in requests.items():
        with transaction.atomic():
            answer = ask()
            transaction.set_rollback(True)
        assert (answer.status_code >= 400) == (name in refused), (name, answer.content)


@pytest.mark.parametrize("target", [*PERMISSIONS, *TRAIL, *SIGNATURES, *REFUSALS], ids=name_of)
def test_what_breaks_lets_nothing_through(requests: dict[str, Callable[[], Any]], target: Any) -> None:
    broken = 0
    for name, ask in requests.items():
        before = stored()
        with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
            calls = inject(target, patch)
            answer = ask()
            patch.undo()
            after = stored()
            transaction.set_rollback(True)
        if not calls:
            continue
        broken += 1
        if answer.status_code < 400:  # done before it broke: all that failed is to show it
            assert set(answer.json()) == {"id"}, (name, answer.content)
            assert target not in TRAIL, name
        else:
            assert changed(before, after) <= allowed(target), name
    assert broken > 0


def test_a_broken_table_of_access_lets_nobody_in(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    client = door.client(Asker("full", "person", frozenset((role, "*") for role in ROLES)))
    monkeypatch.setattr("gemba.server.web.gate.ACCESS", {})
    for path in (
        "/",
        "/records/characteristic",
        "/api/v1/records/characteristic",
        "/people",
        "/account/login",
    ):
        assert client.get(path).status_code == 403
