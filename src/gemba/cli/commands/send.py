"""``gemba send``: readings of a file into a plant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gemba.cli import options
from gemba.cli.codes import Code
from gemba.cli.console import show, show_json, tell, working
from gemba.cli.language import _
from gemba.cli.plant import HERE, Database, Folder, open_plant, settle_django

if TYPE_CHECKING:
    from gemba.quality.control.collecting.reading import Reading

SHORT = "Send the readings of a file to a plant."
HELP = """\
Examples:

\b
  gemba send parts.csv --value diameter=CHR-HAL-26-0001
  gemba send parts.xlsx --value Diameter=CHR-HAL-26-0001 --use lot=lot --use Machine=key:machine
  gemba send parts.csv --value diameter=CHR-HAL-26-0001 --url https://plant.example:8000 --token TOKEN

Each value becomes a reading of the characteristic, taken in once however often the file is sent. With --url
it goes to a served plant, by a token that may send; without, straight into the data folder of a plant that is
not served. A plant that has no room now is asked again, for two minutes. Exit code 4 when rows or readings
are refused or held in quarantine.
"""
CHUNK = 2000
TOLD = 5
"""So many different reasons are told."""
Values = Annotated[
    list[str],
    typer.Option("--value", metavar="COL=NUMBER", help="Column and its characteristic; repeatable."),
]
Uses = Annotated[
    list[str] | None,
    typer.Option(
        "--use",
        metavar="COL=USE",
        help="measured_at, subgroup, operator, gauge, lot, serial, note, size, nominal, part, or key:NAME.",
    ),
]
Url = Annotated[str, typer.Option("--url", metavar="URL", envvar="GEMBA_URL", help="Address of the plant.")]
Token = Annotated[
    str, typer.Option("--token", metavar="TOKEN", envvar="GEMBA_TOKEN", help="Token of an integration.")
]
Zone = Annotated[str, typer.Option("--zone", metavar="ZONE", help="Time zone of times without one.")]


def command(
    file: options.File,
    value: Values,
    use: Uses = None,
    url: Url = "",
    token: Token = "",
    zone: Zone = "UTC",
    sheet: options.Sheet = None,
    profile: options.Profile = None,
    told: options.Told = None,
    data: Folder = HERE,
    database: Database = "",
    as_json: options.AsJson = False,
) -> int:
    """Read a file and send it."""
    from gemba.cli.source import open_source

    source = open_source(file, sheet=sheet, profile=profile, told=told)
    if not url:
        settle_django(data, database)
    from gemba.server.ingest.files import Plan, readings_of

    plan = Plan(_pairs(value, "value"), _pairs(use or (), "use"), zone)
    readings = readings_of(source.reading, plan)
    with working(_("Sending")):
        counts = _over_http(readings, url, token) if url else _straight(readings, data, database)
    counts["rows_refused"] = source.refused
    if as_json:
        show_json(counts)
    else:
        words = _(
            "{sent} readings sent: {accepted} accepted, {quarantined} in quarantine, {refused} refused; "
            "{repeated} were there before."
        )
        show(words.format(**counts))
        for text in counts["reasons"]:
            tell(f"gemba: {text}")
    held = counts["quarantined"] + counts["refused"] + counts["rows_refused"]
    return Code.REFUSED if held else Code.FINE


def _pairs(given: Sequence[str], name: str) -> dict[str, str]:
    from gemba.stats.results import N_, DataError

    pairs: dict[str, str] = {}
    for text in given:
        left, equals, right = text.rpartition("=")
        if not equals or not left or not right:
            raise DataError(
                N_("{value} does not say which column means what"),
                mend=N_("Write COLUMN=MEANING"),
                argument=name,
                value=text,
            )
        pairs[left] = right
    return pairs


def _empty() -> dict[str, Any]:
    return {"sent": 0, "accepted": 0, "quarantined": 0, "refused": 0, "repeated": 0, "reasons": []}


def _count(counts: dict[str, Any], status: str, repeated: bool, reasons: Sequence[str]) -> None:
    counts["sent"] += 1
    counts[status] += 1
    counts["repeated"] += repeated
    fresh = [text for text in reasons if text not in counts["reasons"]]
    counts["reasons"] += fresh[: TOLD - len(counts["reasons"])]


def _straight(readings: Iterator[Reading], data: Any, database: str) -> dict[str, Any]:
    counts = _empty()
    with open_plant(data, database, rule="send") as plant:
        from gemba.quality.loop import receive
        from gemba.quality.records.reasons import in_words

        while chunk := list(islice(readings, CHUNK)):
            for receipt in receive(chunk, actor=plant.actor, now=datetime.now(UTC)):
                words = [in_words(reason) for reason in receipt.reasons]
                _count(counts, receipt.status, receipt.repeated, words)
    return counts


def _over_http(readings: Iterator[Reading], url: str, token: str) -> dict[str, Any]:
    from gemba.cli.posting import post_readings

    counts = _empty()
    while chunk := list(islice(readings, CHUNK)):
        answer = post_readings(url, token, [_sent(reading) for reading in chunk])
        for receipt in answer["receipts"]:
            words = [reason["text"] for reason in receipt.get("reasons", ())]
            _count(counts, receipt["status"], bool(receipt.get("repeated")), words)
    return counts


def _sent(reading: Reading) -> dict[str, Any]:
    import msgspec

    plain: dict[str, Any] = msgspec.to_builtins(reading)
    plain["value"] = plain.pop("text")
    return {name: item for name, item in plain.items() if item not in ("", None, {})}
