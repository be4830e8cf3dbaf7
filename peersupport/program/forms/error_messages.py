"""What a form says to an answer it cannot take, where it has no better words of its own."""

from django import forms

IN_OUR_WORDS: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {
        "required": "Please fill this in.",
        "min_value": "Please write %(limit_value)s or more.",
        "max_value": "Please write %(limit_value)s or less.",
        "max_length": "Please use at most %(limit_value)d characters.",
    },
    forms.IntegerField: {"invalid": "Please write a whole number, such as 8."},
    forms.BooleanField: {"required": "Please tick this."},
    forms.ChoiceField: {"required": "Please choose one."},
    forms.MultipleChoiceField: {"required": "Please choose at least one."},
    forms.FileField: {"required": "Please choose a file."},
}


def say_in_our_words() -> None:
    """In place of Django's sentences, for every field at once, so that no form can forget it."""
    for field, words in IN_OUR_WORDS.items():
        field.default_error_messages = {**vars(field).get("default_error_messages", {}), **words}
