"""The words of gaps: what stands between a requirement and the proof that it is met."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.stats.results import N_

COVERAGE: Mapping[str, str] = {
    "coverage.no_characteristic": N_("No characteristic verifies it: name its number in a characteristic."),
    "coverage.not_released": N_("{records} verifies it and is not in force: release it."),
    "coverage.no_control": N_("{records} verifies it without a chart or a control plan: give it one."),
    "coverage.no_reading": N_("{record} has no reading of the last {days} days: measure it."),
    "coverage.nonconform": N_("{record}: {count} of the last {of} readings do not conform."),
    "coverage.signal_open": N_("{record}: open signals ({signals}). Find each cause and close them."),
    "coverage.not_capable": N_("{record}: Ppk is {ppk}, below {least}."),
}
