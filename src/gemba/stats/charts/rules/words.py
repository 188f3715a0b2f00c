"""Rules and violations in words."""

from __future__ import annotations

from itertools import groupby

from gemba.stats.charts.rules.presets import RulesLike, rule_set
from gemba.stats.charts.rules.rule import Rule
from gemba.stats.results import N_, Translate, translator

_NUMBERS = (
    N_("one"), N_("two"), N_("three"), N_("four"), N_("five"), N_("six"), N_("seven"), N_("eight"),
    N_("nine"), N_("ten"), N_("eleven"), N_("twelve"), N_("thirteen"), N_("fourteen"), N_("fifteen"),
    N_("sixteen"), N_("seventeen"), N_("eighteen"), N_("nineteen"), N_("twenty"),
)  # fmt: skip

_ROW = {
    "beyond": N_("{k} points in a row beyond the same control limit"),
    "same_side": N_("{k} points in a row on the same side of the centre line"),
    "trend": N_("{k} points in a row, steadily rising or falling"),
    "alternating": N_("{k} points in a row, up and down in turn"),
    "zone": N_("{k} points in a row more than {sigma} sigma from the centre line, on the same side"),
    "within": N_("{k} points in a row within {sigma} sigma of the centre line"),
    "outside": N_("{k} points in a row more than {sigma} sigma from the centre line, on either side"),
    "opposite": N_("{k} points in a row more than {sigma} sigma from the centre line, on opposite sides"),
}
_AMONG = {
    "beyond": N_("{k} of {of} points in a row beyond the same control limit"),
    "same_side": N_("{k} of {of} points in a row on the same side of the centre line"),
    "zone": N_("{k} of {of} points in a row more than {sigma} sigma from the centre line, on the same side"),
    "within": N_("{k} of {of} points in a row within {sigma} sigma of the centre line"),
    "outside": N_("{k} of {of} points in a row more than {sigma} sigma from the centre line, on either side"),
}
_ONE = {
    "beyond": N_("beyond a control limit"),
    "same_side": N_("off the centre line"),
    "zone": N_("more than {sigma} sigma from the centre line"),
    "within": N_("within {sigma} sigma of the centre line"),
    "outside": N_("more than {sigma} sigma from the centre line"),
}
_MOVES = {
    "trend": N_("{k} moves in a row, all up or all down"),
    "alternating": N_("{k} moves in a row, up and down in turn"),
}
_BORDERS = {
    "beyond": N_("A point on a limit is not beyond it."),
    "same_side": N_("A point on the centre line is on neither side."),
    "trend": N_("Two equal points in a row break the trend."),
    "alternating": N_("Two equal points in a row break the pattern."),
    "zone": N_("A point exactly on the border is not beyond it. The rule fires at a point that is beyond."),
    "within": N_("A point exactly on the border is within."),
    "outside": N_("A point exactly on the border is not beyond it."),
    "opposite": N_("A point exactly on the border is not beyond it."),
}
_MEANINGS = {
    "beyond": N_("It points to a sudden, large change or a single special cause."),
    "same_side": N_("It points to a shift of the level."),
    "trend": N_("It points to a drift, such as wear or warming up."),
    "alternating": N_("It points to two sources in turn, or to adjusting too often."),
    "zone": N_("It points to a shift of the level."),
    "within": N_("It points to limits that are too wide, or to subgroups that mix several sources."),
    "outside": N_("It points to a mixture of two levels, or to adjusting too often."),
    "opposite": N_("It points to a spread that has grown, or to adjusting too often."),
}
_SPANS_SHOWN = 6


def rule_words(rule: Rule, language: str | None = None) -> str:
    """What the rule looks for, in a phrase.

    Examples
    --------
    >>> rule_words(Rule("5", "zone", k=2, of=3, sigma=2.0))
    'two of three points in a row more than 2 sigma from the centre line, on the same side'
    """
    t = translator(language)
    if rule.counts == "moves" and rule.test in _MOVES:
        phrase = _MOVES[rule.test]
    elif rule.k < rule.of:
        phrase = _AMONG[rule.test]
    else:
        phrase = _ROW[rule.test] if rule.k > 1 else _ONE[rule.test]
    return t(phrase).format(k=_number(rule.k, t), of=_number(rule.of, t), sigma=f"{rule.sigma:g}")


def explain_rule(rule: Rule | RulesLike, language: str | None = None) -> str:
    """What does a rule look for, what happens on the border, and what does it usually point to?

    Parameters
    ----------
    rule : Rule, RuleSet, str or sequence
        One rule, of a preset or of one's own; or several, by codes (``"5"``, ``"1,2,5"``) or the name of a
        set, as ``rule_set`` takes them.
    language : str, optional
        The reader's language; English without it.

    Returns
    -------
    str
        Three sentences for each rule, a line each.

    Raises
    ------
    UnknownName
        When a name or code is not known.

    Notes
    -----
    Nelson (1984), Journal of Quality Technology 16(4):237; each rule set names its own source.

    Examples
    --------
    >>> print(explain_rule("2"))
    Rule 2: nine points in a row on the same side of the centre line. A point on the centre line is on \
neither side. It points to a shift of the level.
    """
    rules = (rule,) if isinstance(rule, Rule) else rule_set(rule).rules
    return "\n".join(_explained(one, language) for one in rules)


def _explained(rule: Rule, language: str | None) -> str:
    t = translator(language)
    heading = t(N_("Rule {code}: {what}.")).format(code=rule.code, what=rule_words(rule, language))
    return " ".join([heading, t(_BORDERS[rule.test]), t(_MEANINGS[rule.test])])


def violation_words(rule: Rule, points: tuple[int, ...], language: str | None = None) -> str:
    """One violation as a sentence: the rule in words and the numbers of its points."""
    t = translator(language)
    sentence = t(N_("Rule {code}: {what} ({points})"))
    what = rule_words(rule, language)
    return sentence.format(code=rule.code, what=what, points=_points_words(points, t))


def _points_words(points: tuple[int, ...], t: Translate) -> str:
    if len(points) == 1:
        return t(N_("point {number}")).format(number=points[0])
    spans = [_span_words(span, t) for span in _spans(points)]
    if len(spans) > _SPANS_SHOWN:
        template = t(N_("{count} points from {first} to {last}"))
        return template.format(count=len(points), first=points[0], last=points[-1])
    if len(spans) == 1:
        return t(N_("points {numbers}")).format(numbers=spans[0])
    numbers = t(N_("{all_but_last} and {last}")).format(all_but_last=", ".join(spans[:-1]), last=spans[-1])
    return t(N_("points {numbers}")).format(numbers=numbers)


def _spans(points: tuple[int, ...]) -> list[tuple[int, int]]:
    """Stretches of three and more consecutive numbers as one, the others each alone."""
    spans: list[tuple[int, int]] = []
    for _, group in groupby(enumerate(points), key=lambda pair: pair[1] - pair[0]):
        numbers = [number for _, number in group]
        spans += [(numbers[0], numbers[-1])] if len(numbers) > 2 else [(n, n) for n in numbers]
    return spans


def _span_words(span: tuple[int, int], t: Translate) -> str:
    first, last = span
    return str(first) if first == last else t(N_("{first} to {last}")).format(first=first, last=last)


def _number(number: int, t: Translate) -> str:
    return t(_NUMBERS[number - 1]) if number <= len(_NUMBERS) else str(number)
