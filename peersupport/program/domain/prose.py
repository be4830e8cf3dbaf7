"""Text typed into a box, split into paragraphs and lists. Nothing in it is ever read as markup."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """One paragraph (one line), or one list (its items as lines)."""

    is_list: bool
    lines: tuple[str, ...]


def blocks(text: str) -> list[Block]:
    """Paragraphs are separated by empty lines; lines that begin with "- " are items of a list.

    A line below an item continues it. No letter or digit of the text is lost.
    """
    result: list[Block] = []
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        sentences: list[str] = []
        items: list[str] = []
        for line in (line.strip() for line in part.splitlines()):
            if line.startswith("- "):
                items.append(line[2:].strip())
            elif items:
                items[-1] += f" {line}"
            else:
                sentences.append(line)
        if sentences:
            result.append(Block(False, (" ".join(sentences),)))
        if items:
            result.append(Block(True, tuple(items)))
    return [block for block in result if any(block.lines)]
