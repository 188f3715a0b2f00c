"""What Django's templates can do, at a fraction of the cost where it is as simple as it mostly is.

A page says two hundred texts and leads to a hundred addresses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.base import FilterExpression, Parser, TextNode, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.templatetags.i18n import do_translate
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch
from django.utils.html import escape
from django.utils.translation import gettext
from django.utils.translation.trans_real import catalog

from gemba.server.web.addresses import address_of
from gemba.server.web.icons import drawn

register = template.Library()


class Saying(template.Node):
    """A text that stands in the template itself, in the reader's language; it is HTML already."""

    child_nodelists = ()

    def __init__(self, text: str) -> None:
        self.text = text.replace("%", "%%")  # so it stands in a catalogue of Django
        self.said: dict[object, str] = {}

    def render(self, context: Context) -> str:  # noqa: ARG002 (Django's signature)
        spoken = catalog()
        found = self.said.get(spoken)
        if found is None:
            found = self.said[spoken] = gettext(self.text).replace("%%", "%")
        return found


@register.tag("translate")
def translate(parser: Parser, token: Token) -> template.Node:
    """A text of the template; what is said of a variable, or kept in one, is left to Django."""
    made: Any = do_translate(parser, token)
    text, told = getattr(made.filter_expression.var, "literal", None), made.filter_expression.filters
    if not isinstance(text, str) or told or made.noop or made.asvar or made.message_context:
        return made  # type: ignore[no-any-return]
    return Saying(text)


class Icon(template.Node):
    """An icon whose name stands in a variable."""

    child_nodelists = ()

    def __init__(self, name: FilterExpression) -> None:
        self.name = name

    def render(self, context: Context) -> str:
        return drawn(self.name.resolve(context))


@register.tag("icon")
def icon(parser: Parser, token: Token) -> template.Node:
    """An icon, which says nothing to a screen reader: the words beside it do."""
    _tag, given = token.split_contents()
    name = parser.compile_filter(given)
    return Icon(name) if name.is_var else TextNode(drawn(name.resolve(Context())))


@register.tag("static")
def static(parser: Parser, token: Token) -> template.Node:
    """The address of a file of the program; what stands in a variable is left to Django."""
    made = StaticNode.handle_token(parser, token)
    if made.path.is_var or made.varname is not None:
        return made
    return TextNode(escape(made.url(Context())))


class Address(URLNode):
    """The address of a route that is named by its values in order."""

    def render(self, context: Context) -> str:
        name = self.view_name.resolve(context)
        if self.kwargs or ":" in name:
            return super().render(context)
        values = [value.resolve(context) for value in self.args]
        if self.asvar is None:
            return address_of(name, *values)
        context[self.asvar] = _address_or_nothing(name, values)
        return ""


def _address_or_nothing(name: str, values: Sequence[Any]) -> str:
    try:
        return address_of(name, *values)
    except NoReverseMatch:
        return ""


@register.tag("url")
def url(parser: Parser, token: Token) -> template.Node:
    """The address of a page."""
    made = django_url(parser, token)
    return Address(made.view_name, made.args, made.kwargs, made.asvar)
