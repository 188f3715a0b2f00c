"""The fast engine: the same answers by loops that Numba compiles, where the extra ``fast`` is installed.

``engine`` chooses for one call, ``compiled`` compiles and keeps what it compiled. ``masks`` judges run rules
on words of 64 points, ``recursions`` and ``subgroups`` compute plotted points, ``streams`` all that is told
of many streams.
Every loop has a NumPy path beside it that gives the same signals; nothing here is imported before it is used.

Neighbours: ``charts`` and ``screening`` ask ``fast()`` where a loop is worth it; this floor knows neither.
"""

from gemba.stats.kernels.engine import ENGINES, Engine, engine_name, fast, working

__all__ = ["ENGINES", "Engine", "engine_name", "fast", "working"]
