"""Coverage, derived: whether each requirement is covered, measured and met, with the evidence and every gap.

Nothing is stored here: a requirement is *covered* when a characteristic in force that verifies it has a chart
or a control plan, *measured* when each such characteristic has recent readings, and *met* when these conform,
no signal is open, and the process is capable where enough readings tell. Neighbours: characteristics are
linked to requirements by ``verifies``; collecting has the readings, monitoring the signals.
"""
