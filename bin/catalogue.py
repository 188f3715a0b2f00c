"""The catalogue of texts: found in the program, merged into each language, compiled; needs Babel only.

``bin/texts`` finds every text that a person reads, keeps the translations there are, and compiles. What is
new stands in the .po without a translation; what the program says no more is gone from it.
"""

from __future__ import annotations

import ast
import io
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "gemba"
LANGUAGES = ("de",)
KEYWORDS: Mapping[str, Any] = {
    "N_": None,
    "NN_": (1, 2),
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
}
BESIDE = ("charted", "charts", "signalled", "signalled_by", "limited", "limits", "judged", "judged_by")
"""Ties of the thread that are no stored relations."""
Found: TypeAlias = tuple[str, str | tuple[str, ...]]


class Texts(Catalog):
    """A catalogue whose file says nothing of when and by whom it was written: history knows that."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What a reader of the file must know."""
        return [
            ("Project-Id-Version", "Gemba"),
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def po_of(language: str) -> Path:
    """Where the texts of a language are."""
    return SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"


def texts() -> Catalog:
    """Every text that a person reads, with the files that say it."""
    found = Catalog()
    for place, text in [*in_python(), *in_templates(), *in_tables(), *in_help()]:
        found.add(text, locations=[(place, 1)])
    return found


def in_python() -> Iterator[Found]:
    """The marked texts of the program."""
    for path in sorted(SOURCE.rglob("*.py")):
        place = path.relative_to(SOURCE).as_posix()
        with path.open("rb") as file:
            yield from _extracted(place, file)
        yield from ((place, text) for text in in_f_strings(path.read_text(encoding="utf-8")))


def in_f_strings(source: str) -> Iterator[str]:
    """The marked texts within f-strings, which Babel reads as one word before Python 3.12."""
    written = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.JoinedStr))
    for node in (inner for whole in written for inner in ast.walk(whole)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KEYWORDS:
            yield from (str(text.value) for text in node.args[:1] if isinstance(text, ast.Constant))


def in_templates() -> Iterator[Found]:
    """The texts of the pages: Django turns a template into something like Python first."""
    from django.utils.translation.template import templatize

    for path in sorted(SOURCE.rglob("*.html")):
        place = path.relative_to(SOURCE).as_posix()
        source = templatize(path.read_text(encoding="utf-8"), origin=place)
        yield from _extracted(place, io.BytesIO(source.encode()))


def _extracted(place: str, file: Any) -> Iterator[Found]:
    for _, text, _, _ in extract("python", file, keywords=dict(KEYWORDS)):
        if text:
            yield place, text


def in_tables() -> Iterator[Found]:
    """The texts that no line holds whole: labels made of the names of fields, words made of codes."""
    start()
    from gemba.quality.people.roles import ROLES
    from gemba.quality.records.links import INVERSE
    from gemba.quality.records.models import Header
    from gemba.quality.records.types import record_types
    from gemba.server.web.language import code_word

    codes = {*ROLES, *INVERSE, *INVERSE.values(), *BESIDE, *actions_entered()}
    codes |= {column.name for column in Header._meta.concrete_fields}  # noqa: SLF001
    for kind in record_types():
        if not kind.model.__module__.startswith("gemba."):
            continue  # a type that tests alone have
        codes |= {kind.name, *(state.name for state in kind.lifecycle.states)}
        codes |= {move.name for move in kind.lifecycle.moves}
        codes |= {field.name for field in _columns(kind)} | set(kind.children)
        codes |= {move.signature or "" for move in kind.lifecycle.moves}
        yield from ((f"records of {kind.name}", label) for label in _labels(kind))
    parts = {part for code in codes for part in code.replace(".", ":").split(":")}
    yield from (("codes", word) for word in sorted({code_word(part) for part in parts}) if word)


def start() -> None:
    """Know the record types, without a store."""
    if "DJANGO_SETTINGS_MODULE" not in os.environ:
        os.environ["GEMBA_DATA"] = tempfile.mkdtemp(prefix="gemba-texts-")
        os.environ["DJANGO_SETTINGS_MODULE"] = "gemba.server.settings"
    import django

    django.setup()


def _columns(kind: Any) -> Iterator[Any]:
    yield from kind.model._meta.concrete_fields  # noqa: SLF001 (Django's public Meta API)
    for relation in kind.children:
        yield from _child(kind, relation)._meta.concrete_fields  # noqa: SLF001


def _child(kind: Any, relation: str) -> Any:
    from gemba.quality.records.screen.declare import child_model

    return child_model(kind, relation)


def _labels(kind: Any) -> Iterator[str]:
    """Every label that a page or a form of a record type shows."""
    from gemba.quality.records.actions import actions_of
    from gemba.quality.records.screen import screen_of
    from gemba.quality.records.screen.sources import column_source
    from gemba.stats.results import translator

    yield from (kind.label, kind.plural)
    for model in (kind.model, *(_child(kind, relation) for relation in kind.children)):
        for column in model._meta.concrete_fields:  # noqa: SLF001
            source = column_source(model, column.name)
            if source is not None:
                yield from (source.label, *(words for _, words in source.choices))
    screen = screen_of(kind.name)
    if screen is None:
        return
    yield from (column.label for column in screen.columns)
    yield from (narrowing.label for narrowing in screen.filters)
    yield from (section.title for section in screen.sections)
    yield from (panel.title for panel in screen.panels)
    yield from (table.title for table in screen.children)
    actions = actions_of(kind.name)
    for action in (actions.create, actions.edit, *actions.moves.values()):
        if action is not None:
            yield from _form_labels(kind, action.given, translator("en"))


def _form_labels(kind: Any, given: type[Any], t: Any) -> Iterator[str]:
    from gemba.quality.records.screen.forms import form_of

    fields = list(form_of(kind, given, t))
    while fields:
        field = fields.pop()
        fields += field.rows
        yield from (field.label, field.help, *(words for _, words in field.choices))


def in_help() -> Iterator[Found]:
    """What the shell says of its commands and their options."""
    import typer

    from gemba.cli.app import app
    from gemba.cli.language import texts_of

    yield from (("shell", text) for text in texts_of(typer.main.get_command(app)))


def actions_entered() -> set[str]:
    """The codes of what the trail tells: written with ``enter``, ``change_record``, ``attempting``."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                said = [item.value for item in node.keywords if item.arg == "action"]
                said += node.args[:1] if name in ("enter", "attempting", "enter_refusal") else []
                found |= {item.value for item in said if isinstance(item, ast.Constant)}
    return {code for code in found if isinstance(code, str) and " " not in code}


def merged(language: str, template: Catalog) -> Catalog:
    """The texts with the translations that a language has already; what is said no more is dropped."""
    path = po_of(language)
    known: dict[Any, Any] = {}
    if path.exists():
        known = {message.id: message.string for message in read(path) if message.id}
    made = Texts(language, domain="django", fuzzy=False)
    for message in template:
        if message.id:
            empty = ("",) * made.num_plurals if message.pluralizable else ""
            places = sorted(set(message.locations))
            made.add(message.id, known.get(message.id, empty), locations=places)
    return made


def read(path: Path) -> Catalog:
    """A .po file."""
    with path.open("rb") as file:
        return read_po(file)


def write(catalogue: Catalog, language: str) -> None:
    """The .po and, beside it, the compiled .mo."""
    path = po_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.header_comment = "# The texts of Gemba, written by bin/texts; translate the msgstr lines."
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, sort_output=True, include_lineno=False)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)


def untranslated(catalogue: Iterable[Any]) -> list[Any]:
    """The texts without a translation."""
    return [
        message.id
        for message in catalogue
        if message.id
        and not all(message.string if isinstance(message.string, tuple | list) else [message.string])
    ]


def main() -> int:
    """Find, merge, compile; say what is not translated."""
    template = texts()
    for language in LANGUAGES:
        catalogue = merged(language, template)
        write(catalogue, language)
        left = untranslated(catalogue)
        print(f"{language}: {len(catalogue)} texts, {len(left)} not translated")
        for text in left[:20]:
            print(f"  {text!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
