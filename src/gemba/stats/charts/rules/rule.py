"""A run rule is data: a test, how many points it takes, and how far from the centre line they lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, TypeAlias, get_args

from gemba.stats.charts.rules.plan import Plan, make_plan
from gemba.stats.results import N_, DataError, UnknownName
from gemba.stats.results.codec import decode_fields, encode_fields

Test: TypeAlias = Literal[
    "beyond", "same_side", "trend", "alternating", "zone", "within", "outside", "opposite"
]
Counting: TypeAlias = Literal["points", "moves"]

TESTS: tuple[Test, ...] = get_args(Test)
LONGEST = 100
_MOVING = ("trend", "alternating")
_ADJUSTED = ", adjusted"
_ZONED = ("zone", "within", "outside", "opposite")
_UNBROKEN = (*_MOVING, "opposite")


@dataclass(frozen=True)
class Rule:
    """One run rule.

    Parameters
    ----------
    code : str
        What the rule is called in a violation: ``"5"``.
    test : str
        ``"beyond"``: beyond the same control limit; ``"same_side"``: on one side of the centre line;
        ``"trend"``: steadily rising or steadily falling; ``"alternating"``: up and down in turn;
        ``"zone"``: beyond ``sigma`` on one side; ``"within"``: not beyond ``sigma`` on either side;
        ``"outside"``: beyond ``sigma`` on either side, the sides in any order; ``"opposite"``: beyond
        ``sigma``, each on the other side than the one before.
    k : int
        How many points it takes.
    of : int, optional
        Among how many points in a row; without it ``k``, that is ``k`` in a row.
    sigma : float, optional
        The distance of the zone border from the centre line, in standard deviations of the plotted
        statistic; only for the last four tests.
    counts : str, optional
        What ``k`` counts in ``"trend"`` and ``"alternating"``: ``"points"`` (Nelson's words) or the
        ``"moves"`` between them, which takes one point more.

    Raises
    ------
    DataError
        When ``k``, ``of`` or ``sigma`` make no rule.

    Examples
    --------
    >>> Rule("A", "zone", k=3, of=4, sigma=1.5)
    Rule(code='A', test='zone', k=3, of=4, sigma=1.5, counts='points')
    """

    code: str
    test: Test
    k: int
    of: int = 0
    sigma: float = 0.0
    counts: Counting = "points"

    def __post_init__(self) -> None:
        if self.test not in TESTS:
            raise UnknownName(self.test, TESTS, what=N_("test"), argument="test")
        if self.counts not in get_args(Counting):
            raise UnknownName(self.counts, get_args(Counting), what=N_("counting"), argument="counts")
        self._refuse_other_than_numbers()
        if not self.of:
            object.__setattr__(self, "of", self.k)
        self._refuse_counts()
        self._refuse_sigma()

    def _refuse_other_than_numbers(self) -> None:
        for name, kind in (("k", int), ("of", int), ("sigma", int | float)):
            value = getattr(self, name)
            if not isinstance(value, kind) or isinstance(value, bool):
                raise DataError(
                    N_("rule {code} has {value} where a number belongs"),
                    mend=N_("Give k and of as whole numbers and sigma as a number"),
                    argument=name,
                    value=value,
                    code=self.code,
                )

    def _refuse_counts(self) -> None:
        least = {"trend": 2, "alternating": 3, "opposite": 2}.get(self.test, 1)
        if not least <= self.k <= self.of <= LONGEST:
            raise DataError(
                N_("rule {code} needs {value} of {of} points, which is no rule"),
                mend=N_("Give k from {least} to 100 and of from k to 100"),
                argument="k",
                value=self.k,
                code=self.code,
                of=self.of,
                least=least,
            )
        if self.test in _UNBROKEN and self.of != self.k:
            raise DataError(
                N_("rule {code} asks for {k} of {value} points, but a trend has no gaps"),
                mend=N_("Leave out of"),
                argument="of",
                value=self.of,
                code=self.code,
                k=self.k,
            )

    def _refuse_sigma(self) -> None:
        zoned = self.test in _ZONED
        if zoned and not 0 < self.sigma < float("inf"):
            raise DataError(
                N_("rule {code} has its zone border at {value} sigma"),
                mend=N_("Give a positive number of standard deviations"),
                argument="sigma",
                value=self.sigma,
                code=self.code,
            )
        if not zoned and self.sigma != 0:
            raise DataError(
                N_("rule {code} has a sigma of {value}, but its test has no zone"),
                mend=N_("Leave out sigma, or use the test zone, within, outside or opposite"),
                argument="sigma",
                value=self.sigma,
                code=self.code,
            )


@dataclass(frozen=True)
class RuleSet:
    """Rules that are judged together, in this order.

    ``name`` says which set it is, ``rules`` are its rules.

    Examples
    --------
    >>> short = RuleSet("short", (Rule("1", "beyond", 1), Rule("2", "same_side", 9)))
    >>> short.adjust("2", k=7).rules[1].k
    7
    """

    name: str
    rules: tuple[Rule, ...]

    def __post_init__(self) -> None:
        codes = self.codes
        for index, code in enumerate(codes):
            if code in codes[:index]:
                raise DataError(
                    N_("the rule set has two rules with the code {value}"),
                    mend=N_("Give every rule a code of its own"),
                    argument="rules",
                    value=code,
                )

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the rules."""
        return tuple(rule.code for rule in self.rules)

    @cached_property
    def plan(self) -> Plan:
        """How the set is judged; made once, used by the batch and the stream."""
        return make_plan(self.rules)

    def __getitem__(self, code: str) -> Rule:
        for rule in self.rules:
            if rule.code == code:
                return rule
        raise UnknownName(code, self.codes, what=N_("rule"), argument="rules")

    def adjust(self, code: str, **changes: Any) -> RuleSet:
        """The set with one rule changed, and a name that says so.

        A run of ``k`` in a row stays one when only ``k`` is given.

        Examples
        --------
        >>> from gemba.stats.charts.rules import NELSON
        >>> NELSON.adjust("3", k=7, counts="moves")["3"]
        Rule(code='3', test='trend', k=7, of=7, sigma=0.0, counts='moves')
        """
        rule = self[code]
        if "k" in changes and rule.of == rule.k:
            changes = {"of": 0} | changes
        changed = tuple(replace(r, **changes) if r is rule else r for r in self.rules)
        return RuleSet(f"{self.name.removesuffix(_ADJUSTED)}{_ADJUSTED}", changed)

    def only(self, codes: tuple[str, ...]) -> RuleSet:
        """The rules with these codes, in the order of the set."""
        return RuleSet(self.name, tuple(rule for rule in self.rules if rule.code in codes))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return encode_fields(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> RuleSet:
        """The set that ``to_dict`` gave, or that somebody wrote by hand.

        Raises
        ------
        DataError
            When it is no rule set, or a rule in it is none.

        Examples
        --------
        >>> stored = {"name": "mine", "rules": [{"code": "A", "test": "same_side", "k": 7}]}
        >>> RuleSet.from_dict(stored).rules[0].of
        7
        """
        try:
            return decode_fields(cls, stored)
        except DataError:
            raise
        except (AttributeError, TypeError, ValueError) as error:
            raise DataError(
                N_("this is no rule set: {value}"),
                mend=N_("Give a name and a list of rules, each with code, test and k"),
                argument="rules",
                value=str(error),
            ) from error
