"""Readings from a file: proposed, corrected by a person, studied, sent through the one door, balanced."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from gemba.quality import loop
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.planning.products.record import CHARACTERISTIC
from gemba.quality.planning.products.specification import split_keys
from gemba.quality.records.apart.asking import answer_of, answers_of
from gemba.quality.records.given import TwoWays
from gemba.quality.records.mentions import suggested
from gemba.quality.records.reading import visible
from gemba.quality.records.reasons import Reason, Refused, in_words
from gemba.server.clock import now
from gemba.server.ingest.files import USES, Outcome, Plan
from gemba.server.ingest.looking import received
from gemba.server.web.moments import plant_zone
from gemba.server.web.numbers import typed_limit
from gemba.server.web.page import show, who
from gemba.server.web.parked import KINDS, MOST_BYTES, Parked, park, parked
from gemba.server.web.problems import problem
from gemba.server.web.views.bringing import keep, sites_for, watched_as
from gemba.server.web.whole import whole
from gemba.stats.results import spoken

LIMITS = ("lsl", "target", "usl")
DRAWN = ("layout", "sheet", "roles", "units", "decimal")
"""The corrections that the page draws as fields; other answers are carried along."""


def upload(request: HttpRequest) -> HttpResponse:
    """Take a file and look into it."""
    if request.method != "POST":
        return show(request, "upload.html", {})
    given = request.FILES.get("file")
    if given is None or not isinstance(given, UploadedFile):
        return problem(request, 422, "file", _("Choose a file first."))
    if Path(given.name or "file").suffix.lower() not in KINDS:
        words = _("Files of these kinds are read: {kinds}.").format(kinds=", ".join(KINDS))
        return problem(request, 422, "file", words)
    if (given.size or 0) > MOST_BYTES:
        words = _("A file has at most {limit} MB.").format(limit=MOST_BYTES // 2**20)
        return problem(request, 413, "file", words)
    return HttpResponseRedirect(reverse("upload_look", args=[park(given, who(request)).mark]))


def look(request: HttpRequest, mark: str) -> HttpResponse:
    """What the file seems to be and what it shows; after correction it is sent."""
    file = found_file(request, mark)
    asked = asked_of(request, file)
    try:
        seen = seen_in(file, asked)
    except Refused as fault:
        return show(request, "upload.html", {"fault": in_words(fault.reasons[0])}, status=422)
    numbers = _characteristics(request)
    plan = _plan(request, seen["columns"], numbers)
    what, faults = request.POST.get("what"), _unsure(request)
    if what == "send" and seen["ready"] and any(plan.values.values()):
        return _send(request, mark, asked, plan)
    if what == "keep" and seen["shown"] and not faults:
        try:
            return keep(request, file, {**seen, "said": asked["corrections"]}, plan.uses)
        except Refused as refusal:
            faults = [in_words(reason) for reason in refusal.reasons]
    data = _facts(request, file, seen, plan) | {"faults": faults}
    more = _around(request, file, seen, numbers) | {
        "known": any(plan.values.values()),
        "missing": what == "send",
    }
    return show(request, "upload_look.html", data, status=409 if faults else 200, **more)


def _facts(request: HttpRequest, file: Parked, seen: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    study = seen["study"] and {name: part for name, part in seen["study"].items() if name != "figures"}
    more = {"study": study, "kept": file.kept(), "columns": _columns(request, seen, plan)}
    return {"mark": file.mark, "name": file.name, **seen, **more}


def _around(
    request: HttpRequest, file: Parked, seen: Mapping[str, Any], numbers: dict[str, Characteristic]
) -> dict[str, Any]:
    """What the page needs beside the facts: what can be chosen, and what was said before."""
    keys = sorted({key for item in numbers.values() for key in split_keys(item.stream_keys)})
    said = _said(request)
    return {
        "numbers": numbers,
        "uses": [*USES, *(f"key:{key}" for key in keys)],
        "sites": sites_for(who(request)),
        "products": suggested(CHARACTERISTIC.mentions["product"], who(request)),
        "keep": watched_as(request, file, seen),
        "said": said,
        "asked": _asked(seen),
        "carried": {name: text for name, text in said.items() if name.split("-")[1] not in DRAWN},
        "query": _query(request),
        "address": reverse("upload_look", args=[file.mark]),
    }


def figure(request: HttpRequest, mark: str, which: str) -> HttpResponse:
    """The chart of the file, or its histogram, as Vega-Lite; ``theme`` and ``width`` as for a live chart."""
    from gemba.stats.figures import Figure

    file = found_file(request, mark)
    seen = seen_in(file, asked_of(request, file))
    drawn = (seen["study"] or {"figures": {}})["figures"].get(which)
    if not drawn:
        return show(request, "", {"spec": None, "alt": _("Nothing to draw."), "title": ""})
    width = whole(request.GET.get("width", ""), digits=5) or 0
    fitting = [item for item in drawn if item["room"] <= width] or drawn[:1]
    theme = request.GET.get("theme", "")
    picture = Figure(fitting[-1]["spec"], fitting[-1]["alt"], fitting[-1]["title"])
    spec = picture.themed(theme if theme in ("light", "dark", "print") else "light")
    return show(request, "", {"spec": spec, "alt": picture.alt, "title": picture.title})


def refused(request: HttpRequest, mark: str) -> HttpResponse:
    """The rows that state no number, with place, reason and what to do, as a file to mend."""
    asked = asked_of(request, found_file(request, mark))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_("row"), _("place"), _("column"), _("text"), _("why"), _("what to do")])
    try:
        for part in answers_of("gemba.server.ingest.looking:refused", asked):
            writer.writerows(part)
    except Refused as fault:
        return problem(request, 422, "file", in_words(fault.reasons[0]))
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="refused-rows.csv"'
    return answer


def found_file(request: HttpRequest, mark: str) -> Parked:
    """The file that the asker parked; nobody else's is ever found."""
    file = parked(mark, who(request))
    if file is None:
        raise Http404
    return file


def asked_of(request: HttpRequest, file: Parked) -> dict[str, Any]:
    """What the child is asked: which file, how it is corrected, which series is studied by which limits."""
    typed = _typed(request)
    series = typed.get("series", "")
    study: dict[str, Any] = {"series": series}
    if f"limit-lsl-{series}" in typed:
        found = {name: typed_limit(typed.get(f"limit-{name}-{series}", "").strip()) for name in LIMITS}
        study["limits"] = {
            name: text for name, text in found.items() if text and not isinstance(text, TwoWays)
        }
    return {
        "path": str(file.path),
        "name": file.name,
        "corrections": _corrections(typed),
        "study": study,
        "language": spoken(),
    }


def _unsure(request: HttpRequest) -> list[str]:
    """The limits that were typed so that they say two things."""
    found = [(key, typed_limit(text.strip())) for key, text in _typed(request).items()]
    return [
        in_words(Reason("records.number_two_ways", {"field": key.split("-")[1], "given": text}))
        for key, text in found
        if key.startswith("limit-") and isinstance(text, TwoWays)
    ]


def seen_in(file: Parked, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the child sees in a file; the same question is answered from memory.

    Raises
    ------
    Refused
        When the file cannot be read.
    """
    seen = file.seen(asked)
    if seen is None:
        seen = answer_of("gemba.server.ingest.looking:look", asked)
        file.note_seen(asked, seen)
    return seen


def _send(request: HttpRequest, mark: str, asked: dict[str, Any], plan: Plan) -> HttpResponse:
    outcome, actor = Outcome(), who(request)
    problems: list[str] = []
    told = {**asked, "plan": asdict(plan)}
    with closing(answers_of("gemba.server.ingest.looking:send", told)) as parts:
        rows_refused = next(parts)
        for part in parts:
            chunk = received(part)
            receipts = loop.receive(chunk, actor=actor, now=now())
            for reading, receipt in zip(chunk, receipts, strict=True):
                outcome.add(reading, receipt)
                if receipt.status == "refused" and len(problems) < 20:
                    problems += [f"{reading.sequence}: {in_words(reason)}" for reason in receipt.reasons]
    data = {name: getattr(outcome, name) for name in outcome.__dataclass_fields__}
    data |= {"balanced": outcome.balanced, "rows_refused": rows_refused, "problems": problems, "mark": mark}
    return show(request, "upload_done.html", data, query=_query(request))


def _typed(request: HttpRequest) -> dict[str, str]:
    asked = request.POST if request.method == "POST" else request.GET
    return dict(asked.dict())


def _said(request: HttpRequest) -> dict[str, str]:
    """What the person said about the file, as the fields of the form are called."""
    return {k: v for k, v in _typed(request).items() if k.startswith("answer-") and v}


def _query(request: HttpRequest) -> str:
    """What was said, for an address that looks into the same file in the same way."""
    names = ("answer-", "limit-", "series")
    return urlencode({k: v for k, v in _typed(request).items() if k.startswith(names)})


def _corrections(typed: Mapping[str, str]) -> dict[str, Any]:
    """The corrections among what was typed: ``answer-ARGUMENT`` or ``answer-ARGUMENT-COLUMN``."""
    said: dict[str, Any] = {}
    for key, text in typed.items():
        part = key.split("-", 2)
        if part[0] != "answer" or len(part) < 2 or not text:
            continue
        number = whole(text, digits=6) if part[1] in ("header_row", "first_row", "size") else None
        value: Any = text if number is None else number
        value = text == "True" if part[1] == "fill_down" else value
        if len(part) == 3:
            said.setdefault(part[1], {})[part[2]] = value
        else:
            said[part[1]] = value
    return said


def _characteristics(request: HttpRequest) -> dict[str, Characteristic]:
    rows = visible(CHARACTERISTIC, who(request)).filter(header__state__in=("released", "under_change"))
    return {str(row.header.number): row for row in rows.order_by("header__number")}


def _plan(
    request: HttpRequest, columns: Sequence[dict[str, Any]], numbers: dict[str, Characteristic]
) -> Plan:
    values, uses = {}, {}
    for column in columns:
        name, chosen = column["name"], request.POST.get(f"use-{column['index']}")
        if column["role"] == "value":
            values[name] = _likely(column, numbers) if chosen is None else chosen
        elif chosen is None:
            uses[name] = likely_use(column)
        else:
            uses[name] = chosen if chosen in USES or chosen.startswith("key:") else ""
    return Plan({k: v if v in numbers else "" for k, v in values.items()}, uses, plant_zone())


def _likely(column: dict[str, Any], numbers: dict[str, Characteristic]) -> str:
    words = {column["name"].casefold(), column["heading"].casefold()}
    found = [number for number, item in numbers.items() if {item.name.casefold(), number.casefold()} & words]
    return found[0] if found else next(iter(numbers), "") if len(numbers) == 1 else ""


def likely_use(column: Mapping[str, Any]) -> str:
    """What a column that holds no values is probably good for."""
    name = column["name"].casefold()
    if column["role"] == "time":
        return "measured_at"
    if column["role"] == "subgroup":
        return "subgroup"
    found = [use for use in USES if use and use in name]
    return found[0] if found else f"key:{name}" if name in ("machine", "cavity", "line", "station") else ""


def _asked(seen: Mapping[str, Any]) -> set[str]:
    """The names of the questions: what is asked there is no field elsewhere."""
    return {question["name"] for question in seen["questions"]}


def _columns(request: HttpRequest, seen: Mapping[str, Any], plan: Plan) -> list[dict[str, Any]]:
    chosen, said, asked = {**plan.uses, **plan.values}, _said(request), _asked(seen)
    return [
        {
            **column,
            "chosen": chosen.get(column["name"], ""),
            "said_role": said.get(f"answer-roles-{column['name']}", ""),
            "said_decimal": said.get(f"answer-decimal-{column['name']}", ""),
            "asked": f"answer-decimal-{column['name']}" in asked,
        }
        for column in seen["columns"]
    ]
