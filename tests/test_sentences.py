"""Every sentence in the program's Python is marked for translation, and none is glued from parts."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_house import ROOT, SOURCES

# What nobody reads on a page, in a mail or on a paper: the commands of a terminal, sample data, how it is set up.
NOT_READ = (
    "migrations/", "management/", "settings/", "operations/demo/", "celery.py", "sealing/apps.py", "core/start.py",
    "operations/disk.py", "operations/home_command.py", "operations/processes.py",
    "operations/backup/", "operations/rotation/", "operations/serve/", "operations/setup/", "operations/upgrade/",
    "formats/en/formats.py",  # each language has its own
    "sealing/envelope.py",  # names of derived keys: another name is another key
    "doctor/start.py",
    "stats/domain/attacks.py", "stats/domain/simulations.py", "stats/documents/readback.py",  # what a command prints
)  # fmt: skip
MARKS = {
    "_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy",
    "npgettext", "npgettext_lazy",
}  # fmt: skip
# For programmers: a broken promise of the code, a line in the log, SQL.
FOR_PROGRAMMERS = re.compile(
    r"(?:Error|Warning|Configured|Exception)$|^(?:debug|info|warning|error|exception|critical|execute)$"
)
SENTENCE = re.compile(r"^[“\"(]?[A-Z][\w’']*[ ,].*|^(?:[\w’',;:%(){}-]+ ){3,}.*", re.DOTALL)
PRINTED = [path for path in SOURCES if not any(part in str(path.relative_to(ROOT)) for part in NOT_READ)]


def name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def annotations(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            yield node.annotation
        elif isinstance(node, ast.FunctionDef) and node.returns:
            yield node.returns


def unmarked(source: str) -> list[str]:
    """The sentences outside of a mark, by line number. No sentences: docstrings, types, and what programmers read."""
    tree = ast.parse(source)
    types = {part for annotation in annotations(tree) for part in ast.walk(annotation)}
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        above, up = [], node
        while up in parents:
            up = parents[up]
            above.append(up)
        if node in types or isinstance(above[0], ast.Expr | ast.JoinedStr) or not SENTENCE.match(text):
            continue
        names = [name_of(call.func) for call in above if isinstance(call, ast.Call)]
        is_marked = bool(MARKS & set(names)) and not isinstance(node, ast.JoinedStr)
        if not is_marked and not any(FOR_PROGRAMMERS.search(name) for name in names):
            found.append(f"{node.lineno}: {text}")
    return found


@pytest.mark.parametrize("path", PRINTED, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_sentence_is_marked_for_translation(path: Path) -> None:
    assert unmarked(path.read_text()) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("say('Nobody is on call.')", ["1: Nobody is on call."]),
        ("say(_('Nobody is on call.'))", []),
        ("say(f'{name} is on call tonight.')", ["1: {} is on call tonight."]),
        ("say(_(f'{name} is on call tonight.'))", ["1: {} is on call tonight."]),
        ("say(ngettext('One waits.', '%(n)s wait.', n))", []),
        ("raise ValueError('No such code here.')", []),
        ("def f():\n    'What it does.'", []),
        ("style = 'badge badge--warm'", []),
        (
            "def f(a: 'Member | None') -> 'Row | None':\n    b: 'Key | None' = 'Nobody is on call.'",
            ["2: Nobody is on call."],
        ),
    ],
)
def test_the_search_for_unmarked_sentences(source: str, found: list[str]) -> None:
    assert unmarked(source) == found
