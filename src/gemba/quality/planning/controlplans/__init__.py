"""Control plans: how each characteristic of a product is kept in control, and what to do when it is not.

Words: a *line* says for one characteristic how it is measured, how often, how many, by which method, and its
*reaction plan*: what to contain, who to call, when to resume, and whose it is. A plan is a record of its
own for each revision; the one in force is never edited, the next one *supersedes* it. Neighbours: products
and processes say what is controlled; gauges are seen by their headers only; the loop takes the reaction plan
to a signal.
"""
