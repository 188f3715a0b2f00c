import hashlib
import io
import os
import struct
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from gemba.quality.records import attachments
from gemba.quality.records.actor import Actor
from gemba.quality.records.attachments import (
    attachments_of,
    damaged_files,
    hand_out,
    keep_attachment,
    sweep_files,
)
from gemba.quality.records.edge import create, take_move, void
from gemba.quality.records.hostile import MOST_BYTES, judge_file
from gemba.quality.records.models import Attachment, Site
from gemba.quality.records.reasons import Refused, in_words
from gemba.quality.records.remarks import add_remark, remarks_of
from gemba.quality.records.screen import object_page
from gemba.quality.records.store.folder import DataFolder
from gemba.quality.records.trail import verify
from gemba.quality.records.work import recording

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
ANNA = Actor("person", "person:1", "Anna", frozenset({("inspector", "*")}))
READER = Actor("person", "person:3", "Rita", frozenset({("reader", "HAL")}))
STRANGER = Actor("person", "person:4", "Sam", frozenset({("inspector", "ULM")}))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n%%EOF"
CSV = "Teil;Maß\n1;-0,013\n=A1;2\n".encode()


def codes_of(name: str, content: bytes) -> list[str]:
    reasons = judge_file(name, content).reasons
    assert all(in_words(reason, language) for reason in reasons for language in ("en", "pseudo"))
    return [reason.code for reason in reasons]


def packed(parts: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


SHEET = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
LETTER = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.png", PNG),
        ("Foto der Nut.JPG", b"\xff\xd8\xff\xe0" + bytes(20)),
        ("scan.jpeg", b"\xff\xd8\xff\xe0" + bytes(20)),
        ("Prüfbericht Äß.pdf", PDF),
        ("readings.csv", CSV),
        ("readings.csv", "Maß\n1\n".encode("cp1252")),
        ("notes.txt", "überall\n".encode("utf-16")),
        ("measured.dfq", b"K0100 1\nK1001/1 part\n"),
        ("results.xml", b'<?xml version="1.0"?><QIFDocument/>'),
        ("part.step", b"ISO-10303-21;\nHEADER;\n"),
        ("table.xlsx", packed(SHEET)),
        ("letter.docx", packed(LETTER)),
        ("table.ods", packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, method=0)),
        ("clip.mp4", b"\x00\x00\x00\x18ftypisom" + bytes(10)),
        ("Protokoll 12.03.2026.pdf", PDF),
        ("drawing v1.2.pdf", PDF),
        ("compressed.pdf", PDF + b" stream\n/JS /Launch \xff endstream"),
    ],
)
def test_what_a_plant_needs_is_kept(name: str, content: bytes) -> None:
    assert codes_of(name, content) == []


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("photo.png", PDF, "files.kind_mismatch"),
        ("report.pdf", PNG, "files.kind_mismatch"),
        ("report.pdf", b"just text", "files.kind_mismatch"),
        ("data.csv", bytes(range(256)), "files.kind_mismatch"),
        ("data.csv", PNG, "files.kind_mismatch"),
        ("table.xlsx", packed(LETTER), "files.kind_mismatch"),
        ("table.xlsx", packed({"readme.txt": b"hello"}), "files.kind_mismatch"),
        ("picture.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "files.markup"),
        ("notes.txt", b"see <ScRiPt src=x></script>", "files.markup"),
        ("data.csv", b"a;b\n<a href='javascript:alert(1)'>;2", "files.markup"),
        ("page.xml", b"<?xml version='1.0'?><!DOCTYPE html><html/>", "files.markup"),
        ("page.xml", "<html>".encode("utf-16"), "files.markup"),
        ("bomb.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", "files.markup"),
        ("style.xml", b"<?xml-stylesheet href='x.xsl'?><x/>", "files.markup"),
        ("tool.png", b"MZ" + bytes(60), "files.program"),
        ("tool.pdf", b"\x7fELF" + bytes(60), "files.program"),
        ("tool.txt", b"#!/bin/sh\nrm -rf /\n", "files.program"),
        ("tool.xml", b"\xca\xfe\xba\xbe" + bytes(20), "files.program"),
        ("old.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "files.old_office"),
        ("macro.xlsx", packed(SHEET | {"xl/vbaProject.bin": b"x"}), "files.macros"),
        ("macro.xlsx", packed(SHEET | {"xl/macrosheets/sheet1.xml": b"x"}), "files.macros"),
        ("macro.docx", packed(LETTER | {"word/embeddings/oleObject1.bin": b"x"}), "files.macros"),
        ("active.pdf", PDF + b"<</S /JavaScript /JS (app.alert(1))>>", "files.active_pdf"),
        ("active.pdf", PDF + b"<</S /J#61vaScr#69pt>>", "files.active_pdf"),
        ("active.pdf", PDF + b"<</S /Launch /F (cmd.exe)>>", "files.active_pdf"),
        ("empty.txt", b"", "files.empty"),
        ("big.txt", b"a" * (MOST_BYTES + 1), "files.too_big"),
        ("damaged.xlsx", packed(SHEET)[:-30], "files.packed_damaged"),
    ],
)
def test_a_file_is_what_its_bytes_are_and_hostile_ones_are_refused(
    name: str, content: bytes, code: str
) -> None:
    assert code in codes_of(name, content)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../../etc/passwd.txt", "files.name_path"),
        ("..\\..\\boot.txt", "files.name_path"),
        ("/etc/passwd.txt", "files.name_path"),
        ("C:notes.txt", "files.name_path"),
        ("a..txt", "files.name_path"),
        ("x\u202egnp.txt", "files.name_hidden"),
        ("x\u2066.txt", "files.name_hidden"),
        ("x\u200b.txt", "files.name_hidden"),
        ("x\x00.txt", "files.name_hidden"),
        ("x\n.txt", "files.name_hidden"),
        ("x\ud800.txt", "files.name_hidden"),
        ("CON.txt", "files.name_reserved"),
        ("lpt1.csv", "files.name_reserved"),
        ("com¹.txt", "files.name_reserved"),
        (".htaccess.txt", "files.name_ends"),
        ("notes.txt ", "files.name_ends"),
        ("invoice.exe.txt", "files.two_kinds"),
        ("invoice.pdf.txt", "files.two_kinds"),
        ("page.html .txt", "files.two_kinds"),
        ("a" * 160 + ".txt", "files.name_long"),
        ("ä" * 130 + ".txt", "files.name_long"),
        ("", "files.name_missing"),
        ("  ", "files.name_missing"),
        ("notes", "files.kind_unknown"),
        ("tool.exe", "files.kind_unknown"),
        ("picture.svg", "files.kind_unknown"),
        ("table.xlsm", "files.kind_unknown"),
    ],
)
def test_a_name_that_deceives_is_refused(name: str, code: str) -> None:
    assert code in codes_of(name, b"plain text")


def declared(parts: int, size: int) -> bytes:
    """A workbook whose directory declares what unpacking would give."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in SHEET.items():
            archive.writestr(name, content)
        for number in range(parts):
            archive.writestr(f"xl/p{number}.xml", b"x" * 50)
    whole = bytearray(buffer.getvalue())
    place = whole.find(b"PK\x01\x02")
    while place >= 0:
        whole[place + 24 : place + 28] = struct.pack("<I", size)
        place = whole.find(b"PK\x01\x02", place + 4)
    return bytes(whole)


def with_two_directory_entries_for_one_part() -> bytes:
    content = packed({**SHEET, "xl/a.xml": b"y" * 400, "xl/b.xml": b"y" * 400}, method=0)
    second = content.rfind(b"PK\x01\x02")
    first = content.rfind(b"PK\x01\x02", 0, second)
    return content[: second + 42] + content[first + 42 : first + 46] + content[second + 46 :]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (declared(60, 2**24), "files.packed_big"),
        (declared(2001, 10), "files.packed_many"),
        (packed(SHEET | {"xl/zeros.xml": bytes(30_000_000)}), "files.packed_tight"),
        (packed(SHEET | {"xl/inner.zip": b"PK"}), "files.packed_nested"),
        (packed(SHEET | {"../outside.xml": b"x"}), "files.packed_outside"),
        (packed(SHEET | {"c:/outside.xml": b"x"}), "files.packed_outside"),
        (packed({**SHEET, "XL/WORKBOOK.XML": b"x"}), "files.packed_overlap"),
        (with_two_directory_entries_for_one_part(), "files.packed_overlap"),
    ],
)
def test_a_packed_file_that_is_dangerous_to_unpack_is_refused_by_what_it_declares(
    content: bytes, code: str
) -> None:
    assert code in codes_of("table.xlsx", content)


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    return DataFolder(tmp_path_factory.mktemp("plant"))


@pytest.fixture
def header(db: None) -> int:
    Site.objects.create(code="HAL", name="Halle")
    return int(create("specimen", site="HAL", typed={"title": "A", "weight": 1}, actor=ANNA, now=NOW).pk)


def refused(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    assert all(in_words(reason) for reason in caught.value.reasons)
    return [reason.code for reason in caught.value.reasons]


def keep(header: int, folder: DataFolder, name: str = "photo.png", content: bytes = PNG) -> Attachment:
    return keep_attachment(header=header, name=name, content=content, folder=folder, actor=ANNA, now=NOW)


def files(folder: DataFolder) -> list[str]:
    return [path.name for path in folder.attachments.rglob("*") if path.is_file()]


def test_a_file_lies_under_a_name_that_says_nothing_and_its_digest_is_sealed(
    header: int, folder: DataFolder
) -> None:
    row = keep(header, folder, "Prüfling 4.png")
    assert row.sha256 == hashlib.sha256(PNG).hexdigest()
    assert (folder.attachments / row.stored).read_bytes() == PNG
    assert "png" not in row.stored
    assert [found.name for found in attachments_of(header)] == ["Prüfling 4.png"]
    assert verify().sound


def test_it_is_handed_out_to_be_saved_and_never_shown(header: int, folder: DataFolder) -> None:
    got = hand_out(keep(header, folder, 'Prüf "4".png'.replace('"', "'")).pk, folder=folder, actor=READER)
    assert (got.content, got.media) == (PNG, "image/png")
    assert got.headers["Content-Disposition"].startswith('attachment; filename="Pr_f ')
    assert "filename*=UTF-8''Pr%C3%BCf" in got.headers["Content-Disposition"]
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got.headers["Content-Security-Policy"]


def test_only_who_may_read_the_record_has_its_files_and_only_who_works_on_it_adds_some(
    header: int, folder: DataFolder
) -> None:
    row = keep(header, folder)
    assert refused(lambda: hand_out(row.pk, folder=folder, actor=STRANGER)) == ["records.unknown"]
    assert refused(lambda: hand_out(999, folder=folder, actor=ANNA)) == ["records.unknown"]
    add = {"header": header, "name": "a.txt", "content": b"a", "folder": folder, "now": NOW}
    assert refused(lambda: keep_attachment(**add, actor=READER)) == ["records.no_right"]  # type: ignore[arg-type]
    assert refused(lambda: keep_attachment(**add, actor=STRANGER)) == ["records.unknown"]  # type: ignore[arg-type]


def test_a_refused_file_leaves_nothing_behind(header: int, folder: DataFolder) -> None:
    assert refused(lambda: keep(header, folder, "a.exe", b"MZ" + bytes(9))) == [
        "files.kind_unknown",
        "files.program",
    ]
    assert files(folder) == []


def test_a_transaction_that_fails_leaves_no_file(
    header: int, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(header: int) -> None:
        assert files(folder)
        raise OSError("disk")

    monkeypatch.setattr(attachments, "lock_header", fail)
    with pytest.raises(OSError, match="disk"):
        keep(header, folder)
    assert files(folder) == []


def test_a_file_that_changed_is_not_handed_out_and_is_named(header: int, folder: DataFolder) -> None:
    good, changed, gone = (keep(header, folder, name) for name in ("a.png", "b.png", "c.png"))
    (folder.attachments / changed.stored).write_bytes(PNG + b"!")
    (folder.attachments / gone.stored).unlink()
    assert refused(lambda: hand_out(changed.pk, folder=folder, actor=ANNA)) == ["files.damaged"]
    assert refused(lambda: hand_out(gone.pk, folder=folder, actor=ANNA)) == ["files.damaged"]
    assert hand_out(good.pk, folder=folder, actor=ANNA).content == PNG
    assert [(finding.kind, finding.row) for finding in damaged_files(folder)] == [
        ("file altered", changed.pk),
        ("file deleted", gone.pk),
    ]


def test_what_no_row_names_is_swept_after_a_day(header: int, folder: DataFolder) -> None:
    kept = keep(header, folder)
    strays = [folder.attachments / "ab" / name for name in ("old", "new")]
    strays[0].parent.mkdir(exist_ok=True)
    for path in strays:
        path.write_bytes(b"x")
    long_ago = (NOW - timedelta(days=3)).timestamp()
    for path in (strays[0], folder.attachments / kept.stored):
        os.utime(path, (long_ago, long_ago))
    os.utime(strays[1], (NOW.timestamp(), NOW.timestamp()))
    assert sweep_files(folder, now=NOW) == 1
    assert not strays[0].exists()
    assert strays[1].exists()
    assert list(damaged_files(folder)) == []


def test_a_remark_is_kept_as_it_was_and_on_a_closed_record_is_an_addendum(
    header: int, folder: DataFolder
) -> None:
    first = add_remark(header=header, text=" Seen by the customer. ", actor=ANNA, now=NOW)
    void(header, reason="broken", actor=ANNA, now=NOW)
    assert refused(lambda: keep(header, folder)) == ["records.locked"]
    late = add_remark(header=header, text="Found it again.", about=first.pk, actor=ANNA, now=NOW)
    photo = keep_attachment(
        header=header, name="p.png", content=PNG, remark=late.pk, folder=folder, actor=ANNA, now=NOW
    )
    assert [(row.text, row.addendum) for row in remarks_of(header)] == [
        ("Seen by the customer.", 0),
        ("Found it again.", 1),
    ]
    assert (late.about_id, photo.remark_id, late.version) == (first.pk, late.pk, 2)
    assert verify().sound


def test_a_remark_is_a_text_of_somebody_who_works_on_the_record(header: int) -> None:
    def say(text: str, actor: Actor = ANNA, about: int | None = None) -> list[str]:
        return refused(lambda: add_remark(header=header, text=text, about=about, actor=actor, now=NOW))

    assert say(" ") == ["records.field_missing"]
    assert say("a\x00") == ["records.not_text"]
    assert say("a" * 10_001) == ["records.too_long"]
    assert say("Hello", READER) == ["records.no_right"]
    assert say("Hello", STRANGER) == ["records.unknown"]
    other = create("specimen", site="HAL", typed={"title": "B"}, actor=ANNA, now=NOW)
    elsewhere = add_remark(header=other.pk, text="There", actor=ANNA, now=NOW)
    assert say("Hello", ANNA, elsewhere.pk) == ["remarks.elsewhere"]


def test_the_object_page_shows_files_and_remarks_with_their_people(header: int, folder: DataFolder) -> None:
    keep(header, folder)
    remark = add_remark(header=header, text="Look", actor=ANNA, now=NOW)
    given = {"header": header, "name": "b.png", "content": PNG, "remark": remark.pk, "folder": folder}
    keep_attachment(**given, actor=ANNA, now=NOW)  # type: ignore[arg-type]
    page = object_page(header, actor=READER, now=NOW)
    assert [file.name for file in page.files] == ["photo.png"]
    assert [(row.text, [file.name for file in row.files]) for row in page.remarks] == [("Look", ["b.png"])]
    assert set(page.names) == {"person:1"}


def test_a_remark_changes_no_version(header: int) -> None:
    add_remark(header=header, text="Hello", actor=ANNA, now=NOW)
    take_move(header, "take", typed={"weight": 2}, expected_version=1, actor=ANNA, now=NOW)


def test_the_file_is_on_disk_before_the_row_that_names_it(header: int, folder: DataFolder) -> None:
    with recording(actor=ANNA, now=NOW):
        row = keep(header, folder)
        assert (folder.attachments / row.stored).is_file()
