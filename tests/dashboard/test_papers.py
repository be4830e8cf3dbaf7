"""The little Markdown of docs/ as blocks, and that no paper of the launch uses any other."""

import pytest

from dashboard.domain.papers import Block, Kind, Span, blocks, only_with
from dashboard.presenters import papers as presenter
from dashboard.queries import papers as queries
from dashboard.queries.papers import Written
from peersupport.program.models import LaunchPaper

PAPER = """# For somebody

A sentence that goes on
on a second line, with a [link](elsewhere.md) in it.

## Where it ends

Read this first.
- **One**, with `code`
  that goes on
- *Two*

| When | What |
|---|---|
| now | **all** |
"""


def line(text: str) -> tuple[Span, ...]:
    return (Span(text),)


def written(code: str) -> Written:
    found = queries.paper(code)
    assert found
    return found


def test_a_paper_as_blocks() -> None:
    assert blocks(PAPER) == [
        Block(Kind.PARAGRAPH, (line("A sentence that goes on on a second line, with a link in it."),)),
        Block(Kind.HEADING, (line("Where it ends"),)),
        Block(Kind.PARAGRAPH, (line("Read this first."),)),
        Block(
            Kind.LIST,
            (
                (Span("One", "bold"), Span(", with "), Span("code", "code"), Span(" that goes on")),
                (Span("Two", "italic"),),
            ),
        ),
        Block(
            Kind.TABLE, rows=((line("When"), line("What")), (line("now"), (Span("all", "bold"),)))
        ),
    ]  # fmt: skip


def test_a_part_of_it_or_all() -> None:
    found = blocks(PAPER)
    assert only_with("two", found) == [Block(Kind.PARAGRAPH, ((Span("Two", "italic"),),))]
    assert only_with("three", found) == found


def test_nothing_in_it_is_read_as_markup_of_a_page() -> None:
    (block,) = presenter.paper("union", Written("**<b onclick=x>** & <script>", "")).blocks
    assert block.lines == ["<b>&lt;b onclick=x&gt;</b> &amp; &lt;script&gt;"]


@pytest.mark.parametrize("code", LaunchPaper.Code.values)
def test_no_mark_of_a_paper_is_left_over(code: str) -> None:
    """Whoever writes a paper with other marks (a numbered list, a block of code) teaches dashboard.domain.papers."""
    shown = presenter.paper(code, written(code))
    said = [*(text for block in shown.blocks for text in block.lines)]
    said += [cell.said for block in shown.blocks for row in block.rows for cell in row]
    assert said
    assert not [
        text
        for text in said
        if "**" in text or "](" in text or "`" in text or text.startswith(("#", "|", "- ", "1. ", ">"))
    ]


def test_the_paper_for_counsel_has_the_draft_for_the_schedule() -> None:
    (draft,) = presenter.paper("retention_schedule", written("retention_schedule")).blocks
    assert draft.kind == "paragraph" and draft.lines[0].startswith("<b>Draft entry</b>")
