"""The second factor: set up, asked for, used once, recovered by a link; no way around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client

from gemba.quality.people import services
from gemba.quality.people.models import Person
from gemba.quality.records import store
from gemba.quality.records.models import Entry
from gemba.quality.records.work import Work
from gemba.server.identity import forget
from gemba.server.identity.factors import has_factor, remove_factors
from gemba.server.opening import first_link
from server.conftest import PASSWORD, SETUP, now

pytestmark = pytest.mark.django_db
SET_UP = "/account/second-factor/totp/activate/"
ELSEWHERE = "192.0.2.7"
OTHER = "another-good-sentence"


@pytest.fixture(autouse=True)
def _no_earlier_guesses() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


class Browser:
    """Somebody who signs in with name and password."""

    def __init__(self, username: str, *, address: str = "127.0.0.1") -> None:
        self.username, self.client, self.secret = username, Client(REMOTE_ADDR=address), ""

    def sign_in(self, password: str = PASSWORD) -> str:
        forget()
        answer = self.client.post("/account/login", {"login": self.username, "password": password})
        assert answer.status_code == 302, answer.content[:500]
        return str(answer["Location"])

    def set_up(self) -> None:
        asked = self.client.get(SET_UP)["Location"]
        assert asked.startswith("/account/reauthenticate")
        assert self.client.post(asked, {"password": PASSWORD})["Location"] == SET_UP
        page = self.client.get(SET_UP)
        assert page.status_code == 200
        found = re.search(r'<code class="mono">([A-Z2-7]+)</code>', page.content.decode())
        assert found is not None
        self.secret = found[1]
        assert self.client.post(SET_UP, {"code": code_of(self.secret)}).status_code == 302
        forget()

    def give(self, code: str) -> int:
        answer = self.client.post("/account/second-factor/authenticate/", {"code": code})
        return int(answer.status_code)

    def is_in(self) -> bool:
        forget()
        return bool(self.client.get("/me").status_code == 200)


@pytest.fixture
def someone(people: dict[str, Person]) -> Browser:
    browser = Browser("engineer")
    browser.sign_in()
    browser.set_up()
    browser.client.post("/account/logout")
    cache.clear()  # the code that was shown to set it up counts as used
    return browser


def person() -> Person:
    return Person.objects.get(username="engineer")


def test_whoever_has_a_second_factor_is_asked_for_it_after_the_password(someone: Browser) -> None:
    assert has_factor(person().pk)
    assert someone.sign_in().startswith("/account/second-factor/authenticate")
    assert not someone.is_in()
    assert someone.give("000000") == 200
    assert not someone.is_in()
    assert someone.give(code_of(someone.secret)) == 302
    assert someone.is_in()
    assert Entry.objects.filter(action="factor.add").exists()


def test_a_code_signs_in_once(someone: Browser) -> None:
    code = code_of(someone.secret)
    someone.sign_in()
    assert someone.give(code) == 302
    thief = Browser("engineer")
    thief.sign_in()
    assert thief.give(code) == 200
    assert not thief.is_in()


def test_another_password_by_a_link_is_no_way_around_it(someone: Browser) -> None:
    link = services.make_link(person=person(), purpose="access", actor=SETUP, now=now())
    assert Client().post(f"/setup/{link}", {"password": OTHER}).status_code == 302
    assert someone.sign_in(OTHER).startswith("/account/second-factor/authenticate")
    assert not someone.is_in()


def test_a_lost_one_is_removed_by_a_link_and_the_password_and_the_trail_says_so(someone: Browser) -> None:
    link = services.make_link(person=person(), purpose="factor", actor=SETUP, now=now())
    page = Client().get(f"/setup/{link}")
    assert b"Remove your lost second factor" in page.content
    assert Client().post(f"/setup/{link}", {"password": "guessed-by-a-thief"}).status_code == 409
    assert has_factor(person().pk)
    assert Client().post(f"/setup/{link}", {"password": PASSWORD}).status_code == 302
    assert Client().post(f"/setup/{link}", {"password": PASSWORD}).status_code == 404
    assert not has_factor(person().pk)
    assert someone.sign_in() == "/"
    assert Entry.objects.get(action="factor.reset").actor == "system:link"


def test_a_recovery_code_signs_in_once(someone: Browser) -> None:
    codes = Authenticator.objects.get(user=person(), type="recovery_codes").wrap().get_unused_codes()
    someone.sign_in()
    assert someone.give(codes[0]) == 302
    assert someone.is_in()
    thief = Browser("engineer")
    thief.sign_in()
    assert thief.give(codes[0]) == 200


def test_no_change_of_a_factor_is_kept_that_the_trail_cannot_tell(
    someone: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OperationalError("the disk is full")

    codes = Authenticator.objects.get(user=person(), type="recovery_codes").wrap()
    unused = codes.get_unused_codes()
    with monkeypatch.context() as patched:
        patched.setattr(Work, "enter", full)
        with pytest.raises(OperationalError):
            codes.validate_code(unused[0])
        with pytest.raises(OperationalError), store.transaction():
            Authenticator.objects.get(user=person(), type="totp").delete()
        with pytest.raises(OperationalError):
            Authenticator(user=person(), type="webauthn", data={}).save()
    kept = Authenticator.objects.filter(user=person())
    assert sorted(kept.values_list("type", flat=True)) == ["recovery_codes", "totp"]
    assert kept.get(type="recovery_codes").wrap().get_unused_codes() == unused


def test_the_first_administrator_from_another_machine_is_led_through_it_and_not_locked_out(db: None) -> None:
    typed = {
        "name": "Ada",
        "site": "hal",
        "site_name": "Halle",
        "zone": "Europe/Berlin",
        "password": PASSWORD,
    }
    assert Client().post(f"/setup/{first_link(now=now())}", typed).status_code == 302
    ada = Browser("admin", address=ELSEWHERE)
    ada.sign_in()
    for page in ("/", "/people", "/sites"):
        assert ada.client.get(page)["Location"] == SET_UP
    assert ada.client.post("/people", {"username": "eve", "name": "Eve"}).status_code == 403
    ada.set_up()
    assert ada.client.get("/people").status_code == 200
    assert ada.client.get("/").status_code == 200


@pytest.mark.parametrize("page", ["", "totp/activate/", "recovery-codes/", "recovery-codes/generate/"])
def test_the_pages_hold_nothing_that_the_policy_forbids(people: dict[str, Person], page: str) -> None:
    browser = Browser("engineer")
    browser.sign_in()
    browser.set_up()
    if page.startswith("totp"):
        remove_factors(person().pk)
    answer = browser.client.get(f"/account/second-factor/{page}")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text)
