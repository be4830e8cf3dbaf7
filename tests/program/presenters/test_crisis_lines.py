"""How a crisis line is printed: every way of it, with its link."""

import pytest

from peersupport.program.models import CrisisLine
from peersupport.program.presenters.crisis_lines import Way, card_lines, top_ways, ways_on_paper

LIFELINE = CrisisLine(name="988 Lifeline", description="Day and night.", call="988", text_to="988")
TEXT_LINE = CrisisLine(name="Crisis Text Line", text_to="741741", text_body="BADGE")
CALL_LINE = CrisisLine(name="CopLine", call="1-800-267-5463")


def test_card_has_every_way_of_each_line():
    lifeline, text_line, call_line = card_lines([LIFELINE, TEXT_LINE, CALL_LINE])
    assert (lifeline.name, lifeline.description) == ("988 Lifeline", "Day and night.")
    assert lifeline.ways == (Way("Call 988", "tel:988"), Way("Text 988", "sms:988"))
    assert text_line.ways == (Way("Text BADGE to 741741", "sms:741741?body=BADGE"),)
    assert call_line.ways == (Way("Call 1-800-267-5463", "tel:18002675463"),)


@pytest.mark.parametrize(
    ("lines", "labels"),
    [
        ([LIFELINE, CALL_LINE, TEXT_LINE], ["Call 988", "Text 988", "CopLine 1-800-267-5463"]),
        ([LIFELINE, TEXT_LINE], ["Call 988", "Text 988", "Crisis Text Line 741741"]),
        ([CALL_LINE], ["Call 1-800-267-5463"]),
        ([], []),
    ],
)
def test_top_of_a_page_has_the_first_line_and_one_way_of_the_second_by_name(lines, labels):
    ways = top_ways(lines)
    assert [way.label for way in ways] == labels
    assert [way.label for way in ways if way.is_second] == labels[2:]


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        (LIFELINE, "call 988, text 988"),
        (TEXT_LINE, "text BADGE to 741741"),
        (CALL_LINE, "call 1-800-267-5463"),
        (CrisisLine(text_to="988"), "text 988"),
        (CrisisLine(call="1", text_to="2", text_body="HI"), "call 1, text HI to 2"),
    ],
)
def test_both_ways_of_a_line_in_one_row(line, printed):
    assert ways_on_paper(line) == printed
