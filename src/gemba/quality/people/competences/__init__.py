"""Competences: what people must be able to do, who has shown it, until when; a lapsed one bars the step.

A competence may be required in a role, for one kind of record or all. Neighbours: every lifecycle asks, by
the kernel, whether whoever takes a step has what his role requires there.
"""
