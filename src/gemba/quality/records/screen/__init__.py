"""The Screen kit: a record type as people and programs meet it, declared once, drawn by the server.

Pure data and queries; no HTML. One frozen ``Screen`` per type gives the list, the object page, the forms,
the API and its description. Brakes: at most twelve slots, at most two of them functions of their own;
what needs more is an ordinary view.
"""

from gemba.quality.records.screen.declare import (
    ChildTable,
    Column,
    Filter,
    Panel,
    Screen,
    Section,
    install_screens,
    screen_of,
    screens,
)
from gemba.quality.records.screen.forms import FormField, form_of, own_form
from gemba.quality.records.screen.lists import ListPage, Row, list_page
from gemba.quality.records.screen.objects import ObjectPage, object_page
from gemba.quality.records.screen.own import past_own, with_own
from gemba.quality.records.screen.query import MOST_ROWS, Condition, Query, read_query, write_query

__all__ = [
    "MOST_ROWS",
    "ChildTable",
    "Column",
    "Condition",
    "Filter",
    "FormField",
    "ListPage",
    "ObjectPage",
    "Panel",
    "Query",
    "Row",
    "Screen",
    "Section",
    "form_of",
    "install_screens",
    "list_page",
    "object_page",
    "own_form",
    "past_own",
    "read_query",
    "screen_of",
    "screens",
    "with_own",
    "write_query",
]
