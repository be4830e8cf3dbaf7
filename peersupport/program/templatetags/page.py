"""Tags for the templates of every room."""

from django import template
from django.conf import settings
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString

from ..domain.phone_numbers import split_at_numbers

register = template.Library()


class RememberNode(template.Node):
    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: Context) -> str:
        # Marked safe again: strip() forgets that the template has escaped it.
        context[self.name] = SafeString(self.nodelist.render(context).strip())  # nosec B703
        return ""


@register.tag
def remember(parser: Parser, token: Token) -> RememberNode:
    """{% remember name %}...{% endremember %}: renders once, so that a block can be printed in two places."""
    nodelist = parser.parse(("endremember",))
    parser.delete_first_token()
    return RememberNode(nodelist, token.split_contents()[1])


@register.simple_tag(takes_context=True)
def same_for_all(context: Context, name: str) -> SafeString:
    """{% same_for_all "components/foot.html" %}: a part that depends on the program alone, so it is rendered once.

    It is told `program` and nothing else: no page, no visitor. A page that was made without the program draws it anew.
    """
    program = context.get("program")
    parts: dict[str, SafeString] = program.parts if program else {}
    if name not in parts:
        alone = Context({"program": program} if program else {})
        parts[name] = template.Engine.get_default().get_template(name).render(alone)
    return parts[name]


@register.simple_tag(takes_context=True)
def slot(context: Context, name: str) -> SafeString:
    """{% slot "name" %}: what a room above this one adds here, rendered with everything that the page knows.

    settings.TEMPLATE_SLOTS names the template that fills it, so that no template includes one of a room above its own;
    settings.TEMPLATE_SLOT_VIEWS, if it needs more than the page knows, the function that fetches the rest.
    """
    filling = template.Engine.get_default().get_template(settings.TEMPLATE_SLOTS[name])
    view = settings.TEMPLATE_SLOT_VIEWS.get(name)
    with context.push(**(import_string(view)(context) if view else {})):
        return filling.render(context)


@register.filter
def with_phone_links(text: str) -> SafeString:
    """Text that somebody typed, in which each telephone number is a link that calls it."""
    parts = (format_html('<a href="{}">{}</a>', link, part) if link else part for part, link in split_at_numbers(text))
    return format_html_join("", "{}", ((part,) for part in parts))
