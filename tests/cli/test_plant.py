"""The commands of a plant, each in a process of its own, as a person calls them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

OPEN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from gemba.cli.plant import open_plant
with open_plant(Path(sys.argv[1]), "", rule="test", empty=True) as plant:
    from gemba.quality.records.keeping.opening import open_store
    from gemba.quality.people.services import create_person
    open_store(plant.folder, now=plant.now)
    create_person(username="ada", name="Ada", actor=plant.actor, now=plant.now)
"""
SEVERAL = """
import contextlib, io, json, sys
from gemba.cli.app import run
said = []
for words in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(words)
    said.append([words, code, out.getvalue(), err.getvalue()])
print(json.dumps(said))
"""
HOLD = """
import sys
from pathlib import Path
from gemba.quality.records.store.folder import DataFolder
folder = DataFolder(Path(sys.argv[1]))
folder.hold()
print("held", flush=True)
sys.stdin.read()
"""


def python(*words: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("GEMBA", "DJANGO"))}
    return subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, *words],
        env=environment | {"NO_COLOR": "1", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def gemba(plant: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return python("-m", "gemba.cli", *words, "--data", str(plant))


def several(plant: Path, *commands: list[str]) -> list[subprocess.CompletedProcess[str]]:
    """Commands one after the other in one process, where it is not the process that is tried."""
    done = python("-c", SEVERAL, json.dumps([[*words, "--data", str(plant)] for words in commands]))
    assert done.returncode == 0, done.stderr
    return [subprocess.CompletedProcess(*said) for said in json.loads(done.stdout)]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plant as its first command makes it, of which each test has a copy."""
    folder = tmp_path_factory.mktemp("made") / "plant"
    done = python("-c", OPEN, str(folder))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def plant(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "plant"))


def test_a_plant_that_nobody_touched_is_sound(plant: Path) -> None:
    done = gemba(plant, "verify", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["sound"]
    assert found["rows"] == 1


def test_an_edit_behind_the_programs_back_ends_with_exit_code_five_and_names_the_row(plant: Path) -> None:
    edit = (
        "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('DROP TRIGGER records_entry_update')"
    )
    edit += "; c.execute(\"UPDATE records_entry SET actor='person:9'\"); c.commit()"
    assert python("-c", edit, str(plant / "plant.sqlite3")).returncode == 0
    done = gemba(plant, "verify")
    assert done.returncode == 5
    assert "row altered: row 1 of records_entry" in done.stdout


@pytest.mark.parametrize("command", ["verify", "doctor", "backup"])
def test_a_folder_without_a_plant_is_refused_in_one_sentence(tmp_path: Path, command: str) -> None:
    done = gemba(tmp_path / "nothing", command)
    assert done.returncode == 1
    assert done.stderr.startswith("gemba: There is no plant in")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "nothing").exists()


def test_a_plant_that_another_process_holds_is_refused_and_the_holder_named(plant: Path) -> None:
    with subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, "-c", HOLD, str(plant)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "held"
        done = gemba(plant, "verify")
        assert holder.stdin is not None
        holder.stdin.close()
    assert done.returncode == 1
    assert f"is in use by process {holder.pid}" in done.stderr


def test_an_export_is_in_the_trail_checked_and_refused_where_a_file_lies(plant: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "plant.zip")
    told = json.loads(gemba(plant, "export", "--out", out, "--json").stdout)
    assert told["parts"]["tables/people_person.csv"]["lines"] == 1
    with ZipFile(out) as archive:
        assert b"plant.export" in archive.read("tables/records_entry.csv")
    checked = gemba(plant, "export", "--check", out)
    assert (checked.returncode, told["key"] in checked.stdout) == (0, True)
    again = gemba(plant, "export", "--out", out)
    assert (again.returncode, "is there already" in again.stderr) == (1, True)


def test_a_backup_comes_back_in_another_folder_with_every_row(plant: Path, tmp_path: Path) -> None:
    made = json.loads(gemba(plant, "backup", "--json").stdout)["backups"][0]
    assert made["sound"]
    other = tmp_path / "other"
    done = gemba(other, "restore", made["path"])
    assert done.returncode == 0, done.stderr
    assert "Ada" in gemba(other, "user", "list").stdout
    again = gemba(other, "restore", made["path"])
    assert again.returncode == 1
    assert "--replace" in again.stderr


def test_people_and_rights_are_managed_from_the_shell(plant: Path) -> None:
    added, granted, listed, linked, *rest, refused = several(
        plant,
        ["user", "add", "anna", "Anna Berg"],
        ["user", "grant", "anna", "engineer"],
        ["user", "list", "--json"],
        ["user", "link", "anna"],
        ["user", "identity", "anna", "passport seen"],
        ["user", "training", "anna", "Signing"],
        ["user", "disable", "anna", "left"],
        ["user", "grant", "anna", "engineer"],
    )
    assert [done.returncode for done in (added, granted, listed, linked, *rest)] == [0] * 7
    people = json.loads(listed.stdout)["people"]
    assert people[1] == {"user": "anna", "name": "Anna Berg", "active": True, "roles": ["engineer@all"]}
    assert linked.stdout.strip().rpartition("/setup/")[2]
    assert refused.returncode == 2
    assert "may no longer work here" in refused.stderr


CANNOT: list[tuple[list[str], str]] = [
    (["user", "fly", "ada"], "there is no act named 'fly'"),
    (["user", "grant", "adda", "engineer"], "Did you mean 'ada'?"),
    (["user", "grant", "ada", "king"], "There is no role 'king'."),
    (["user", "grant", "ada", "engineer", "--site", "XX"], "There is no site named 'XX'"),
    (["send", "examples/data/gears.csv", "--value", "diameter"], "Write COLUMN=MEANING"),
    (["send", "examples/data/gears.csv", "--value", "diameter=C", "--url", "plant:80"], "is no address"),
    (
        ["send", "examples/data/gears.csv", "--value", "diameter=C", "--url", "http://127.0.0.1:9"],
        "Is it served?",
    ),
]


def test_what_cannot_be_done_is_said_in_one_sentence(plant: Path) -> None:
    done = several(plant, *[words for words, _ in CANNOT])
    for found, (words, sentence) in zip(done, CANNOT, strict=True):
        assert found.returncode == 2, words
        assert sentence in found.stderr, words
        assert "Traceback" not in found.stderr


def test_readings_of_an_unknown_characteristic_wait_in_quarantine_and_nothing_doubles(plant: Path) -> None:
    send = ["send", "examples/data/gears.csv", "--value", "diameter=CHR-HAL-26-0001", "--json"]
    first, second = gemba(plant, *send), gemba(plant, *send)
    assert first.returncode == second.returncode == 4, first.stderr
    counts = json.loads(first.stdout)
    assert (counts["sent"], counts["quarantined"], counts["repeated"]) == (100, 100, 0)
    assert json.loads(second.stdout)["repeated"] == 100


def test_doctor_says_what_needs_a_person(plant: Path) -> None:
    done = gemba(plant, "doctor")
    assert done.returncode == 1
    assert "There is no sound backup yet" in done.stdout
    gemba(plant, "backup")
    assert gemba(plant, "doctor").stdout.endswith("All well.\n")


def test_a_plant_without_a_chart_costs_no_false_alarm(plant: Path) -> None:
    assert "No chart judges yet" in gemba(plant, "alarms").stdout
    told = json.loads(gemba(plant, "alarms", "--json").stdout)
    assert (told["lines"], told["attention"], told["collecting"]) == ([], 50.0, 0)
