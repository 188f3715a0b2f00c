"""In which language the shell speaks: of ``--language``, else GEMBA_LANGUAGE, LC_ALL, LC_MESSAGES or LANG.

The catalogue is that of the statistics and the pages, read by the standard library alone. What a program
reads stays English: with ``--json`` everything does. ``--help`` needs no statistics in any language.
"""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from importlib import resources
from inspect import Parameter, signature
from typing import Annotated, Any

import typer

LANGUAGES = ("en", "de")
DOMAIN = "django"
ASKED = ("GEMBA_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
EXAMPLE = re.compile(r"( +gemba .*\S)( {2,})(\S.*)")
"""A line that shows a command, and what is said beside it."""
_spoken: ContextVar[str] = ContextVar("spoken_in_the_shell", default="en")
_asked: ContextVar[str] = ContextVar("asked_of_the_shell", default="en")


def N_(text: str) -> str:
    """Mark a text for the catalogue."""
    return text


def _(text: str) -> str:
    """A text of the shell in the language that it speaks; its values are filled in later."""
    if _spoken.get() == "en":
        return text
    from gemba.stats.results import translator

    return translator(_spoken.get())(text)


PARSER = (
    *(N_("Arguments"), N_("Options"), N_("Commands"), N_("required"), N_("default: {default}")),
    *(N_("env var: {var}"), N_("Missing command."), N_("No such command {name!r}."), N_("Aborted!")),
)
"""What the parser of the command line asks the catalogue for by itself."""
Language = Annotated[
    str,
    typer.Option("--language", metavar="NAME", help="Language of the answer: en or de.", show_default=False),
]


def language_of(arguments: Sequence[str], surroundings: Mapping[str, str] = os.environ) -> str:
    """The language that is asked for, as far as it is spoken; English for a program."""
    if "--json" in arguments:
        return "en"
    said = [surroundings.get(name, "") for name in ASKED]
    for place, argument in enumerate(arguments):
        name, _sign, value = argument.partition("=")
        if name == "--language":
            said.insert(0, value or next(iter(arguments[place + 1 :]), ""))
    first = re.split(r"[_.@-]", next(filter(None, said), "en"))[0].lower()
    return first if first in LANGUAGES else "en"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language, in the statistics and the records too."""
    if language == "en":
        yield
        return
    from gemba.stats.results import speaking as saying

    before = _spoken.set(language)
    try:
        with saying(language):
            yield
    finally:
        _spoken.reset(before)


def spoken() -> str:
    """The language that the shell speaks here."""
    return _spoken.get()


def in_language(command: Callable[..., Any], *, serves: bool = False) -> Callable[..., Any]:
    """The command with the option ``--language``, which answers in it; one that serves a plant lets it speak.

    What a served plant stores and says to others is no matter of whoever started it.
    """

    @wraps(command)
    def called(*given: Any, language: str = "", **named: Any) -> Any:
        if language and language not in LANGUAGES:
            from gemba.stats.results import UnknownName

            raise UnknownName(language, LANGUAGES, what=N_("language"), argument="language")
        if serves:
            os.environ["GEMBA_LANGUAGE"] = language or os.environ.get("GEMBA_LANGUAGE", "en")
        with speaking("en" if serves else _asked.get()):
            return command(*given, **named)

    own = signature(command, eval_str=True)
    asked = Parameter("language", Parameter.KEYWORD_ONLY, default="", annotation=Language)
    whole = own.replace(parameters=[*own.parameters.values(), asked])
    called.__signature__ = whole  # type: ignore[attr-defined]
    called.__annotations__ = {name: item.annotation for name, item in whole.parameters.items()}
    return called


def helped(command: Any, language: str) -> Any:
    """The parsed commands with their help in a language."""
    if language != "en":
        for item in (command, *command.commands.values()):
            _translate(item, _catalogue(language).gettext)
    return command


def texts_of(command: Any) -> Iterator[str]:
    """Every text that ``--help`` shows, as the catalogue knows it."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    for item in (command, *command.commands.values()):
        _translate(item, note)
    yield from (text for text in found if text)


@contextmanager
def parsing(language: str) -> Iterator[None]:
    """Ask the commands for a language, and let their parser look up its few own words in our catalogue."""
    asked = _asked.set(language)
    before = os.environ.get("LANGUAGE"), gettext.textdomain()
    gettext.bindtextdomain(DOMAIN, str(resources.files("gemba") / "locale"))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = language
    try:
        yield
    finally:
        _asked.reset(asked)
        gettext.textdomain(before[1])
        os.environ.pop("LANGUAGE")
        if before[0] is not None:
            os.environ["LANGUAGE"] = before[0]


def _translate(command: Any, t: Callable[[str], str]) -> None:
    _usage(command, t)
    command.help = _paragraphs(command.help or "", t)
    command.epilog = t(command.epilog or "")
    command.short_help = t(command.short_help) if command.short_help else None
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = t(parameter.help)


def _usage(command: Any, t: Callable[[str], str]) -> None:
    """The words around the usage of a command, for which its parser asks no catalogue."""
    command.options_metavar = t(N_("[OPTIONS]"))
    pieces, helping = command.collect_usage_pieces, command.get_help_option

    def format_usage(context: Any, formatter: Any) -> None:
        before = t(N_("Usage: {what}")).partition("{")[0]
        formatter.write_usage(context.command_path, " ".join(pieces(context)), before)

    def get_help_option(context: Any) -> Any:
        option = helping(context)
        if option is not None:
            option.help = t(N_("Show this message and exit."))
        return option

    command.format_usage, command.get_help_option = format_usage, get_help_option


def _paragraphs(text: str, t: Callable[[str], str]) -> str:
    """A help text by paragraphs; of commands that are shown only what is said beside them."""
    return "\n\n".join(
        _shown(part, t) if part.startswith("\b") else t(" ".join(part.split())) for part in text.split("\n\n")
    )


def _shown(part: str, t: Callable[[str], str]) -> str:
    found = [(EXAMPLE.fullmatch(line), line) for line in part.split("\n")]
    return "\n".join(line if match is None else match[1] + match[2] + t(match[3]) for match, line in found)


@lru_cache(maxsize=4)
def _catalogue(language: str) -> gettext.NullTranslations:
    folder = str(resources.files("gemba") / "locale")
    return gettext.translation(DOMAIN, localedir=folder, languages=[language], fallback=True)
