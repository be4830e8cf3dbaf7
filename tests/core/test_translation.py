"""What pure modules only mark is translated where it is shown."""

from enum import StrEnum

from django.utils.translation import override

from peersupport.core.errors import Refused
from peersupport.core.translation import choices, refusal_text


class Color(StrEnum):
    GREEN = "green"
    NONE = "none"


def test_choices_have_the_codes_in_order_and_labels_in_the_language_of_whoever_reads_them() -> None:
    found = choices({Color.GREEN: "Green", Color.NONE: "None"})
    assert [(code, type(code)) for code, _ in found] == [("green", str), ("none", str)]
    assert [str(label) for _, label in found] == ["Green", "None"]
    with override("de"):  # from Django's own catalog
        assert str(choices({"monday": "Monday"})[0][1]) == "Montag"


def test_values_of_a_refusal_are_filled_in_after_translating() -> None:
    refused = Refused("Row %(row)s has no name.", row=7)
    assert refused.sentence == "Row %(row)s has no name."
    assert refusal_text(refused) == str(refused) == "Row 7 has no name."
    assert refusal_text(Refused("100 % of it.")) == "100 % of it."
