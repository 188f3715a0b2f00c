"""Hostile files: refused in words by a child with little memory, while the server stays small and lively."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from gemba.quality.records.apart.answering import forbid
from gemba.quality.records.apart.asking import AT_ONCE, Bounds, answer_of, answers_of
from gemba.quality.records.hostile import judge_apart, judge_file
from gemba.quality.records.reasons import Reason, Refused, in_words
from hostile.bombs import TABLES, deep, lying, nested, overlapping, packed, picture, with_sheet, workbook

LITTLE = Bounds(memory=200 * 2**20, seconds=20)
LOOK = "gemba.server.ingest.looking:look"
HERE = "hostile.test_bombs"


def look(folder: Path, name: str, content: bytes, bounds: Bounds = LITTLE) -> Any:
    file = folder / name
    file.write_bytes(content)
    return answer_of(LOOK, {"path": str(file), "corrections": {}}, bounds=bounds)


@pytest.mark.parametrize("bomb", TABLES)
def test_a_table_made_to_harm_is_refused_within_200_mb_and_says_what_to_do(bomb: str, tmp_path: Path) -> None:
    name, make, words = TABLES[bomb]
    with pytest.raises(Refused) as caught:
        look(tmp_path, name, make())
    (reason,) = caught.value.reasons
    said = in_words(reason)
    assert reason.code in ("apart.unreadable", "apart.heading"), said
    assert words.lower() in said.lower()
    assert any(mend in said for mend in ("save it", "smaller files", "Copy or export", "Check that"))
    assert "guard=" not in said


def test_the_same_files_made_as_they_should_be_pass_within_200_mb(tmp_path: Path) -> None:
    wide = (
        "Part" + "".join(f",Bore {n}" for n in range(300)) + "\n" + ("1" + ",2.5" * 300 + "\n") * 50
    ).encode()
    old = packed({"docProps/note.xml": b"<a>more</a>"})
    for name, content in (("a.xlsx", workbook(2000)), ("b.csv", wide), ("c.xlsx", old)):
        seen = look(tmp_path, name, content)
        assert seen["ready"], name
        assert any(column["role"] == "value" for column in seen["columns"])


ATTACHED = {
    "nested": ("a.xlsx", nested, "files.packed_nested"),
    "overlapping": ("a.xlsx", overlapping, "files.packed_overlap"),
    "lying sizes": ("a.xlsx", lying, "files.packed_damaged"),
    "many entries": ("a.xlsx", lambda: packed({f"xl/{n}": b"" for n in range(3000)}), "files.packed_many"),
    "tight": ("a.xlsx", lambda: with_sheet(b" " * 60_000_000), "files.packed_tight"),
    "pixels": ("a.png", lambda: picture(100_000, 100_000), "files.pixels"),
    "depth": ("a.xml", deep, "files.xml_deep"),
    "entities": ("a.xml", lambda: b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "files.xml_declares"),
    "remote DTD": (
        "a.xml",
        lambda: b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>',
        "files.xml_declares",
    ),
    "wide XML": (
        "a.xml",
        lambda: b'<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x>'.decode().encode("utf-16"),
        "files.xml_declares",
    ),
    "a PDF of open streams": ("a.pdf", lambda: b"%PDF-1.7 /JS " + b"stream\n" * 300_000, "files.active_pdf"),
}


@pytest.mark.parametrize("bomb", ATTACHED)
def test_an_attachment_made_to_harm_is_refused_in_words(bomb: str) -> None:
    name, make, code = ATTACHED[bomb]
    reasons = judge_apart(name, make()).reasons
    assert code in {reason.code for reason in reasons}
    assert all(in_words(reason) for reason in reasons)


def test_the_same_attachments_made_as_they_should_be_are_kept() -> None:
    assert judge_apart("a.xlsx", workbook()).reasons == ()
    assert judge_apart("a.png", picture(4000, 3000)).reasons == ()
    assert judge_apart("a.xml", deep(500)).reasons == ()
    long = b"%PDF-1.7\n" + b"stream\nx\nendstream\n" * 20_000
    assert judge_apart("a.pdf", long) == judge_file("a.pdf", long)


@pytest.mark.parametrize("kind", ["png", "gif", "bmp", "jpg", "webp", "tif"])
def test_every_kind_of_picture_says_its_pixels(kind: str) -> None:
    from gemba.quality.records.pictures import pixels

    heads = {
        "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (3000).to_bytes(4, "big") + (2000).to_bytes(4, "big"),
        "gif": b"GIF89a" + (3000).to_bytes(2, "little") + (2000).to_bytes(2, "little"),
        "bmp": b"BM" + bytes(16) + (3000).to_bytes(4, "little") + (-2000).to_bytes(4, "little", signed=True),
        "jpg": b"\xff\xd8\xff\xe0\0\4ab\xff\xc0\0\x0b\x08"
        + (2000).to_bytes(2, "big")
        + (3000).to_bytes(2, "big"),
        "webp": b"RIFF\0\0\0\0WEBPVP8X"
        + bytes(8)
        + (2999).to_bytes(3, "little")
        + (1999).to_bytes(3, "little"),
        "tif": b"MM\0*\0\0\0\x08\0\2\1\0\0\3\0\0\0\1\x0b\xb8\0\0\1\1\0\3\0\0\0\1\x07\xd0\0\0",
    }
    assert pixels(kind, heads[kind]) == 6_000_000
    assert pixels(kind, heads[kind][:8]) == 0


# What a child may not do, tried from inside it.


def tries(asked: Any, _content: bytes) -> Iterator[Any]:
    what = asked["what"]
    if what == "memory":
        yield len(bytearray(10**9))
    elif what == "time":
        while True:
            pass
    elif what == "crash":
        os.abort()
    elif what == "fault":
        raise ValueError(what)
    elif what == "environment":
        yield sorted(os.environ)
    else:
        yield attempt(what)


def attempt(what: str) -> str:
    doing: dict[str, Callable[[], object]] = {
        "network": lambda: socket.create_connection(("127.0.0.1", 9), 1),
        "name": lambda: socket.getaddrinfo("localhost", 80),
        "program": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
        "write": lambda: Path("hostile").write_text("x", encoding="utf-8"),
        "descriptor": lambda: os.open("hostile", os.O_WRONLY | os.O_CREAT),
        "remove": lambda: Path("hostile").unlink(),
    }
    try:
        doing[what]()
    except PermissionError:
        return "refused"
    return "done"


@pytest.fixture
def testing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))


@pytest.mark.usefixtures("testing")
@pytest.mark.parametrize("what", ["network", "name", "program", "write", "descriptor", "remove"])
def test_a_child_reaches_no_network_and_writes_nothing(what: str) -> None:
    assert answer_of(f"{HERE}:tries", {"what": what}, bounds=LITTLE) == "refused"


@pytest.mark.usefixtures("testing")
def test_a_child_learns_no_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMBA_DATABASE", "postgresql://gemba:secret@db/plant")
    told = answer_of(f"{HERE}:tries", {"what": "environment"}, bounds=LITTLE)
    assert not [name for name in told if name.startswith(("GEMBA", "DJANGO"))]


@pytest.mark.usefixtures("testing")
@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("memory", "apart.memory"),
        ("time", "apart.time"),
        ("crash", "apart.memory"),
        ("fault", "apart.damaged"),
    ],
)
def test_a_child_that_takes_too_much_or_dies_is_a_refusal(what: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        answer_of(f"{HERE}:tries", {"what": what}, bounds=Bounds(memory=200 * 2**20, seconds=2))
    assert [reason.code for reason in caught.value.reasons] == [code]
    assert in_words(caught.value.reasons[0])


@pytest.mark.usefixtures("testing")
def test_no_more_children_than_that_are_asked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gemba.quality.records.apart.asking.WAITING_SECONDS", 0.01)
    held = [answers_of(f"{HERE}:tries", {"what": "environment"}) for _ in range(AT_ONCE)]
    for child in held:
        next(child)
    with pytest.raises(Refused) as caught:
        answer_of(f"{HERE}:tries", {"what": "environment"})
    assert caught.value.reasons == (Reason("apart.busy"),)
    for child in held:
        child.close()
    assert answer_of(f"{HERE}:tries", {"what": "environment"})


def test_what_a_child_may_not_do_is_refused_by_its_name() -> None:
    with pytest.raises(PermissionError):
        forbid("socket.connect", ())
    with pytest.raises(PermissionError):
        forbid("open", ("x", "w", 0))
    forbid("open", ("x", "r", 0))


def test_the_server_stays_small_while_a_child_reads_what_is_large(tmp_path: Path) -> None:
    out = io.BytesIO()
    out.write(b"Part,Bore\n")
    out.writelines(b"%d,10.%03d\n" % (row, row % 1000) for row in range(1_000_000))
    (tmp_path / "large.csv").write_bytes(out.getvalue())
    del out
    own = psutil.Process()
    before, seen = own.memory_info().rss, threading.Event()
    answers: list[Any] = []

    def ask() -> None:
        path = str(tmp_path / "large.csv")
        answers.append(answer_of(LOOK, {"path": path, "corrections": {}}))
        seen.set()

    thread = threading.Thread(target=ask)
    thread.start()
    most = before
    while not seen.wait(0.01):
        most = max(most, own.memory_info().rss)
        assert thread.is_alive() or seen.is_set()
    assert answers[0]["ready"]
    assert most - before < 20 * 2**20
