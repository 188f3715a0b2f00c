"""Whoever changes the store behind the program's back is found, and the row is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from faults.attack import ATTACKS, Attack, Attacker, Place, changing_tables, count_rows, lay_bare, rewrite
from faults.busy import BusyPlant, make_busy
from gemba.quality.records.store.folder import DataFolder
from gemba.quality.records.trail import sealed_tables, verify
from trials import Trials

pytestmark = pytest.mark.django_db


class Undo(Exception):
    """Ends a savepoint, so that the next attack meets the same plant."""


@pytest.fixture
def busy(tmp_path: Path) -> BusyPlant:
    found = make_busy(DataFolder(tmp_path))
    assert verify(found.anchors).findings == ()
    return found


def named_by(attack: Attack, chance: Attacker, busy: BusyPlant) -> tuple[set[Place], set[Place]] | None:
    """What an attack hit and what verify names; ``None`` when the database refused the attack."""
    outcome = None
    try:
        with transaction.atomic():
            lay_bare()
            hit = attack(chance)
            if hit is not None:
                findings = verify(busy.anchors).findings
                outcome = hit, {(finding.table, finding.row) for finding in findings}
            raise Undo
    except (Undo, DatabaseError):
        return outcome


def test_every_edit_is_found_and_its_row_named(
    busy: BusyPlant, trials: Trials, show: Callable[[str], None]
) -> None:
    chance = Attacker(17)
    done: Counter[str] = Counter()
    missed: list[tuple[str, set[Place], set[Place]]] = []
    names = list(ATTACKS)
    for number in trials.each("edits", 160, 1000):
        name = names[number % len(names)]
        chance.deed = name
        while (found := named_by(ATTACKS[name], chance, busy)) is None:
            pass  # the database would not have it: another row
        done[name] += 1
        hit, named = found
        chance.did({table for table, _ in hit})
        if not hit <= named:
            missed.append((name, hit, named))
    assert missed == []
    changing = {name for name in changing_tables() if count_rows(name)}
    assert set(chance.done) >= changing | {table.name for table in sealed_tables()}
    assert verify(busy.anchors).findings == ()
    listed = ", ".join(f"{count} x {name}" for name, count in sorted(done.items()))
    show(f"tampering: {done.total()} edits in {len(chance.done)} tables, all found, the row named ({listed})")


def test_every_rewrite_of_the_chain_is_found_by_an_anchor_and_only_by_one(
    busy: BusyPlant, trials: Trials, show: Callable[[str], None]
) -> None:
    chance = Attacker(18)
    rewrites = trials(4, 20)
    for _ in range(rewrites):
        try:
            with transaction.atomic():
                lay_bare()
                first = rewrite(chance)
                assert verify().findings == ()
                findings = verify(busy.anchors).findings
                raise Undo
        except Undo:
            expected = [anchor.number for anchor in busy.anchors if anchor.number >= first]
            assert [(finding.kind, finding.row) for finding in findings] == [
                ("chain rewritten", number) for number in expected
            ]
    show(f"tampering: {rewrites} complete rewrites with recomputed hashes, all found by an anchor")


def test_the_plant_under_attack_has_rows_in_every_sealed_table(busy: BusyPlant) -> None:
    assert [table.name for table in sealed_tables() if not count_rows(table.name)] == []
