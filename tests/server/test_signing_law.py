"""21 CFR Part 11 and Annex 11 on signatures and access: one test a statement, through the running pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import IntegrityError
from django.db.utils import DatabaseError
from django.test import Client

from gemba.quality.people import services
from gemba.quality.people.authenticators import revoke_authenticators
from gemba.quality.people.models import Person, SigningSession, Token
from gemba.quality.people.policies import set_policy
from gemba.quality.people.queries import actor_of_token
from gemba.quality.people.signing import MINUTE
from gemba.quality.people.watching import check_tokens
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.records import store
from gemba.quality.records.models import Entry, Event, Signature, Task, Version
from gemba.quality.records.outbox import deliver_due
from gemba.quality.records.reasons import Refused
from gemba.quality.records.signatures import is_valid
from gemba.quality.records.tasks import task_in_words
from gemba.quality.records.trail import verify
from gemba.server.identity import forget
from server.conftest import PASSWORD, SECRET, SETUP, actor, client_of, make_person, now
from server.signing import Signing, enable

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).parents[2] / "docs" / "explain" / "signatures.md"
OTHER = "another-good-sentence"


@pytest.fixture(autouse=True)
def _no_earlier_guesses() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def signing(people: dict[str, Person], characteristic: Characteristic) -> Signing:
    return Signing(people, characteristic)


@pytest.fixture
def signed(signing: Signing) -> Signing:
    signing.sign_in()
    assert signing.both() == []
    return signing


def codes(call: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    return [reason.code for reason in caught.value.reasons]


def test_p11_without_training_and_acknowledgement_as_records_nobody_signs(signing: Signing) -> None:
    signing.sign_in()
    Person.objects.filter(pk=signing.person.pk).update(signing_trained_at=None)
    assert signing.both() == ["signing.training"]
    Person.objects.filter(pk=signing.person.pk).update(signing_trained_at=1, signing_accepted_at=None)
    assert signing.both() == ["signing.not_accepted"]
    told = dict(Entry.objects.values_list("action", "detail"))
    assert Entry.objects.get(action="training.record").reason == "Signing, version 1"
    assert "binds me like my signature by hand" in json.loads(told["signing.accept"])["statement"]
    own = lambda: services.record_training(  # noqa: E731
        person=signing.person, training="x", actor=actor(signing.person), now=now()
    )
    assert "people.not_yourself" in codes(own)


def test_p14_a_signature_shows_printed_name_moment_and_meaning(signed: Signing) -> None:
    page = signed.client.get(f"/records/limit-set/{signed.limits.pk}").content.decode()
    card = page[page.index("Signatures</h2>") :].split("</section>")[0]
    row = Signature.objects.get()
    assert "Approver" in card
    assert row.meaning in card
    assert re.search(r'<time datetime="[^"]+\+00:00" title="[^"]+UTC[^"]+"', card)


def test_p15_screen_print_and_export_show_the_same_three(signed: Signing) -> None:
    page = signed.client.get(f"/records/limit-set/{signed.limits.pk}").content.decode()
    twin = signed.client.get(f"/records/limit-set/{signed.limits.pk}.json").json()
    export = signed.client.get(f"/api/v1/records/limit-set/{signed.limits.pk}").json()
    (one,), (other,) = twin["signatures"], export["signatures"]
    same = ("name", "meaning", "at", "version", "valid")
    assert [one[name] for name in same] == [other[name] for name in same]
    assert one["name"] in page
    assert one["at"][:19] in page
    style = Path("src/gemba/server/web/static/gemba/app.css").read_text(encoding="utf-8")
    hidden = re.findall(r"@media print\s*\{(.*)", style, re.DOTALL)
    assert not any(re.search(r"(aside|\.card)[^{}]*\{[^}]*display:\s*none", part) for part in hidden)


def test_p16_a_signature_moved_to_1000_records_and_versions_never_holds(
    signed: Signing, characteristic: Characteristic
) -> None:
    row = Signature.objects.get()
    assert is_valid(row)
    version = Version.objects.get(header_id=row.header_id, number=row.version)
    copies = [
        Version(
            id=10**9 + number,
            tx=version.tx,
            header_id=row.header_id if number % 2 else characteristic.pk,
            number=1000 + number,
            recorded_at=version.recorded_at,
            effective_from=version.effective_from,
            schema=version.schema,
            snapshot=version.snapshot,  # to the letter: only the place differs
        )
        for number in range(1000)
    ]
    Version.objects.bulk_create(copies)
    facts = {name: getattr(row, name) for name in ("tx", "signer", "name_id", "meaning", "at", "signed")}
    moved = [
        Signature(id=10**9 + n, header_id=copy.header_id, version=copy.number, **facts)
        for n, copy in enumerate(copies)
    ]
    assert [copy for copy in moved if is_valid(copy)] == []
    for changed in ({"meaning": "reviewed"}, {"signer": "person:1"}, {"name_id": 1}, {"at": row.at + 1}):
        assert not is_valid(Signature(id=1, header_id=row.header_id, version=row.version, **facts | changed))
    Signature.objects.bulk_create(moved[:3])
    found = {finding.row for finding in verify().findings if finding.kind == "signature moved"}
    assert found == {copy.pk for copy in moved[:3]}


def test_p16_a_change_after_signing_shows_that_the_signature_is_of_an_earlier_version(
    signed: Signing,
) -> None:
    from gemba.quality.records.models import Header

    place = f"/records/limit-set/{signed.limits.pk}"
    assert "the record has changed since" not in signed.client.get(place).content.decode()
    Header.objects.filter(pk=signed.limits.header.pk).update(version=9)
    assert "the record has changed since" in signed.client.get(place).content.decode()


def test_p17_a_user_id_is_never_given_again(people: dict[str, Person]) -> None:
    gone = people["reader"]
    admin = actor(people["access_administrator"])
    services.disable_person(person=gone, reason="left", actor=admin, now=now())
    again = lambda: services.create_person(username="READER", name="x", actor=admin, now=now())  # noqa: E731
    assert codes(again) == ["people.username_taken"]
    with pytest.raises((DatabaseError, IntegrityError)), store.transaction():
        Person.objects.filter(pk=gone.pk)._raw_delete(using="default")
    assert Person.objects.filter(pk=gone.pk).exists()


def test_p18_the_identity_is_confirmed_on_record_before_anybody_signs(signing: Signing) -> None:
    signing.sign_in()
    Person.objects.filter(pk=signing.person.pk).update(identity_checked_at=None)
    assert signing.both() == ["signing.identity"]
    line = Entry.objects.filter(action="identity.check").latest("pk")
    assert (line.reason, json.loads(line.detail)["person"]) == ("passport", signing.person.pk)
    Person.objects.filter(pk=signing.person.pk).update(identity_checked_at=1)
    assert signing.both() == []


def test_p19_a_signature_needs_user_name_and_secret_and_no_other_pair(signing: Signing) -> None:
    signing.sign_in()
    assert signing.sign() == ["records.signature_missing"]
    assert signing.sign(identifier="approver") == ["records.signature_missing"]
    assert signing.sign(secret=SECRET) == ["signing.two_parts"]
    assert signing.sign(identifier="engineer", secret=SECRET) == ["signing.wrong"]
    assert signing.sign(identifier="approver", secret=PASSWORD) == ["signing.wrong"]
    assert signing.both() == []


def test_p20_the_first_signing_of_a_session_asks_both_parts_and_later_ones_the_secret(
    signed: Signing,
) -> None:
    assert signed.sign(secret=SECRET) == []
    assert signed.sign(secret="wrong-wrong-wrong") == ["signing.wrong"]
    assert signed.sign() == ["records.signature_missing"]


def test_p21_after_logout_and_after_a_timeout_both_parts_are_asked_again(signed: Signing) -> None:
    signed.client.post("/account/logout")
    signed.sign_in()
    assert signed.sign(secret=SECRET) == ["signing.two_parts"]
    signed.sign(identifier="approver", secret=SECRET)
    assert signed.sign(secret=SECRET) == []
    SigningSession.objects.update(at=SigningSession.objects.get().at - 31 * MINUTE)
    assert signed.sign(secret=SECRET) == ["signing.two_parts"]
    Session.objects.update(expire_date=now() - timedelta(seconds=1))
    forget()
    assert signed.client.get("/me").status_code == 302
    signed.sign_in()
    assert signed.sign(secret=SECRET) == ["signing.two_parts"]


def test_p22_an_administrator_alone_cannot_sign_as_somebody_else(signing: Signing) -> None:
    boss = signing.people["access_administrator"]
    services.check_identity(person=boss, how="has the machine", actor=SETUP, now=now())
    admin, victim = actor(boss), signing.person
    theft = lambda: services.set_password(person=victim, password=OTHER, actor=admin, now=now())  # noqa: E731
    assert codes(theft) == ["people.not_own_password"]
    link = services.make_link(person=victim, purpose="access", actor=admin, now=now())
    services.use_link(secret=link, password=OTHER, actor=SETUP, now=now())
    assert signing.sign_in(OTHER) == 302
    assert signing.sign(identifier="approver", secret=OTHER) == ["signing.wrong"]
    typed = {"what": "signing", "accepted": "on", "secret": "my-own-new-secret", "present": OTHER}
    assert signing.client.post("/me", typed).status_code == 409
    other = services.make_link(person=victim, purpose="signing", actor=admin, now=now())
    reset = {"password": OTHER, "secret": "my-own-new-secret", "accepted": "on"}
    assert Client().post(f"/setup/{other}", reset).status_code == 302
    assert signing.sign(identifier="approver", secret="my-own-new-secret") == ["signing.identity"]
    puppet = actor(make_person("puppet", "access_administrator"))
    for who, code in ((admin, "people.made_link"), (puppet, "people.confirm_first")):
        with pytest.raises(Refused, match=f"^{code}$"):
            services.check_identity(person=victim, how="x", actor=who, now=now())


def test_p22_resets_are_links_that_work_once_and_stand_in_the_trail(signing: Signing) -> None:
    admin = actor(signing.people["access_administrator"])
    secret = services.make_link(person=signing.person, purpose="signing", actor=admin, now=now())
    typed = {"password": PASSWORD, "secret": "my-own-new-secret", "accepted": "on"}
    assert Client().post(f"/setup/{secret}", typed | {"password": "wrong"}).status_code == 409
    assert Client().post(f"/setup/{secret}", typed).status_code == 302
    assert Client().post(f"/setup/{secret}", typed).status_code == 404
    assert list(
        Entry.objects.filter(action__in=("link.make", "signing.reset")).values_list("actor", flat=True)
    ) == [
        admin.id,
        "system:link",
    ]
    assert secret not in str(list(Entry.objects.values_list("detail", flat=True)))


def test_p23_combinations_are_unique_and_an_age_can_be_set_with_its_reason(signing: Signing) -> None:
    person = signing.person
    same = lambda: services.accept_signing(  # noqa: E731
        person=person, secret=PASSWORD, present=SECRET, actor=actor(person), now=now()
    )
    assert codes(same) == ["people.same_secret"]
    boss = actor(signing.people["system_administrator"])
    silent = lambda: set_policy(name="password_age_days", value=90, reason=" ", actor=boss, now=now())  # noqa: E731
    assert codes(silent) == ["records.reason_missing"]
    set_policy(name="password_age_days", value=90, reason="the customer asks", actor=boss, now=now())
    assert Entry.objects.get(action="policy.set").reason == "the customer asks"
    signing.sign_in()
    assert signing.client.get("/tasks").status_code == 200
    Person.objects.filter(pk=person.pk).update(password_set_at=1)
    forget()
    assert signing.client.get("/tasks")["Location"] == "/me"
    change = {"what": "password", "old": PASSWORD, "new": PASSWORD}
    assert signing.client.post("/me", change).status_code == 409
    assert signing.client.post("/me", change | {"new": OTHER}).status_code == 302
    assert signing.client.get("/tasks").status_code == 200


def test_p24_what_is_lost_or_stolen_ends_at_once_with_sessions_and_tokens(people: dict[str, Person]) -> None:
    lost, admin = make_person("lost", "access_administrator", "reader"), people["access_administrator"]
    enable(lost)
    client = client_of(lost)
    assert client.get("/tasks").status_code == 200
    since = now()
    token, text = services.issue_token(
        name="thief", scopes=("read",), expires=now() + timedelta(days=1), actor=actor(lost), now=now()
    )
    assert actor_of_token(text, now=now()) is not None
    typed = {"what": "lost", "reason": "bag stolen", "since": f"{since:%Y-%m-%d}"}
    assert client_of(admin).post(f"/people/{lost.pk}", typed).status_code == 302
    assert client.get("/tasks").status_code == 302
    assert Client(headers={"Authorization": f"Bearer {text}"}).get("/charts.json").status_code == 401
    lost.refresh_from_db()
    assert (lost.has_usable_password(), lost.signing_secret, lost.identity_checked_at) == (False, "", None)
    assert Entry.objects.get(action="authenticators.revoke").reason == "bag stolen"
    assert Token.objects.get(pk=token.pk).revoked_at
    stranger = actor(people["reader"])
    no = lambda: revoke_authenticators(person=lost, reason="x", actor=stranger, now=now())  # noqa: E731
    assert codes(no) == ["people.not_access_administrator"]


def test_p25_failed_signings_are_counted_locked_and_reported_at_once(signing: Signing) -> None:
    signing.sign_in()
    for attempt in range(1, 6):
        assert signing.sign(identifier="approver", secret="wrong-wrong-wrong") == ["signing.wrong"]
        assert Entry.objects.filter(action="signing.failed").count() == attempt
    assert signing.both() == ["signing.locked"]
    assert Event.objects.filter(name="SigningLocked").count() == 1
    while deliver_due(now()):
        pass
    task = Task.objects.get(what="tasks.signing_locked")
    assert (task.assignee, task.state) == ("role:access_administrator", "open")
    guess = {"what": "signing", "accepted": "on", "secret": OTHER, "present": SECRET}
    assert signing.client.post("/me", guess).status_code == 409
    admin = actor(signing.people["access_administrator"])
    services.unlock_signing(person=signing.person, reason="typed with gloves", actor=admin, now=now())
    assert signing.both() == []


def test_p26_tokens_are_tested_when_issued_and_every_day_and_the_test_is_a_record(token: str) -> None:
    made = Token.objects.get()
    assert made.tested_at is not None
    assert check_tokens(now()) == []
    line = json.loads(Entry.objects.get(action="token.test").detail)
    assert line == {"tested": [made.pk], "faults": {}}
    Token.objects.update(scopes="ingest")
    assert check_tokens(now()) == [made.pk]
    task = Task.objects.get(what="people.task_token")
    assert json.loads(task.values) == {"name": "bridge", "what": "scopes"}
    assert "'bridge' is not as it was issued (scopes)" in task_in_words(task)
    assert check_tokens(now()) == [made.pk]
    assert Task.objects.filter(what="people.task_token").count() == 1


def test_p27_a_live_session_alone_never_signs_however_it_was_opened(signing: Signing) -> None:
    signing.client = client_of(signing.person)  # as after a sign-in without a password, by a provider
    assert signing.sign() == ["records.signature_missing"]
    assert signing.sign(secret=SECRET) == ["signing.two_parts"]
    change = {"what": "signing", "accepted": "on", "secret": OTHER}
    assert signing.client.post("/me", change).status_code == 409
    assert signing.sign(identifier="approver", secret=OTHER) == ["signing.wrong"]
    assert signing.both() == []


def test_every_statement_on_the_page_of_signatures_names_the_test_that_shows_it() -> None:
    named = set(re.findall(r"`(test_[pe]\d\d_\w+)`", PAGE.read_text(encoding="utf-8")))
    files = [Path(__file__), Path(__file__).with_name("test_access_law.py")]
    found = [
        re.findall(r"^def (test_[pe]\d\d_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
        for file in files
    ]
    assert named == {name for names in found for name in names}
