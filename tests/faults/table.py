"""docs/faults.md: what breaks, what people notice of it, and how it heals, as the tests that really do it say it.

    .venv/bin/python -m tests.faults.table

writes the page anew. A test gets its line by its marker, wherever it stands:

    @pytest.mark.fault("Redis", "Accepts connections and says nothing", people="…", heals="…")
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "faults.md"
BEGIN, END = "<!-- made by the tests -->\n", "<!-- end of what the tests made -->\n"
HEAD = "| what breaks | what people notice | how it heals | shown by |\n|---|---|---|---|"
PARTS = ("Processes", "PostgreSQL", "Redis", "Disk", "Mail", "Clock", "Network", "Upgrade")


@dataclass(frozen=True)
class Fault:
    """One line of the page. `heals`: how it recovers without anyone stepping in, or who has to do what."""

    part: str
    what: str
    people: str
    heals: str
    test: str


def faults() -> Iterator[Fault]:
    """Raises ValueError where a marker isn't four plain texts."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text()
        if "mark.fault(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for call in node.decorator_list:
                    if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.fault":
                        part, what = (ast.literal_eval(each) for each in call.args)
                        more = {each.arg: ast.literal_eval(each.value) for each in call.keywords}
                        where = f"{path.relative_to(ROOT).as_posix()}::{node.name}"
                        if part not in PARTS:
                            raise ValueError(f"{where}: no part is called {part}")
                        yield Fault(part, what, test=where, **more)


def table() -> str:
    found = list(faults())
    lines = []
    for part in PARTS:
        of_part = [fault for fault in found if fault.part == part]
        if of_part:
            lines += [f"## {part}", "", HEAD]
            for each in of_part:
                said = f"{_as_sentence(each.people)} | {_as_sentence(each.heals)}"
                lines.append(f"| {each.what} | {said} | `{each.test}` |")
            lines.append("")
    return "\n".join(lines)


def _as_sentence(text: str) -> str:
    return text[0].upper() + text[1:].removesuffix(".") + "."


def page() -> str:
    """The page with its tables as the tests are now."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page())
    sys.exit(0)
