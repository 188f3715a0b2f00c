"""``gemba qualify``: does this installation compute right?"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gemba.cli import options
from gemba.cli.codes import Code
from gemba.cli.console import show_answer, show_json, tell, working
from gemba.cli.plant import HERE, Folder

if TYPE_CHECKING:
    from gemba.stats.proof import Signer

SHORT = "Does this installation compute right?"
HELP = """\
Examples:

\b
  gemba qualify
  gemba qualify --out qualification.pdf
  gemba qualify --check qualification.pdf       (is a report as it was signed, and by whom?)
  gemba qualify --json

Runs the proof that the program carries: the installed files, cases with known answers, constants by
integration, and laws that must hold. A report is signed with the key of the plant in --data, or else with a
key of your own that is made on first use. Exit code 5 when a check fails or a report does not hold.
"""
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Write the whole report, signed: .html, .pdf or .json."),
]
Date = Annotated[str, typer.Option("--date", metavar="TEXT", help="Date to print; today without it.")]
Checked = Annotated[
    Path | None,
    typer.Option("--check", metavar="FILE", help="Check the signature of a report instead.", exists=True),
]
Known = Annotated[
    str | None,
    typer.Option("--key", metavar="HEX", help="With --check: the public key that must have signed it."),
]


def command(
    out: Out = None,
    date: Date = "",
    check: Checked = None,
    key: Known = None,
    data: Folder = HERE,
    as_json: options.AsJson = False,
) -> int:
    """Run the carried proof, or check a report of it."""
    if check is not None:
        return _check(check, key, data, as_json=as_json)
    from gemba.stats.proof import qualify

    began = time.perf_counter()
    with working("Checking"):
        found = qualify()
    tell(f"{found.cases} checks in {time.perf_counter() - began:.1f} s.")
    if out is not None:
        from gemba.cli.report.qualification import write_qualification
        from gemba.cli.writing import writing

        now = datetime.now(UTC)
        with writing(out), working("Writing and signing"):
            signer = _signer(data)
            write_qualification(found, out, date or f"{now:%Y-%m-%d %H:%M} UTC", signer=signer, now=now)
    if as_json:
        show_json(found.to_dict())
    else:
        headline = found.headline()
        rest = found.summary().removeprefix(headline).lstrip("\n")
        show_answer(headline, rest, "bad" if found.failed else "good")
    return Code.UNVERIFIED if found.failed else Code.FINE


def _key_file(data: Path) -> Path:
    """The key of the plant where there is one, else that of the person."""
    from gemba.stats.proof import home_key
    from gemba.stats.proof.signature import KEY

    kept = data / "keys" / KEY
    return kept if kept.exists() else home_key()


def _signer(data: Path) -> Signer | None:
    """Who signs; nobody where the library that signs is not installed, which is said."""
    from gemba.cli.report.qualification import UNSIGNED
    from gemba.stats.proof import Signer
    from gemba.stats.results import MissingExtra

    path = _key_file(data)
    new = not path.exists()
    try:
        signer = Signer.of(path)
    except MissingExtra:
        tell(f"The report is {UNSIGNED}.")
        return None
    tell(f"{'Made a key for reports' if new else 'Signed with the key'}: {path}")
    return signer


def _check(path: Path, key: str | None, data: Path, *, as_json: bool) -> int:
    from gemba.stats.proof import Signer, check_report
    from gemba.stats.proof.installation import program_digest
    from gemba.stats.proof.signature import WORDS

    found = check_report(path, key)
    kept = _key_file(data)
    ours = kept.exists() and Signer.of(kept).public == found.key
    same = program_digest() == found.program
    if as_json:
        show_json({"sound": found.problem is None, "own_key": ours, "own_program": same, **vars(found)})
    elif found.problem is not None:
        show_answer(f"Not sound: {path.name}: {WORDS[found.problem]}.", "", "bad")
    else:
        trusted = (
            "that was given"
            if key
            else "of this machine"
            if ours
            else "below; compare it with the one you hold"
        )
        lines = (
            f"Signed at {found.at} with the key {trusted}.",
            f"Public key: {found.key}",
            f"Made by the program sha256:{found.program}, which is",
        )
        told = "\n".join(lines) + (" the one installed here." if same else " not the one installed here.")
        show_answer(
            f"Sound: {path.name} is as it was signed; {found.passed} of {found.cases} checks passed.",
            told,
            "good",
        )
    return Code.FINE if found.problem is None else Code.UNVERIFIED
