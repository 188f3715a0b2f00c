"""A plant as one file: whole, readable by anybody, without secrets, and proved."""

from __future__ import annotations

import csv
import io
import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from gemba.quality.people.models import Person
from gemba.quality.people.services import create_person, make_link
from gemba.quality.records.anchors import public_key
from gemba.quality.records.keeping.checking import StoreRefused
from gemba.quality.records.keeping.export import Exported, Sheet, check_export, export_plant
from gemba.quality.records.models import Attachment, Entry, Header, Site
from gemba.quality.records.recorder import create_record
from gemba.quality.records.remarks import add_remark
from gemba.quality.records.store.rows import count_rows
from gemba.quality.records.types import record_type
from gemba.quality.records.work import recording
from specimen.models import Specimen

from .conftest import CONTENT, NOW, ROBOT, Plant

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "plant.zip"


def table(path: Path, name: str) -> list[dict[str, str]]:
    with ZipFile(path) as archive:
        return list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline="")))


def records(path: Path) -> list[dict[str, Any]]:
    with ZipFile(path) as archive:
        return [json.loads(line) for line in archive.read("records/specimen.ndjson").splitlines()]


def exported(plant: Plant, out: Path, **more: Any) -> Exported:
    return export_plant(plant.folder, out, now=LATER, **more)


def rewritten(path: Path, name: str, content: bytes | None) -> Path:
    """A copy with other content in one part, or without it."""
    changed = path.with_name(f"changed-{name.replace('/', '-')}")
    with ZipFile(path) as old, ZipFile(changed, "w") as new:
        for item in old.namelist():
            if item != name:
                new.writestr(item, old.read(item))
        if content is not None:
            new.writestr(name, content)
    return changed


def test_every_row_of_every_table_is_there_but_no_secret(plant: Plant, out: Path) -> None:
    person = create_person(username="ada", name="Ada", actor=ROBOT, now=NOW)
    Person.objects.filter(pk=person.pk).update(password="HIDDEN1", signing_secret="HIDDEN2")
    secret = make_link(person=person, purpose="welcome", actor=ROBOT, now=NOW)
    made = exported(plant, out)
    counted = count_rows()
    kept = {name[7:-4]: part.lines for name, part in made.parts.items() if name.startswith("tables/")}
    assert kept == {name: counted[name] for name in kept}
    assert {"records_entry", "records_version", "records_seal", "specimen_specimen", "people_person"} <= set(
        kept
    )
    assert not {"django_session", "mfa_authenticator", "people_onetimelink", "api_givenanswer"} & set(kept)
    assert "password" not in table(out, "tables/people_person.csv")[0]
    with ZipFile(out) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
    assert not any(word.encode() in whole for word in ("HIDDEN1", "HIDDEN2", secret))


def test_a_record_is_told_with_its_fields_links_and_remarks(plant: Plant, out: Path) -> None:
    made = Header.objects.filter(type="specimen").order_by("pk").first()
    assert made is not None
    add_remark(header=made.pk, text="looked at again", actor=ROBOT, now=NOW)
    exported(plant, out)
    told = records(out)
    assert [item["id"] for item in told] == list(
        Header.objects.filter(type="specimen").order_by("pk").values_list("pk", flat=True)
    )
    assert told[0]["title"] == made.title
    assert "weight" in told[0]["fields"]
    assert [remark["text"] for remark in told[0]["remarks"]] == ["looked at again"]
    rows = table(out, "records/specimen.csv")
    assert [row["title"] for row in rows] == [item["title"] for item in told]


def test_files_come_along_and_further_sheets(plant: Plant, out: Path) -> None:
    sheet = Sheet("readings.csv", ("text", "when"), lambda: [("10.01", NOW), (b"\x00\xff", True)])
    made = exported(plant, out, sheets=[sheet])
    with ZipFile(out) as archive:
        assert archive.read(f"attachments/{Attachment.objects.get().stored}") == CONTENT
        assert f"as it was at {made.at}" in archive.read("README.txt").decode()
    assert table(out, "readings.csv") == [
        {"text": "10.01", "when": NOW.isoformat()},
        {"text": "00ff", "when": "true"},
    ]


def test_a_text_that_looks_like_a_formula_is_a_text_in_the_spreadsheet(plant: Plant, out: Path) -> None:
    with recording(actor=ROBOT, now=NOW) as work:
        site = Site.objects.get()
        create_record(work, record_type("specimen"), Specimen(), site=site, title="=cmd|' /C calc'!A0")
    exported(plant, out)
    assert table(out, "records/specimen.csv")[-1]["title"] == "'=cmd|' /C calc'!A0"
    assert records(out)[-1]["title"] == "=cmd|' /C calc'!A0"


def test_it_vouches_for_itself_and_names_what_was_changed(plant: Plant, out: Path) -> None:
    made = exported(plant, out)
    own = public_key(plant.folder)
    assert check_export(out) == (made, ())
    assert check_export(out, key=own) == (made, ())
    assert check_export(rewritten(out, "README.txt", b"other"))[1] == ("README.txt: its content was changed",)
    gone = check_export(rewritten(out, "tables/records_entry.csv", None))[1]
    assert gone == ("tables/records_entry.csv: it is missing",)
    assert check_export(rewritten(out, "more.txt", b"x"))[1] == ("more.txt: it is not in the manifest",)
    forged = rewritten(
        out, "manifest.json", json.dumps(json.loads(ZipFile(out).read("manifest.json"))).encode()
    )
    assert check_export(forged)[1] == ("manifest.json: it does not carry the signature of this plant",)
    assert check_export(out, key=bytes(32))[1] == (
        "manifest.json: it does not carry the signature of this plant",
    )


def test_what_is_no_export_and_what_is_there_already_is_refused(plant: Plant, out: Path) -> None:
    out.write_bytes(b"mine")
    with pytest.raises(StoreRefused, match="is there already"):
        exported(plant, out)
    with pytest.raises(StoreRefused, match="is no export of a plant"):
        check_export(out)
    with pytest.raises(StoreRefused, match="is no export of a plant"):
        check_export(out.with_name("nothing.zip"))
    with pytest.raises(StoreRefused, match="There is no folder"):
        exported(plant, out.parent / "nowhere" / "plant.zip")
    assert out.read_bytes() == b"mine"


def test_what_fails_halfway_leaves_no_file(plant: Plant, out: Path) -> None:
    def broken() -> Any:
        yield ("1",)
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        exported(plant, out, sheets=[Sheet("readings.csv", ("text",), broken)])
    assert [path.name for path in out.parent.iterdir() if "zip" in path.name] == []
    shutil.rmtree(plant.folder.attachments)
    assert not [name for name in exported(plant, out).parts if name.startswith("attachments/")]
    assert Entry.objects.exists()
