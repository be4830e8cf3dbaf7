"""A paper of the launch as a page: the paper's own words, which are in no language but English."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from markdown_it.token import Token

    from ..queries.papers import Written


@dataclass(frozen=True)
class Paper:
    title: str
    lead: str
    body: SafeString


def paper(code: str, written: "Written") -> Paper:
    title, lead = {
        "counsel": (
            _("Paper for counsel"),
            _("Print it for the agency's counsel, who answers the questions and signs the last line."),
        ),
        "retention_schedule": (
            _("Draft for the retention schedule"),
            _("Give it to the agency's records officer. It's part of the paper for counsel."),
        ),
        "union": (
            _("Page for the union"),
            _("Print it for whoever represents the people who might use the program."),
        ),
    }[code]
    # A document that comes with the program, as trusted as its templates; what looks like a tag in it is escaped.
    return Paper(title, lead, mark_safe(_html(written)))  # noqa: S308  # nosec B308 B703


def _html(written: "Written") -> str:
    """Without the paper's first heading, which the page has as its own."""
    from markdown_it import MarkdownIt  # slow to load

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    for rule in ("link_open", "link_close", "image"):  # they name files of the repository, which are no pages
        markdown.add_render_rule(rule, _nothing)
    tokens = markdown.parse(written.text)
    if tokens and tokens[0].tag == "h1":
        tokens = tokens[3:]
    _dress_tables(tokens)
    if written.part and (meant := [token for token in tokens if _has(written.part, token)]):
        return "".join(f"<p>{markdown.renderer.render([token], markdown.options, {})}</p>\n" for token in meant)
    return str(markdown.renderer.render(tokens, markdown.options, {}))


def _nothing(*_args: object) -> str:
    return ""


def _has(words: str, token: "Token") -> bool:
    return token.type == "inline" and words in token.content.lower()


def _dress_tables(tokens: Sequence["Token"]) -> None:
    """So that they are cards on a phone, where each cell says what its column is called."""
    heads: list[str] = []
    column = 0
    for token, inside in pairwise(tokens):
        if token.type == "table_open":
            token.attrSet("class", "table table-cards")
            heads = []
        elif token.type == "th_open":
            token.attrSet("scope", "col")
            heads.append("".join(part.content for part in inside.children or ()))
        elif token.type == "tr_open":
            column = 0
        elif token.type == "td_open":
            token.attrSet("data-label", heads[column])
            column += 1
