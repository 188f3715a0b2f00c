"""The words of refusals about people."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.stats.results import N_

PEOPLE: Mapping[str, str] = {
    "people.username_taken": N_("The user name {username} was given before and is never used again."),
    "people.username_invalid": N_("A user name has 3 to 60 letters, digits, dots, dashes or underscores."),
    "people.password_weak": N_("This password does not do: {problem}"),
    "people.not_access_administrator": N_("Only an access administrator may do this."),
    "people.not_system_administrator": N_("Only a system administrator may do this."),
    "people.site_code": N_("The code of a site has 2 to 12 letters and digits."),
    "people.site_taken": N_("There is a site {code} already."),
    "people.zone_unknown": N_("There is no time zone '{zone}'."),
    "people.password_wrong": N_("The present password is wrong."),
    "people.own_rights": N_("Nobody may give rights to himself."),
    "people.role_unknown": N_("There is no role '{role}'."),
    "people.grant_ended": N_("This right has ended already."),
    "people.disabled": N_("{name} may no longer work here."),
    "people.scope_unknown": N_("A token has no scope '{scope}'."),
    "people.expiry": N_("A token expires within a year: give an end between now and then."),
    "people.not_yourself": N_("Somebody else must confirm your identity."),
    "people.link_used": N_("This link was used or has expired. Ask for a new one."),
    "signing.locked": N_("Signing is locked after {count} failures. An access administrator unlocks it."),
    "signing.identity": N_("Your identity was not confirmed yet; an access administrator does that."),
    "signing.not_accepted": N_("Accept first that your electronic signature binds you like your own hand."),
    "signing.no_secret": N_("Set your signing secret first."),
    "signing.two_parts": N_("The first signing of a session needs user name and secret."),
    "signing.wrong": N_("User name or secret is wrong."),
}
