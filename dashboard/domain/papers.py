"""The papers that come with the program, from the little Markdown in which docs/ is written to blocks for a page.

Headings, paragraphs, lists and tables; in a line **bold**, *italic* and `code`. A link leaves its words alone: what it
leads to is a file of the repository, and no page.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_SPAN = re.compile(r"\*\*(?P<bold>.+?)\*\*|\*(?P<italic>[^*]+)\*|`(?P<code>[^`]+)`")
_HEADING = re.compile(r"(#+) +(.*)")
_RULE = re.compile(r"[|\s:-]+")  # between the head of a table and its rows


class Kind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    TABLE = "table"


@dataclass(frozen=True)
class Span:
    """style: "bold", "italic", "code", or empty."""

    text: str
    style: str = ""


Line = tuple[Span, ...]


@dataclass(frozen=True)
class Block:
    """A heading or paragraph (one line), a list (its items), or a table (its rows of cells, the head first)."""

    kind: Kind
    lines: tuple[Line, ...] = ()
    rows: tuple[tuple[Line, ...], ...] = ()


def blocks(text: str) -> list[Block]:
    """Without the paper's first heading, which the page has as its own."""
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    found = [block for part in parts for block in _blocks(part.splitlines())]
    return found[1:] if text.startswith("# ") else found


def only_with(words: str, found: Sequence[Block]) -> list[Block]:
    """The paragraphs and items with these words, in small letters, each as a paragraph; all blocks if none has."""
    lines = [line for block in found for line in block.lines if words in plain(line).lower()]
    return [Block(Kind.PARAGRAPH, (line,)) for line in lines] or list(found)


def plain(line: Line) -> str:
    return "".join(span.text for span in line)


def _blocks(lines: Iterable[str]) -> Iterable[Block]:
    """One part between empty lines: a heading stands alone, and a list may follow right below a sentence."""
    runs: list[tuple[Kind, list[str]]] = []
    for line in (line.strip() for line in lines):
        kind, said = _read(line)
        if kind is None and runs and runs[-1][0] in {Kind.PARAGRAPH, Kind.LIST}:
            runs[-1][1][-1] += f" {said}"
        elif runs and runs[-1][0] is kind and kind in {Kind.LIST, Kind.TABLE}:
            runs[-1][1].append(said)
        else:
            runs.append((kind or Kind.PARAGRAPH, [said]))
    return [_block(kind, said) for kind, said in runs]


def _read(line: str) -> tuple[Kind | None, str]:
    """What a line begins, and its words without the mark; None for one that goes on."""
    if heading := _HEADING.fullmatch(line):
        return Kind.HEADING, heading[2]
    if line.startswith("- "):
        return Kind.LIST, line[2:]
    return (Kind.TABLE if line.startswith("|") else None), line


def _block(kind: Kind, lines: Iterable[str]) -> Block:
    if kind is Kind.TABLE:
        rows = (line.strip("|").split("|") for line in lines if not _RULE.fullmatch(line))
        return Block(kind, rows=tuple(tuple(_spans(cell.strip()) for cell in row) for row in rows))
    return Block(kind, tuple(_spans(line) for line in lines))


def _spans(text: str) -> Line:
    text, spans, end = _LINK.sub(r"\1", text), list[Span](), 0
    for match in _SPAN.finditer(text):
        spans.append(Span(text[end : match.start()]))
        spans.append(Span(match[match.lastgroup or 0], match.lastgroup or ""))
        end = match.end()
    return tuple(span for span in (*spans, Span(text[end:])) if span.text)
