"""What a member reads before a tally counts."""

from collections.abc import Iterable

from django import forms


def chosen_answers(fields: Iterable[forms.BoundField]) -> list[tuple[str, str]]:
    """Each question with the label of the answer that was chosen."""
    return [(str(field.label), str(dict(field.field.choices)[field.value()])) for field in fields]  # type: ignore[attr-defined]
