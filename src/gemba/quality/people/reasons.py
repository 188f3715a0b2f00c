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
    "people.shift_invalid": N_("'{given}' is no working time. Write it as 06:00-14:00."),
    "people.shift_overlap": N_("{one} and {two} overlap on the same day."),
    "people.closure_order": N_("The time must end after it begins."),
    "people.closure_unknown": N_("There is no such closing of this site."),
    "people.password_wrong": N_("The present password is wrong."),
    "people.own_rights": N_("Nobody may give rights to himself."),
    "people.role_unknown": N_("There is no role '{role}'."),
    "people.grant_ended": N_("This right has ended already."),
    "people.disabled": N_("{name} may no longer work here."),
    "people.scope_unknown": N_("A token has no scope '{scope}'."),
    "people.shell_password": N_("User name or password is wrong."),
    "people.shell_pages": N_(
        "{username} has a second factor, or a password that is too old: use the pages, where both are asked."
    ),
    "people.expiry": N_("A token expires within a year: give an end between now and then."),
    "people.not_yourself": N_("Somebody else must confirm your identity."),
    "people.not_own_password": N_("Nobody sets somebody else's password. Make an access link instead."),
    "people.not_own_language": N_("Everybody chooses his own language."),
    "people.language_unknown": N_("There is no language '{given}' here; there are: {known}."),
    "people.same_secret": N_("The password and the signing secret must be different."),
    "people.same_password": N_("This is the present password. Choose another one."),
    "people.confirm_first": N_(
        "Your own identity was not confirmed yet. On the machine of the plant: gemba user identity NAME HOW"
    ),
    "people.made_link": N_(
        "You made an access link for {username}, so somebody else must confirm who that is: another access "
        "administrator, or on the machine of the plant: gemba user identity {username} HOW"
    ),
    "people.policy_unknown": N_("There is no rule '{name}'. There are: {known}."),
    "people.policy_value": N_("'{name}' is a whole number from 0 to {most}."),
    "people.link_used": N_("This link was used or has expired. Ask for a new one."),
    "signing.locked": N_("Signing is locked after {count} failures. An access administrator unlocks it."),
    "signing.identity": N_("Your identity was not confirmed yet; an access administrator does that."),
    "signing.training": N_("Your training to sign was not recorded yet; an access administrator does that."),
    "signing.second_factor": N_("Signing needs a second factor here: set it up under My account first."),
    "signing.not_accepted": N_("Accept first that your electronic signature binds you like your own hand."),
    "signing.no_secret": N_("Set your signing secret first."),
    "signing.two_parts": N_("The first signing of a session needs user name and secret."),
    "signing.wrong": N_("User name or secret is wrong."),
}
