"""``gemba user``: people, rights and tokens from the shell, for whoever has the machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Annotated, Any

import typer

from gemba.cli.codes import Code
from gemba.cli.console import show, show_json, warn
from gemba.cli.door import CommandRefused, carried_out
from gemba.cli.language import _
from gemba.cli.plant import HERE, Database, Folder, OpenPlant

SHORT = "People, rights and tokens."
HELP = """\
Examples:

\b
  gemba user add anna "Anna Berg"
  gemba user grant anna inspector --site HAL
  gemba user link anna                       a link by which she sets her password
  gemba user identity anna "passport seen"   needed before she signs
  gemba user training anna "Signing, version 2"
  gemba user token "CMM 3" --days 90
  gemba user list

For whoever has the machine and may read the keys in the data folder. A plant that is being served carries it
out itself. The page People has the same. Every act stands in the trail.
"""
ACTS = "add, list, link, grant, revoke, disable, identity, training, token"
Act = Annotated[str, typer.Argument(metavar="ACT", help=f"{ACTS}.", show_default=False)]
Who = Annotated[str, typer.Argument(metavar="[USER]", help="User name, or name of the token.")]
What = Annotated[str, typer.Argument(metavar="[NAME|ROLE|REASON]", help="Name, role, or reason.")]
Site = Annotated[str, typer.Option("--site", metavar="CODE", help="Site of a role or token; all without it.")]
Days = Annotated[int, typer.Option("--days", metavar="N", min=1, max=366, help="How long a token lives.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def command(
    act: Act,
    who: Who = "",
    what: What = "",
    data: Folder = HERE,
    database: Database = "",
    site: Site = "",
    days: Days = 90,
    as_json: AsJson = False,
) -> int:
    """One act on people."""
    if act not in WORKS:
        warn(_("there is no act named '{act}'. There are: {acts}.").format(act=act, acts=ACTS))
        return Code.USAGE
    try:
        answer = carried_out("user", {"act": act, "who": who, "what": what, "site": site, "days": days}, data,
                             database)  # fmt: skip
    except CommandRefused as refused:
        warn(str(refused))
        return Code.USAGE
    if as_json:
        show_json(answer)
    else:
        for line in answer["lines"]:
            show(line)
    return Code.FINE


def work(plant: OpenPlant, asked: Mapping[str, Any]) -> dict[str, Any]:
    """One act on people, here or in the process that serves the plant."""
    return WORKS[asked["act"]](plant, asked["who"], asked["what"], asked["site"], int(asked["days"]))


def _person(who: str) -> Any:
    from gemba.quality.people.models import Person
    from gemba.stats.results import N_, UnknownName

    known = list(Person.objects.values_list("username", flat=True))
    if who.lower() not in known:
        raise UnknownName(who, known, what=N_("person"))
    return Person.objects.get(username=who.lower())


def _site(code: str) -> Any:
    from gemba.quality.records.models import Site
    from gemba.stats.results import N_, UnknownName

    if not code:
        return None
    found = Site.objects.filter(pk=code).first()
    if found is None:
        raise UnknownName(code, Site.objects.values_list("pk", flat=True), what=N_("site"))
    return found


def _add(plant: OpenPlant, who: str, what: str, site: str, days: int) -> dict[str, Any]:  # noqa: ARG001
    from gemba.quality.people.services import create_person

    made = create_person(username=who, name=what, actor=plant.actor, now=plant.now)
    words = _("{user} is person {number}. Next: gemba user link {user}")
    return {"person": made.pk, "lines": [words.format(user=made.username, number=made.pk)]}


def _list(plant: OpenPlant, who: str, what: str, site: str, days: int) -> dict[str, Any]:  # noqa: ARG001
    from gemba.quality.people.models import Grant, Person
    from gemba.quality.people.queries import printed_name

    rows: list[dict[str, Any]] = []
    for person in Person.objects.order_by("username"):
        held = Grant.objects.filter(person=person, ended_at=None).order_by("role")
        roles = [f"{grant.role}@{grant.site_id or 'all'}" for grant in held]
        name = printed_name(person.actor_id)
        rows.append({"user": person.username, "name": name, "active": person.is_active, "roles": roles})
    lines = [
        f"{row['user']}  {row['name']}  {' '.join(row['roles']) or _('no rights')}"
        + ("" if row["active"] else "  " + _("(disabled)"))
        for row in rows
    ]
    return {"people": rows, "lines": lines or [_("There is nobody yet.")]}


def _link(plant: OpenPlant, who: str, what: str, site: str, days: int) -> dict[str, Any]:  # noqa: ARG001
    from gemba.quality.people.services import make_link

    secret = make_link(person=_person(who), purpose="welcome", actor=plant.actor, now=plant.now)
    path = f"/setup/{secret}"
    words = _("Valid for 30 minutes, once, at the plant's address: {path}")
    return {"path": path, "lines": [words.format(path=path)]}


def _grant(plant: OpenPlant, who: str, what: str, site: str, days: int) -> dict[str, Any]:  # noqa: ARG001
    from gemba.quality.people.services import grant_role

    made = grant_role(person=_person(who), role=what, site=_site(site), actor=plant.actor, now=plant.now)
    words = _("{user} has the role {role} at {site}.")
    line = words.format(user=who, role=what, site=site or _("every site"))
    return {"grant": made.pk, "lines": [line]}


def _revoke(plant: OpenPlant, who: str, what: str, site: str, days: int) -> dict[str, Any]:  # noqa: ARG001
    from gemba.quality.people.models import Grant
    from gemba.quality.people.services import revoke_role

    held = Grant.objects.filter(person=_person(who), role=what, site=_site(site), ended_at=None)
    ended = [revoke_role(grant=grant, actor=plant.actor, now=plant.now).pk for grant in held]
    line = _("{count} rights of {user} ended.").format(count=len(ended), user=who)
    return {"ended": ended, "lines": [line]}


def _disable(plant: OpenPlant, who: str, what: str, site: str, days: int) -> dict[str, Any]:  # noqa: ARG001
    from gemba.quality.people.services import disable_person

    disable_person(person=_person(who), reason=what, actor=plant.actor, now=plant.now)
    return {"disabled": who, "lines": [_("{user} has no access any more.").format(user=who)]}


def _identity(plant: OpenPlant, who: str, what: str, site: str, days: int) -> dict[str, Any]:  # noqa: ARG001
    from gemba.quality.people.services import check_identity

    check_identity(person=_person(who), how=what, actor=plant.actor, now=plant.now)
    return {"identity": who, "lines": [_("The identity of {user} is confirmed.").format(user=who)]}


def _training(plant: OpenPlant, who: str, what: str, site: str, days: int) -> dict[str, Any]:  # noqa: ARG001
    from gemba.quality.people.services import record_training

    record_training(person=_person(who), training=what, actor=plant.actor, now=plant.now)
    return {"training": who, "lines": [_("The training of {user} is recorded.").format(user=who)]}


def _token(plant: OpenPlant, who: str, what: str, site: str, days: int) -> dict[str, Any]:  # noqa: ARG001
    from gemba.quality.people.services import issue_token

    issued = issue_token(
        name=who,
        scopes=("ingest", "read"),
        expires=plant.now + timedelta(days=days),
        site=_site(site),
        actor=plant.actor,
        now=plant.now,
    )
    words = _("Shown this once, valid {days} days: {token}")
    return {"token": issued[1], "lines": [words.format(days=days, token=issued[1])]}


WORKS: Mapping[str, Callable[[OpenPlant, str, str, str, int], dict[str, Any]]] = {
    "add": _add,
    "list": _list,
    "link": _link,
    "grant": _grant,
    "revoke": _revoke,
    "disable": _disable,
    "identity": _identity,
    "training": _training,
    "token": _token,
}
