"""The gallery shows every kind of chart that there is, and each picture can be drawn and told."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import pytest

from gemba import stats as gs
from walls.tree import ROOT


def loaded() -> Any:
    """The module that the docs load, which lies in no package."""
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        return importlib.import_module("gallery")
    finally:
        sys.path.remove(str(ROOT / "docs"))


gallery = loaded()
PICTURES = [picture for pictures in gallery.ROOMS.values() for picture in pictures()]


def test_every_kind_of_chart_is_in_the_gallery() -> None:
    assert {kind.name for kind in gs.KINDS} <= {picture.name for picture in PICTURES}


def test_no_two_pictures_share_a_name() -> None:
    names = [picture.name for picture in PICTURES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_is_drawn_with_a_sentence_a_source_and_words_for_who_cannot_see(picture: Any) -> None:
    figure = picture.figure()
    assert figure.alt
    assert figure.spec
    assert picture.sentence.endswith((".", "?"))
    assert picture.source


def test_the_page_shows_light_and_dark() -> None:
    only = {"Capability and tolerance": lambda: iter(PICTURES[:1])}
    files = gallery.gallery(only)
    name = PICTURES[0].name
    page = files["explain/gallery.md"]
    assert f"gallery/{name}-light.svg#only-light" in page
    assert f"gallery/{name}-dark.svg#only-dark" in page
    assert files[f"explain/gallery/{name}-dark.svg"].startswith("<svg")
