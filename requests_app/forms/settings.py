"""The times of each step, as a person who runs the program asks for them."""

from itertools import pairwise
from typing import Any

from django import forms

from ..models import RequestSettings

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]
ONE_AFTER_THE_OTHER = ("now_again_minutes", "now_available_minutes", "now_oversight_minutes", "now_nobody_minutes")


def _number(label: str, at_least: int, at_most: int, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=at_least, max_value=at_most, help_text=help_text)


class TimesForm(forms.ModelForm):
    now_again_minutes = _number("Minutes until those on call are told once more", 1, 60)
    now_available_minutes = _number("Minutes until everybody in their hours is asked", 2, 120)
    now_oversight_minutes = _number("Minutes until the coordinator and the designee are told", 3, 240)
    now_nobody_minutes = _number("Minutes until the page says that nobody could take it", 4, 480)
    answer_now_minutes = _number("Minutes for the first answer", 5, 240, "After a peer has said yes.")
    today_minutes = _number("Minutes for each peer who is asked", 10, 480, "Then the next one is asked.")
    answer_today_hours = _number("Hours for the first answer", 1, 24)
    when_you_can_hours = _number("Hours for each peer who is asked", 1, 48)
    answer_when_you_can_hours = _number("Hours for the first answer", 1, 72)
    night_from = forms.TypedChoiceField(
        label="The night begins at",
        help_text="“Today” then goes to those on call first. What can wait is told in the morning.",
        choices=HOURS,
        coerce=int,
    )
    night_until = forms.TypedChoiceField(
        label="and ends at", help_text="The same hour twice: there is no night.", choices=HOURS, coerce=int
    )

    class Meta:
        model = RequestSettings
        fields = [
            *ONE_AFTER_THE_OTHER,
            "answer_now_minutes",
            "today_minutes",
            "answer_today_hours",
            "when_you_can_hours",
            "answer_when_you_can_hours",
            "night_from",
            "night_until",
        ]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        for before, after in pairwise(ONE_AFTER_THE_OTHER):
            if before in chosen and after in chosen and chosen[after] <= chosen[before]:
                self.add_error(after, f"This comes after the step above it: more than {chosen[before]}.")
        return chosen

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The questions under the words that an officer chooses from."""
        names = self.Meta.fields
        groups = [("“Now”", names[:5]), ("“Today”", names[5:7]), ("“When you can”", names[7:9]), ("Nights", names[9:])]
        return [(words, [self[name] for name in group]) for words, group in groups]
