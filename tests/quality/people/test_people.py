from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import authenticate

from gemba.quality.people import services
from gemba.quality.people.calendars import due_after
from gemba.quality.people.models import Closure, OneTimeLink, Person, Token, WorkingTime
from gemba.quality.people.queries import actor_of, actor_of_token, name_of_row, open_failures, printed_name
from gemba.quality.people.signing import end_signing_session, note_failure, verify_proof
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.models import Entry, Event, Site
from gemba.quality.records.reasons import Refused, in_words
from gemba.quality.records.signatures import Proof
from gemba.quality.records.trail import verify

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SETUP = system("setup")
SECRET = "correct-horse-battery"

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Actor:
    person = services.create_person(username="ada", name="Ada", actor=SETUP, now=NOW)
    services.grant_role(person=person, role="access_administrator", actor=SETUP, now=NOW)
    services.check_identity(person=person, how="has the machine", actor=SETUP, now=NOW)
    actor = actor_of(person.pk)
    assert actor is not None
    return actor


@pytest.fixture
def site() -> Site:
    return Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin")


@pytest.fixture
def anna(admin: Actor) -> Person:
    return services.create_person(username="Anna", name="Anna Berg", actor=admin, now=NOW)


def person_actor(person: Person) -> Actor:
    actor = actor_of(person.pk)
    assert actor is not None
    return actor


def codes(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    assert all(in_words(reason) for reason in caught.value.reasons)
    return [reason.code for reason in caught.value.reasons]


def test_a_user_name_is_never_given_twice_even_in_another_case_or_after_the_person_left(
    admin: Actor, anna: Person
) -> None:
    services.disable_person(person=anna, reason="left", actor=admin, now=NOW)
    again = lambda: services.create_person(username="ANNA", name="Other", actor=admin, now=NOW)  # noqa: E731
    assert codes(again) == ["people.username_taken"]


def test_only_an_access_administrator_manages_people_and_not_his_own_rights(
    admin: Actor, anna: Person
) -> None:
    nobody = person_actor(anna)
    assert codes(lambda: services.create_person(username="x", name="", actor=nobody, now=NOW)) == [
        "people.not_access_administrator",
        "people.username_invalid",
        "records.field_missing",
    ]
    ada = Person.objects.get(username="ada")
    own = lambda: services.grant_role(person=ada, role="approver", actor=admin, now=NOW)  # noqa: E731
    assert codes(own) == ["people.own_rights"]


def test_a_right_works_from_its_grant_until_its_end_at_its_site_only(
    admin: Actor, anna: Person, site: Site
) -> None:
    grant = services.grant_role(person=anna, role="inspector", site=site, actor=admin, now=NOW)
    assert person_actor(anna).has_role("inspector", "HAL")
    assert not person_actor(anna).has_role("inspector", "ULM")
    services.revoke_role(grant=grant, actor=admin, now=NOW)
    assert not person_actor(anna).has_role("inspector", "HAL")
    assert codes(lambda: services.revoke_role(grant=grant, actor=admin, now=NOW)) == ["people.grant_ended"]


def test_a_disabled_person_has_no_access_left(admin: Actor, anna: Person) -> None:
    services.set_password(person=anna, password=SECRET, actor=SETUP, now=NOW)
    services.grant_role(person=anna, role="reader", actor=admin, now=NOW)
    services.disable_person(person=anna, reason="left", actor=admin, now=NOW)
    assert actor_of(anna.pk) is None
    assert authenticate(username="anna", password=SECRET) is None


@pytest.mark.parametrize("weak", ["short", "password123", "1234567890", "anna-berg"])
def test_a_weak_password_is_refused(admin: Actor, anna: Person, weak: str) -> None:
    call = lambda: services.set_password(person=anna, password=weak, actor=SETUP, now=NOW)  # noqa: E731
    assert set(codes(call)) == {"people.password_weak"}


def test_a_link_sets_a_password_once_within_half_an_hour(admin: Actor, anna: Person) -> None:
    secret = services.make_link(person=anna, purpose="welcome", actor=admin, now=NOW)
    assert secret not in OneTimeLink.objects.get().digest
    late = NOW + timedelta(minutes=31)
    expired = lambda: services.use_link(secret=secret, password=SECRET, actor=SETUP, now=late)  # noqa: E731
    assert codes(expired) == ["people.link_used"]
    services.use_link(secret=secret, password=SECRET, actor=SETUP, now=NOW)
    assert authenticate(username="anna", password=SECRET) == anna
    twice = lambda: services.use_link(secret=secret, password=SECRET + "2", actor=SETUP, now=NOW)  # noqa: E731
    assert codes(twice) == ["people.link_used"]


def test_a_token_is_shown_once_and_ends_with_its_time_or_at_once(admin: Actor, site: Site) -> None:
    token, text = services.issue_token(
        name="CMM 3", scopes=("ingest",), expires=NOW + timedelta(days=30), site=site, actor=admin, now=NOW
    )
    assert text not in str(Token.objects.values())
    actor = actor_of_token(text, now=NOW)
    assert actor is not None
    assert (actor.kind, actor.name, actor.has_role("operator", "HAL")) == ("token", "CMM 3", True)
    assert actor_of_token(text, now=NOW + timedelta(days=31)) is None
    services.revoke_token(token=token, actor=admin, now=NOW)
    assert actor_of_token(text, now=NOW) is None
    forever = NOW + timedelta(days=800)
    wrong = lambda: services.issue_token(name="x", scopes=("all",), expires=forever, actor=admin, now=NOW)  # noqa: E731
    assert codes(wrong) == ["people.scope_unknown", "people.expiry"]


def test_earlier_signatures_keep_the_earlier_name(admin: Actor, anna: Person) -> None:
    first = anna.names.get()
    services.rename_person(person=anna, name="Anna Lind", reason="married", actor=admin, now=NOW)
    assert printed_name(anna.actor_id) == "Anna Lind"
    assert name_of_row(first.pk) == "Anna Berg"


def ready(person: Person, admin: Actor) -> Actor:
    services.check_identity(person=person, how="passport", actor=admin, now=NOW)
    services.record_training(person=person, training="Signing", actor=admin, now=NOW)
    own = person_actor(person)
    services.accept_signing(person=person, secret=SECRET, actor=own, now=NOW)
    return own


def reasons(actor: Actor, *, secret: str, identifier: str = "", session: str = "") -> list[str]:
    proof = Proof(secret=secret, identifier=identifier, session=session)
    return [reason.code for reason in verify_proof(actor, proof, NOW)]


def test_signing_needs_identity_acceptance_and_secret_first(anna: Person) -> None:
    assert reasons(person_actor(anna), secret="x") == [
        "signing.identity",
        "signing.training",
        "signing.not_accepted",
        "signing.no_secret",
    ]


def test_the_first_signing_of_a_session_needs_both_parts_and_later_ones_the_secret(
    admin: Actor, anna: Person
) -> None:
    actor = ready(anna, admin)
    assert reasons(actor, secret=SECRET, session="s1") == ["signing.two_parts"]
    assert reasons(actor, secret=SECRET, identifier="Anna", session="s1") == []
    assert reasons(actor, secret=SECRET, session="s1") == []
    end_signing_session("s1")
    assert reasons(actor, secret=SECRET, session="s1") == ["signing.two_parts"]


def test_another_name_or_a_wrong_secret_does_not_sign(admin: Actor, anna: Person) -> None:
    actor = ready(anna, admin)
    assert reasons(actor, secret=SECRET, identifier="ada") == ["signing.wrong"]
    assert reasons(actor, secret="wrong", identifier="anna") == ["signing.wrong"]


def test_an_administrator_cannot_set_another_persons_signing_secret(admin: Actor, anna: Person) -> None:
    services.check_identity(person=anna, how="passport", actor=admin, now=NOW)
    theft = lambda: services.accept_signing(person=anna, secret=SECRET, actor=admin, now=NOW)  # noqa: E731
    assert codes(theft) == ["signing.not_accepted"]


def test_five_failures_lock_signing_and_are_reported_once(admin: Actor, anna: Person) -> None:
    actor = ready(anna, admin)
    for _ in range(5):
        note_failure(actor=actor, now=NOW, action="approve")
    assert reasons(actor, secret=SECRET, identifier="anna") == ["signing.locked"]
    assert Event.objects.filter(name="SigningLocked").count() == 1
    assert codes(lambda: services.unlock_signing(person=anna, reason="", actor=actor, now=NOW)) == [
        "people.not_access_administrator",
        "people.not_yourself",
    ]
    services.unlock_signing(person=anna, reason="asked", actor=admin, now=NOW)
    assert open_failures(anna) == 0
    assert reasons(actor, secret=SECRET, identifier="anna") == []


def test_a_success_clears_the_failures_before_it(admin: Actor, anna: Person) -> None:
    actor = ready(anna, admin)
    note_failure(actor=actor, now=NOW, action="approve")
    assert reasons(actor, secret=SECRET, identifier="anna") == []
    assert open_failures(anna) == 0


def test_every_act_on_people_leaves_a_line_in_a_sound_trail(admin: Actor, anna: Person) -> None:
    ready(anna, admin)
    found = set(Entry.objects.values_list("action", flat=True))
    assert found == {
        "person.create", "role.grant", "identity.check", "training.record", "signing.accept",
    }  # fmt: skip
    assert "Anna Berg" not in str(list(Entry.objects.values_list("detail", flat=True)))
    assert verify().sound


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def test_without_working_times_a_site_works_always(site: Site) -> None:
    assert due_after(site=site, start=at(2, 9), minutes=90) == at(2, 10, 30)


def test_only_working_minutes_count(site: Site) -> None:
    for day in range(5):
        WorkingTime.objects.create(site=site, day=day, start=6 * 60, end=14 * 60)
    assert due_after(site=site, start=at(2, 12, 30), minutes=60) == at(3, 5, 30)
    assert due_after(site=site, start=at(6, 12, 30), minutes=60) == at(9, 5, 30)
    Closure.objects.create(
        site=site, name="Holiday", start=to_microseconds(at(9, 0)), end=to_microseconds(at(10, 0))
    )
    assert due_after(site=site, start=at(6, 12, 30), minutes=60) == at(10, 5, 30)


def test_a_shift_after_the_clock_went_forward_begins_at_its_wall_time(site: Site) -> None:
    WorkingTime.objects.create(site=site, day=0, start=6 * 60, end=14 * 60)
    assert due_after(site=site, start=at(24, 12), minutes=30) == datetime(2026, 3, 30, 4, 30, tzinfo=UTC)


def test_the_rights_of_the_program_itself_need_no_grant() -> None:
    assert Actor("system", "system:x", "x").has_any(("approver",), "HAL")
    assert not Actor("person", "person:1", "x").has_any(("approver",), "HAL")
