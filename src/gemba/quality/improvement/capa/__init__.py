"""Corrective actions (CAPA, 8D): from the cause to the verdict that data give.

Words: a *cause* is of occurrence, of non-detection or systemic, and counts once it is *verified*; the
*criterion* says before the action by which data it will be judged; the *window* is the time whose data count,
fixed in advance; the *verdict* is computed when it has elapsed; a *cycle* begins anew when the action was not
effective, a *look* is one judgement of a cycle. Neighbours: a CAPA ``corrects`` nonconformances and
``affects`` the characteristic that it is judged by; collecting has the readings, monitoring the signals.
"""
