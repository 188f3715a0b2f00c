"""Requirements: what a customer, a law or a standard asks for, until data show that it is met.

Words: the *voice* is what was said, verbatim; the *need* restates it; the *CTQ statement* makes it critical
to quality; the *operational definition* says how two people measure it alike. A requirement counts once it
is *agreed*; while it is under change its last agreed revision stays in force, and an *impact list* asks about
each record that stands on it. Neighbours: a characteristic ``verifies`` a requirement, a control plan
``controls`` the characteristic; both are seen by their headers only.
"""
