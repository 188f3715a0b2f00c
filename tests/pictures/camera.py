"""A camera before a page: it waits until everything stands still, and writes small files."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from browser.eyes import drawn
from pictures.book import PHONE, Picture

QUALITY = 76
SHARP, SMALLER = 1.5, 0.75
"""Pixels of the file for one of the page; a phone is shown smaller."""


def take(page: Any, picture: Picture, folder: Path) -> list[Path]:
    """Write what the page shows, in light and where asked in the dark; the files."""
    made = []
    for name, scheme in zip(picture.files, ("light", "dark"), strict=False):
        page.emulate_media(color_scheme=scheme)
        drawn(page)
        page.evaluate("document.activeElement?.blur()")
        made.append(folder / name)
        made[-1].write_bytes(_photograph(page, picture))
    page.emulate_media(color_scheme="light")
    return made


def _photograph(page: Any, picture: Picture) -> bytes:
    across, down = picture.size
    page.mouse.move(0, 0)
    clip: dict[str, float] = {"x": 0, "y": 0, "width": across, "height": down}
    if picture.part:
        part = page.locator(picture.part).first
        part.scroll_into_view_if_needed()
        box = part.bounding_box()
        clip = {**box, "y": box["y"] + page.evaluate("scrollY")}
    asked = {
        "format": "webp",
        "quality": QUALITY,
        "clip": {**clip, "scale": SMALLER if picture.size == PHONE else 1},
    }
    talk = page.context.new_cdp_session(page)
    answer = talk.send("Page.captureScreenshot", {**asked, "captureBeyondViewport": bool(picture.part)})
    talk.detach()
    return base64.b64decode(answer["data"])
