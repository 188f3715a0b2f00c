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
    "Capability and tolerance": lambda: (Picture(name, *rest) for name, rest in CAPABILITY.items()),
    "Design and graphs": lambda: (Picture(name, *rest) for name, rest in OTHERS.items()),
}


WORDS = (
    "Every kind of chart and the pictures of capability, drawn from their data when these pages were "
    "built. Each is one call and `.plot()`; the data of the literature are those of the cases that `gemba "
    "qualify` checks."
)


def gallery(rooms: Rooms = ROOMS) -> dict[str, str]:
    """The page, and every picture in light and dark, by their paths."""
    files: dict[str, str] = {}
    lines = [
        "# Gallery",
        WORDS,
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
