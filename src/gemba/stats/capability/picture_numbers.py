"""The figures of a study as a panel of the report: a small table drawn beside the histogram."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from gemba.stats.capability.tables import LABELS
from gemba.stats.capability.words import index_text, remark_of
from gemba.stats.figures import marks
from gemba.stats.figures.text import BOLD, exact, text_width
from gemba.stats.figures.theme import SIZES
from gemba.stats.results import N_, Translate, signed

if TYPE_CHECKING:
    from gemba.stats.capability.result import Capability

LINE: Final = 16.5
"""Pixels from one row to the next."""
_FIRST, _SECOND = 0.62, 1.0
"""Where the columns within and overall end, as shares of the width."""

INDENT: Final = "  "
"""What a label begins with that belongs to the row above."""

Row = tuple[str, str, str, str]
"""Label, within, overall, style."""


def numbers_view(study: Capability, width: float, t: Translate) -> dict[str, Any]:
    """Indices within and overall beside each other, then ppm, then what was measured.

    Of a process that is not stable the indices stand in brackets under the remark.
    """
    rows = [*_head(study, t), *_indices(study, t), *_ppm(study, t), *_process(study, t)]
    layers: list[dict[str, Any]] = []
    for style in dict.fromkeys(row[3] for row in rows):
        chosen = [(i, row) for i, row in enumerate(rows) if row[3] == style]
        layers += _column(chosen, 0, 0.0, style, "left")
        layers += _column(chosen, 1, _FIRST * width, style, "right")
        layers += _column(chosen, 2, _SECOND * width, style, "right")
    layers += _swatches(rows, width, t)
    return {"width": width, "height": len(rows) * LINE, "view": {"stroke": None}, "layer": layers}


def _column(
    rows: Sequence[tuple[int, Row]], part: int, place: float, style: str, align: str
) -> list[dict[str, Any]]:
    placed = [
        {
            "px": place + (12.0 if row[part].startswith(INDENT) else 0.0),
            "py": (i + 0.5) * LINE,
            "text": row[part].strip(),
        }
        for i, row in rows
        if row[part]
    ]
    return [marks.texts(placed, style, align=align)] if placed else []


def _swatches(rows: Sequence[Row], width: float, t: Translate) -> list[dict[str, Any]]:
    """A piece of each curve beside the name of its column: the panel is the key of the histogram."""
    line = next(i for i, row in enumerate(rows) if row[1] == t(_WITHIN))
    layers = []
    for end, part, style in ((_FIRST, 1, "curve"), (_SECOND, 2, "curve-other")):
        right = end * width - text_width(rows[line][part], SIZES["label"] * BOLD) - 14
        y = (line + 0.5) * LINE
        layers.append(marks.strokes([{"px": right - 24, "py": y, "px2": right, "py2": y}], style))
    return layers


_WITHIN, _OVERALL = N_("within"), N_("overall")


def _head(study: Capability, t: Translate) -> list[Row]:
    remark = remark_of(study)
    banner = [(t(remark).capitalize(), "", "", "label-limit")] if remark else []
    return [*banner, ("", t(_WITHIN), t(_OVERALL), "label-strong")]


def _indices(study: Capability, t: Translate) -> list[Row]:
    plain = "label-muted" if remark_of(study) else "label-ink"
    strong = "label-muted" if remark_of(study) else "label-strong"
    percent = INDENT + t(N_("{percent} % interval")).format(percent=signed(f"{100 * study.confidence:g}"))
    rows: list[Row] = []
    for inner, outer, style in (
        ("cp", "pp", plain), ("cpl", "ppl", plain), ("cpu", "ppu", plain), ("cpk", "ppk", strong),
    ):  # fmt: skip
        label = f"{LABELS[inner]}, {LABELS[outer]}"
        rows.append((label, _shown(study, inner), _shown(study, outer), style))
        if inner in ("cp", "cpk") and (study.intervals.keys() & {inner, outer}):
            rows.append((percent, _interval(study, inner), _interval(study, outer), "label-muted"))
    if study.cpm is not None:
        shown = _shown(study, "cpm")
        rows.append(("Cpm", *((shown, "") if study.cpm_sigma == "within" else ("", shown)), plain))
    z_within, z_overall = (_bracketed(study, z) for z in (study.z_bench_within, study.z_bench_overall))
    return [*rows, (t(N_("Z.bench")), z_within, z_overall, plain)]


def _shown(study: Capability, index: str) -> str:
    return _bracketed(study, getattr(study, index))


def _bracketed(study: Capability, value: float | None) -> str:
    if value is None:
        return "–"
    return _in_brackets(study, index_text(value))


def _in_brackets(study: Capability, text: str) -> str:
    """The text of a stable process as it is; of another in brackets, so that it is no bare number."""
    return f"({text})" if remark_of(study) and text != "–" else text


def _interval(study: Capability, index: str) -> str:
    found = study.intervals.get(index)
    if found is None:
        return "–"
    return _in_brackets(study, f"{index_text(found.lower)} – {index_text(found.upper)}")


def _ppm(study: Capability, t: Translate) -> list[Row]:
    parts = ((N_("below LSL"), "below"), (N_("above USL"), "above"), (N_("total"), "total"))
    rows: list[Row] = [(t(N_("Expected ppm")), "", "", "label-strong")]
    for label, part in parts:
        shown = (
            ppm_text(None if ppm is None else getattr(ppm, part))
            for ppm in (study.ppm_within, study.ppm_overall)
        )
        inner, outer = (_in_brackets(study, text) for text in shown)
        rows.append((INDENT + t(label), inner, outer, "label-muted" if remark_of(study) else "label-ink"))
    return [*rows, (t(N_("Observed ppm")), "", ppm_text(study.ppm_observed.total), "label-ink")]


def ppm_text(ppm: float | None) -> str:
    """Parts per million as a person reads them."""
    if ppm is None:
        return "–"
    if ppm >= 100 or ppm == 0:
        return signed(f"{ppm:,.0f}")
    return signed(f"{ppm:.2f}" if ppm >= 0.01 else f"{ppm:.1g}")


def _process(study: Capability, t: Translate) -> list[Row]:
    sigma = (signed(f"{study.sigma_within:.4g}"), signed(f"{study.sigma_overall:.4g}"), "label-ink")
    return [
        (t(N_("Sigma")), *sigma),
        (t(N_("Mean")), "", exact(float(f"{study.mean:.7g}")), "label-ink"),
        (t(N_("Values")), "", signed(f"{study.n:,}"), "label-ink"),
    ]
