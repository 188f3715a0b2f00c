"""The words of refusals about characteristics."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.stats.results import N_

PRODUCTS: Mapping[str, str] = {
    "products.not_editable": N_("The characteristic is '{state}': start a change before you edit it."),
    "products.kind_unknown": N_("There is no kind of data '{given}'; known are {known}."),
    "products.class_unknown": N_("There is no special class '{given}'; known are {known}."),
    "products.step_unknown": N_("There is no step '{given}' in the process; there are: {known}."),
    "products.number_invalid": N_("'{field}' is {given}: a number with up to 15 digits is needed."),
    "products.number_too_long": N_(
        "'{field}' is {given}: at most 15 significant digits and 12 decimal places are kept."
    ),
    "products.decimals": N_("Decimals are {given}: a whole number from 0 to 12 is needed."),
    "products.nothing_asked": N_("Give a lower or an upper specification limit."),
    "products.criterion_missing": N_("Say what makes a piece good or bad: the criterion is empty."),
    "products.order": N_("'{low}' is {low_value} and '{high}' is {high_value}: the first must be lower."),
    "products.guard_negative": N_("The guard band is {value}: it cannot be negative."),
    "products.guard_too_wide": N_(
        "The guard band {value} on both sides leaves nothing of the tolerance {low} to {high}."
    ),
    "products.chart_unknown": N_("There is no chart '{given}' for live data; known are {known}."),
    "products.chart_needs_numbers": N_("'{kind}' data have no chart: leave out the chart '{chart}'."),
    "products.chart_other_data": N_("A chart '{chart}' does not suit '{kind}' data; {suited} do."),
    "products.rules_unsuited": N_(
        "None of the rules '{given}' suits a chart '{chart}', so it would never signal: take rule 1 too."
    ),
    "products.design_invalid": N_("The design values '{given}' do not suit the chart: {problem}"),
    "products.design_by_runs": N_(
        "A chart '{chart}' whose sigma is that of each run knows no run to come: pool by parts, constant or "
        "relative."
    ),
    "products.design_unreadable": N_(
        "'{given}' is no design value: write a name, '=' and a value, with commas between, such as "
        "lam=0.1, L=2.7."
    ),
    "products.subgroup_size": N_("A chart '{chart}' has subgroups of {low} to {high}, not {given}."),
    "products.subgroup_minutes": N_("The waiting time of a subgroup is {given} minutes: not below 0."),
    "products.needed_subgroups": N_("Limits need at least {low} points, not {given}."),
    "products.rules_unknown": N_("The run rules '{given}' are not known: {problem}"),
    "products.stream_key": N_(
        "'{given}' cannot tell streams apart: a key is a small letter, then small letters, digits or '_'."
    ),
    "products.stream_key_twice": N_("The stream key '{given}' is named twice."),
    "products.role_unknown": N_("Nobody has the role '{given}' to react to a signal; known are {known}."),
    "products.reaction_minutes": N_("The reaction is due after {given} minutes: not below 0."),
    "products.suspect_unknown": N_("Product cannot be suspect '{given}'; known are {known}."),
    "products.members_few": N_("Name two or more characteristics that are judged together."),
    "products.members_wait": N_(
        "Say after how many minutes an item is left out of which a characteristic was not measured."
    ),
    "products.members_unexpected": N_(
        "Characteristics are judged together where the kind of data is 'several': choose that, or name none."
    ),
    "products.members_twice": N_("{number} is named twice among those that are judged together."),
    "products.members_unmeasured": N_(
        "'{number}' is no number of a released characteristic with measured values: only those can be judged "
        "together."
    ),
    "products.members_elsewhere": N_(
        "{number} belongs to another product or process than this chart: name the same."
    ),
    "products.members_turned": N_(
        "A characteristic that was released once cannot become one of several together, nor the other way "
        "round: make a new one."
    ),
    "products.members_keys": N_(
        "The streams of {number} are not told apart by '{key}', so this chart's cannot be."
    ),
    "products.no_plan_line": N_("{number} is released and no control plan has a line for it."),
}
