"""Processes with their steps: who owns one, what goes in and out, and in which order it is done.

Words: a *step* has a number, an operation, a machine or tool, a station and its *predecessor*. Neighbours: a
characteristic names its process and step; a process ``contains`` the characteristics that name it.
"""
