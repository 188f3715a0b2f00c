"""What a line of the trail says was done: the code that is stored, in words for somebody who reads."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from gemba.quality.records.types import record_types
from gemba.server.web.language import code_word
from gemba.stats.results import N_

MOVE, REFUSED = "move:", "refused:"
DONE: Mapping[str, str] = {
    "create": N_("Made"),
    "edit": N_("Edited"),
    "grow": N_("More points joined"),
    "join": N_("A line joined"),
    "impact": N_("Impact listed"),
    "notice": N_("Noticed in time"),
    "reaction plan": N_("Reaction plan taken over"),
    "basis corrected": N_("Basis corrected"),
    "stream.rejudge": N_("Judged anew"),
    "task.open": N_("Task given"),
    "task.done": N_("Task done"),
    "task.escalate": N_("Task passed up"),
    "link.make": N_("Link made"),
    "link.use": N_("Link used"),
    "link.end": N_("Link ended"),
    "delivery.retry": N_("Delivery tried again"),
    "login": N_("Signed in"),
    "login.failed": N_("Sign-in failed"),
    "password.set": N_("Password set"),
    "factor.add": N_("Second factor added"),
    "factor.change": N_("Second factor changed"),
    "factor.remove": N_("Second factor removed"),
    "factor.reset": N_("Second factor reset"),
    "authenticators.revoke": N_("Second factors ended"),
    "person.create": N_("Person added"),
    "person.rename": N_("Name changed"),
    "person.disable": N_("Person blocked"),
    "identity.check": N_("Identity checked"),
    "training.record": N_("Training recorded"),
    "role.grant": N_("Role given"),
    "role.revoke": N_("Role taken back"),
    "signing.accept": N_("Signature accepted as binding"),
    "signing.failed": N_("Signing failed"),
    "signing.reset": N_("Signing reset"),
    "signing.unlock": N_("Signing unlocked"),
    "token.issue": N_("Token issued"),
    "token.revoke": N_("Token revoked"),
    "token.test": N_("Token tried"),
    "site.create": N_("Site added"),
    "calendar.shifts": N_("Shifts set"),
    "calendar.close": N_("Days without work set"),
    "calendar.open": N_("Days of work set"),
    "language.choose": N_("Language chosen"),
    "policy.set": N_("Rule set"),
    "ownfield.define": N_("Own field defined"),
    "ownfield.retire": N_("Own field retired"),
    "chart:propose": N_("Limits proposed"),
    "chart:close": N_("Subgroup closed"),
    "remark.add": N_("Remark added"),
    "attachment.keep": N_("File attached"),
    "file.brought": N_("File brought"),
    "file.taken": N_("Readings of a file taken"),
    "subgroup.close": N_("Subgroup closed"),
    "plant.export": N_("Plant exported"),
    "store.move": N_("Moved to another database"),
    "store.restore": N_("Brought back from a backup"),
}
KINDS: Mapping[str, str] = {
    MOVE: N_("Steps of records"),
    REFUSED: N_("What was refused"),
    "create": N_("Records made"),
    "edit": N_("Records edited"),
    "task.": N_("Tasks"),
    "link.": N_("Links"),
    "login": N_("Sign-ins"),
    "person.": N_("People"),
    "role.": N_("Roles"),
    "signing.": N_("Signatures"),
    "token.": N_("Tokens"),
    "policy.": N_("Rules"),
}
"""By what the trail can be narrowed: how the stored code begins, and its words."""


def done_in_words(action: str, record_type: str = "") -> str:
    """What was done, as its button says it, or in a word of its own; a code that has none is spelt out."""
    if action.startswith(REFUSED):
        return _("Refused: {what}").format(what=done_in_words(action.removeprefix(REFUSED), record_type))
    if action.startswith(MOVE):
        name = action.removeprefix(MOVE)
        moves = [move for kind in record_types() if kind.name == record_type for move in kind.lifecycle.moves]
        label = next((move.label for move in moves if move.name == name), "")
        return _(label) if label else code_word(name)
    known = DONE.get(action)
    return _(known) if known else ": ".join(code_word(part) for part in action.replace(".", ":").split(":"))


def kinds_asked(asked: str) -> list[tuple[str, str, bool]]:
    """What can be chosen, with what was; something else that an address asks for stays as it is."""
    offered = {code: _(words) for code, words in KINDS.items()}
    if asked and asked not in offered:
        offered[asked] = done_in_words(asked)
    return [(code, words, code == asked) for code, words in offered.items()]
