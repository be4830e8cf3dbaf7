"""The forms of candidates and their references. Nothing asks about health, or use of the program."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from peersupport.core.errors import Refused
from peersupport.core.translation import choices, refusal_text
from peersupport.program import form_tokens
from peersupport.program.forms.widgets import ChoiceCards, PillBoxes, Pills
from peersupport.team.domain.states import MEMBER_KIND_LABELS, MemberKind

from .. import resumes
from ..actions.candidate import TOKEN_PURPOSE, NamedReference, TypedApplication
from ..domain.names import is_plain
from ..domain.questions import QUESTIONS
from ..domain.states import CONFLICT_LABELS, ReferenceKind
from ..models import Application, ApplicationSettings, Interview
from ..presenters.candidate import long_time

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

QUALIFICATIONS_HINT = _("You don't need to tell us what happened. Tell us what helped you cope.")
MAX_LENGTH = 6000
# A browser types words back after Back, also on a page that it may not store, unless the form and the field say this.
NOT_KEPT = {"autocomplete": "off"}
INVALID_EMAIL = {"invalid": _("This isn't an e-mail address yet. It should look like name@example.org.")}
TOO_LONG = {"max_length": _("This is too long. Please stay under 6,000 characters.")}
REFERENCE_KINDS = {
    "reference_1": ReferenceKind.REFERENCE,
    "reference_2": ReferenceKind.REFERENCE,
    "endorsement": ReferenceKind.ENDORSEMENT,
}
REQUIRED_MESSAGES = {
    "why": _("Please tell us why."),
    "qualifications": _("Please tell us your qualifications."),
    "benefit": _("Please tell us how you could help."),
    "name": _("Please enter your name."),
    "email": _("Please enter an address you check. We'll send a link there."),
    "kind": _("Please choose one."),
    "resume": _("Please attach your résumé."),
}


def _essay_field(question: str, help_text: "StrOrPromise" = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 6, **NOT_KEPT})
    return forms.CharField(
        label=_(QUESTIONS[question]), help_text=help_text, widget=area, max_length=MAX_LENGTH, error_messages=TOO_LONG
    )


def _short_text_field(question: str, help_text: "StrOrPromise") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3, **NOT_KEPT})
    return forms.CharField(
        label=_(QUESTIONS[question]), help_text=help_text, widget=area, required=False, max_length=2000,
        error_messages={"max_length": _("Please stay under 2,000 characters.")},
    )  # fmt: skip


class NameField(forms.CharField):
    """A person's name, which appears in mails to others."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs=NOT_KEPT)
        super().__init__(max_length=120, validators=[_validate_name], widget=widget, **kwargs)


def _validate_name(text: str) -> None:
    if not is_plain(text):
        raise forms.ValidationError(_("Please enter just the name, on one line and without a link."))


def _reference_fields(
    name_label: "StrOrPromise", email_label: "StrOrPromise"
) -> tuple[forms.CharField, forms.EmailField]:
    return (
        NameField(label=name_label, error_messages={"required": _("Please enter their name.")}),
        forms.EmailField(
            label=email_label, max_length=254, widget=forms.EmailInput(attrs=NOT_KEPT),
            error_messages={**INVALID_EMAIL, "required": _("Please enter their address. We'll send a link there.")},
        ),
    )  # fmt: skip


class ApplicationForm(forms.Form):
    """The whole form. Saving a draft requires only the address."""

    why = _essay_field("why")
    qualifications = _essay_field("qualifications", QUALIFICATIONS_HINT)
    benefit = _essay_field("benefit")
    name = NameField(label=_("Your name"))
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("We'll send e-mails and your private link there. It doesn't have to be your work address."),
        error_messages=INVALID_EMAIL,
        widget=forms.EmailInput(attrs=NOT_KEPT),
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs=NOT_KEPT))
    kind = forms.ChoiceField(
        label=_("What's your role?"),
        choices=choices(MEMBER_KIND_LABELS),
        widget=Pills,
        initial=MemberKind.SWORN,
    )
    unit = forms.CharField(label=_("Unit"), max_length=80, required=False, widget=forms.TextInput(NOT_KEPT))
    assignment = forms.CharField(
        label=_("Assignment"), max_length=120, required=False, widget=forms.TextInput(NOT_KEPT)
    )
    years_of_service = forms.IntegerField(
        label=_("Years of service"),
        required=False,
        min_value=0,
        max_value=60,
        widget=forms.NumberInput(NOT_KEPT),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Please enter 0 to 60.")),
    )
    languages = forms.CharField(
        label=_("Languages you speak"), max_length=200, required=False, widget=forms.TextInput(NOT_KEPT)
    )
    training = _short_text_field("training", _("Courses, degrees, volunteer work. Share what you like."))
    availability = _short_text_field("availability", _("Shifts, days, nights."))
    conflicts = forms.MultipleChoiceField(
        label=_("Does either of these apply to you?"),
        choices=choices(CONFLICT_LABELS),
        required=False,
        widget=PillBoxes,
        help_text=_("Neither one rules you out. It tells us who you shouldn't be matched with."),
    )
    reference_1_name, reference_1_email = _reference_fields(
        _("The first person's name"), _("The first person's e-mail address")
    )
    reference_2_name, reference_2_email = _reference_fields(
        _("The second person's name"), _("The second person's e-mail address")
    )
    endorsement_name, endorsement_email = _reference_fields(
        _("Your supervisor's name"), _("Your supervisor's e-mail address")
    )
    resume = forms.FileField(label=_("Your résumé"), help_text=_("A PDF of 5 MB at most."), allow_empty_file=True)
    website = forms.CharField(
        label=_("Leave it blank"), required=False, widget=forms.TextInput({"tabindex": "-1", **NOT_KEPT})
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, settings: ApplicationSettings, has_resume: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_sending = self.data.get("press") != "save"
        asked_for = {"reference": settings.asks_for_references, "endorsement": settings.asks_for_endorsement}
        for name in list(self.fields):
            if asked_for.get(name.partition("_")[0]) is False:
                del self.fields[name]
        if not settings.asks_for_resume:
            del self.fields["resume"]
        elif has_resume:
            self.fields["resume"].required = False
            self.fields["resume"].help_text = _("We already have it. Choose a file only if you want to replace it.")
        for name, field in self.fields.items():
            field.required = field.required and (self.is_sending or name == "email")
            if name in REQUIRED_MESSAGES:
                field.error_messages["required"] = REQUIRED_MESSAGES[name]

    @classmethod
    def for_request(
        cls, request: HttpRequest, settings: ApplicationSettings, application: Application | None = None
    ) -> Any:
        """The form with what was just typed, else with what was saved."""
        has_resume = application is not None and bool(application.resume)
        if request.method == "POST":
            return cls(request.POST, request.FILES, settings=settings, has_resume=has_resume)
        initial = _saved_values(application) if application else {"token": form_tokens.fresh(TOKEN_PURPOSE)}
        return cls(initial=initial, settings=settings, has_resume=has_resume)

    @property
    def identity_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("name", "email", "kind") if name in self.fields]

    @property
    def file_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("resume",) if name in self.fields]

    @property
    def is_filled_by_bot(self) -> bool:
        """Whether the hidden field is filled, which no person sees."""
        return bool(self.data.get("website"))

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_resume(self) -> bytes | None:
        uploaded = cast(UploadedFile | None, self.cleaned_data["resume"])
        if not uploaded:
            return None
        content = uploaded.read(resumes.MAX_BYTES + 1)
        try:
            resumes.check(content, uploaded.name or "")
        except Refused as refused:
            raise forms.ValidationError(refusal_text(refused)) from None
        return content

    def clean(self) -> dict[str, Any]:
        """The candidate can't be a reference, and nobody can be named twice."""
        data = super().clean() or {}
        addresses = {data.get("email")}
        for who in REFERENCE_KINDS:
            address = str(data.get(f"{who}_email") or "").lower()
            if address and address in addresses:
                self.add_error(f"{who}_email", _("Please name someone else here: this address is already used above."))
            addresses.add(address)
        return data

    def typed(self) -> TypedApplication:
        data = self.cleaned_data
        references = tuple(
            NamedReference(kind, data[f"{who}_name"], data[f"{who}_email"].lower())
            for who, kind in REFERENCE_KINDS.items()
            if data.get(f"{who}_email")
        )
        return TypedApplication({name: data[name] for name in _ANSWERS}, references, data.get("resume"))


_ANSWERS = (
    "why", "qualifications", "benefit", "name", "email", "phone", "kind", "unit", "assignment", "years_of_service",
    "languages", "training", "availability", "conflicts",
)  # fmt: skip


def _saved_values(application: Application) -> dict[str, Any]:
    initial = {name: getattr(application, name) for name in _ANSWERS}
    prefixes = {
        ReferenceKind.REFERENCE: ["reference_1", "reference_2"],
        ReferenceKind.ENDORSEMENT: ["endorsement"],
    }
    for reference in application.references.all():
        who = prefixes[ReferenceKind(reference.kind)].pop(0)
        initial |= {f"{who}_name": reference.name, f"{who}_email": reference.email}
    return initial


class CorrectionForm(ApplicationForm):
    """Changes what was sent, without the confirmed address and the references, who may have been asked already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            if name == "email" or name.startswith(("reference_", "endorsement_")):
                del self.fields[name]

    def typed(self) -> TypedApplication:
        data = self.cleaned_data
        return TypedApplication({name: data[name] for name in _ANSWERS if name in data}, (), data.get("resume"))


class SendAgainForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        error_messages={**INVALID_EMAIL, "required": _("Please enter the address you applied with.")},
        widget=forms.EmailInput(attrs=NOT_KEPT),
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class StatementForm(forms.Form):
    statement = forms.CharField(
        label=_("What would you like to tell us about them?"),
        help_text=_(
            "A few sentences are enough. The coordinator and the review panel will read it. The candidate won't."
        ),
        widget=forms.Textarea(attrs={"rows": 7, **NOT_KEPT}),
        max_length=MAX_LENGTH,
        error_messages={**TOO_LONG, "required": _("Please write a few words, or choose “I'd rather not” below.")},
    )


class ChooseTimeForm(forms.Form):
    time = forms.ChoiceField(
        label=_("Which time works for you?"),
        error_messages={"required": _("Please choose a time, or tell us that none of them work.")},
    )

    def __init__(self, *args: Any, interview: Interview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = timezone.now()
        future_times = [time for time in interview.times.all() if time.starts_at > now]
        field = cast(forms.ChoiceField, self.fields["time"])
        field.widget = ChoiceCards()
        field.choices = [(str(time.pk), long_time(time.starts_at)) for time in future_times]
        self.has_times = bool(future_times)
