"""Nothing switches the trail off or makes an original unreachable: what could is listed, with why not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from laws.watch import unknown_tables
from walls.tree import ROOT

SOURCE = ROOT / "src" / "gemba"
VARIABLES = {
    "DJANGO_SETTINGS_MODULE": "which settings",
    "GEMBA_DATA": "where the plant is",
    "GEMBA_DATABASE": "which database",
    "GEMBA_DEMO": "that the demo plant is played",
    "GEMBA_DEBUG": "a traceback in the shell",
    "GEMBA_PASSWORD": "the password of whom the shell acts as",
    "GEMBA_SECRET": "the signing secret of whom the shell acts as",
    "GEMBA_HOSTS": "by which names the server is called",
    "GEMBA_HTTPS": "whether it speaks HTTPS",
    "GEMBA_LANGUAGE": "which language the plant and the shell speak by themselves",
    "LANGUAGE": "which language the parser of the command line looks its own few words up in",
    "GEMBA_PROXY": "which proxy stands before it",
    "GEMBA_TOKEN": "the token with which gemba send comes",
    "GEMBA_URL": "where gemba send sends",
}
"""Every environment variable that the program reads. None is about the trail, and none may ever be."""
DELETES = {
    "quality/records/editing.py": "rows of a draft's table; the version before keeps them",
    "quality/control/nonconformance/dispositions.py": "lines not carried out; the version before keeps them",
    "quality/improvement/capa/services.py": "actions of a plan not approved; the version before keeps them",
    "quality/improvement/capa/steps.py": "the list of similar places; the version before keeps it",
    "quality/control/collecting/services.py": "a name on a work list; the reading in quarantine is sealed",
    "quality/people/worktime.py": "working time; the trail tells the old and the new",
    "quality/people/authenticators.py": "that a session has signed; the signature is sealed",
    "quality/people/services.py": "that a session has signed; the signature is sealed",
    "quality/people/signing.py": "that a session has signed; the signature is sealed",
    "server/jobs/clock.py": "sessions that a clock set back would keep alive",
    "server/jobs/table.py": "ended sessions",
    "server/identity/factors.py": "a second factor that its person takes off; that stands in the trail",
    "server/api/idempotency.py": "answers older than two days",
}
"""Every place that deletes rows, and why nothing of an original goes with them."""
NOT_READ = {"stats", "locale", "cli/report"}


def sources() -> Iterator[tuple[str, str]]:
    for path in sorted(SOURCE.rglob("*.py")):
        place = path.relative_to(SOURCE).as_posix()
        if place.partition("/")[0] not in NOT_READ and "/migrations/" not in place:
            yield place, path.read_text(encoding="utf-8")


def test_every_table_is_of_a_kind_that_says_how_its_changes_are_told() -> None:
    assert unknown_tables() == set(), "say in laws/watch.py how the trail tells of changes in these tables"


def test_every_environment_variable_is_written_down_and_none_is_about_the_trail() -> None:
    found = set()
    for place, text in sources():
        names = re.findall(r'environ(?:\.get\(|\.setdefault\(|\[)\s*"([A-Z_]+)"', text)
        names += re.findall(r'envvar="([A-Z_]+)"', text)
        assert "getenv" not in text, place
        found |= set(names)
    assert found == set(VARIABLES)


def test_every_place_that_deletes_rows_is_written_down() -> None:
    found = set()
    for place, text in sources():
        if place.startswith("quality/records/store/"):
            continue  # the room of the database: search index and the target of a move, held by its own tests
        for node in ast.walk(ast.parse(text)):
            deletes = isinstance(node, ast.Attribute) and node.attr in ("delete", "_raw_delete")
            if deletes or (isinstance(node, ast.Constant) and "DELETE FROM" in str(node.value)):
                found.add(place)
    assert found == set(DELETES)
