from gemba.quality.records.outbox import Fact, Reaction
from gemba.quality.records.tasks import Rung, task_reaction
from gemba.quality.records.work import Work

broken: list[str] = []
"""What a test puts here makes the reaction fail."""
seen: list[int] = []


def watch(fact: Fact, work: Work) -> None:
    if broken:
        raise OSError(broken[0])
    seen.append(fact.id)


REACTIONS = (
    Reaction("SpecimenTaken", "watch-specimen", "When a specimen is taken, it is watched.", watch),
    task_reaction(
        event="SpecimenReleased",
        name="file-specimen",
        sentence="When a specimen is released, an approver files it.",
        what="specimen.file",
        role="approver",
        due_minutes=60,
        ladder=(Rung(30, "role:quality_manager"),),
    ),
)
