"""Facts about readings that others react to. Pure.

``ReadingNonconforming`` (header: the characteristic) tells, once for a stream and a batch: ``stream``,
``key``, ``number``, ``site``, ``readings`` (ids, the first hundred), ``count``, ``lots``, ``received_at``.
``ReadingsQuarantined`` (no header) tells once for a batch: ``quarantined`` (ids, the first hundred),
``count``, ``sites``. ``QuarantineDecided`` (no header) tells each time that a person decided: ``site``.
"""

NONCONFORMING = "ReadingNonconforming"
QUARANTINED = "ReadingsQuarantined"
DECIDED = "QuarantineDecided"
LISTED = 100
"""How many ids an event names at most; ``count`` tells how many there were."""
