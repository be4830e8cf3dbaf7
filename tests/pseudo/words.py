"""Finds what a page, a mail or a paper says that no catalog has: words of two letters or more without an accent."""

import ast
import json
import re
import sqlite3
import zoneinfo
from collections.abc import Collection, Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

# What isn't said in any language, or in each the same: addresses of mail and web, zones, file names, formats, tasks.
NOT_WORDS = re.compile(
    r"(?:\w+\.)+tasks\.\w+|"
    r"\S+@\S+|{\w+}|https?://\S+|(?<!\S)\(?/[\w./-]+|localhost\S*|[A-Za-z_]+/[A-Za-z_/]+|\S+\.(?:pdf|csv|xlsx|ics|json|jpg|png)\b"
)
UNMARKED = re.compile(r"\b(?=[A-Za-z’']*[aeiouyAEIOUY])[A-Za-z’']{2,}\b")
CODE = re.compile(r"[a-z0-9_.:-]+")
LIST_MARK = re.compile(r"^(?:[-*#>]|\d+\.)+\s+")
SPOKEN_ATTRIBUTES = ("alt", "aria-label", "placeholder", "title")


VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class _Reader(HTMLParser):
    """Collects what a person reads or a screen reader says, one text after another.

    Left out: what the page itself says is in no language, such as the words of a receipt.
    """

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        self.texts += [values[name] or "" for name in SPOKEN_ATTRIBUTES if name in values]
        if tag == "input" and values.get("type") in {"submit", "button"}:
            self.texts.append(values.get("value") or "")
        is_silent = tag in {"script", "style", "textarea", "code"} or values.get("translate") == "no"
        if tag not in VOID and (self._silent or is_silent):
            self._silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)


def texts_of(page: str) -> list[str]:
    reader = _Reader()
    reader.feed(page)
    return reader.texts


def data_of(database: Path, *sample_files: Path) -> list[str]:
    """Every text that somebody typed, line by line, the longest first: tables, sample data; and the time zones."""
    found: set[str] = set()
    with closing(sqlite3.connect(database)) as connection:
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            for row in connection.execute(f'select * from "{table}"'):
                for value in row:
                    found.update(_strings(value))
    for path in sample_files:
        constants = (node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant))
        found.update(value for value in constants if isinstance(value, str))
    lines = {LIST_MARK.sub("", line.strip()) for text in found for line in text.splitlines()}
    lines.update([f"{line[:1].lower()}{line[1:]}" for line in lines])  # as a name stands inside a sentence
    lines.update(zone.replace("_", " ") for zone in zoneinfo.available_timezones())
    typed = (line for line in lines if UNMARKED.search(line) and not CODE.fullmatch(line))
    return sorted(typed, key=len, reverse=True)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        if value[:1] in "[{":
            try:
                yield from _strings(json.loads(value))
            except ValueError:
                return
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def unmarked(text: str, data: Collection[str]) -> list[str]:
    """The words of a text that are neither in the pseudo-locale nor data."""
    text = " ".join(text.split())
    if not UNMARKED.search(text) or (not text.isalpha() and any(text in known for known in data)):
        return []
    for known in data:
        if known in text:
            text = re.sub(rf"(?<!\w){re.escape(known)}(?!\w)", " ", text)
    return UNMARKED.findall(NOT_WORDS.sub(" ", text))
