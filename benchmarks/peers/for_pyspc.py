"""pyspc: its chart layers give points and limits; its two rules cannot be had without drawing."""

from __future__ import annotations

import sys

import matplotlib as mpl

mpl.use("Agg")

import numpy as np
from pyspc import rbar, xbar_rbar
from speak import speak, timed


def xbar_r(path: str) -> None:
    data = np.load(path).tolist()  # lists: the fastest thing to give to its loops
    size = len(data[0])
    charts = (xbar_rbar(), rbar())
    panels, seconds = timed(lambda: [chart.plot(data, size) for chart in charts])
    lines = {name: list(map(float, panel[1:4])) for name, panel in zip(("xbar", "r"), panels, strict=True)}
    speak(seconds, lines=lines)


{"xbar_r": xbar_r}[sys.argv[1]](*sys.argv[2:])
