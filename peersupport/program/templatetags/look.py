"""What the page templates need: a title said twice, and the rail of the staff's pages."""

from dataclasses import dataclass

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from peersupport.access.permissions import PERMISSIONS_OF, Permission, Role

from ..domain.telephones import pieces

register = template.Library()


@dataclass(frozen=True)
class Place:
    """One word in the rail: where it leads, who sees it, and which pages with an address of their own lie behind it."""

    words: str
    url_name: str
    needs: frozenset[Permission] = frozenset()
    also: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return reverse(self.url_name)

    def leads_to(self, path: str) -> bool:
        return any(path.startswith(reverse(url_name)) for url_name in self.also)


# Whoever is a member and nothing else has no home besides the desk.
NOT_A_MEMBERS = frozenset(Permission) - PERMISSIONS_OF[Role.MEMBER]
RAIL = (
    Place("Today", "dashboard:home", NOT_A_MEMBERS, also=("program:confirm_lines",)),
    Place("Desk", "requests_app:desk", frozenset({Permission.SUPPORT}), also=("program:duty_to_report",)),
    Place("Tally", "requests_app:tally", frozenset({Permission.SUPPORT})),
    Place("On call", "team:on_call", frozenset({Permission.SEE_ON_CALL})),
    Place("Team", "team:roster", frozenset({Permission.SEE_TEAM})),
    Place("After an incident", "incidents:activation", frozenset({Permission.MANAGE_TEAM})),
    Place("Applications", "applications:list", frozenset({Permission.SEE_APPLICATIONS, Permission.OWN_PROFILE})),
    Place("Training", "training:index", frozenset({Permission.SEE_TRAINING, Permission.OWN_PROFILE})),
    Place("Waiting", "requests_app:waiting", frozenset({Permission.SEE_WAITING})),
    Place("Consultations", "requests_app:consultations", frozenset({Permission.ANSWER_CONSULTATION})),
    Place("Statistics", "stats:index", frozenset({Permission.SEE_REPORT})),
    Place(
        "Words",
        "program:texts",
        frozenset({Permission.WRITE_TEXTS, Permission.APPROVE_TEXTS}),
        also=("program:duty_to_report",),
    ),
    Place("Settings", "program:settings", frozenset({Permission.MANAGE_SETTINGS})),
    Place("Accounts", "team:accounts", frozenset({Permission.MANAGE_ACCOUNTS})),
    Place(
        "Invitations",
        "team:invite",
        frozenset({Permission.INVITE, Permission.MANAGE_ACCOUNTS}),
        also=("team:accounts",),
    ),
    Place("My page", "team:me"),
)


class RememberNode(template.Node):
    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: Context) -> str:
        context[self.name] = self.nodelist.render(context).strip()
        return ""


@register.tag
def remember(parser: Parser, token: Token) -> RememberNode:
    """{% remember name %}...{% endremember %}: renders once, so that a block can be printed in two places."""
    nodelist = parser.parse(("endremember",))
    parser.delete_first_token()
    return RememberNode(nodelist, token.split_contents()[1])


@register.filter
def with_numbers(text: str) -> SafeString:
    """Words that somebody typed, in which a press on a telephone number calls it."""
    parts = (format_html('<a href="{}">{}</a>', link, words) if link else words for words, link in pieces(text))
    return format_html_join("", "{}", ((part,) for part in parts))


@register.simple_tag(takes_context=True)
def rail_places(context: Context) -> list[dict[str, object]]:
    """The words of the rail for the signed-in person, with the `rail_counts` of the context, by the places' names."""
    may, counts = context.get("may") or frozenset(), context.get("rail_counts") or {}
    shown = [place for place in RAIL if not place.needs or any(permission.value in may for permission in place.needs)]
    here = _place_of(context["request"].path, shown)
    return [
        {"words": place.words, "url": place.url, "count": counts.get(place.url_name), "is_here": place is here}
        for place in shown
    ]


def _place_of(path: str, shown: list[Place]) -> Place | None:
    """The one whose address the page's begins with, and goes on longest; else one that leads to it."""
    above = [place for place in shown if path.startswith(place.url)]
    if above:
        return max(above, key=lambda place: len(place.url))
    return next((place for place in shown if place.leads_to(path)), None)
