"""Files as plants write them: nearly all proposals are right, and no number is ever wrong in silence."""

from __future__ import annotations

import io
from collections.abc import Callable

from gemba.stats.readers import Proposal, Reading, propose, read
from twins.messy_files import MessyFile, make_file

COUNT = 600


def opened(file: MessyFile) -> Proposal:
    source = io.BytesIO(file.data)
    source.name = file.name
    return propose(source)


def is_proposed_rightly(file: MessyFile, proposal: Proposal) -> bool:
    truth = file.truth
    values = {column.name for column in proposal.columns if column.role == "value"}
    units = {column.name: column.unit for column in proposal.columns}
    return (
        proposal.layout == truth.layout
        and values == set(truth.values)
        and all(units[name] == unit for name, unit in truth.units.items())
        and (truth.layout != "grouped" or proposal.subgroup in truth.labels)
        and {question.code for question in proposal.blocking} <= {"decimal"}
    )


def differences(file: MessyFile, reading: Reading) -> list[str]:
    truth, found = file.truth, []
    names = {column.name for column in reading.columns}
    for name, wanted in truth.values.items():
        if name not in names or list(reading.column(name).decimals) != wanted:
            found.append(f"values of {name}")
    for name, labels in truth.labels.items():
        if name not in names or reading.column(name).labels != [label or None for label in labels]:
            found.append(f"labels of {name}")
    stated = {name: (t.lsl, t.target, t.usl) for name, t in reading.tolerances.items()}
    if stated != {name: tuple(map(float, limits)) for name, limits in truth.specs.items()}:
        found.append("specifications")
    if reading.rows_refused != truth.refused:
        found.append("refused rows")
    return found


def test_proposals_are_right_and_nothing_is_wrong_in_silence(show: Callable[[str], None]) -> None:
    right, silent = 0, []
    for seed in range(COUNT):
        file = make_file(seed)
        proposal = opened(file)
        answered = proposal
        for question in proposal.blocking:
            if question.code == "decimal":
                answered = answered.replace(decimal={question.column: file.truth.decimal})
        wrong = [] if answered.blocking else differences(file, read(answered))
        if wrong and not proposal.blocking:
            silent.append((seed, file.story, wrong))
        right += is_proposed_rightly(file, proposal) and not wrong
    assert silent == []
    assert right >= 0.95 * COUNT
    show(f"files: {right} of {COUNT} proposals right, 0 numbers wrong in silence")
