"""People and what stands for them: persons, their printed names, roles by site, tokens, working time.

Words: a *grant* is a role at a site for a time; a *token* stands for an integration; the *signing secret*
is the second part of a signature. Neighbours: the kernel knows only ``Actor``; this slice makes actors.
"""
