"""A point, and nothing between thousands, wherever a template puts a number: it may be an attribute.

The decimal comma of a German page is put by the filters that show numbers.
"""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ""
NUMBER_GROUPING = 0
