"""Readings from a file: proposed, corrected by a person, sent through the one door, balanced."""

from __future__ import annotations

import csv
import io
import re
import secrets
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from gemba.quality import loop
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.planning.products.record import CHARACTERISTIC
from gemba.quality.planning.products.specification import split_keys
from gemba.quality.records.apart.asking import answer_of, answers_of
from gemba.quality.records.reading import visible
from gemba.quality.records.reasons import Refused, in_words
from gemba.server.clock import now
from gemba.server.ingest.files import USES, Outcome, Plan
from gemba.server.ingest.looking import received
from gemba.server.web.moments import plant_zone
from gemba.server.web.page import show, who
from gemba.server.web.problems import problem
from gemba.server.web.whole import whole

MOST_BYTES = 50 * 2**20
KINDS = {".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet"}
_MARK = re.compile(r"[0-9a-f]{32}")


def upload(request: HttpRequest) -> HttpResponse:
    """Take a file and look into it."""
    if request.method != "POST":
        return show(request, "upload.html", {})
    given = request.FILES.get("file")
    if given is None or not isinstance(given, UploadedFile):
        return problem(request, 422, "file", "Choose a file first.")
    name = Path(given.name or "file").name
    if Path(name).suffix.lower() not in KINDS:
        return problem(request, 422, "file", f"Files of these kinds are read: {', '.join(sorted(KINDS))}.")
    if (given.size or 0) > MOST_BYTES:
        return problem(request, 413, "file", f"A file has at most {MOST_BYTES // 2**20} MB.")
    mark = secrets.token_hex(16)
    folder = _folder(request)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in folder.iterdir():
        old.unlink()
    place = folder / f"{mark}{Path(name).suffix.lower()}"
    try:
        with place.open("wb") as file:
            for part in given.chunks():
                file.write(part)
    except OSError:
        place.unlink(missing_ok=True)
        raise
    return HttpResponseRedirect(reverse("upload_look", args=[mark]))


def look(request: HttpRequest, mark: str) -> HttpResponse:
    """What the file seems to be; after correction it is sent."""
    asked = {"path": str(_file(request, mark)), "corrections": _corrections(request)}
    try:
        seen = answer_of("gemba.server.ingest.looking:look", asked)
    except Refused as fault:
        return show(request, "upload.html", {"fault": in_words(fault.reasons[0])}, status=422)
    numbers = _characteristics(request)
    plan = _plan(request, seen["columns"], numbers)
    if request.POST.get("what") == "send" and seen["ready"] and any(plan.values.values()):
        return _send(request, mark, asked, plan)
    data = {"mark": mark, **seen, "columns": _columns(seen["columns"], plan, numbers)}
    keys = sorted({key for item in numbers.values() for key in split_keys(item.stream_keys)})
    uses = [*USES, *(f"key:{key}" for key in keys)]
    missing = request.POST.get("what") == "send"
    return show(request, "upload_look.html", data, numbers=numbers, uses=uses, missing=missing)


def refused(request: HttpRequest, mark: str) -> HttpResponse:
    """The rows that state no number, with place and reason, as a file to mend."""
    asked = {"path": str(_file(request, mark)), "corrections": _corrections(request)}
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["place", "column", "as typed", "reason"])
    try:
        for part in answers_of("gemba.server.ingest.looking:refused", asked):
            writer.writerows(part)
    except Refused as fault:
        return problem(request, 422, "file", in_words(fault.reasons[0]))
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="refused-rows.csv"'
    return answer


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
                    problems += [f"{reading.sequence}: {reason.code}" for reason in receipt.reasons]
    data = {name: getattr(outcome, name) for name in outcome.__dataclass_fields__}
    data |= {"balanced": outcome.balanced, "rows_refused": rows_refused, "problems": problems, "mark": mark}
    return show(request, "upload_done.html", data)


def _folder(request: HttpRequest) -> Path:
    folder: Path = settings.DATA.path / "uploads" / who(request).id.replace(":", "-")
    return folder


def _file(request: HttpRequest, mark: str) -> Path:
    found = list(_folder(request).glob(f"{mark}.*")) if _MARK.fullmatch(mark) else []
    if not found:
        raise Http404
    return found[0]


def _corrections(request: HttpRequest) -> dict[str, Any]:
    """What the person said about the file: ``answer-ARGUMENT`` or ``answer-ARGUMENT-COLUMN``."""
    asked = request.POST if request.method == "POST" else request.GET
    said: dict[str, Any] = {}
    for key, text in asked.dict().items():
        part = key.split("-", 2)
        if part[0] != "answer" or not text:
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
            uses[name] = _likely_use(column)
        else:
            uses[name] = chosen if chosen in USES or chosen.startswith("key:") else ""
    return Plan({k: v if v in numbers else "" for k, v in values.items()}, uses, plant_zone())


def _likely(column: dict[str, Any], numbers: dict[str, Characteristic]) -> str:
    words = {column["name"].casefold(), column["heading"].casefold()}
    found = [number for number, item in numbers.items() if {item.name.casefold(), number.casefold()} & words]
    return found[0] if found else next(iter(numbers), "") if len(numbers) == 1 else ""


def _likely_use(column: dict[str, Any]) -> str:
    name = column["name"].casefold()
    if column["role"] == "time":
        return "measured_at"
    if column["role"] == "subgroup":
        return "subgroup"
    found = [use for use in USES if use and use in name]
    return found[0] if found else f"key:{name}" if name in ("machine", "cavity", "line", "station") else ""


def _columns(
    columns: Sequence[dict[str, Any]], plan: Plan, numbers: dict[str, Characteristic]
) -> list[dict[str, Any]]:
    chosen = {**plan.uses, **plan.values}
    return [
        {**column, "chosen": chosen.get(column["name"], ""), "known": bool(numbers)}
        for column in columns
        if column["role"] != "ignore"
    ]
