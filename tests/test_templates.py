"""What every template keeps to: short lines, few conditions, and no sentence that can't be translated."""

import re
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

TEMPLATES = Path(__file__).parents[1] / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
MAILS = sorted(TEMPLATES.rglob("*.txt"))
CONDITION = re.compile(r"{%-? *(?:el)?if\b")
CONDITIONS_PER_100_LINES = 8
READ_ATTRIBUTES = re.compile(r"""\b(?:alt|aria-label|placeholder|title|content|data-\w+-text)=["']([^"']*)""")
NOT_READ = re.compile(
    r"""<(?:script|style)\b.*?</(?:script|style)>|<!--.*?-->|"""
    r"""<meta (?:name="(?:viewport|color-scheme)"|http-equiv)[^>]*>""",
    re.DOTALL,
)
LETTERS = re.compile(r"[A-Za-z]{2}")


def relative(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_a_line_is_short_and_asks_at_most_two_questions(path: Path) -> None:
    lines = list(enumerate(path.read_text().splitlines(), start=1))
    assert not [number for number, line in lines if len(line) > 160]
    assert not [number for number, line in lines if len(CONDITION.findall(line)) > 2]


def test_templates_ask_few_questions_over_all() -> None:
    texts = [path.read_text() for path in PAGES]
    lines = sum(1 for text in texts for line in text.splitlines() if line.strip())
    conditions = sum(len(CONDITION.findall(text)) for text in texts)
    assert conditions * 100 / lines <= CONDITIONS_PER_100_LINES


def unmarked(source: str) -> list[str]:
    """What a person reads in a template outside of `translate` and `blocktranslate`: text, and attributes with text."""
    kept, is_marked = [], False
    for token in Lexer(source).tokenize():
        tag = token.contents.split(None, 1)[0] if token.token_type == TokenType.BLOCK and token.contents else ""
        if tag in {"blocktranslate", "comment"}:
            is_marked = True
        elif tag in {"endblocktranslate", "endcomment"}:
            is_marked = False
        elif token.token_type == TokenType.TEXT and not is_marked:
            kept.append(token.contents)
        elif tag in {"with", "include"}:
            values = (bit.partition("=")[2] for bit in token.split_contents()[1:])
            kept += [f"\n{value}\n" for value in values if value[:1] in {'"', "'"} and " " in value]
    text = NOT_READ.sub("", "".join(kept))
    found = [*READ_ATTRIBUTES.findall(text), *re.sub(r"<[^>]*>", "\n", text).splitlines()]
    return [words.strip() for words in found if LETTERS.search(re.sub(r"&\w+;", "", words))]


@pytest.mark.parametrize("path", [*PAGES, *MAILS], ids=relative)
def test_everything_a_person_reads_is_marked_for_translation(path: Path) -> None:
    assert unmarked(path.read_text()) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Good day</p>", ["Good day"]),
        ('<p>{% translate "Good day" %}</p>', []),
        ("{% blocktranslate trimmed %}Good <b>day</b>{% endblocktranslate %} and night", ["and night"]),
        ('<a title="Go on" href="/next/">{{ name }}</a>', ["Go on"]),
        ('{% include "a.html" with label="Good day" %}', ['"Good day"']),
        ('{% include "a.html" with label=_("Good day") %}', []),
        ("{# a remark #}<p>{{ number }} &nbsp; {{ name }}</p>", []),
    ],
)
def test_the_search_for_unmarked_text(source: str, found: list[str]) -> None:
    assert unmarked(source) == found
