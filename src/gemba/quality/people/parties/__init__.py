"""Parties: customers and suppliers as master data, so that every record calls them by the same name.

A party is known from its making on. Neighbours: requirements name who asks, products name both.
"""
