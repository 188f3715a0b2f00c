"""``gemba record``: list, show, make, edit and move records of a plant from the shell."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from getpass import getpass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gemba.cli.codes import Code
from gemba.cli.console import show, show_json, warn
from gemba.cli.door import CommandRefused, carried_out
from gemba.cli.language import _
from gemba.cli.plant import HERE, Database, Folder, OpenPlant

if TYPE_CHECKING:
    from gemba.quality.records.actor import Actor

SHORT = "List, show, make, edit and move records."
HELP = """\
Examples:

\b
  gemba record list gauge --where state=overdue,restricted --sort next_due_at
  gemba record list nonconformance --where opened_at.from=2026-03-01 --where q=bore
  gemba record show NCR-HAL-26-0007
  gemba record new party --site HAL --set title="Northwind" --set kind=supplier --as anna
  gemba record edit PTY-HAL-26-0001 --set contact="Nora Wind" --reason "new contact" --as anna
  gemba record move contain NCR-HAL-26-0007 --set number=1 --as anna
  gemba record move close NCR-HAL-26-0007 NCR-HAL-26-0008 --as quinn --signed
  gemba record limits 12 --set why="new insert" --as emil

*limits* proposes limits from the present stage of a chart (12 in /charts/12), or from the points that
--set first=... and --set last=... name, or since=...; an approver then puts them in force.

The words of --where are those of the lists' addresses; the names of --set are those of the forms, and a
value that begins with [ or { is read as JSON (rows). Who changes a record is a person: --as names the user,
the password is asked for (or stands in GEMBA_PASSWORD); a signed step asks for the signing secret too
(GEMBA_SECRET). The same guards hold as on the pages, each record of a move on its own. Exit code 1 when
anything is refused, with every reason. Whoever has a second factor uses the pages.
"""
Act = Annotated[
    str, typer.Argument(metavar="ACT", help="list, show, new, edit, move, limits.", show_default=False)
]
What = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[TYPE|NUMBER|MOVE NUMBER...]", help="A type of record, a number, or a move and numbers."
    ),
]
Where = Annotated[
    list[str] | None, typer.Option("--where", metavar="NAME=VALUE", help="What to list; repeatable.")
]
Set = Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A field; repeatable.")]
Sort = Annotated[str, typer.Option("--sort", metavar="NAME", help="Column to sort by; -NAME falling.")]
Limit = Annotated[int, typer.Option("--limit", metavar="N", min=1, max=500, help="Most rows of a list.")]
Site = Annotated[str, typer.Option("--site", metavar="CODE", help="Where a new record belongs.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for the trail.")]
As = Annotated[str, typer.Option("--as", metavar="USER", help="Who does it: a user name.")]
Signed = Annotated[bool, typer.Option("--signed", help="Sign the step; asks for the signing secret.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
ACTS = ("list", "show", "new", "edit", "move", "limits")


def command(
    act: Act,
    what: What = None,
    where: Where = None,
    sets: Set = None,
    sort: Sort = "",
    limit: Limit = 50,
    site: Site = "",
    reason: Reason = "",
    user: As = "",
    signed: Signed = False,
    data: Folder = HERE,
    database: Database = "",
    as_json: AsJson = False,
) -> int:
    """One act on records."""
    words = list(what or [])
    fault = _fault(act, words, user, [*(where or []), *(sets or [])])
    if fault:
        warn(fault)
        return Code.USAGE
    pairs = [tuple(item.partition("=")[::2]) for item in where or []]
    asked: dict[str, Any] = {"act": act, "what": words, "where": pairs, "sort": sort, "limit": limit}
    asked |= {"site": site, "reason": reason, "fields": dict(_field(item) for item in sets or [])}
    password, secret = _("Password of {user}: "), _("Signing secret of {user}: ")
    given = os.environ.get("GEMBA_PASSWORD"), os.environ.get("GEMBA_SECRET")
    asked |= {
        "user": user,
        "password": _secret(given[0], password.format(user=user)) if user else "",
        "secret": _secret(given[1], secret.format(user=user)) if signed else "",
    }
    try:
        answer = carried_out("record", asked, data, database)
    except CommandRefused as refused:
        warn(str(refused))
        return Code.ERROR
    if as_json:
        show_json(answer)
    else:
        for line in answer["lines"]:
            show(line)
    for line in answer.get("refused", ()):
        warn(line)
    return Code.ERROR if answer.get("refused") else Code.FINE


def work(plant: OpenPlant, asked: Mapping[str, Any]) -> dict[str, Any]:
    """One act on records, here or in the process that serves the plant."""
    actor = _person(plant, asked["user"], asked["password"]) if asked["user"] else plant.actor
    return _WORKS[asked["act"]](plant, actor, asked)


def _fault(act: str, words: list[str], user: str, pairs: list[str]) -> str:
    if act not in ACTS:
        return _("there is no act named '{act}'. There are: {acts}.").format(act=act, acts=", ".join(ACTS))
    least = 2 if act == "move" else 1
    if len(words) < least or (len(words) > 1 and act != "move"):
        form = {"list": "TYPE", "new": "TYPE", "move": "MOVE NUMBER...", "limits": "CHART"}.get(act, "NUMBER")
        return _("say: gemba record {act} {form}.").format(act=act, form=form)
    if act in ("new", "edit", "move", "limits") and not user:
        return _("who does it? Name a person with --as USER.")
    bad = next((item for item in pairs if "=" not in item), "")
    return _("'{given}' is no NAME=VALUE.").format(given=bad) if bad else ""


def _field(item: str) -> tuple[str, Any]:
    import json

    name, _, text = item.partition("=")
    if text[:1] in ("[", "{"):
        try:
            return name, json.loads(text)
        except ValueError:
            return name, text
    return name, text


def _secret(given: str | None, question: str) -> str:
    return given or (getpass(question) if sys.stdin.isatty() else "")


def _person(plant: OpenPlant, user: str, password: str) -> Actor:
    """The person as an actor, with the rights of now, after the password."""
    from gemba.quality.people.authenticators import has_second_factor, password_is_old
    from gemba.quality.people.models import Person
    from gemba.quality.people.queries import actor_of
    from gemba.quality.records.actor import system
    from gemba.quality.records.reasons import Reason as Why
    from gemba.quality.records.reasons import Refused
    from gemba.quality.records.work import recording

    found = Person.objects.filter(username=user.strip().lower(), is_active=True).first()
    if found is None or not found.check_password(password):
        with recording(actor=system("login"), now=plant.now) as entry:
            entry.enter("login.failed", detail={"person": found.pk if found else None, "client": "shell"})
        raise Refused([Why("people.shell_password")])
    if has_second_factor(found.pk) or password_is_old(found, plant.now):
        raise Refused([Why("people.shell_pages", {"username": found.username})])
    actor = actor_of(found.pk, client="shell")
    if actor is None:
        raise Refused([Why("people.disabled", {"name": user})])
    return actor


def _list(_plant: OpenPlant, actor: Actor, asked: Mapping[str, Any]) -> dict[str, Any]:
    from gemba.quality.records.screen import list_page, read_query, screen_of, screens, with_own
    from gemba.stats.results import N_, UnknownName

    screen = screen_of(asked["what"][0])
    if screen is None:
        raise UnknownName(asked["what"][0], [item.kind.name for item in screens()], what=N_("type of record"))
    screen = with_own(screen, actor)
    pairs = [*map(tuple, asked["where"]), ("limit", str(asked["limit"]))]
    page = list_page(
        screen,
        read_query(screen, [*pairs, *([("sort", asked["sort"])] if asked["sort"] else [])]),
        actor=actor,
    )
    rows = [_plain({"id": row.id, "number": row.number, **row.values}, page.names) for row in page.rows]
    columns = [column.name for column in screen.columns]
    lines = ["  ".join(str(row.get(name) or "-") for name in columns) for row in rows]
    return {"rows": rows, "after": page.after, "lines": lines or [_("There is none.")]}


def _show(plant: OpenPlant, actor: Actor, asked: Mapping[str, Any]) -> dict[str, Any]:
    return _told(asked["what"][0], plant, actor)


def _new(plant: OpenPlant, actor: Actor, asked: Mapping[str, Any]) -> dict[str, Any]:
    from gemba.quality.records import edge

    about: dict[str, Any] = {"site": asked["site"], "typed": asked["fields"]}
    made = edge.create(asked["what"][0], **about, actor=actor, now=plant.now)
    return _told(made.pk, plant, actor)


def _edit(plant: OpenPlant, actor: Actor, asked: Mapping[str, Any]) -> dict[str, Any]:
    from gemba.quality.records import edge

    _, record = edge.meant(_wanted(asked["what"][0]), action="edit", actor=actor, now=plant.now)
    header = record.header  # type: ignore[attr-defined]
    edge.edit(
        header.id,
        typed=asked["fields"],
        expected_version=header.version,
        reason=asked["reason"],
        actor=actor,
        now=plant.now,
    )
    return _told(header.id, plant, actor)


def _move(plant: OpenPlant, actor: Actor, asked: Mapping[str, Any]) -> dict[str, Any]:
    """One move on each record, each on its own: what is refused of one stands in no other's way."""
    from gemba.quality.records import edge
    from gemba.quality.records.reasons import Refused, in_words
    from gemba.quality.records.signatures import Proof

    move, *numbers = asked["what"]
    proof = Proof(asked["secret"], asked["user"]) if asked["secret"] else None
    done: list[str] = []
    refused: list[str] = []
    for number in numbers:
        try:
            _, record = edge.meant(_wanted(number), action=f"move:{move}", actor=actor, now=plant.now)
            made = edge.take_move(
                record.pk,
                move,
                typed=asked["fields"],
                reason=asked["reason"],
                proof=proof,
                actor=actor,
                now=plant.now,
            )
            header = made.header  # type: ignore[attr-defined]
            done.append(f"{header.number or header.id}  {header.state}")
        except Refused as fault:
            refused.append(f"{number}: {' '.join(in_words(reason) for reason in fault.reasons)}")
    return {"moved": done, "refused": refused, "lines": done}


def _limits(plant: OpenPlant, actor: Actor, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Limits proposed from points of a chart."""
    from datetime import datetime

    from gemba.quality.control.monitoring.limit_sets import points_between
    from gemba.quality.control.monitoring.services import propose_limits
    from gemba.quality.records.reasons import Reason, Refused

    given, chart = {name: str(text) for name, text in asked["fields"].items()}, asked["what"][0]
    since = None
    if given.get("since"):
        with suppress(ValueError):
            since = datetime.fromisoformat(given["since"])
        if since is None or since.tzinfo is None:
            raise Refused([Reason("records.not_moment", {"field": "since"})])
    if not (chart.isascii() and chart.isdigit()):
        raise Refused([Reason("records.unknown", {"record": chart})])
    made = propose_limits(
        stream=int(chart),
        between=points_between(given.get("first", ""), given.get("last", "")),
        since=since,
        holds_from=since,
        why=given.get("why", ""),
        actor=actor,
        now=plant.now,
    )
    return _told(made.header.id, plant, actor)


def _told(reference: int | str, plant: OpenPlant, actor: Actor) -> dict[str, Any]:
    from gemba.quality.records.screen import object_page

    page = object_page(_wanted(str(reference)), actor=actor, now=plant.now)
    lines: list[str] = []
    for group in (page.header, *page.sections):
        lines += [group.title] if group.title else []
        held = [field for field in group.fields if field.value not in (None, "", [])]
        lines += [
            f"  {field.label}: {field.text or page.names.get(str(field.value), field.value)}"
            for field in held
        ]
    for table in page.children:
        lines += [table.title] if table.rows else []
        for cells in table.cells:
            lines.append("  " + "  ".join(str(cell.text or cell.value or "-") for cell in cells))
    open_moves = [choice.name for choice in page.moves if choice.allowed]
    lines += [_("Open to you: {moves}").format(moves=", ".join(open_moves))] if open_moves else []
    return {"record": _plain(asdict(page), {}), "lines": lines}


def _wanted(reference: str) -> int | str:
    return int(reference) if reference.isascii() and reference.isdigit() else reference.strip().upper()


def _plain(values: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The values as JSON holds them, persons by their names."""
    import json

    plain: dict[str, Any] = json.loads(json.dumps(values, default=str))
    return {key: names.get(value, value) if isinstance(value, str) else value for key, value in plain.items()}


_WORKS: Mapping[str, Callable[[OpenPlant, Any, Mapping[str, Any]], dict[str, Any]]] = {
    "list": _list,
    "show": _show,
    "new": _new,
    "edit": _edit,
    "move": _move,
    "limits": _limits,
}
