"""Fields of one's own on a form: drawn beside those of the record, typed back under names of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from gemba.quality.records.models import Header
from gemba.quality.records.ownfields import Definition, definitions, own_values
from gemba.quality.records.screen import FormField
from gemba.quality.records.screen.forms import own_form
from gemba.server.web.forms import fields_with_values, typed_values

PREFIX = "own-"


@dataclass
class OwnForm:
    """Some fields of one's own, and what they hold or what was typed into them."""

    form: tuple[FormField, ...]
    zone: str
    values: dict[str, Any] = field(default_factory=dict)

    def read(self, typed: Mapping[str, str]) -> dict[str, Any]:
        """What was typed; the form comes back with it when it is refused."""
        found = typed_values(self.form, typed, zone=self.zone, prefix=PREFIX)
        self.values |= found
        return found

    def read_filled(self, typed: Mapping[str, str]) -> dict[str, Any]:
        """What was typed for a new record: an empty field says nothing."""
        return {name: text for name, text in self.read(typed).items() if str(text).strip()}

    @property
    def fields(self) -> list[dict[str, Any]]:
        """Each field as a template draws it."""
        return fields_with_values(self.form, self.values, zone=self.zone, prefix=PREFIX)

    @property
    def groups(self) -> list[dict[str, Any]]:
        """One group of the form; none without such fields."""
        return [{"title": _("Own fields"), "fields": self.fields}] if self.form else []


def for_new(type_name: str, sites: Iterable[str], *, zone: str) -> OwnForm:
    """The fields of a new record at one of these sites."""
    found: dict[str, Definition] = {}
    for site in sites:
        found |= {definition.key: definition for definition in definitions(type_name, site)}
    return OwnForm(_drawn(found.values()), zone)


def of_record(header: Header) -> OwnForm:
    """The fields of a record, with what they hold."""
    known = definitions(header.type, header.site_id)
    return OwnForm(_drawn(known), header.site.zone, own_values(header))


def asked_at(header: Header, state: str) -> OwnForm:
    """Those without which the record does not reach a state."""
    whole = of_record(header)
    asked = (replace(item, required=True) for item in whole.form if state in item.required_at)
    return replace(whole, form=tuple(asked))


def _drawn(known: Iterable[Definition]) -> tuple[FormField, ...]:
    """Yes or no is a choice here, so that nothing chosen stays nothing."""
    return tuple(
        replace(item, kind="choice", choices=(("yes", _("yes")), ("no", _("no"))))
        if item.kind == "yes_no"
        else item
        for item in own_form(known)
    )
