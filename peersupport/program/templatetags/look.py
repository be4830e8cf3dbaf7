"""What the page templates need: a title said twice, and the rail of the staff's pages."""

from dataclasses import dataclass

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from peersupport.access.permissions import PERMISSIONS_OF, Permission, Role

from ..telephones import pieces

register = template.Library()


@dataclass(frozen=True)
class Place:
    """One word in the rail: where it leads, who sees it, and the name under which a count may be given."""

    words: str
    url_name: str
    needs: frozenset[Permission] = frozenset()

    @property
    def count_name(self) -> str:
        return self.url_name.replace(":", "_")


# Whoever is a member and nothing else has no home besides the desk.
NOT_A_MEMBERS = frozenset(Permission) - PERMISSIONS_OF[Role.MEMBER]
RAIL = (
    Place("Today", "running:home", NOT_A_MEMBERS),
    Place("Desk", "requests_app:desk", frozenset({Permission.SUPPORT})),
    Place("Tally", "requests_app:tally", frozenset({Permission.SUPPORT})),
    Place("On call", "team:on_call", frozenset({Permission.SEE_ON_CALL})),
    Place("Team", "team:roster", frozenset({Permission.SEE_TEAM})),
    Place("After an incident", "team:activation", frozenset({Permission.MANAGE_TEAM})),
    Place("Applications", "applications:list", frozenset({Permission.SEE_APPLICATIONS, Permission.OWN_PROFILE})),
    Place("Training", "training:index", frozenset({Permission.SEE_TRAINING, Permission.OWN_PROFILE})),
    Place("Waiting", "requests_app:waiting", frozenset({Permission.SEE_WAITING})),
    Place("Consultations", "requests_app:consultations", frozenset({Permission.ANSWER_CONSULTATION})),
    Place("Statistics", "stats:index", frozenset({Permission.SEE_REPORT})),
    Place("Words", "program:texts", frozenset({Permission.WRITE_TEXTS, Permission.APPROVE_TEXTS})),
    Place("Settings", "program:settings", frozenset({Permission.MANAGE_SETTINGS})),
    Place("Accounts", "team:accounts", frozenset({Permission.MANAGE_ACCOUNTS})),
    Place("Invitations", "team:invite", frozenset({Permission.INVITE, Permission.MANAGE_ACCOUNTS})),
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
    """The words of the rail for the signed-in person, with `rail_counts` of the context where there are any."""
    may, counts = context.get("may") or frozenset(), context.get("rail_counts") or {}
    here = context["request"].path
    places: list[dict[str, object]] = []
    for place in RAIL:
        if place.needs and not any(permission.value in may for permission in place.needs):
            continue
        try:
            url = reverse(place.url_name)
        except NoReverseMatch:
            continue
        places.append({"words": place.words, "url": url, "count": counts.get(place.count_name)})
    nearest = max((str(place["url"]) for place in places if here.startswith(str(place["url"]))), key=len, default="")
    return [{**place, "is_here": place["url"] == nearest} for place in places]
