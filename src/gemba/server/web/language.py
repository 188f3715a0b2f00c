"""In which language somebody is answered: that of the account, else of the browser, else of the plant.

The statistics and the pages read one catalogue. Here both are told, for one request, whom they speak to.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import trans_real
from starlette.types import ASGIApp, Receive, Scope, Send

from gemba.stats.results import speaking, spoken

Answer = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """Speaks the language of the browser, until the gate knows who asks."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with ExitStack() as stack:
            request.speaks = stack  # type: ignore[attr-defined]
            speak_to(request, translation.get_language_from_request(request))
            answer = self.get_response(request)
            answer.headers.setdefault("Content-Language", spoken())
        return answer


def speak_to(request: HttpRequest, language: str) -> None:
    """Answer this request in a language from now on; one that the product does not speak changes nothing."""
    if language not in dict(settings.LANGUAGES):
        return
    stack: ExitStack = request.speaks  # type: ignore[attr-defined]
    stack.enter_context(translation.override(language))
    stack.enter_context(speaking(language))


def language_asked(header: str) -> str:
    """What an Accept-Language header asks for among the languages there are; else that of the plant."""
    for code, _weight in trans_real.parse_accept_lang_header(header):
        if code == "*":
            break
        try:
            return trans_real.get_supported_language_variant(code)
        except LookupError:
            continue
    return str(settings.LANGUAGE_CODE)


class AskedLanguage:
    """Speaks the language that a request asks for, outside of Django too: to gauges and programs."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
        with speaking(language_asked(asked.decode("latin-1"))):
            await self.app(scope, receive, send)


def code_word(code: str) -> str:
    """The code of an action, a field, a role or a state as people call it."""
    text = code.removesuffix("_id").replace("_", " ").replace("-", " ").strip()
    return _(text[:1].upper() + text[1:])


def within(word: str) -> str:
    """A word of ours inside a sentence: begun small where the language does not write its nouns large."""
    return word if spoken() == "de" else word[:1].lower() + word[1:]
