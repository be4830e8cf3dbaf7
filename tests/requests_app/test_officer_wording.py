"""No page and no sentence tells an officer that anything "expired", "failed" or was "rejected"."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

HARD_WORDS = re.compile(r"\b(?:expired?|reject(?:ed)?|fail(?:ed)?|invalid|denied)\b", re.IGNORECASE)
ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
SOURCES = {path.relative_to(TEMPLATES).as_posix(): path.read_text() for path in TEMPLATES.rglob("*.html")}
OTHER_MODULES = (
    "requests_app/forms/messages.py",
    "requests_app/presenters/erasure.py",
    "requests_app/presenters/messages.py",
    "requests_app/presenters/receipt_words.py",
    "requests_app/domain/states.py",
    "peersupport/program/form_tokens.py",
)
MODULES = [*sorted((ROOT / "requests_app").rglob("officer*.py")), *(ROOT / name for name in OTHER_MODULES)]


NAMED_IN_MODULES = {name for path in MODULES for name in re.findall(r"requests_app/\w+\.html", path.read_text())}


def used_by(name: str) -> set[str]:
    """The names of the templates that this one extends or includes."""
    return set(re.findall(r"{% (?:extends|include) [\"']([^\"']+)[\"']", SOURCES[name]))


def officer_templates() -> set[str]:
    """The officer's own pages and the error pages, with every template that these are made of."""
    found: set[str] = set()
    new = {name for name in SOURCES if "officer.html" in used_by(name) or re.match(r"\d{3}|bootstrap5/", name)}
    new |= NAMED_IN_MODULES
    while new:
        found |= new
        new = set().union(*map(used_by, new)) - found
    return found


def sentences_in(path: Path) -> list[str]:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    strings = [node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [node.value for node in strings if id(node) not in docstrings]


def test_officer_pages_are_among_the_templates_checked() -> None:
    parts = {"thread", "offer_again", "nobody_left", "write", "close", "call_988", "closed", "receipt", "return"}
    assert {f"requests_app/{part}.html" for part in parts} | {"500.html", "base.html"} <= officer_templates()
    assert "staff.html" not in officer_templates()


@pytest.mark.parametrize("name", sorted(officer_templates()))
def test_officer_page_has_no_hard_word(name: str) -> None:
    assert HARD_WORDS.findall(re.sub(r"{#.*?#}", "", SOURCES[name], flags=re.DOTALL)) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_officer_sentence_has_no_hard_word(path: Path) -> None:
    assert [sentence for sentence in sentences_in(path) if HARD_WORDS.search(sentence)] == []
