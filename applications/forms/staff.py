"""The forms of the coordinator and of the reviewers."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from peersupport.program.forms.widgets import Pills
from peersupport.team.forms.base import PageForm, validate_plausible_year
from peersupport.team.models import User

from ..domain.states import DECISIONS, LABELS, WITH_THE_CANDIDATE, WITH_THE_TEAM, ApplicationState
from ..models import Application, ApplicationSettings
from ..queries import applications, panel

ALL, WAITING, NOBODY = "all", "waiting", "nobody"
MAX_TIMES = 5
CRITERIA = tuple(f"criterion_{number}" for number in range(1, 6))
LETTERS = tuple(f"letter_{decision.value}" for decision in DECISIONS)


class FilterForm(forms.Form):
    """Filters in the URL, so that a filtered list can be bookmarked and shared. Unknown values are ignored."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            (WAITING, _("Waiting for us")),
            (ALL, _("Every state")),
            *((state.value, LABELS[state]) for state in ApplicationState if state not in WITH_THE_CANDIDATE),
        ],
    )
    assignee = forms.ChoiceField(label=_("Looked after by"), required=False)
    q = forms.CharField(label=_("Name, address or unit"), required=False, max_length=100)

    def __init__(self, data: Any) -> None:
        super().__init__(data or {"state": WAITING})
        people = [(str(user.pk), user.name) for user in applications.coordinators()]
        field = cast(forms.ChoiceField, self.fields["assignee"])
        field.choices = [("", "Everybody"), (NOBODY, _("Nobody yet")), *people]

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
    assignee = forms.ChoiceField(label=_("Who looks after it?"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in applications.coordinators()}
        field = cast(forms.ChoiceField, self.fields["assignee"])
        field.choices = [("", _("Nobody in particular")), *((pk, user.name) for pk, user in self.people.items())]

    def clean_assignee(self) -> User | None:
        return self.people.get(self.cleaned_data["assignee"])


class ReviewerForm(PageForm):
    reviewer = forms.ChoiceField(
        label=_("Who else should read it?"), error_messages={"required": _("Choose a member.")}
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in panel.eligible_reviewers(application)}
        field = cast(forms.ChoiceField, self.fields["reviewer"])
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
                error_messages={"required": _("Please give 1 to 5.")},
            )  # fmt: skip
            widget = forms.TextInput(attrs={"aria-label": f"Why? {criterion}"})
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
        label=_("Where, or how?"),
        max_length=200,
        help_text=_("A room, a telephone number, a link. The candidate reads it."),
    )
    minutes = forms.IntegerField(label=_("How many minutes?"), min_value=10, max_value=480, initial=45)
    field_order = ["place", "minutes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MAX_TIMES + 1):
            self.fields[f"time_{number}"] = MeetingTimeField(
                label=f"Time {number}", required=number == 1,
                error_messages={
                    "required": _("Please propose at least one time."),
                    "invalid": _("Please write day and time: 2026-03-31 14:30."),
                },
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        now = timezone.now()
        for name in self._times():
            if data.get(name) and data[name] <= now:
                self.add_error(name, _("This time has passed."))
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
        label=_("The letter"),
        widget=forms.Textarea(attrs={"rows": 14}),
        max_length=6000,
        help_text=_("The candidate's private link is put under it."),
        error_messages={"required": _("A decision goes with a letter. Please write one.")},
    )


class ApplicationSettingsForm(forms.ModelForm):
    class Meta:
        model = ApplicationSettings
        fields = [
            "assignee", "asks_for_references", "asks_for_endorsement", "asks_for_resume", "has_panel", "has_interview",
            *CRITERIA, *LETTERS, "kept_months",
        ]  # fmt: skip
        labels = {
            "assignee": _("Who is told of a new application?"),
            "asks_for_references": _("Ask for two references"),
            "asks_for_endorsement": _("Ask the supervisor whether they can spare the candidate"),
            "asks_for_resume": _("Ask for a résumé"),
            "has_panel": _("Members review applications"),
            "has_interview": _("Candidates are interviewed"),
            **{name: f"Criterion {number}" for number, name in enumerate(CRITERIA, start=1)},
            "letter_conditional": _("Accepted on condition"),
            "letter_waiting_list": _("Waiting list"),
            "letter_declined": "Declined",
            "kept_months": _("Months after a decision until what was written is erased"),
        }
        widgets = dict.fromkeys(CRITERIA, forms.Textarea(attrs={"rows": 2}))
        help_texts = {
            "assignee": _("They are told within a minute of its arrival. Where it is nobody, every coordinator is."),
            "asks_for_endorsement": _("The brochure wants peer support to work without supervisors: think twice."),
            "asks_for_resume": _("A PDF, 5 MB at most."),
            "letter_conditional": _("{name}, {agency} and {coordinator} are filled in. You see it before it leaves."),
            "kept_months": _("Of those who are not accepted only a count by year remains."),
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
                self.add_error(name, _("You have this criterion above already."))
            criteria.add(criterion)
        return data
