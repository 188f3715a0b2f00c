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
from gemba.cli.language import _
from gemba.cli.plant import HERE, Folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gemba.stats.proof import Signer
    from gemba.stats.proof.signature import SignedReport

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
    with working(_("Checking")):
        found = qualify()
    words = _("{count} checks in {seconds:.1f} s.")
    tell(words.format(count=found.cases, seconds=time.perf_counter() - began))
    if out is not None:
        from gemba.cli.report.qualification import write_qualification
        from gemba.cli.writing import writing

        now = datetime.now(UTC)
        with writing(out), working(_("Writing and signing")):
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
        tell(_("The report is {how}.").format(how=_(UNSIGNED)))
        return None
    words = _("Made a key for reports: {path}") if new else _("Signed with the key: {path}")
    tell(words.format(path=path))
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
        words = _("Not sound: {file}: {why}.").format(file=path.name, why=_(WORDS[found.problem]))
        show_answer(words, "", "bad")
    else:
        words = _("Sound: {file} is as it was signed; {passed} of {cases} checks passed.")
        headline = words.format(file=path.name, passed=found.passed, cases=found.cases)
        show_answer(headline, "\n".join(_whence(found, given=bool(key), ours=ours, same=same)), "good")
    return Code.FINE if found.problem is None else Code.UNVERIFIED


def _whence(found: SignedReport, *, given: bool, ours: bool, same: bool) -> Iterator[str]:
    """Whose key signed a report, and which program made it."""
    signed = _("Signed at {at} with the key below; compare it with the one you hold.")
    if given or ours:
        own = _("Signed at {at} with the key of this machine.")
        signed = _("Signed at {at} with the key that was given.") if given else own
    yield signed.format(at=found.at)
    yield _("Public key: {key}").format(key=found.key)
    here = _("Made by the program sha256:{digest}, which is the one installed here.")
    other = _("Made by the program sha256:{digest}, which is not the one installed here.")
    yield (here if same else other).format(digest=found.program)
