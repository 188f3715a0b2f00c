"""In which language somebody is answered: that of the account, else of the browser, else of the plant."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from gemba.quality.people import services
from gemba.quality.people.models import Person
from gemba.quality.records.models import Entry
from gemba.quality.records.reasons import Refused
from gemba.quality.records.trail import verify
from gemba.stats.results import spoken, translator
from server.conftest import actor, client_of, now

pytestmark = pytest.mark.django_db
GERMAN = {"HTTP_ACCEPT_LANGUAGE": "de-AT,de;q=0.9,en;q=0.5"}
FRENCH = {"HTTP_ACCEPT_LANGUAGE": "fr"}


def language_of(client: Client, address: str = "/", **more: str) -> str:
    answer = client.get(address, **more)  # type: ignore[arg-type]
    body = answer.content.decode()
    found = str(answer["Content-Language"])
    assert f'<html lang="{found}">' in body
    return found


def test_the_languages_of_the_accounts_are_those_of_the_pages() -> None:
    assert dict(settings.LANGUAGES) == dict(services.LANGUAGES)


def test_the_browser_says_it_while_the_account_does_not(people: dict[str, Person]) -> None:
    client = client_of(people["engineer"])
    assert language_of(client) == "en"
    assert language_of(client, **GERMAN) == "de"
    assert language_of(client, **FRENCH) == "en"
    assert language_of(Client(), "/account/login", **GERMAN) == "de"
    assert language_of(client, "/nowhere", **GERMAN) == "de"


def test_the_account_outranks_the_browser(people: dict[str, Person]) -> None:
    client = client_of(people["engineer"])
    assert client.post("/me", {"what": "language", "language": "de"}).status_code == 302
    assert language_of(client) == "de"
    assert language_of(client, "/me", HTTP_ACCEPT_LANGUAGE="en") == "de"
    assert client.post("/me", {"what": "language", "language": ""}).status_code == 302
    assert language_of(client) == "en"


def test_the_plant_has_a_language_of_its_own(people: dict[str, Person]) -> None:
    client = client_of(people["engineer"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "LANGUAGE_CODE", "de")
        assert language_of(client, **FRENCH) == "de"
        assert language_of(client, HTTP_ACCEPT_LANGUAGE="en") == "en"


def test_what_is_said_after_a_request_is_english_again(people: dict[str, Person]) -> None:
    client_of(people["engineer"]).get("/", **GERMAN)  # type: ignore[arg-type]
    assert spoken() == "en"
    assert translator()("Home") == "Home"


def test_the_choice_stands_in_the_trail_and_is_ones_own(people: dict[str, Person]) -> None:
    services.choose_language(
        person=people["engineer"], language="de", actor=actor(people["engineer"]), now=now()
    )
    assert Entry.objects.filter(action="language.choose").count() == 1
    services.choose_language(
        person=people["engineer"], language="de", actor=actor(people["engineer"]), now=now()
    )
    assert Entry.objects.filter(action="language.choose").count() == 1
    with pytest.raises(Refused) as refused:
        services.choose_language(
            person=people["engineer"], language="tlh", actor=actor(people["auditor"]), now=now()
        )
    assert [reason.code for reason in refused.value.reasons] == [
        "people.not_own_language",
        "people.language_unknown",
    ]
    assert verify().sound
