"""Plain words typed into a box, taken apart into paragraphs and lists. Nothing in them is ever read as markup."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """One paragraph (one line), or one list (its items as lines)."""

    is_list: bool
    lines: tuple[str, ...]


def blocks(text: str) -> list[Block]:
    """Paragraphs are parted by empty lines; lines that begin with "- " are the items of a list."""
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        words: list[str] = []
        items: list[str] = []
        for line in (line.strip() for line in part.splitlines()):
            if line.startswith("- "):
                items.append(line[2:].strip())
            elif items:
                items[-1] += f" {line}"
            else:
                words.append(line)
        if words:
            found.append(Block(False, (" ".join(words),)))
        if items:
            found.append(Block(True, tuple(items)))
    return [block for block in found if any(block.lines)]
