"""A page taken apart: its tags, its words, what it loads and where it leads."""

from html.parser import HTMLParser


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inline: list[str] = []
        self._words: list[str] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)
        if tag == "style" or "style" in dict(attrs) or any(name.startswith("on") for name, _ in attrs):
            self.inline.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "script" and data.strip():
            self.inline.append("script")
        self._words.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self._words).split())

    @property
    def links(self) -> list[str]:
        return [attrs["href"] or "" for tag, attrs in self.tags if tag == "a"]

    @property
    def addresses(self) -> list[str]:
        """Everything the page loads, leads to or posts to."""
        return [attrs[name] or "" for _, attrs in self.tags for name in ("href", "src", "action") if name in attrs]

    def all(self, tag: str, **attrs: str) -> list[dict[str, str | None]]:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
        return [found for name, found in self.tags if name == tag and wanted.items() <= found.items()]
