"""The gallery: every kind of chart and the pictures of capability, drawn when the pages are built."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from gallery_charts import CHARTS, FURNACE, ORANGE, SIMULATED, data, example, simulated

from gemba import stats as gs
from gemba.stats.figures import Figure

PAGE = "explain/gallery.md"
FOLDER = "explain/gallery"


@dataclass(frozen=True)
class Picture:
    """One picture: what it is of, what it shows in a sentence, whose data, and how it is drawn."""

    name: str
    title: str
    sentence: str
    source: str
    draw: Callable[[], Any]

    def figure(self) -> Figure:
        """The picture itself."""
        drawn: Figure = self.draw().plot()
        return drawn


def goal() -> gs.CapabilityTogether:
    """Six characteristics of one part, each with mean, standard deviation, and half its tolerance."""
    made = {
        "bore": (10.0, 0.02, 0.1),
        "face": (4.05, 0.05, 0.2),
        "length": (100.28, 0.1, 0.5),
        "depth": (5.0, 0.24, 0.5),
        "angle": (45.0, 0.2, 1.0),
        "slot": (8.03, 0.03, 0.15),
    }
    chance = np.random.default_rng(12)
    frame = {name: chance.normal(mean, sd, 60) for name, (mean, sd, _) in made.items()}
    limits = {
        name: {"lsl": round(mean) - half, "usl": round(mean) + half} for name, (mean, _, half) in made.items()
    }
    return gs.capability_together(frame, limits)


LIVES = data("own-capability-weibull-1")["values"]
CAPABILITY: dict[str, tuple[str, str, str, Callable[[], Any]]] = {
    "capability": (
        "Capability study",
        "Stability first; then histogram, probability plot, indices and their intervals.",
        FURNACE,
        lambda: gs.capability(
            example("furnace.csv"), value="thickness", subgroup="run", lsl=460, usl=660, target=560
        ),
    ),
    "capability-distribution": (
        "Capability by distribution",
        "Skewed values by a fitted Weibull distribution and its percentiles.",
        SIMULATED,
        lambda: gs.capability_by_distribution(LIVES, lsl=0.5, usl=20.0, distribution="weibull"),
    ),
    "capability-over-time": (
        "Capability over time",
        "A model of ISO 22514-2: the location varies at random, so this is performance.",
        FURNACE,
        lambda: gs.capability_over_time(
            example("furnace.csv"), value="thickness", subgroup="run", lsl=460, usl=660
        ),
    ),
    "goal-plot": (
        "Several characteristics",
        "The goal plot: to the side the mean is off, above the triangle the spread is too wide.",
        SIMULATED,
        goal,
    ),
    "count-capability": (
        "Capability of counts",
        "The chart that judges whether a share of defectives may be stated at all.",
        ORANGE,
        lambda: gs.count_capability(data("ref-cap-binomial-orangejuice"), value="defectives", n="sizes"),
    ),
    "tolerance-interval": (
        "Tolerance interval",
        "Between which values 99 % of all items lie, with 95 % confidence.",
        FURNACE,
        lambda: gs.tolerance_interval(example("furnace.csv"), value="thickness", coverage=0.99),
    ),
    "distribution": (
        "Which distribution?",
        "Probability plots of the families that fit best.",
        SIMULATED,
        lambda: gs.identify_distribution(LIVES),
    ),
}
OTHERS: dict[str, tuple[str, str, str, Callable[[], Any]]] = {
    "run-length": (
        "Run length",
        "How soon a chart finds a shift, and how often it calls for nothing.",
        "computed",
        lambda: gs.run_length(rules="platform", n=5),
    ),
    "pareto": (
        "Pareto",
        "The few causes of most of the cost.",
        "defects, among the examples",
        lambda: gs.pareto(example("defects.csv"), category="defect", weight="cost"),
    ),
    "histogram": (
        "Histogram",
        "All values, with the normal curve that would fit them.",
        FURNACE,
        lambda: gs.histogram(example("furnace.csv"), value="thickness"),
    ),
    "run-chart": (
        "Run chart",
        "Values in their order, with tests for trends and mixtures.",
        FURNACE,
        lambda: gs.run_chart(example("furnace.csv"), value="thickness"),
    ),
    "box-plot": (
        "Box plot",
        "Groups beside each other: middle, quarters, and what lies far out.",
        FURNACE,
        lambda: gs.box_plot(example("furnace.csv"), value="thickness", by="run"),
    ),
}


@dataclass(frozen=True)
class Drawn:
    """A chart with what happened on its time axis."""

    chart: gs.ControlChart
    events: tuple[gs.Event, ...]

    def plot(self) -> Figure:
        """The chart, its events on the axis."""
        return self.chart.plot(events=self.events)


def series(count: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Single values with a burst of high ones and a better level at the end."""
    values = np.random.default_rng(5).normal(10, 1, count)
    values[int(0.4 * count) : int(0.46 * count)] += 2.2
    values[int(0.75 * count) :] -= 0.8
    return values


def staged() -> Drawn:
    """Three stages, two points left out, events."""
    stage = ["before"] * 150 + ["new pump"] * 75 + ["new nozzle"] * 75
    frame = {"flow": series(300).tolist(), "stage": stage}
    chart = gs.control_chart(
        "i-mr",
        frame,
        value="flow",
        stages="stage",
        rules="nelson",
        exclude={31: "power cut", 126: "tool broke"},
    )
    happened = ((61, "Tool T2", "tool"), (121, "Lot 4711", "lot"), (138, "Lot 4712", "lot"))
    events = (*happened, (151, "Pump changed", "action"), (226, "Nozzle changed", "action"))
    return Drawn(chart, tuple(gs.Event(*event) for event in events))


def long_series() -> gs.ControlChart:
    """A hundred thousand points."""
    return gs.control_chart("i-mr", {"flow": series(100_000)}, value="flow", rules="platform")


LONG: dict[str, tuple[str, str, str, Callable[[], Any]]] = {
    "stages-and-events": (
        "Stages, points left out, events",
        "Each stage has limits of its own; hollow points are left out with a reason; events on the axis.",
        SIMULATED,
        staged,
    ),
    "many-points": (
        "A hundred thousand points",
        "The band runs from the lowest to the highest of its neighbours, so no point beyond a limit is lost.",
        SIMULATED,
        long_series,
    ),
}


def charts() -> Iterator[Picture]:
    """Every kind there is."""
    for kind in gs.KINDS:
        if kind.name in CHARTS:
            sentence, source, draw = CHARTS[kind.name]
        else:
            sentence, source = f"{kind.words.purpose[:1].upper()}{kind.words.purpose[1:]}", SIMULATED
            draw = partial(simulated, kind.name, kind.layout)
        yield Picture(kind.name, kind.words.title, sentence, source, draw)


Rooms: TypeAlias = Mapping[str, Callable[[], Iterator[Picture]]]
ROOMS: Rooms = {
    "Control charts": charts,
    "Long series": lambda: (Picture(name, *rest) for name, rest in LONG.items()),
    "Capability and tolerance": lambda: (Picture(name, *rest) for name, rest in CAPABILITY.items()),
    "Design and graphs": lambda: (Picture(name, *rest) for name, rest in OTHERS.items()),
}


WORDS = (
    "Every kind of chart and the pictures of capability, drawn from their data when these pages were "
    "built. Each is one call and `.plot()`; the data of the literature are those of the cases that `gemba "
    "qualify` checks."
)

READING = """\
How to read them, and where they say more than a printed chart of the same data:

- **Both panels stand on one axis.** A wide range is seen below the mean that it belongs to.
- **A signal has a shape, a colour and the number of its rule**, and the key says each rule in words. A
  diamond is beyond a limit, a square ends a pattern, a ring is left out of the limits.
- **Limits step where the size of the sample does**, and at the right edge stand those of the last point.
  Printed charts often draw the limits of the average size, which judge a small sample too hard and a
  large one too mildly.
- **What begins at its limits shows them**: those of EWMA and moving averages widen first, as they are
  computed.
- **Skewed kinds** (g, t, MEWMA) leave more room to small values, so that one long gap does not press all
  others flat.
- **On the limit is not beyond**: the c chart of the wafers has a point on its upper limit of 28.0, and no
  signal there.
- **Moments** below the axis are told by the parts that differ, values beside the lines by as many
  decimals as help."""


def gallery(rooms: Rooms = ROOMS) -> dict[str, str]:
    """The page, and every picture in light and dark, by their paths."""
    files: dict[str, str] = {}
    lines = [
        "# Gallery",
        WORDS,
        READING,
    ]
    for room, pictures in rooms.items():
        lines.append(f"## {room}")
        for picture in pictures():
            figure = picture.figure()
            for theme in ("light", "dark"):
                files[f"{FOLDER}/{picture.name}-{theme}.svg"] = figure.to_svg(theme)
            lines += _shown(picture, figure)
    return {PAGE: "\n\n".join([*lines, ""])} | files


def _shown(picture: Picture, figure: Figure) -> list[str]:
    alt = " ".join(figure.alt.replace("[", "(").replace("]", ")").split())
    pictures = [f"![{alt}](gallery/{picture.name}-{theme}.svg#only-{theme})" for theme in ("light", "dark")]
    return [
        f"### {picture.title} {{ #{picture.name} }}",
        f"{picture.sentence} *Data: {picture.source}.*",
        "\n".join(pictures),
    ]
