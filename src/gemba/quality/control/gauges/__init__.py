"""Gauges: what is measured with, when it was last found good, and whether it may be used now.

Words: a gauge is *locked* when its calibration ran out; *as found* is its error before anybody adjusted it,
*as left* the one after; an *impact* is one stream of readings that was measured with it since it was last
found good, each is answered before the gauge is used again or given up. Neighbours: collecting asks which
gauges may not be used; what was measured with a failed one is brought here by the loop.
"""
