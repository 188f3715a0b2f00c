"""The journeys by mouse: from a signal to a corrective action that its data proved; what an auditor asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from browser.conftest import Plant, opened, sign_in
from browser.hand import Hand, beginning
from browser.thread import SPREAD
from gemba.quality.control.nonconformance.factory import SECRET

MOST_ACTIONS, MOST_OF_THE_ENGINEER, MOST_FOR_THE_AUDITOR = 63, 22, 3
MOST_STEPS, MOST_STEPS_OF_THE_ENGINEER = 34, 12
"""What the journeys take: all people together, the quality engineer alone, a question of an auditor.

An action is a click, a field that is filled in, a choice or a key; a step is a form that is sent or a page
that is opened, so a click.
"""
PATTERN = (0.4, -0.9, 0.1, 1.0, -0.2, -0.6, 0.7, 0.2, -1.1, 0.5, -0.3, 0.2)
WINDOW = [10 + step * SPREAD for step in PATTERN]
NEW_STAGE = WINDOW * 9
"""On target, and no run in it: by limits of its own it gives no signal."""


class Plot:
    """The people of the story, each before a browser of his own; every action of all of them is counted."""

    def __init__(self, browser: Any, plant: Plant) -> None:
        self.browser, self.plant = browser, plant
        self.done: list[str] = []
        self.hands: dict[str, Hand] = {}
        self.sent = 0

    def measure(self, values: list[float]) -> None:
        """The gauge sends what it measured."""
        rows = [
            self.plant.reading(number, value=f"{value:.3f}", stream={})
            for number, value in enumerate(values, self.sent + 1)
        ]
        self.sent += len(values)
        assert self.plant.send(rows)[0] == 200

    def hand(self, who: str) -> Hand:
        if who not in self.hands:
            self.hands[who] = Hand(sign_in(self.browser, self.plant, who), self.done, who)
            self.hands[who].page.set_default_timeout(60_000)
        return self.hands[who]

    def forget(self) -> None:
        """Everybody goes home: sessions end while days pass."""
        for hand in self.hands.values():
            hand.page.context.close()
        self.hands.clear()

    def task(self, who: str, step: str) -> Hand:
        """Take a step from the own list: one click leads to its form."""
        hand = self.hand(who)
        hand.find("link", f"{step}:", address=self.plant.at("/"))
        hand.click("link", f"{step}:")
        return hand

    def at_once(self, who: str, step: str) -> Hand:
        """Take a step that asks for nothing from the own list: one click, and it is done."""
        hand = self.hand(who)
        hand.find("button", f"{step}:", address=self.plant.at("/"))
        hand.click("button", f"{step}:")
        hand.page.wait_for_selector(f"text={step}: done.")
        return hand

    def sign(
        self,
        hand: Hand,
        who: str,
        button: str,
        *,
        first: bool = True,
        within: str = "main",
        then: str = "",
        said: str = "",
    ) -> None:
        if first:
            hand.fill("User name (at the first signing of a session)", who, within=within)
        hand.fill("Signing secret", SECRET, within=within)
        words = f"{button} and sign, {then}" if then else f"{button} and sign"
        self.confirm(hand, words, within=within, said=said or then.removeprefix("then: ") or button)

    def confirm(self, hand: Hand, button: str, *, within: str = "main", said: str = "") -> None:
        hand.page.locator(within).get_by_role("button", name=beginning(button)).first.wait_for()
        hand.page.evaluate("document.body.dataset.before = 'the click'")
        hand.click("button", button, within=within)
        said = f"{said or button}: done."
        told = hand.page.locator("body:not([data-before]) .note").filter(has_text=said)
        told = told.or_(hand.page.locator(".note.bad"))
        told.first.wait_for()
        assert said in told.first.inner_text(), hand.page.locator("body").inner_text()


@pytest.fixture(scope="module")
def plot(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plot]:
    folder = tmp_path_factory.mktemp("journeys") / "story"
    folder.mkdir()
    with opened(folder, "story") as plant:
        made = Plot(browser, plant)
        yield made
        made.forget()


def the_signal(plot: Plot) -> None:
    """Seen, with its reaction plan carried out; then cause, what was done, and its end in one form."""
    hand = plot.hand("operator")
    hand.find("link", "SIG-", address=plot.plant.at("/"))
    hand.click("link", "SIG-")
    hand.click("button", "All 4 are done")
    hand.page.wait_for_selector("text=Every step is ticked off.")
    hand = plot.task("engineer", "Cause found")
    hand.page.locator("main").get_by_text("for the first time").first.wait_for()
    hand.fill("Cause", "Insert of tool 4 is worn")
    hand.fill("Event code", "TOOL")
    plot.confirm(hand, "Cause found")
    hand.page.goto(plot.plant.at("/records/signal?state=closed"))
    assert hand.page.locator("main").get_by_role("link", name="SIG-").count() == 1


def the_nonconformance(plot: Plot) -> None:
    """Reported, contained, reviewed by two, decided in two lines, carried out, verified."""
    hand = plot.at_once("inspector", "Report")
    hand.fill("Looked at elsewhere", "store, lorry, list of deliveries and M1: nothing")
    plot.confirm(hand, "Contain")
    hand = plot.task("engineer", "Review")
    hand.fill("Opinion", "one of them can be sold as B")
    plot.confirm(hand, "Review")
    hand = plot.task("quality_manager", "Review")
    hand.fill("Opinion", "agreed")
    hand.fill("Quantity", "1", place=0)
    hand.choose("Decision", "Scrap", place=0)
    hand.fill("Reason", "10.09 mm", place=1)
    hand.choose("Decision", "Regrade for another use", place=1)
    hand.fill("Reason", "class B", place=2)
    plot.confirm(hand, "Review, then: Decide the disposition", said="Decide the disposition")
    hand = plot.task("operator", "Carry out a line")
    hand.fill("Evidence", "bin 4")
    hand.fill("Cost", "3.20")
    hand.fill("Currency", "EUR")
    hand.fill("Evidence", "label B", place=1)
    plot.confirm(hand, "Carry out a line, then: Carry out a line", said="Carry out a line")
    plot.at_once("inspector", "Verify")
    hand = plot.task("approver", "Answer: corrective action?")
    plot.sign(hand, "approver", "Answer: corrective action?, then: Close", said="Close")


def the_plan(plot: Plot) -> None:
    """Accepted, contained with its cause verified, the criterion fixed, approved by somebody else."""
    hand = plot.task("quality_manager", "Accept")
    plot.confirm(hand, "Accept")
    hand = plot.task("engineer", "Contain")
    hand.fill("Evidence", "Old insert in: 10.09; new one: 10.00")
    hand.fill("Action", "Insert life 400 parts")
    plot.confirm(hand, "Contain, then: Propose the plan", said="Propose the plan")
    hand = plot.task("approver", "Approve the plan")
    plot.sign(hand, "approver", "Approve the plan", first=False)


def the_doing(plot: Plot) -> None:
    """The action done, the control plan revised, what else was changed answered for."""
    hand = plot.task("engineer", "Do an action")
    hand.fill("Evidence", "Counter set on M1 to M7")
    plot.confirm(hand, "Do an action, then: begin the next revision of CPL-", said="Do an action")
    hand.fill("How often", "every 30 minutes")
    plot.confirm(hand, "Store it, then: Submit for review", said="Submit for review")
    hand = plot.task("approver", "Approve")
    plot.sign(hand, "approver", "Approve", first=False, then="then: Put in force")
    hand = plot.task("engineer", "Prevent recurrence")
    for place, words in enumerate(("O from 4 to 2", "WI-12 rev. B", "three shifts told"), start=1):
        hand.fill("Which revision, or why not", words, place=place)
    plot.confirm(hand, "Prevent recurrence")


def the_new_stage(plot: Plot) -> None:
    """Limits of the process as it is now, from its cut-in on; then both records go on."""
    plot.measure(NEW_STAGE)
    hand = plot.hand("engineer")
    hand.click("button", "Propose new limits")
    hand.page.wait_for_selector("text=Limits are proposed.")
    hand = plot.task("approver", "Approve")
    plot.sign(hand, "approver", "Approve", first=False)
    plot.at_once("quality_manager", "Verify the implementation")


def test_from_a_signal_to_a_corrective_action_that_the_data_proved(plot: Plot) -> None:
    for part in (the_signal, the_nonconformance, the_plan, the_doing, the_new_stage):
        part(plot)
    plot.measure(WINDOW)
    plot.forget()
    assert plot.plant.let_pass(1) == "judged 1"
    hand = plot.task("quality_manager", "Sign the verdict and close")
    hand.fill("Lessons", "Change inserts by parts, not when they fail")
    plot.sign(hand, "quality_manager", "Sign the verdict and close")
    hand.page.goto(plot.plant.at("/coverage"))
    told = hand.page.locator("main").inner_text()
    assert "1/1\nmet" in told, told
    alone = [action for action in plot.done if action.startswith("engineer")]
    clicks = [[action for action in done if " click " in action] for done in (plot.done, alone)]
    counted = (len(plot.done), len(alone), len(clicks[0]), len(clicks[1]))
    assert counted == (MOST_ACTIONS, MOST_OF_THE_ENGINEER, MOST_STEPS, MOST_STEPS_OF_THE_ENGINEER), plot.done


ASKED = (
    ("Show me a corrective action that was proved.", "Closed, effective",
     (("nav", "link", "Corrective actions"), ("main", "link", "CAP-"))),
    ("Who signed it, and is the signature good?", "Quinn Abara",
     (("nav", "link", "Corrective actions"), ("main", "link", "CAP-"))),
    ("From which requirement does it come, and is the thread whole?", "No link is broken",
     (("nav", "link", "Corrective actions"), ("main", "link", "CAP-"), ("main", "link", "Thread"))),
    ("Which control plan is in force, in which revision?", "In force",
     (("nav", "link", "Control plans"),)),
    ("What were the limits before, and who approved these?", "Superseded",
     (("nav", "link", "Limit sets"),)),
    ("Is every gauge in date?", "MIC-014",
     (("nav", "link", "Gauges"), ("main", "link", "GAU-"))),
    ("What became of the parts?", "Regrade for another use",
     (("nav", "link", "Nonconformances"), ("main", "link", "NCR-"))),
    ("Does the process keep what the customer asked for?", "Ppk",
     (("nav", "link", "Coverage"),)),
    ("Who measured this value, when, with what?", "10.",
     (("nav", "link", "Charts"), ("main", "link", "Bore diameter"), ("main", "link", "10."))),
    ("What follows when a chart signals?", "When a chart signals",
     (("nav", "link", "The loop"),)),
    ("Has anybody altered a record afterwards?", "gemba verify proves it",
     (("nav", "link", "Trail"),)),
)  # fmt: skip


@pytest.mark.parametrize(("question", "answer", "clicks"), ASKED, ids=[row[0] for row in ASKED])
def test_an_auditor_is_shown_what_he_asks_for(
    plot: Plot, question: str, answer: str, clicks: tuple[tuple[str, str, str], ...]
) -> None:
    page = plot.hand("auditor").page
    page.goto(plot.plant.at("/"))
    hand = Hand(page)
    for within, role, name in clicks:
        hand.click(role, name, within=within)
        page.wait_for_load_state()
    page.locator("main").get_by_text(answer).locator("visible=true").first.wait_for()
    assert len(hand.done) <= MOST_FOR_THE_AUDITOR


def test_an_auditor_names_a_part_by_its_serial_number(plot: Plot) -> None:
    page = plot.hand("auditor").page
    page.goto(plot.plant.at("/"))
    hand = Hand(page)
    page.get_by_role("searchbox").first.fill("S-9")
    hand.note("type S-9")
    page.keyboard.press("Enter")
    hand.note("key Enter")
    hand.click("link", "NCR-")
    page.locator("main").get_by_text("L-2042").first.wait_for()
    assert len(hand.done) <= MOST_FOR_THE_AUDITOR
