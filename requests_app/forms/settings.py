"""The times of each step of a request, as the coordinator sets them."""

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..models import RequestSettings

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]
ASCENDING_FIELDS = ("now_again_minutes", "now_available_minutes", "now_oversight_minutes", "now_nobody_minutes")


def _number(
    label: "StrOrPromise", min_value: int, max_value: int, help_text: "StrOrPromise" = ""
) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=min_value, max_value=max_value, help_text=help_text)


class TimesForm(forms.ModelForm):
    now_again_minutes = _number(_("Minutes until people on call are alerted again"), 1, 60)
    now_available_minutes = _number(_("Minutes until everyone who is available is asked too"), 2, 120)
    now_oversight_minutes = _number(_("Minutes until the coordinator and the designee are told"), 3, 240)
    now_nobody_minutes = _number(_("Minutes until the officer is told nobody was available"), 4, 480)
    answer_now_minutes = _number(_("Minutes for the first answer"), 5, 240, _("After a peer accepts."))
    today_minutes = _number(_("Minutes for each peer who is asked"), 10, 480, _("Then the next one is asked."))
    answer_today_hours = _number(_("Hours for the first answer"), 1, 24)
    when_you_can_hours = _number(_("Hours for each peer who is asked"), 1, 48)
    answer_when_you_can_hours = _number(_("Hours for the first answer"), 1, 72)
    night_from = forms.TypedChoiceField(
        label=_("The night begins at"),
        help_text=_("At night, “Today” goes to people on call first. In the morning, peers hear about what can wait."),
        choices=HOURS,
        coerce=int,
    )
    night_until = forms.TypedChoiceField(
        label=_("The night ends at"), help_text=_("Choose the same hour twice for no night."), choices=HOURS, coerce=int
    )

    class Meta:
        model = RequestSettings
        fields = [
            *ASCENDING_FIELDS,
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
        for before, after in pairwise(ASCENDING_FIELDS):
            if before in chosen and after in chosen and chosen[after] <= chosen[before]:
                too_soon = ngettext(
                    "This step comes after the one above it. Enter more than %(minutes)s minute.",
                    "This step comes after the one above it. Enter more than %(minutes)s minutes.",
                    chosen[before],
                )
                self.add_error(after, too_soon % {"minutes": chosen[before]})
        return chosen

    @property
    def groups(self) -> list[tuple["StrOrPromise", list[forms.BoundField]]]:
        """The fields under the urgency that they belong to, in the officer's words."""
        names = self.Meta.fields
        groups = [
            (_("“Now”"), names[:5]),
            (_("“Today”"), names[5:7]),
            (_("“When you can”"), names[7:9]),
            (_("Nights"), names[9:]),
        ]
        return [(heading, [self[name] for name in group]) for heading, group in groups]
