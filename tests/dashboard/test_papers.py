"""A paper of the launch as a page."""

import re

import pytest

from dashboard.presenters import papers as presenter
from dashboard.queries import papers as queries
from dashboard.queries.papers import Written
from peersupport.program.models import LaunchPaper

PAPER = """# For somebody

A sentence that goes on
on a second line, with a [link](elsewhere.md) and ![a picture](picture.png) in it.

## Where it ends

Read this first.
- **One**, with `code`
  that goes on
- *Two*

| When | What *then* |
|---|---|
| now | **all** |
| later | nothing |
"""
BODY = """<p>A sentence that goes on
on a second line, with a link and  in it.</p>
<h2>Where it ends</h2>
<p>Read this first.</p>
<ul>
<li><strong>One</strong>, with <code>code</code>
that goes on</li>
<li><em>Two</em></li>
</ul>
<table class="table table-cards">
<thead>
<tr>
<th scope="col">When</th>
<th scope="col">What <em>then</em></th>
</tr>
</thead>
<tbody>
<tr>
<td data-label="When">now</td>
<td data-label="What then"><strong>all</strong></td>
</tr>
<tr>
<td data-label="When">later</td>
<td data-label="What then">nothing</td>
</tr>
</tbody>
</table>
"""


def body(text: str, part: str = "") -> str:
    return presenter.paper("union", Written(text, part)).body


def written(code: str) -> Written:
    found = queries.paper(code)
    assert found
    return found


def test_a_paper_without_its_first_heading_and_without_ways_to_files() -> None:
    assert body(PAPER) == BODY


def test_a_part_of_it_or_all() -> None:
    assert body(PAPER, "two") == "<p><em>Two</em></p>\n"
    assert body(PAPER, "three") == BODY


def test_nothing_in_it_is_read_as_markup_of_a_page() -> None:
    said = body("**<b onclick=x>** & <script>\n\n<script>\n\n<https://example.org>")
    assert said == (
        "<p><strong>&lt;b onclick=x&gt;</strong> &amp; &lt;script&gt;</p>\n<p>&lt;script&gt;</p>\n"
        "<p>https://example.org</p>\n"
    )


@pytest.mark.parametrize("code", LaunchPaper.Code.values)
def test_no_mark_of_a_paper_is_left_over(code: str) -> None:
    """And no tag that a page can't have: a way to a file, a second title, a style in its place."""
    shown = presenter.paper(code, written(code)).body
    words = re.sub(r"<[^>]*>", "", shown)
    assert words.strip()
    assert not re.search(r"\*\*|\]\(|`|^(#|\||- |1\. |&gt;)", words, re.MULTILINE)
    assert not re.search(r"<h1|<a |<img|style=", shown)


def test_the_paper_for_counsel_has_the_draft_for_the_schedule() -> None:
    shown = presenter.paper("retention_schedule", written("retention_schedule")).body
    assert shown.startswith("<p><strong>Draft entry</strong>") and shown.count("<p>") == 1
