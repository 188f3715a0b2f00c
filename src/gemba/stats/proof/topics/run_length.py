"""The topics of run lengths, answered by ``charts.run_length``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gemba.stats.charts.rules import NELSON
from gemba.stats.charts.run_length import false_alarm_budget, run_length, run_length_limit

Values = Mapping[str, Any]
CHAMP_WOODALL = {
    "CW-1": ["1"],
    "CW-12": ["1", "5"],
    "CW-13": ["1", "6"],
    "CW-14": [*NELSON.only(("1",)).rules, NELSON.adjust("2", k=8)["2"]],
    "N-3": ["3"],
    "N-4": ["4"],
}
"""The rules under the codes that the cases use."""


def shewhart(data: Values, options: Values) -> Values:  # noqa: ARG001 (no data)
    """Limits alone, for several sizes of subgroups."""
    shifts = options["shifts"]
    found = [run_length(shift=shifts, n=n, nsigma=float(options["L"])).arl for n in options["n"]]
    return {"arl": [list(row) for row in found]}


def rules(data: Values, options: Values) -> Values:  # noqa: ARG001 (no data)
    """Limits with one further rule."""
    chosen: Any = CHAMP_WOODALL[options["rule_code"]]
    return {"arl": list(run_length(shift=options["shifts"], rules=chosen).arl)}


def ewma(data: Values, options: Values) -> Values:  # noqa: ARG001 (no data)
    """An ewma with the limits of the long run."""
    found = run_length(
        "ewma", shift=options["shifts"], lam=options["lambda"], L=options["L"], limits="asymptotic"
    )
    return {"arl": list(found.arl)}


def ewma_design(data: Values, options: Values) -> Values:  # noqa: ARG001 (no data)
    """The limit of an ewma for a run length in control."""
    wanted: dict[str, Any] = {"arl": options["arl0"], "limits": "asymptotic"}
    return {"L": [run_length_limit("ewma", lam=lam, **wanted) for lam in options["lambda"]]}


def cusum(data: Values, options: Values) -> Values:  # noqa: ARG001 (no data)
    """One sum or both, with and without a head start."""
    found = run_length(
        "cusum",
        shift=options["shifts"],
        k=options["k"],
        h=options["h"],
        fir=options["headstart_fraction"] * options["h"],
        sums="upper" if options["sided"] == "one" else "both",
    )
    return {"arl": list(found.arl)}


def cusum_design(data: Values, options: Values) -> Values:  # noqa: ARG001 (no data)
    """The decision interval for a run length in control."""
    return {"h": [run_length_limit("cusum", arl=arl, k=options["k"]) for arl in options["arl0"]]}


def mewma(data: Values, options: Values) -> Values:  # noqa: ARG001 (no data)
    """Several variables, by the distance of the shift."""
    found = run_length(
        "mewma", shift=options["shifts"], variables=options["p"], lam=options["lambda"], h=options["h"]
    )
    return {"arl": list(found.arl)}


def mcusum(data: Values, options: Values) -> Values:  # noqa: ARG001 (no data)
    """Crosier's sum of several variables, by the distance of the shift."""
    found = run_length(
        "mcusum", shift=options["shifts"], variables=options["variables"], k=options["k"], h=options["h"]
    )
    return {"arl": list(found.arl)}


def mewma_design(data: Values, options: Values) -> Values:  # noqa: ARG001 (no data)
    """The limit of T² for a run length in control, for several numbers of variables."""
    wanted: dict[str, Any] = {"lam": options["lambda"], "arl": options["arl0"][0]}
    return {"h_arl0_500": [run_length_limit("mewma", variables=p, **wanted) for p in options["p"]]}


def alarm_budget(data: Values, options: Values) -> Values:  # noqa: ARG001 (no data)
    """False alarms a week of groups of charts with limits alone, and what wider limits would do."""
    found = false_alarm_budget(rules="bare", **options)
    alone = sorted((x for x in found.offers if x.rules == "bare"), key=lambda x: x.nsigma)
    return {
        "alarms": [line.alarms for line in found.lines],
        "false_share": found.false_share,
        "fitting": found.fitting,
        "offered": [offer.alarms for offer in alone],
        "found": [offer.found for offer in alone],
    }
