"""What the documents name is there: files by their path from the root, modules and their names by their dotted path."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
A_FILE = re.compile(r"[\w.-]+(?:/[\w.-]+)*\.(?:py|typ|html|txt|css|js|md|toml)")
ROOMS = "peersupport|applications|training|stats|requests_app|dashboard|operations|tests"
A_DOTTED_NAME = re.compile(rf"((?:{ROOMS})(?:\.\w+)+)(?:\(.*\))?")
NAMES_OF_DAILY_LIFE = {"sample-receipt.txt"}  # what the program itself writes


def quoted_in(path: Path) -> list[str]:
    without_blocks = re.sub(r"^```.*?^```", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"`([^`\n]+)`", without_blocks)


def is_there(dotted: str) -> bool:
    """Whether it is a module, or a name that a module defines (or a method or member of that)."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        stem = ROOT.joinpath(*parts[:length])
        file = stem / "__init__.py" if stem.is_dir() else stem.with_suffix(".py")
        if stem.is_dir() and length == len(parts):
            return True
        if file.exists():
            nodes = list(ast.walk(ast.parse(file.read_text())))
            defined = {
                *(node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)),
                *(node.id for node in nodes if isinstance(node, ast.Name)),
                *(alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names),
            }
            return set(parts[length:]) <= defined
    return False


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_document_names_what_is_there(path: Path) -> None:
    names = {file.name for folder in ROOMS.split("|") for file in (ROOT / folder).rglob("*.py")}
    missing = []
    for quoted in quoted_in(path):
        if A_FILE.fullmatch(quoted) and Path(quoted).name not in NAMES_OF_DAILY_LIFE:
            beside = (path.parent / quoted).exists()
            if not (ROOT / quoted).exists() and not beside and not ("/" not in quoted and quoted in names):
                missing.append(quoted)
        elif (dotted := A_DOTTED_NAME.fullmatch(quoted)) and not is_there(dotted[1]):
            missing.append(quoted)
    assert missing == []


def test_each_link_between_documents_leads_somewhere() -> None:
    for path in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_the_glossary_has_each_term_once_and_in_alphabetical_order() -> None:
    rows = re.findall(r"^\| (.+?) \|", (ROOT / "docs" / "glossary.md").read_text(), flags=re.MULTILINE)
    heading, *terms = rows
    assert heading == "term" and terms == sorted(set(terms), key=str.casefold)
