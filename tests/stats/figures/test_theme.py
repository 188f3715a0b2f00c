from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from gemba.stats.figures.theme import STYLES, TOKENS, theme_config
from gemba.stats.results import Floats

TEXTS = ("ink", "muted", "limit", "center", "beyond", "run")
MARKS = ("series", "bar", "rest", "second", "axis")
TOLD_APART = ("series", "beyond", "run")

# Viénot, Brettel and Mollon (1999): what a protanope and a deuteranope see, on linear RGB.
DICHROMATS = {
    "protan": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deutan": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
}


def linear(colour: str) -> Floats:
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ np.array([0.2126, 0.7152, 0.0722]))


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def lab(rgb: Floats) -> Floats:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("theme", TOKENS)
@pytest.mark.parametrize("token", TEXTS)
def test_text_has_the_contrast_that_wcag_asks(theme: str, token: str) -> None:
    assert contrast(TOKENS[theme][token], TOKENS[theme]["ground"]) >= 4.5


@pytest.mark.parametrize("theme", TOKENS)
@pytest.mark.parametrize("token", MARKS)
def test_marks_have_the_contrast_that_wcag_asks(theme: str, token: str) -> None:
    assert contrast(TOKENS[theme][token], TOKENS[theme]["ground"]) >= 3.0


@pytest.mark.parametrize("theme", TOKENS)
def test_text_on_bars_is_legible(theme: str) -> None:
    assert contrast(TOKENS[theme]["on-bar"], TOKENS[theme]["bar"]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("sight", DICHROMATS)
def test_points_and_signals_differ_for_the_colour_blind(theme: str, sight: str) -> None:
    seen = {token: lab(np.array(DICHROMATS[sight]) @ linear(TOKENS[theme][token])) for token in TOLD_APART}
    for one, other in itertools.combinations(TOLD_APART, 2):
        assert math.dist(seen[one], seen[other]) >= 10, (one, other)


def test_every_kind_of_signal_has_a_shape_of_its_own() -> None:
    kinds = ("signal-beyond", "signal-run", "signal-part")
    assert len({STYLES[kind]["shape"] for kind in kinds}) == len(kinds)


@pytest.mark.parametrize("theme", TOKENS)
def test_every_style_is_resolved(theme: str) -> None:
    assert set(TOKENS[theme]) == set(TOKENS["light"])
    config = theme_config(theme)
    assert "$" not in str(config)
    assert set(config["style"]) == set(STYLES)
