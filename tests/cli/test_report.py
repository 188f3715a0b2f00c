"""``gemba report``: one file that opens anywhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

VOID = {"meta", "link", "br", "img", "hr", "input"}


class Page(HTMLParser):
    """Balance of tags, addresses, ids and images of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.names: list[str] = []
        self.scripts = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self.scripts += tag == "script"
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("src", "href", "xlink:href"):
                self.addresses.append(value or "")
            if name == "aria-label":
                self.names.append(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def furnace(data: Path, out: Path) -> list[object]:
    return [
        *("report", data / "furnace.csv", "--value", "thickness", "--subgroup", "run", "--lsl", 460),
        *("--usl", 660, "--defects", data / "defects.csv", "--category", "defect"),
        *("--date", "2026-03-02", "--out", out),
    ]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    from gemba.cli.app import run

    out = tmp_path_factory.mktemp("report") / "report.html"
    data = Path(__file__).parents[2] / "examples" / "data"
    assert run([str(item) for item in furnace(data, out)]) == 3
    return out.read_text(encoding="utf-8")


def test_the_page_needs_nothing_but_itself(page: str) -> None:
    found = Page(page)
    assert found.scripts == 0
    assert found.open == []
    assert [address for address in found.addresses if not address.startswith("#")] == []
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


def test_ids_are_unique_and_every_reference_has_its_target(page: str) -> None:
    found = Page(page)
    assert len(found.ids) == len(set(found.ids))
    wanted = {address[1:] for address in found.addresses} | set(re.findall(r"url\(#([^)]+)\)", page))
    assert wanted <= set(found.ids)


def test_it_follows_the_readers_light_or_dark(page: str) -> None:
    assert "prefers-color-scheme:dark" in page.replace(" ", "")
    assert page.count('<div class="light"><svg') == page.count('<div class="dark"><svg') >= 4


def test_every_picture_has_words(page: str) -> None:
    assert len([name for name in Page(page).names if len(name) > 20]) >= 8


def test_it_says_the_verdict_the_method_and_where_the_data_come_from(page: str) -> None:
    for words in ("Control chart", "Capability", "Run chart", "Pareto", "Data", "How this was computed"):
        assert words in page
    assert "Not stable: not meaningful" in page
    assert "2026-03-02" in page
    assert re.search(r"<dt>SHA-256</dt><dd>[0-9a-f]{64}</dd>", page)


def test_one_page_shows_one_limit_for_the_same_points(page: str) -> None:
    drawn = re.findall(r">UCL ([0-9.]+)<", page)
    assert len(drawn) >= 8
    assert len({float(limit) for limit in drawn}) == 2  # of the means and of the ranges


def test_the_same_call_writes_the_same_bytes(shell: Any, data: Path, tmp_path: Path, page: str) -> None:
    again = tmp_path / "again.html"
    shell(*furnace(data, again))
    assert again.read_text(encoding="utf-8") == page


def test_without_limits_the_histogram_takes_the_place_of_capability(
    shell: Any, data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "plain.html"
    answer = shell("report", data / "gears.csv", "--value", "diameter", "--subgroup", "batch", "--out", out)
    assert answer.code == (3 if "not stable" in out.read_text(encoding="utf-8") else 0)
    text = out.read_text(encoding="utf-8")
    assert "<h2>Histogram</h2>" in text
    assert "<h2>Capability</h2>" not in text


def test_a_long_series_makes_no_long_page(shell: Any, write: Any, tmp_path: Path) -> None:
    out = tmp_path / "long.html"
    path = write("long.csv", "x\n" + "".join(f"{(i * 7919) % 1000}\n" for i in range(20_000)))
    assert shell("report", path, "--value", "x", "--out", out).err.endswith(f"Wrote {out}\n")
    page = out.read_text(encoding="utf-8")
    assert "The first 1,000 of 20,000 rows." in page
    assert len(page) < 2_000_000


def test_counts_have_a_report_too(shell: Any, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "counts.html"
    path = data / "motors.csv"
    answer = shell("report", path, "--kind", "p", "--value", "defective", "--n", "inspected", "--out", out)
    assert answer.code == 3
    assert "<h2>Run chart</h2>" not in out.read_text(encoding="utf-8")


def test_words_from_a_file_cannot_become_markup(shell: Any, write: Any, tmp_path: Path) -> None:
    rows = "".join(f"{10 + i % 5 / 10},<img src=x onerror=alert(1)> & #set page()\n" for i in range(30))
    path = write("evil.csv", f"x,kind\n{rows}")
    for suffix in ("html", "pdf"):
        out = tmp_path / f"evil.{suffix}"
        answer = shell(
            "report", path, "--value", "x", "--category", "kind", "--title", "<b>$x$</b>", "--out", out
        )
        assert answer.code in (0, 3)
    text = (tmp_path / "evil.html").read_text(encoding="utf-8")
    assert "<img" not in text
    assert "&lt;b&gt;$x$&lt;/b&gt;" in text


def test_a_pdf_is_written_with_its_pages(shell: Any, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    assert shell(*furnace(data, out)).code == 3
    content = out.read_bytes()
    assert content.startswith(b"%PDF")
    again = tmp_path / "again.pdf"
    shell(*furnace(data, again))
    assert again.read_bytes() == content


def test_another_suffix_is_refused_before_anything_is_written(shell: Any, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.docx"
    answer = shell(*furnace(data, out))
    assert answer.code == 2
    assert not out.exists()
