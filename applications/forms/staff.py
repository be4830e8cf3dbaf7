"""The forms of the coordinator and of the reviewers."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peersupport.core.translation import choices
from peersupport.program.forms.widgets import LongSelect, Pills
from peersupport.team.forms.base import PageForm, validate_plausible_year
from peersupport.team.models import User

from ..domain.default_texts import IN_BRACES, unknown_placeholder
from ..domain.states import DECISIONS, LABELS, WITH_THE_CANDIDATE, WITH_THE_TEAM, ApplicationState
from ..models import Application, ApplicationSettings
from ..queries import applications, panel

ALL, WAITING, NOBODY = "all", "waiting", "nobody"
MAX_TIMES = 5
CRITERIA = tuple(f"criterion_{number}" for number in range(1, 6))
CRITERION_LABELS = {
    1: _("First criterion"),
    2: _("Second criterion"),
    3: _("Third criterion"),
    4: _("Fourth criterion"),
    5: _("Fifth criterion"),
}
LETTERS = tuple(f"letter_{decision.value}" for decision in DECISIONS)


class FilterForm(forms.Form):
    """Filters in the URL, so that a filtered list can be bookmarked and shared. Unknown values are ignored."""

    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            (WAITING, _("Needs our attention")),
            (ALL, _("Any status")),
            *choices({state.value: LABELS[state] for state in ApplicationState if state not in WITH_THE_CANDIDATE}),
        ],
    )
    assignee = forms.ChoiceField(label=_("Assigned to"), required=False)
    q = forms.CharField(label=_("Name, e-mail or unit"), required=False, max_length=100)

    def __init__(self, data: Any) -> None:
        super().__init__(data or {"state": WAITING})
        people = [(str(user.pk), user.name) for user in applications.coordinators()]
        field = cast(forms.ChoiceField, self.fields["assignee"])
        field.choices = [("", _("Anyone")), (NOBODY, _("Nobody yet")), *people]

    def filters(self) -> dict[str, Any]:
        """Keyword arguments for the list query; a value that is not among the choices counts as empty."""
        self.is_valid()
        data = self.cleaned_data
        state = data.get("state") or ALL
        states = {ALL: (), WAITING: WITH_THE_TEAM}.get(state, (state,))
        return {"states": states, "assignee": data.get("assignee", ""), "search": data.get("q", "")}


class TransitionForm(PageForm):
    """A press, with the id of the last move on the page it was made on."""

    after_move = forms.IntegerField(widget=forms.HiddenInput)


class AssignForm(PageForm):
    assignee = forms.ChoiceField(label=_("Assigned to"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in applications.coordinators()}
        field = cast(forms.ChoiceField, self.fields["assignee"])
        field.choices = [("", _("Nobody yet")), *((pk, user.name) for pk, user in self.people.items())]

    def clean_assignee(self) -> User | None:
        return self.people.get(self.cleaned_data["assignee"])


class ReviewerForm(PageForm):
    reviewer = forms.ChoiceField(
        label=_("Who should review it?"),
        error_messages={"required": _("Please choose a member.")},
        widget=LongSelect,
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in panel.eligible_reviewers(application)}
        field = cast(forms.ChoiceField, self.fields["reviewer"])
        if panel.has_reviewers(application):
            field.label = _("Who else should review it?")
        field.choices = [("", _("Choose a member")), *((pk, user.name) for pk, user in self.people.items())]

    def clean_reviewer(self) -> User:
        return self.people[self.cleaned_data["reviewer"]]


class ReviewForm(PageForm):
    """One question per criterion, each with room for a remark."""

    remarks = forms.CharField(
        label=_("What else should the panel know?"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, criteria: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for number, criterion in enumerate(criteria, start=1):
            self.fields[f"points_{number}"] = forms.TypedChoiceField(
                label=criterion, choices=[(points, str(points)) for points in range(1, 6)], coerce=int, widget=Pills,
                error_messages={"required": _("Please choose 1 to 5.")},
            )  # fmt: skip
            widget = forms.TextInput(attrs={"aria-label": gettext("Why? %(criterion)s") % {"criterion": criterion}})
            self.fields[f"remark_{number}"] = forms.CharField(
                label=_("Why?"), required=False, max_length=500, widget=widget
            )
        self.order_fields([*[name for name in self.fields if name != "remarks"], "remarks"])

    def scores(self) -> list[tuple[str, int, str]]:
        data = self.cleaned_data
        return [
            (criterion, data[f"points_{number}"], data[f"remark_{number}"])
            for number, criterion in enumerate(self.criteria, start=1)
        ]


class MeetingTimeField(forms.DateTimeField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
        super().__init__(widget=widget, input_formats=formats, **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None:
            validate_plausible_year(value.date())


class TimesForm(TransitionForm):
    place = forms.CharField(
        label=_("Where will it be?"),
        max_length=200,
        help_text=_("A room, a phone number or a link. The candidate will see it."),
    )
    minutes = forms.IntegerField(label=_("How many minutes will it take?"), min_value=10, max_value=480, initial=45)
    field_order = ["place", "minutes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MAX_TIMES + 1):
            self.fields[f"time_{number}"] = MeetingTimeField(
                label=gettext("Time %(number)s") % {"number": number}, required=number == 1,
                error_messages={
                    "required": _("Please propose at least one time."),
                    "invalid": _("Please enter a date and time, such as 2026-03-31 14:30."),
                },
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        now = timezone.now()
        for name in self._times():
            if data.get(name) and data[name] <= now:
                self.add_error(name, _("This time is in the past."))
        return data

    def times(self) -> list[datetime]:
        return [self.cleaned_data[name] for name in self._times() if self.cleaned_data.get(name)]

    @property
    def time_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self._times()]

    def _times(self) -> list[str]:
        return [name for name in self.fields if name.startswith("time_")]


class LetterForm(TransitionForm):
    """The letter that goes with a decision."""

    letter = forms.CharField(
        label=_("What should the letter say?"),
        widget=forms.Textarea(attrs={"rows": 14}),
        max_length=6000,
        help_text=_("The candidate's private link is added below it."),
        error_messages={"required": _("Every decision is sent with a letter. Please write one.")},
    )

    def clean_letter(self) -> str:
        letter = str(self.cleaned_data["letter"])
        if found := IN_BRACES.search(letter):
            sentence = _("“%(found)s” would be sent just like that. Please replace it, or leave it out.")
            raise forms.ValidationError(sentence, params={"found": found[0]})
        return letter


class ApplicationSettingsForm(forms.ModelForm):
    kept_months = forms.IntegerField(
        label=_("How many months after a decision do you keep an application?"),
        help_text=_("After that, only a count by year is left of the ones you didn't accept."),
        min_value=1,
        max_value=60,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Please enter 1 to 60 months.")),
    )

    class Meta:
        model = ApplicationSettings
        fields = [
            "assignee", "asks_for_references", "asks_for_endorsement", "asks_for_resume", "has_panel", "has_interview",
            *CRITERIA, *LETTERS, "kept_months",
        ]  # fmt: skip
        labels = {
            "assignee": _("Who is notified of new applications?"),
            "asks_for_references": _("Ask for two references"),
            "asks_for_endorsement": _("Ask the supervisor whether they can spare the candidate"),
            "asks_for_resume": _("Ask for a résumé"),
            "has_panel": _("Have members review applications"),
            "has_interview": _("Interview candidates"),
            **{name: CRITERION_LABELS[number] for number, name in enumerate(CRITERIA, start=1)},
            "letter_conditional": _("What do you write to candidates you accept?"),
            "letter_waiting_list": _("What do you write to candidates on the waiting list?"),
            "letter_declined": _("What do you write to candidates you decline?"),
        }
        widgets = dict.fromkeys(CRITERIA, forms.Textarea(attrs={"rows": 2}))
        help_texts = {
            "assignee": _("They're notified within a minute. If you choose nobody, every coordinator is."),
            "asks_for_endorsement": _("The program is meant to work without involving supervisors, so think twice."),
            "asks_for_resume": _("A PDF of 5 MB at most."),
            "letter_conditional": _(
                "{name}, {agency}, {coordinator} and {period} (how long you keep an application) are filled in. You "
                "see each letter before it's sent."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["assignee"])
        field.queryset = User.objects.filter(pk__in=[user.pk for user in applications.coordinators()]).order_by("name")
        field.empty_label = _("Every coordinator")
        for decision, name in zip(DECISIONS, LETTERS, strict=True):
            self.initial[name] = self.instance.letter_for(decision)
            self.fields[name].widget.attrs["rows"] = 9

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        criteria: set[str] = set()
        for name in CRITERIA:
            data[name] = " ".join(data.get(name, "").split())  # on one line
            criterion = data[name].casefold()
            if criterion and criterion in criteria:
                self.add_error(name, _("This criterion is already listed above."))
            criteria.add(criterion)
        for name in LETTERS:
            if found := unknown_placeholder(data.get(name, "")):
                sentence = _(
                    "“%(found)s” can't be filled in. You can use {name}, {agency}, {coordinator} and {period}."
                )
                self.add_error(name, forms.ValidationError(sentence, params={"found": found}))
        return data
