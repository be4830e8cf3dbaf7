"""No officer reads that anything "expired", "failed" or was "rejected": on no page, and in no sentence."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

HARD_WORDS = re.compile(r"\b(?:expired?|reject(?:ed)?|fail(?:ed)?|invalid|denied)\b", re.IGNORECASE)
ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
BODIES = {path.relative_to(TEMPLATES).as_posix(): path.read_text() for path in TEMPLATES.rglob("*.html")}
OTHERS = ("requests_app/forms/messages.py", "requests_app/domain/states.py", "peersupport/program/form_tokens.py")
SAYING = [*sorted((ROOT / "requests_app").rglob("officer*.py")), *(ROOT / name for name in OTHERS)]


def stands_on(name: str) -> set[str]:
    """What a template extends and includes, by name."""
    return set(re.findall(r"{% (?:extends|include) [\"']([^\"']+)[\"']", BODIES[name]))


def shown_to_officers() -> set[str]:
    """Their own pages and the pages for what goes wrong, with whatever these are made of."""
    found: set[str] = set()
    more = {name for name in BODIES if "officer.html" in stands_on(name) or re.match(r"\d{3}|bootstrap5/", name)}
    while more:
        found |= more
        more = set().union(*map(stands_on, more)) - found
    return found


def sentences_in(path: Path) -> list[str]:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    strings = [node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [node.value for node in strings if id(node) not in docstrings]


def test_the_pages_of_officers_are_among_what_is_looked_through() -> None:
    parts = {"thread", "send_on", "nobody", "asked_words", "call_988", "closed", "receipt", "return"}
    assert {f"requests_app/{part}.html" for part in parts} | {"500.html", "base.html"} <= shown_to_officers()
    assert "staff.html" not in shown_to_officers()


@pytest.mark.parametrize("name", sorted(shown_to_officers()))
def test_no_page_says_a_hard_word_to_an_officer(name: str) -> None:
    assert HARD_WORDS.findall(re.sub(r"{#.*?#}", "", BODIES[name], flags=re.DOTALL)) == []


@pytest.mark.parametrize("path", SAYING, ids=lambda path: path.name)
def test_no_sentence_says_a_hard_word_to_an_officer(path: Path) -> None:
    assert [sentence for sentence in sentences_in(path) if HARD_WORDS.search(sentence)] == []
