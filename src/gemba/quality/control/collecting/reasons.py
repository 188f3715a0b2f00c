"""Why a reading waits or is refused, in the words of whoever must mend it."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.stats.results import N_

COLLECTING: Mapping[str, str] = {
    "collecting.key_source": N_("A reading needs a source of 1 to 80 readable characters."),
    "collecting.key_sequence": N_("The sequence number {given} is not a whole number from 0 upwards."),
    "collecting.key_used": N_(
        "Number {sequence} of {source} was taken before with other content. Give a new reading a new number."
    ),
    "collecting.too_long": N_("'{field}' is longer than {limit} characters."),
    "collecting.unreadable": N_("'{field}' holds characters that cannot be read or printed."),
    "collecting.kind_unknown": N_("There is no kind of reading '{given}'; known are {known}."),
    "collecting.purpose_unknown": N_("There is no purpose '{given}'; known are {known}."),
    "collecting.validity_unknown": N_("There is no validity '{given}'; known are {known}."),
    "collecting.note_missing": N_("Say why in the note: '{kind}' needs a reason."),
    "collecting.time_zone": N_("The time {given} has no time zone: nobody knows which moment it means."),
    "collecting.characteristic_unknown": N_("There is no characteristic '{number}' that you may measure."),
    "collecting.not_released": N_("The characteristic {number} is '{state}', not released."),
    "collecting.attribute_data": N_(
        "The characteristic {number} asks for '{kind}' data, which cannot be collected: measured values, "
        "counts and times to an event can."
    ),
    "collecting.not_a_count": N_(
        "'{text}' is no count of {number}: give a whole number from 0 up, not a share and not a percentage."
    ),
    "collecting.not_a_time": N_("'{text}' is no time to an event of {number}: give a number from 0 up."),
    "collecting.above_size": N_(
        "{text} nonconforming units are more than the {size} that were inspected of {number}: "
        "correct the count or the size."
    ),
    "collecting.size_missing": N_(
        "The number inspected is missing: send it as 'size' beside the count of {number}."
    ),
    "collecting.size_invalid": N_(
        "'{given}' is no number inspected for {number}: give a number above 0, whole where units are counted."
    ),
    "collecting.size_other": N_(
        "{given} were inspected, and the np chart of {number} needs samples of {usual}: "
        "send samples of that size, or let the characteristic have a p chart."
    ),
    "collecting.nominal_missing": N_(
        "The nominal is missing: send it as 'nominal' beside the value of {number}."
    ),
    "collecting.nominal_invalid": N_("'{given}' is no nominal for {number}: give a number."),
    "collecting.part_missing": N_("The part is missing: send it as 'part' beside the value of {number}."),
    "collecting.beside_unexpected": N_(
        "'{field}' was sent, and values of {number} stand alone: leave it out."
    ),
    "collecting.stream_key_missing": N_("'{key}' is missing: the streams of {number} are told apart by it."),
    "collecting.value_missing": N_("There is no value."),
    "collecting.not_a_number": N_("'{text}' is not a number."),
    "collecting.comma": N_("'{text}' has a comma: write a point for decimals and nothing for thousands."),
    "collecting.out_of_range": N_("'{text}' is too large to be stored as a number."),
    "collecting.unit_unknown": N_("The unit '{given}' is not known; {number} is measured in {wanted}."),
    "collecting.unit_other": N_("The unit '{given}' cannot be converted to {wanted}, in which {number} is."),
    "collecting.impossible": N_("{text} is impossible: {number} lies between {low} and {high}."),
    "collecting.implausible": N_(
        "{text} is not plausible: {number} is expected between {low} and {high}. "
        "Look again, then mend it or confirm it."
    ),
    "collecting.gauge_closed": N_(
        "The gauge {gauge} ({number}) may not be used: '{state}'. Calibrate it and release the reading, or "
        "name the gauge that was really used."
    ),
    "collecting.gauge_unknown": N_(
        "The register of {site} has no gauge '{gauge}'. Enter it there, or name the gauge that was used."
    ),
    "collecting.about_missing": N_("Name the reading that this '{kind}' is about."),
    "collecting.about_unexpected": N_("A reading that is not about another one cannot name one."),
    "collecting.about_unknown": N_("There is no reading {about} of {number}."),
    "collecting.about_void": N_("Reading {about} is void: nothing can be changed about it."),
    "collecting.void_with_value": N_("A void has no value; '{text}' was given."),
    "collecting.second_person": N_("A second person must confirm this '{kind}'."),
    "collecting.quarantine_unknown": N_("There is no waiting reading {quarantined}, or you may not see it."),
    "collecting.decided": N_("Somebody has decided on this reading already."),
    "collecting.person_needed": N_("Only a person decides on a reading in quarantine."),
    "collecting.key_changed": N_("A mended reading keeps its source and its number."),
}
