"""Characteristics: what is measured, its specification, and how its chart is drawn.

Words: a *specification* is what a released characteristic asks of a value: limits, target, guard band;
*plausibility* limits ask whether a value can be true at all; a *stream* is one source of values that is
judged on its own, such as one cavity of one machine. A change does not touch the released specification
until it is released again, and an old reading keeps the specification it was judged by. Neighbours:
collecting judges readings by ``queries.specification``, monitoring draws by ``queries.chart_definition``.
"""
