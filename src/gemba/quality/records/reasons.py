"""Why something is refused: codes with values, turned into words only at the edge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gemba.quality.records.actor import EVERY_SITE
from gemba.stats.results import N_, DataError, spoken, translator


@dataclass(frozen=True)
class Reason:
    """One unmet condition: a stable code and the values that fill its words."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """As the trail and the API keep it."""
        return {"code": self.code, "values": {name: _kept(value) for name, value in self.values.items()}}


def _kept(value: Any) -> Any:
    """A value as it is stored: what the statistics say is kept in English, whoever reads it now."""
    return value.sentence("en") if isinstance(value, DataError) else value


class Refused(Exception):
    """The action is refused; ``reasons`` holds every unmet condition, not only the first."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("; ".join(reason.code for reason in self.reasons))


def refuse_if(reasons: Iterable[Reason]) -> None:
    """Refuse with all of these reasons, if there is one."""
    found = tuple(reasons)
    if found:
        raise Refused(found)


class Conflict(Exception):
    """Somebody else changed the record meanwhile: ``given`` is the version that was edited.

    ``edited`` and ``stored`` are the fields of both versions, so that a person can join them.
    """

    def __init__(
        self,
        header: int,
        given: int,
        current: int,
        edited: Mapping[str, Any] | None = None,
        stored: Mapping[str, Any] | None = None,
    ) -> None:
        self.header, self.given, self.current = header, given, current
        self.edited, self.stored = edited, stored
        super().__init__(f"record {header} is at version {current}, not {given}")


KERNEL: Mapping[str, str] = {
    "records.move_unknown": N_("There is no step '{move}' for this kind of record."),
    "records.wrong_state": N_("This step is not possible while the record is '{state}'."),
    "records.role_missing": N_("This step needs one of the roles: {roles}."),
    "records.person_only": N_("Only a person can do this; a machine may draft."),
    "records.reason_missing": N_("Say why: this step needs a reason."),
    "records.own_work": N_("Somebody else must do this: you did '{move}' on this record."),
    "records.signature_missing": N_("This step needs your electronic signature ({meaning})."),
    "records.signature_person": N_("Only a person can sign ({meaning})."),
    "records.relation_unknown": N_("There is no relation '{relation}' between records."),
    "records.relation_unfit": N_("'{relation}' does not join these records ({source}, {target})."),
    "records.link_to_itself": N_("A record cannot be linked to itself."),
    "records.link_unknown": N_("The record has no such link, or it has ended already."),
    "records.locked": N_("The record is closed and cannot be changed; add a remark instead."),
    "records.field_missing": N_("'{field}' is not filled in."),
    "records.field_unknown": N_("There is no field '{field}' to set here."),
    "records.number_two_ways": N_(
        "'{field}': {given} may be a fraction or thousands. Write nothing between thousands, and the decimal "
        "sign of your language."
    ),
    "records.not_text": N_("'{field}' must be a text without control characters."),
    "records.too_long": N_("'{field}' holds at most {limit} characters."),
    "records.not_number": N_("'{field}' must be a number such as 1.25, with a point."),
    "records.not_whole": N_("'{field}' must be a whole number between {least} and {most}."),
    "records.too_many_digits": N_(
        "'{field}' holds at most {digits} digits, {places} of them after the point."
    ),
    "records.not_date": N_("'{field}' must be a date such as 2026-03-31."),
    "records.not_moment": N_("'{field}' must be a moment with its zone, such as 2026-03-31T14:30:00+02:00."),
    "records.not_yes_no": N_("'{field}' must be yes or no."),
    "records.not_choice": N_("'{field}' must be one of: {choices}."),
    "records.filter_unknown": N_("There is no filter '{filter}' here; there are: {known}."),
    "records.sort_unknown": N_("The list cannot be sorted by '{column}'; it can by: {known}."),
    "records.cursor_invalid": N_("The mark of the next page is not one of ours. Begin with the first page."),
    "records.limit_invalid": N_("A page has 1 to {most} rows."),
    "records.not_list": N_("'{field}' must be a list."),
    "records.not_editable": N_("The record cannot be edited while it is '{state}'."),
    "records.no_way_to_void": N_("The record cannot be made void while it is '{state}'."),
    "records.task_open": N_("Tasks about this record are still open ({count})."),
    "records.no_right": N_("You have no right to do this at site {site}."),
    "records.still_in_force": N_("{records} in force stands on it: end or change that first."),
    "records.owner_unknown": N_("There is nobody {given} here who could own it."),
    "records.mention_unknown": N_("'{field}' names {given}: there is no such record, or it has ended."),
    "records.unknown": N_("There is no record {record}, or you may not see it."),
}

NO_RIGHT_ANYWHERE = Reason("records.no_right", {"site": EVERY_SITE})
NOWHERE = N_("You have no right to do this at any site.")
CODES = ("field", "move", "roles", "relation", "meaning")
"""Values of reasons that are codes of ours; their words are these codes without the joints."""

_catalogues: dict[str, str] = dict(KERNEL)


def install_reasons(catalogue: Mapping[str, str]) -> None:
    """Add the words of a slice; a code belongs to one slice."""
    for code, words in catalogue.items():
        if _catalogues.get(code, words) != words:
            raise ValueError(f"the reason {code} is worded twice")
        _catalogues[code] = words


def in_words(reason: Reason, language: str | None = None) -> str:
    """A reason as an operator reads it: the values that have a word of their own in his language too."""
    t = translator(language)
    values = {name: _said(name, value, t, language or spoken()) for name, value in reason.values.items()}
    words = NOWHERE if reason == NO_RIGHT_ANYWHERE else _catalogues[reason.code]
    return t(words).format(**values)


def told_again(detail: Mapping[str, Any]) -> list[str]:
    """What was refused, from a line of the trail, in the words of whoever reads it now."""
    kept = detail.get("refused", ())
    if all(item["code"] in _catalogues for item in kept):
        return [in_words(Reason(item["code"], item["values"])) for item in kept]
    return list(detail.get("shown", ()))  # a code that no version knows any more


_labels: dict[str, str] = {}


def install_labels(labels: Iterable[tuple[str, str]]) -> None:
    """Say what fields are called on pages; one with two names keeps its code."""
    for code, label in labels:
        _labels[code] = label if _labels.get(code, label) == label else ""


def _said(name: str, value: Any, t: Callable[[str], str], language: str) -> Any:
    if name == "state":
        return t(str(value))
    if name not in CODES:
        return value
    return ", ".join(_code(name, code, t, language) for code in str(value).split(", "))


def _code(name: str, code: str, t: Callable[[str], str], language: str) -> str:
    """A code in words, begun small but where the language writes its nouns large; a label as it is."""
    plain = code.replace("_", " ")
    if name == "field":
        return t(_labels.get(code) or plain[:1].upper() + plain[1:])
    if plain[:1].isupper():
        return t(plain)
    word = t(plain[:1].upper() + plain[1:])
    return word if language == "de" else word[:1].lower() + word[1:]
