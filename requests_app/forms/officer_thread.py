"""What an officer can type and choose once they have sent a request: the way back, another peer, the end."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peersupport.core import translation
from peersupport.program import form_tokens, vocabulary
from peersupport.program.forms.widgets import ChoiceCards, Pills, ShortInput
from peersupport.sealing.receipt import NotAReceipt, parse, slips

from ..domain.matching import Waiver
from ..domain.states import CLOSING_NOTES
from ..presenters import receipt_words
from .messages import PlainText

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

RECEIPT_ERRORS = {
    "empty": _("Type your seven words."),
    "too_few": _("That's fewer than seven words. All seven are needed, in order."),
    "too_many": _("That's more than seven words. Type only the seven words of one request."),
}
OWN_WORDS_LIMIT = 500
RETURN_PURPOSE = "return"  # what the tokens of this form are for


class WaiverField(forms.TypedChoiceField):
    """What the officer waives by the press that sends the form; each button has its own."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        choices = [(waiver.value, waiver.value) for waiver in Waiver]
        super().__init__(choices=choices, coerce=Waiver, empty_value=None, required=False)


class ReturnForm(forms.Form):
    token = forms.CharField(widget=forms.HiddenInput, required=False)
    receipt = forms.CharField(
        label=_("Your seven words"),
        help_text=_("Capital letters, commas and hyphens don't matter."),
        widget=ShortInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "autocorrect": "off"}
        ),
        error_messages={"required": RECEIPT_ERRORS["empty"]},
        max_length=400,
    )
    own_phone = forms.BooleanField(
        label=_("This is my own phone: don't ask for the words again for 7 days"),
        help_text=_(
            "Exit ends that too, so keep the words all the same. Without it, you'll need them again after 20 minutes "
            "without use, and after 2 hours at the latest."
        ),
        required=False,
    )
    text = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    own_words = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    waiver = WaiverField()

    def clean_receipt(self) -> tuple[str, ...]:
        try:
            return parse(self.cleaned_data["receipt"])
        except NotAReceipt as error:
            raise forms.ValidationError(_correction(self.cleaned_data["receipt"], error)) from error


def new_return_form(**kept: str) -> ReturnForm:
    """A form with a fresh token, and with what was typed before the session ended."""
    return ReturnForm(initial={"token": form_tokens.fresh(RETURN_PURPOSE), **kept})


def _correction(typed: str, error: NotAReceipt) -> "StrOrPromise":
    """What to correct. Uses only the typed words and the public word list, never whether a request exists."""
    if error.reason == "unknown_word":
        return receipt_words.correction(slips(typed))
    return RECEIPT_ERRORS[error.reason]


class CloseForm(forms.Form):
    """Everything may stay empty: closing takes one press."""

    last_word = forms.ChoiceField(
        label=_("Leave your peer a note?"),
        help_text=_("Only your peer can read it, only once, and only within a week. Then it's gone too."),
        choices=[*translation.choices(CLOSING_NOTES), ("", _("No note"))],
        required=False,
        widget=Pills,
        error_messages={"invalid_choice": _("Choose one of these, or “No note”.")},
    )
    own_words = PlainText(
        label=_("Or in your own words"),
        limit=OWN_WORDS_LIMIT,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    feedback = forms.ChoiceField(
        label=_("Did it help?"),
        help_text=_("It's counted for the yearly report, as a number and nothing else. Your peer doesn't see it."),
        choices=[*translation.choices(vocabulary.FEEDBACK.labels), ("", _("Rather not say"))],
        required=False,
        widget=Pills,
        error_messages={"invalid_choice": _("Choose one of these, or “Rather not say”.")},
    )

    def note(self) -> str:
        """What the peer reads: the sentence that was chosen, and below it the officer's own words."""
        chosen = self.cleaned_data
        sentence = CLOSING_NOTES.get(chosen["last_word"])
        return "\n".join(part for part in (gettext(sentence) if sentence else "", chosen["own_words"].strip()) if part)


class NextPeerForm(forms.Form):
    """Before it is offered to somebody else."""

    next_may_read = forms.TypedChoiceField(
        label=_("What may the next peer read?"),
        choices=[("", _("Only my first message")), ("yes", _("Everything the two of us wrote"))],
        coerce=bool,
        empty_value="",
        required=False,
        widget=ChoiceCards,
    )
    waiver = WaiverField()
