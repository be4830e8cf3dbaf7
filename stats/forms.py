from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class TypedYearForm(forms.Form):
    """Asks for the year to be typed, so that nobody does something irreversible by accident."""

    year = forms.CharField(max_length=20, required=True, error_messages={"required": _("Type the year first.")})

    def __init__(self, *args: object, year: int, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.expected = str(year)
        self.fields["year"].label = gettext("Type %(year)s to confirm") % {"year": year}
        self.fields["year"].widget.attrs.update({"inputmode": "numeric", "autocomplete": "off"})

    def clean_year(self) -> str:
        typed = str(self.cleaned_data["year"]).strip()
        if typed != self.expected:
            sentence = gettext("That isn't %(year)s, so nothing was done.")
            raise forms.ValidationError(sentence % {"year": self.expected})
        return typed
