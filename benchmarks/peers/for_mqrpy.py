"""mqrpy: parameters and statistics of a chart, and the rules it has: limits, side, trend, a of b."""

from __future__ import annotations

import sys

import matplotlib as mpl

mpl.use("Agg")

import mqr
import numpy as np
import pandas as pd
from speak import speak, timed


def xbar_r(path: str) -> None:
    samples = pd.DataFrame(np.load(path))
    rules = {
        "1": mqr.spc.rules.limits(),
        "2": mqr.spc.rules.n_1side(9),
        "3": mqr.spc.rules.n_trending(6),
        "5": mqr.spc.rules.aofb_nsigma(2, 3, 2),
        "6": mqr.spc.rules.aofb_nsigma(4, 5, 1),
    }

    def work():
        means = mqr.spc.XBarParams.from_data(samples, method="r_bar")
        ranges = mqr.spc.RParams.from_data(samples)
        statistic = means.statistic(samples)
        beyond = mqr.spc.rules.limits()(ranges.statistic(samples), ranges)
        return means, ranges, {code: rule(statistic, means) for code, rule in rules.items()}, beyond

    (means, ranges, alarms, beyond), seconds = timed(work)
    size = samples.shape[1]
    nobs = pd.Series([size])
    lines = {
        "xbar": [means.target(), float(means.lcl(nobs)[0]), float(means.ucl(nobs)[0])],
        "r": [ranges.target(), float(ranges.lcl(size)), float(ranges.ucl(size))],
    }
    fired = {code: (np.flatnonzero(alarm) + 1).tolist() for code, alarm in alarms.items()}
    speak(seconds, lines=lines, fired=fired, r=(np.flatnonzero(beyond) + 1).tolist())


{"xbar_r": xbar_r}[sys.argv[1]](*sys.argv[2:])
