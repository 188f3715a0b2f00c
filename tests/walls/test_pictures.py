"""Each picture of the product in the manual is taken by the command, is there, small, and told in words."""

from __future__ import annotations

import pytest

from pictures.book import BY_NAME, FOLDER, MOST_BYTES, MOST_BYTES_TOGETHER, PICTURES, USED
from walls.tree import ROOT, files, text

PAGES = [path for path in files(".md") if path.name == "README.md" or path.parts[0] == "docs"]
WORDS = 20
"""Letters that the words for who cannot see the picture have at least."""


def shown() -> dict[str, list[str]]:
    """Each picture that a page shows -> the words for who cannot see it."""
    found: dict[str, list[str]] = {}
    for page in PAGES:
        for picture in USED.finditer(text(page)):
            assert (ROOT / page.parent / picture["way"] / "pictures").resolve() == ROOT / FOLDER, page
            found.setdefault(picture["name"], []).append(picture["alt"])
    return found


def test_every_picture_that_a_page_shows_is_taken_by_the_command_and_told_in_words() -> None:
    found = shown()
    assert set(found) - set(BY_NAME) == set()
    assert [name for name, alts in found.items() for alt in alts if len(alt) < WORDS] == []


def test_every_picture_is_shown_is_there_and_is_small() -> None:
    assert len(BY_NAME) == len(PICTURES)
    wanted = {file for picture in PICTURES for file in picture.files}
    there = {path.name: path.stat().st_size for path in (ROOT / FOLDER).glob("*.webp")}
    assert set(there) == wanted
    assert {name: size for name, size in there.items() if size > MOST_BYTES} == {}
    assert sum(there.values()) <= MOST_BYTES_TOGETHER
    assert set(BY_NAME) - set(shown()) - {"plant"} == set(), "a picture that no page shows"
    assert "docs/pictures/plant.webp" in text(ROOT / "README.md")


@pytest.mark.parametrize(
    "written", ["![A plant](../pictures/plant.webp)", "![A plant](docs/pictures/plant.webp)"]
)
def test_a_picture_in_a_page_is_found(written: str) -> None:
    found = USED.search(written)
    assert found is not None
    assert (found["name"], found["alt"]) == ("plant", "A plant")
