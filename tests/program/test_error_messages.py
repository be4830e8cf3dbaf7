"""What forms say about invalid answers, in this program's messages and not in Django's."""

from collections.abc import Iterator

import pytest
from django import forms
from django.core.management import call_command
from django.forms.forms import BaseForm

STOCK = {"This field is required.", "Enter a whole number."}


def forms_below(kind: type[BaseForm]) -> Iterator[type[BaseForm]]:
    for form in kind.__subclasses__():
        yield form
        yield from forms_below(form)


def test_no_field_of_any_form_has_a_message_of_django():
    """Fields that a form adds when it is made are of the same classes."""
    call_command("check")  # loads every page, and with it every form
    found = {form for form in forms_below(BaseForm) if not form.__module__.startswith("django.")}
    assert len(found) > 50
    asked = [
        (form.__name__, name, str(words))
        for form in found
        for name, field in getattr(form, "base_fields", {}).items()
        for words in field.error_messages.values()
    ]
    assert [each for each in asked if each[2] in STOCK] == []


@pytest.mark.django_db
@pytest.mark.parametrize("number", [0, 1, 32767])
def test_no_form_shows_the_name_of_a_constraint(number):
    """What the database would refuse is refused beside the field, in words."""
    call_command("check")
    saving = [form for form in forms_below(forms.ModelForm) if not form.__module__.startswith(("django.", "allauth."))]
    assert saving
    for form in saving:
        found = form(dict.fromkeys(form.base_fields, number), instance=form._meta.model(pk=1)).errors.as_text()
        assert "onstraint" not in found, form.__name__


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        (forms.CharField(), "", "Please fill this in."),
        (forms.CharField(max_length=3), "four", "Please use at most 3 characters."),
        (forms.IntegerField(), "eight", "Please enter a whole number, such as 8."),
        (forms.IntegerField(min_value=1), "0", "Please enter 1 or more."),
        (forms.IntegerField(max_value=20), "21", "Please enter 20 or less."),
        (forms.BooleanField(), "", "Please check this box."),
        (forms.ChoiceField(choices=[("a", "A")]), "", "Please choose one."),
        (forms.MultipleChoiceField(choices=[("a", "A")]), [], "Please choose at least one."),
        (forms.FileField(), None, "Please choose a file."),
    ],
)
def test_message_of_a_field(field, typed, words):
    with pytest.raises(forms.ValidationError) as wrong:
        field.clean(typed)
    assert wrong.value.messages == [words]
