"""Monitoring: every stream judged by its chart as its readings come in, and what people do about it.

Words: a *point* is one plotted value of a chart, made of the readings of one subgroup (of one reading on a
chart of individuals); its *key* is its place in the order of the stream. A *judgement* says which rules fire
at a point by which limits; a later judgement of the same point supersedes an earlier one, both stay. A
*stage* is a stretch with limits and rules of its own. A *signal* is an episode: the first violation opens
it, later ones join it. A *limit set* is what Phase I learned, proposed to a person and signed by another.

Neighbours: collecting brings readings and their order, products say how a chart is drawn, reactions to
``SignalRaised`` stand in the loop's table.
"""
