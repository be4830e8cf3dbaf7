"""A long select is the framework's own, but for how it is drawn."""

import pytest
from django import forms
from django.test.html import parse_html

from peersupport.program.forms.widgets import LongSelect

CHOICES = [("", "Anyone"), (1, "Ana Alvarez"), (2, '<b>"Ben" & Brandt')]


def drawn(widget: forms.Select, value: object) -> str:
    class Form(forms.Form):
        person = forms.ChoiceField(choices=CHOICES, widget=widget)

    return str(Form({"person": value}, auto_id="audit_%s")["person"])


@pytest.mark.parametrize("value", ["", "1", 2, "nobody", None])
def test_long_select_says_what_a_select_says(value: object) -> None:
    assert parse_html(drawn(LongSelect(), value)) == parse_html(drawn(forms.Select(), value))


def test_what_is_chosen_is_selected_and_names_are_escaped() -> None:
    assert '<option value="1" selected>' in drawn(LongSelect(), "1")
    assert "<b>" not in drawn(LongSelect(), "1")
