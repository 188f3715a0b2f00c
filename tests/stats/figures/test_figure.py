from __future__ import annotations

import builtins
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from gemba.stats.figures import Figure, html_page, stack
from gemba.stats.results import MissingExtra, UnknownName


def dot(title: str = "Dots", alt: str = "Three dots.") -> Figure:
    rows = [{"x": 1, "y": 2}, {"x": 2, "y": 1}, {"x": 3, "y": 3}]
    encoding = {name: {"field": name, "type": "quantitative"} for name in ("x", "y")}
    mark = {"type": "point", "style": "series-point"}
    return Figure({"data": {"values": rows}, "mark": mark, "encoding": encoding}, alt=alt, title=title)


def test_the_same_figure_gives_the_same_bytes() -> None:
    assert dot().to_svg() == dot().to_svg()
    assert dot().to_png() == dot().to_png()
    assert dot().to_html() == dot().to_html()


def test_a_themed_figure_carries_the_styles_it_names_and_no_others() -> None:
    both = stack([dot(), dot()])
    assert set(both.themed()["config"]["style"]) == {"series-point"}


def test_an_svg_carries_its_alternative_text_escaped() -> None:
    svg = dot(alt='Mean < 3 & "UCL" > 4').to_svg()
    assert svg.startswith('<svg role="img" aria-label="Mean &lt; 3 &amp; &quot;UCL&quot; &gt; 4" ')


def test_an_svg_has_no_ids_that_would_clash_on_a_page() -> None:
    assert " id=" not in dot().to_svg()


def test_a_theme_changes_colours_and_nothing_else() -> None:
    light, dark = dot().themed("light"), dot().themed("dark")
    assert light.pop("config") != dark.pop("config")
    assert light == dark
    places = [re.sub(r"#[0-9a-f]{3,6}", "", dot().to_svg(theme)) for theme in ("light", "dark")]
    assert places[0] == places[1]


@pytest.mark.parametrize(
    ("suffix", "start"),
    [("svg", b"<svg "), ("png", b"\x89PNG"), ("pdf", b"%PDF"), ("html", b"<!doctype html>"), ("json", b"{")],
)
def test_the_suffix_says_what_is_written(tmp_path: Path, suffix: str, start: bytes) -> None:
    path = dot().save(tmp_path / f"picture.{suffix}", theme="dark")
    assert path.read_bytes().startswith(start)


def test_an_unknown_suffix_or_theme_is_answered_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'svg'"):
        dot().save(tmp_path / "picture.svgz")
    with pytest.raises(UnknownName, match="Did you mean 'dark'"):
        dot().to_svg("darkk")
    with pytest.raises(UnknownName, match="theme"):
        dot().to_html("sepia")


def test_a_page_names_no_address_and_forbids_them() -> None:
    page = dot().to_html()
    assert """content="default-src 'none'; script-src 'unsafe-inline'""" in page
    markup = re.sub(r"<script>.*?</script>|<svg.*?</svg>", "", page, flags=re.DOTALL)
    assert "http:" not in markup
    assert "https:" not in markup
    assert not re.search(r"<(link|iframe|img|script)", markup)


def test_a_page_shows_its_figure_without_scripts_too() -> None:
    page = dot(alt="Three dots & more.").to_html()
    fallback = re.search(r"<noscript>(.*?)</noscript>", page, flags=re.DOTALL)
    assert fallback is not None
    assert fallback.group(1) == dot(alt="Three dots & more.").to_svg()


def test_data_cannot_end_the_script_they_stand_in() -> None:
    page = dot(alt="</script><script>alert(1)</script>\u2028").to_html()
    started = page.rsplit("<script>", 1)[1]
    assert started.count("</script>") == 1
    specs = re.search(r"const specs = (.*?); const options", started, flags=re.DOTALL)
    assert specs is not None
    assert json.loads(specs.group(1))[0]["description"] == "</script><script>alert(1)</script>\u2028"
    assert "<title>&lt;b&gt;</title>" in dot(title="<b>").to_html()


def test_a_page_keeps_the_order_of_its_blocks_and_may_have_no_figure() -> None:
    page = html_page("Report", ["<h2>One</h2>", dot(alt="A"), "<h2>Two</h2>", dot(alt="B")])
    places = [page.index(text) for text in ("<h2>One", 'id="figure-0"', "<h2>Two", 'id="figure-1"')]
    assert places == sorted(places)
    assert "<script>" not in html_page("Words only", ["<p>None</p>"])


def test_figures_stack_with_all_their_words() -> None:
    both = stack([dot("A", "First."), dot("B", "Second.")], title="Both")
    assert both.alt == "First. Second."
    assert len(both.themed()["concat"]) == 2
    assert both.to_svg().count("<svg") == 1


def test_without_the_library_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *arguments: Any, **named: Any) -> Any:
        if name == "vl_convert":
            raise ImportError(name)
        return real(name, *arguments, **named)

    monkeypatch.setitem(sys.modules, "vl_convert", None)
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtra, match=r'pip install "gemba\[figures\]"'):
        dot().to_svg()
    shown = dot()._repr_mimebundle_(include=None, exclude=None)
    assert set(shown) == {"text/plain"}
    assert "Three dots." in shown["text/plain"]


def test_a_notebook_gets_the_picture_and_its_words() -> None:
    shown = dot()._repr_mimebundle_(include=None, exclude=None)
    assert shown == {"image/svg+xml": dot().to_svg(), "text/plain": "Three dots."}
