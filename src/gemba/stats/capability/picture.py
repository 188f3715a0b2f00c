"""The capability report on one page: stability, spread against the limits, normality, figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gemba.stats.capability.picture_histogram import histogram_view, limit_lines
from gemba.stats.capability.picture_numbers import numbers_view
from gemba.stats.capability.picture_probability import probability_view
from gemba.stats.capability.remarks import p_text
from gemba.stats.capability.words import headline, reasons
from gemba.stats.charts.picture import chart_figure
from gemba.stats.figures import Figure, heading, marks
from gemba.stats.figures.text import exact
from gemba.stats.figures.theme import SIZES
from gemba.stats.results import N_, Translate, signed, translator

if TYPE_CHECKING:
    from gemba.stats.capability.result import Capability

LEFT: Final = 480.0
RIGHT: Final = 268.0
"""Widths in pixels of the two columns, without axes."""

NARROWEST, BESIDE = 150.0, 66.0
"""The least width of a histogram that stands alone, and what its axis takes beside it."""

HISTOGRAM_HEIGHT, CHART_HEIGHT, PROBABILITY_HEIGHT = 250.0, 270.0, 264.0


def capability_figure(study: Capability, *, language: str | None = None) -> Figure:
    """Is the process stable, where do its values lie between the limits, and are they normal?

    Parameters
    ----------
    study : Capability
        A judged study.
    language : str, optional
        Language of titles, labels and tooltips.

    Returns
    -------
    Figure
        Histogram with the normal curves of both sigmas and the limits; the indices, which say "not stable:
        not meaningful" where they are; the control chart that judged; the normal probability plot.
    """
    t = translator(language)
    title = t(N_("Capability of {name}")).format(name=study.name)
    lines = [headline(study, language), *study.warnings(language)]
    histogram, above = histogram_view(study, LEFT, HISTOGRAM_HEIGHT, t)
    cells = [
        _titled(histogram, t(N_("Values and limits")), above=10),
        _titled(numbers_view(study, RIGHT, t), t(N_("Capability")), above=10 + above),
        _stability(study, t, language),
        _titled(probability_view(study, RIGHT, PROBABILITY_HEIGHT, t), _normality_title(study, t)),
    ]
    spec = {
        "title": heading(title, lines, LEFT + RIGHT + 60),
        "concat": cells,
        "columns": 2,
        "spacing": {"row": 26, "column": 18},
    }
    return Figure(spec, alt=_alt(study, title, t, language), title=title)


def histogram_figure(
    study: Capability, *, room: float, height: float = 150.0, language: str | None = None
) -> Figure:
    """Only the histogram: the curves of both sigmas, and the limits by name.

    Parameters
    ----------
    study : Capability
        A judged study.
    room, height : float
        The whole width in pixels that it shall fill, and the height of the bars.
    language : str, optional
        Language of titles, labels and tooltips.

    Returns
    -------
    Figure
        Without a title of its own: it stands on a page that has one.
    """
    t = translator(language)
    view, above = histogram_view(study, max(NARROWEST, room - BESIDE), height, t)
    title = t(N_("Histogram of {name}")).format(name=study.name)
    words = t(N_("{title}: {count} values from {low} to {high}, mean {mean}. {limits}.")).format(
        title=title,
        count=signed(f"{study.n:,}"),
        low=exact(float(study.values.min())),
        high=exact(float(study.values.max())),
        mean=signed(f"{study.mean:.6g}"),
        limits=", ".join(name for _, _, name in limit_lines(study, t)),
    )
    return Figure(view | {"padding": {"top": above, "left": 2, "right": 8, "bottom": 2}}, words, title)


def _titled(view: dict[str, Any], text: str, *, above: float = 8.0) -> dict[str, Any]:
    return view | {"title": {"text": text, "fontSize": SIZES["subtitle"] + 1, "offset": above}}


def _stability(study: Capability, t: Translate, language: str | None) -> dict[str, Any]:
    if study.chart is None:
        rows = [{"px": 0.0, "py": 10.0, "text": reasons(study, language)[0]}]
        view = {
            "width": LEFT,
            "height": 40,
            "view": {"stroke": None},
            "layer": [marks.texts(rows, "label-muted")],
        }
        return _titled(view, t(N_("Stability is not judged")))
    figure = chart_figure(study.chart, language=language, width=LEFT, height=CHART_HEIGHT)
    return _titled(dict(figure.spec), figure.title)


def _normality_title(study: Capability, t: Translate) -> str:
    if study.anderson_darling is None or study.normality_p is None:
        return t(N_("Normal probability"))
    return t(N_("Normal probability: A² = {a2:.2f}, p {p}")).format(
        a2=study.anderson_darling,
        p=p_text(study.normality_p),
    )


def _alt(study: Capability, title: str, t: Translate, language: str | None) -> str:
    limits = ", ".join(name for _, _, name in limit_lines(study, t))
    parts = [
        f"{title}.",
        headline(study, language),
        t(N_("Histogram of {n} values from {low} to {high} around the mean {mean}; {limits}.")).format(
            n=study.n,
            low=exact(float(study.values.min())),
            high=exact(float(study.values.max())),
            mean=exact(float(f"{study.mean:.7g}")),
            limits=limits,
        ),
        t(N_("Sigma within {within:.4g}, overall {overall:.4g}.")).format(
            within=study.sigma_within, overall=study.sigma_overall
        ),
        *study.warnings(language),
    ]
    return " ".join(parts)
