"""The contact sheets: every page at one width and scheme on one big picture, to be looked at by people."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from browser.eyes import SCHEMES, WIDTHS

CELL = 330
HIGHEST = 760
COLUMNS = 6
A_SHEET = 24


def make_sheets(browser: Any, pages: Path, out: Path) -> list[Path]:
    """Write ``sheet-WIDTH-SCHEME-N.png`` for the pictures in a folder."""
    made = []
    for old in out.glob("sheet-*.png"):
        old.unlink()
    for width in WIDTHS:
        for scheme in SCHEMES:
            found = sorted(pages.glob(f"*-{width}-{scheme}.png"))
            for number, start in enumerate(range(0, len(found), A_SHEET), 1):
                made.append(out / f"sheet-{width}-{scheme}-{number}.png")
                _sheet(browser, found[start : start + A_SHEET], f"-{width}-{scheme}", made[-1])
    return made


def _sheet(browser: Any, pictures: list[Path], suffix: str, place: Path) -> None:
    cells = "".join(
        f"<figure><figcaption>{escape(picture.stem.removesuffix(suffix))}</figcaption>"
        f'<div><img src="{picture.as_uri()}"></div></figure>'
        for picture in pictures
    )
    style = (
        f"body{{margin:16px;background:#777;font:13px sans-serif;color:#fff;display:grid;gap:16px;"
        f"grid-template-columns:repeat({COLUMNS},{CELL}px);align-items:start}}figure{{margin:0}}"
        f"img{{width:{CELL}px;display:block}}div{{max-height:{HIGHEST}px;overflow:hidden}}"
        "figcaption{padding:2px 0 6px;overflow-wrap:anywhere}"
    )
    source = place.with_suffix(".html")
    source.write_text(f"<!doctype html><meta charset=utf-8><style>{style}</style>{cells}", encoding="utf-8")
    page = browser.new_page(viewport={"width": COLUMNS * (CELL + 16) + 16, "height": 900})
    page.goto(source.as_uri())
    page.screenshot(path=place, full_page=True)
    page.close()
    source.unlink()
