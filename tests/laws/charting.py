"""What people try with characteristics, limit sets and signals, on charts that readings keep alive."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from charted.plant import Plant
from gemba.quality.control.monitoring import services
from gemba.quality.control.monitoring.lifecycle import LIMIT_SET_LIFECYCLE, SIGNAL_LIFECYCLE, STUDYING, TICKS
from gemba.quality.control.monitoring.models import LimitSet, Signal, SignalStep, StreamState
from gemba.quality.planning.products import services as products
from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.planning.products.lifecycle import LIFECYCLE
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.history import trail_of
from gemba.quality.records.models import Header, Signature, Site
from gemba.quality.records.signatures import is_valid
from gemba.quality.records.work import recording
from gemba.server.clock import now
from gemba.stats.charts import known_limits
from laws.players import Player, who_did

LINES = 4
SOUND = {
    "data_kind": "continuous", "unit": "mm", "lsl": "9", "usl": "10", "guard_band": "", "chart_kind": "",
    "chart_design": "", "subgroup_size": "1", "needed_subgroups": "25", "rules": "platform",
    "stream_keys": "", "members": "",
}  # fmt: skip
SPOILT = (
    {"lsl": "", "usl": ""},
    {"guard_band": "0.9"},
    {"data_kind": "pass-fail"},
    {"data_kind": "ordinal", "chart_kind": "i-mr"},
    {"data_kind": "nonconformities", "chart_kind": "i-mr"},
    {"chart_kind": "i-mr", "needed_subgroups": "1"},
    {"chart_kind": "ewma", "rules": "2,5"},
    {"chart_kind": "ewma", "rules": "astrology"},
    {"chart_kind": "ewma", "chart_design": "lam=1.5"},
    {"chart_kind": "ewma", "chart_design": "lam 0.1"},
    {"chart_kind": "z-mr", "chart_design": "pooling=runs"},
    {"stream_keys": "Machine!"},
    {"stream_keys": "machine, machine"},
)
"""What is stored of a characteristic as a draft, and is not released."""


class Characteristics(Player):
    """Characteristics that are made well or badly, released, changed and retired."""

    type = "characteristic"
    lifecycle = LIFECYCLE
    edit_roles = ("engineer",)

    def __init__(self, dice: random.Random, site: Site, people: list[Actor]) -> None:
        super().__init__(dice, site, people)
        self.deck: list[dict[str, Any]] = []
        self.spoilt = False

    def edits_of(self, header: Header) -> float:
        return 0.1 if self.spoilt or header.state not in ("draft", "under_change") else 0.7

    def fresh(self) -> int:
        low = self.dice.choice([Decimal(9), Decimal(9), Decimal(9), Decimal(11), None])
        given = CharacteristicInput(
            name="Bore",
            unit=self.dice.choice(["mm", "mm", "mm", ""]),
            lsl=low,
            usl=Decimal(10),
            chart_kind=self.dice.choice(["", "i-mr", "xbar-r"]),
            subgroup_size=self.dice.choice([1, 5]),
        )
        if self.dice.random() < 0.1:
            given = CharacteristicInput(name="Bores", data_kind="several", chart_kind="t2")
        makers = [actor for actor in self.people if actor.has_any(("engineer",), "HAL")]
        made = products.create_characteristic(
            site=self.site, given=given, actor=self.dice.choice(makers), now=now()
        )
        return int(made.pk)

    def changes(self) -> dict[str, Any]:
        """Something sound, or spoilt in each way as often as in another; then a release is tried sooner."""
        self.spoilt = False
        if self.dice.random() < 0.5:
            return SOUND | {"usl": self.dice.choice(["10", "10.2"])}
        if not self.deck:
            self.deck = [
                *SPOILT,
                {"usl": self.dice.choice(["ten", "8"])},
                {"chart_kind": "i-mr", "subgroup_size": "1"},
                {"guard_band": self.dice.choice(["-0.1", "0.01"])},
            ]
            self.dice.shuffle(self.deck)
        self.spoilt = True
        return self.deck.pop()

    def due(self, header: Header) -> str:
        return {"draft": "release", "under_change": "release", "released": "start_change"}[header.state]

    def typed(self, move: str, header: Header, actor: Actor) -> dict[str, Any]:
        return {"name": "another"} if self.dice.random() < 0.03 else {}

    def law(self, header: Header, move: str, actor: Actor) -> None:
        found = Characteristic.objects.get(pk=header.pk)
        if move == "release":
            assert actor.id not in who_did(header.pk, "create", "edit")
            assert found.unit
            assert found.lsl is None or found.usl is None or found.lsl < found.usl
            assert found.guard_band is None or found.guard_band >= 0
        else:
            assert trail_of(header.pk)[-1].reason


class LimitSets(Player):
    """Limits proposed for a few lines, approved by others or turned down."""

    type = "limit-set"
    lifecycle = LIMIT_SET_LIFECYCLE
    edit_roles = STUDYING

    def __init__(self, dice: random.Random, site: Site, people: list[Actor]) -> None:
        super().__init__(dice, site, people)
        self.plant = Plant(stream_keys="machine", needed_subgroups=25)
        for line in range(LINES):
            self.plant.send(*(50.0, 50.4, 49.7, 50.2, 49.9, 50.1) * 2, stream={"machine": f"L{line}"})
        self.lines = list(StreamState.objects.order_by("stream").values_list("stream", flat=True))

    def fresh(self) -> int:
        waiting = LimitSet.objects.filter(header__state="proposed").values_list("stream", "pk")
        open_ones = dict(waiting)
        stream = self.dice.choice(self.lines)
        if stream in open_ones:
            return int(open_ones[stream])
        able = [actor for actor in self.people if actor.has_any(STUDYING, "HAL")]
        who = self.dice.choice([*able, system("limits")])
        why = self.dice.choice(["", "new tool"])
        return int(services.propose_limits(stream=stream, why=why, actor=who, now=now()).pk)

    def changes(self) -> dict[str, Any]:
        line = f"{self.dice.choice([self._point(), '9.9'])} {self.dice.choice(['dirt', ' '])}"
        return self.dice.choice([{"leave_out": [line]}, {"leave_out": []}, {"why": "new tool"}])

    def _point(self) -> str:
        found = LimitSet.objects.order_by("-pk").first()
        assert found is not None
        return f"{found.first_position}.{found.first_sequence}"

    def due(self, header: Header) -> str:
        return "approve"

    def typed(self, move: str, header: Header, actor: Actor) -> dict[str, Any]:
        if move != "approve" or self.dice.random() < 0.05:
            return {}
        return {"valid_from": now().isoformat(), "why": self.dice.choice(["", "new tool", "new tool"])}

    def law(self, header: Header, move: str, actor: Actor) -> None:
        found = LimitSet.objects.get(pk=header.pk)
        if move == "approve":
            assert actor.kind == "person"
            assert actor.id not in who_did(header.pk, "create", "edit")
            assert found.valid_from
            assert found.why or found.replaces is None
            signature = Signature.objects.get(header_id=header.pk, version=header.version)
            assert (signature.signer, signature.meaning) == (actor.id, "approved")
            assert is_valid(signature)
            others = LimitSet.objects.filter(stream=found.stream, header__state="approved")
            assert list(others.values_list("pk", flat=True)) == [header.pk]
        else:
            assert trail_of(header.pk)[-1].reason


NEXT = {
    "open": "acknowledge",
    "acknowledged": "find_cause",
    "none_found": "do_action",
    "cause_found": "do_action",
    "action_done": "close",
}


class Signals(Player):
    """Signals of single bad points, each on a line of its own; the basis of some is found wrong."""

    type = "signal"
    lifecycle = SIGNAL_LIFECYCLE

    def __init__(self, dice: random.Random, site: Site, people: list[Actor]) -> None:
        super().__init__(dice, site, people)
        self.plant = Plant(stream_keys="machine")
        self.plant.sequence = 10_000_000  # the other plant sends by the same press
        self.lines = 0
        self.bad: dict[int, int] = {}

    def fresh(self) -> int:
        self.plant.now = now()
        self.lines += 1
        line = {"machine": f"S{self.lines}"}
        self.plant.send(50.0, stream=line)
        stream = StreamState.objects.filter(characteristic=self.plant.characteristic.pk).latest("stream")
        self.plant.know_limits(known_limits("i-mr", mean=50.0, sigma=1.0), only=stream.pk)
        bad = self.plant.send(58.0, stream=line)
        made = Signal.objects.get(stream=stream.pk)
        if self.dice.random() < 0.7:
            with recording(actor=system("plans"), now=now()) as work:
                services.give_steps(work, made, ["Stop the machine", "Call the setter"], "CPL-1")
        self.bad[made.pk] = bad[0]
        return int(made.pk)

    def due(self, header: Header) -> str:
        open_steps = SignalStep.objects.filter(signal=header.pk, answer="").exists()
        if open_steps and header.state in TICKS and self.dice.random() < 0.6:
            return TICKS[header.state]
        if header.state == "acknowledged" and self.dice.random() < 0.4:
            return "find_none"
        return NEXT.get(header.state, "")

    def typed(self, move: str, header: Header, actor: Actor) -> dict[str, Any]:
        dice = self.dice
        if move in TICKS.values():
            answers = {1: dice.choice(["done", ""]), 2: dice.choice(["done", "not_needed"])}
            words = dice.choice(["no shaft there", ""])
            return {"steps": [{"number": n, "answer": a, "words": words} for n, a in answers.items()]}
        event_code = dice.choice(["tool", "tool", ""])
        typed: dict[str, dict[str, Any]] = {
            "find_cause": {
                "cause": dice.choice(["worn insert", "worn insert", " "]),
                "event_code": event_code,
            },
            "find_none": {"event_code": event_code},
            "do_action": {"action": dice.choice(["changed it", ""]), "reaction_step": dice.choice(["2", ""])},
            "close": {"event_code": event_code, "reaction_step": dice.choice(["2", ""])},
        }
        return typed.get(move, {})

    def beside(self, header: Header, move: str) -> None:
        bad = self.bad.pop(header.pk, None) if self.dice.random() < 0.06 else None
        if bad is None:
            return
        self.plant.now = now()
        self.plant.amend(bad, "", "void")
        while services.run_due(now()):
            pass
        after = Header.objects.get(pk=header.pk)
        assert after.state == ("closed" if header.category == "closed" else "withdrawn")

    def law(self, header: Header, move: str, actor: Actor) -> None:
        found = Signal.objects.get(pk=header.pk)
        assert actor.kind == "person"
        if move == "find_cause":
            assert found.cause
        if move in ("do_action", "close"):
            assert found.action
        if move == "close":
            assert found.event_code
            assert not found.steps.filter(answer="").exists()
            assert found.reaction_step or found.steps.exists()
