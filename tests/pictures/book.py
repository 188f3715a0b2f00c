"""Every picture of the manual that is taken of the product: of which plant, who looks, at what. Pure.

``bin/docs --pictures`` takes them; tests/walls/test_pictures.py holds the pages to this list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

FOLDER = "docs/pictures"
USED = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<way>[./a-z]*)pictures/(?P<name>[a-z0-9-]+)\.webp\)")
MOST_BYTES, MOST_BYTES_TOGETHER = 90_000, 2_000_000
PASSWORD = "battery-staple-correct"
"""Of everybody in the lessons."""
WIDE, TALL, PHONE, WHOLE = (1240, 800), (1240, 1040), (390, 780), (1240, 2600)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture: its file, the plant, who is signed in, and the address, with the demo's places in braces.

    ``part`` is the element that is shown, the window where it is empty; ``shows`` stands on the page, or the
    picture is of something else; ``opens`` is clicked first; ``dark`` takes it in the dark too.
    """

    name: str
    plant: Literal["demo", "lesson", "file"] = "demo"
    who: str = "emil"
    path: str
    shows: str
    part: str = ""
    opens: str = ""
    size: tuple[int, int] = WIDE
    dark: bool = False

    @property
    def files(self) -> tuple[str, ...]:
        """What is written."""
        return (f"{self.name}.webp", *((f"{self.name}-dark.webp",) if self.dark else ()))


def demo() -> Iterator[Picture]:
    """The plant of ``gemba demo``, as somebody finds it who opens it."""
    yield Picture(name="plant", path="/", shows="What happens here", size=(1280, 840), dark=True)
    yield Picture(name="lines", path="/", shows="The lines now", part=".demo-lines", size=WHOLE)
    yield Picture(name="chart", path="/charts/{bore}", shows="Bore diameter", size=(1280, 900), dark=True)
    yield Picture(name="point", path="/charts/{bore}", shows="Bore diameter", part="dialog[open]",
                  opens="table a[href*='/points/']")  # fmt: skip
    yield Picture(name="charts", path="/charts", shows="Live charts", size=TALL)
    yield Picture(name="signal", path="/records/{open.signal}", shows="Bore diameter")
    yield Picture(
        name="thread", path="/records/{asked}/thread", shows="Leak rate", size=(1440, 940), dark=True
    )
    yield Picture(name="coverage", path="/coverage", shows="Coverage", size=TALL)
    yield Picture(name="capa", path="/records/{held.capa}", shows="Effective", size=TALL)
    yield Picture(name="capa-second", path="/records/{second-try.capa}", shows="Impellers are too heavy")
    yield Picture(name="nonconformance", path="/records/{mixed-lot.nonconformance}", shows="Wall thickness")
    yield Picture(name="gauge", path="/records/{gauge-drift.gauge}", shows="TW-02")
    yield Picture(name="requirement", path="/records/{asked}", shows="Leak rate")
    yield Picture(name="plans", path="/records/control-plan", shows="Control plans")
    yield Picture(name="loop", path="/loop", shows="The loop", size=TALL)
    yield Picture(name="desk", path="/desk", shows="My desk")
    yield Picture(name="desk-phone", who="ines", path="/desk", shows="My desk", size=PHONE)
    yield Picture(name="chart-phone", who="ines", path="/charts/{bore}", shows="Bore diameter", size=PHONE)
    yield Picture(name="alarms", path="/charts/alarms", shows="False alarms a week")
    yield Picture(name="screening", path="/charts/screening", shows="Screening")


def lessons() -> Iterator[Picture]:
    """The plant of the lessons, each picture where the page shows it."""
    about = "/records/characteristic/LAST"
    yield Picture(
        name="lesson-characteristic", plant="lesson", who="eva", path=about, shows="Wafer thickness"
    )
    yield Picture(name="lesson-collecting", plant="lesson", who="eva", path="/charts/LAST", shows="20 points")
    yield Picture(name="lesson-limits", plant="lesson", who="otto", path="/records/limit-set/LAST",
                  shows="not stable")  # fmt: skip
    yield Picture(name="lesson-sign", plant="lesson", who="otto", path="/records/limit-set/LAST",
                  shows="heater broken", opens="a[href$='/moves/approve']", part="dialog[open]")  # fmt: skip
    yield Picture(name="lesson-signal", plant="lesson", who="olga", path="/charts/LAST", shows="rule 1")
    yield Picture(name="lesson-task", plant="lesson", who="olga", path="/desk", shows="Stop the furnace",
                  size=PHONE)  # fmt: skip
    yield Picture(name="lesson-decided", plant="lesson", who="quinn", path="/records/nonconformance/LAST",
                  shows="too thick")  # fmt: skip
    yield Picture(name="lesson-criterion", plant="lesson", who="otto", path="/records/capa/LAST",
                  shows="15 values show it")  # fmt: skip
    yield Picture(name="lesson-verdict", plant="lesson", who="otto", path="/records/capa/LAST",
                  shows="Effective: the mean", size=TALL)  # fmt: skip


def files() -> Iterator[Picture]:
    """A file that is brought to a plant without anything, one step after the other."""
    yield Picture(name="file-drop", plant="file", who="eva", path="/", shows="Drop your file here")
    yield Picture(name="file-read", plant="file", who="eva", path="", shows="Is this what the file says?")
    yield Picture(name="file-chart", plant="file", who="eva", path="", shows="What the file shows",
                  part="#shows", size=WHOLE)  # fmt: skip
    yield Picture(name="file-made", plant="file", who="eva", path="", shows="What happens next")


PICTURES = (*demo(), *lessons(), *files())
BY_NAME = {picture.name: picture for picture in PICTURES}
