"""A reading on its way in, the answer to its sender, and what the judge of the charts is given. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from gemba.quality.records.reasons import Reason

Kind = Literal["reading", "correction", "remeasure", "void"]
Verdict = Literal["conform", "nonconform", "undecided", ""]
Status = Literal["accepted", "quarantined", "refused"]

KINDS = ("reading", "correction", "remeasure", "void")
PURPOSES = ("production", "set-up", "first-piece", "audit", "study", "re-inspection")
VALIDITIES = ("valid", "excluded")


class Reading(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One value as its source sent it, before anybody looked at it.

    Attributes
    ----------
    source, sequence
        The key: who sends, and the sender's own running number. The same key is taken once.
    characteristic
        The number of a released characteristic.
    text
        The value exactly as typed or shown by the gauge, such as ``"9.98"`` or ``"<0.05"``.
    unit
        The unit of ``text``; empty means the unit of the characteristic.
    stream
        Machine, cavity and the like; keys that do not tell streams apart are kept as context.
    measured_at
        When, with its time zone; ``None`` when nobody knows.
    subgroup
        The sender's own name of the subgroup; empty when the chart makes subgroups by count or time.
    purpose, validity
        Only production readings that are valid enter statistics; an excluded one says why in ``note``.
    confirmed
        Whether a person looked at an implausible value again and stands by it.
    kind, about
        A correction, re-measurement or void names the id of the reading that it amends.
    size
        How many items or units were inspected, where ``text`` is a count of them.
    nominal
        What ``text`` should be, on a chart of differences.
    part
        Which part ``text`` is of, on a chart of several parts in short runs.
    """

    source: str
    sequence: int
    characteristic: str
    text: str
    unit: str = ""
    stream: dict[str, str] = {}
    measured_at: datetime | None = None
    operator: str = ""
    gauge: str = ""
    lot: str = ""
    serial: str = ""
    subgroup: str = ""
    purpose: str = "production"
    validity: str = "valid"
    confirmed: bool = False
    kind: str = "reading"
    about: int | None = None
    note: str = ""
    size: str = ""
    nominal: str = ""
    part: str = ""


class Receipt(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What became of one reading; the same key with the same content gets the same answer again.

    ``accepted``: stored as ``reading`` and judged. ``quarantined``: kept as ``quarantine`` until a person
    decides. ``refused``: not stored, for the reasons given. ``late``: an earlier one of its source came
    after a later one. ``repeated``: it had been taken before.
    """

    source: str
    sequence: int
    status: Status
    reading: int | None = None
    quarantine: int | None = None
    verdict: str = ""
    late: bool = False
    repeated: bool = False
    reasons: tuple[Reason, ...] = ()


class AcceptedReading(msgspec.Struct, frozen=True, gc=False):
    """A stored reading as the charts judge it, in the order of arrival.

    ``characteristic`` and ``stream`` are ids. ``usable`` says whether it may enter statistics. The order
    of a stream is (``position``, ``sequence``): a reading in time has its own id as position, a late one
    the position of the reading of its source that it should have come before. An amendment (``kind`` is
    not ``"reading"``) names in ``about`` the first reading whose value it replaces or voids; a void has no
    value (NaN). Times are microseconds in UTC. ``beside`` is what its value stands beside, as typed: the
    number inspected, the nominal, or the part. Where it is judged together with others, ``member`` is the
    number of its own characteristic, and ``subgroup`` names the item.
    """

    id: int
    characteristic: int
    stream: int
    source: str
    sequence: int
    position: int
    value: float
    usable: bool
    subgroup: str
    measured_at: int | None
    received_at: int
    verdict: str
    kind: str
    about: int | None
    spec_version: int
    beside: str | None = None
    lot: str = ""
    serial: str = ""
    member: str = ""

    @property
    def late(self) -> bool:
        """Whether a later reading of its source was there before it."""
        return self.position < self.id
