"""Fields that give back no more than they take, and choices large enough for a thumb.

templates/components/choices.html draws what is around the choices.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class ShortInput(forms.TextInput):
    """Gives back no more than the field takes: whatever was pasted into it, the page stays short."""

    def format_value(self, value: Any) -> str | None:
        shown: str | None = super().format_value(value)
        return shown and shown[: int(self.attrs["maxlength"])]


class LongSelect(forms.Select):
    """For everybody on a large team. Built here, because a template for each option is too slow for thousands."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen, selected = set(self.format_value(value)), mark_safe(" selected")  # nosec B308 B703
        rows = ((key, selected if str(key) in chosen else "", label) for key, label in self.choices)
        options = format_html_join("", '<option value="{}"{}>{}</option>', rows)
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)), options
        )


class _Choices(forms.widgets.ChoiceWidget):
    """Not each of the choices is wrong: the group has the error, and names it (`aria-describedby`).

    Built here, because templates for each choice are too slow for everybody on a large team.
    """

    is_pills = False

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        option["attrs"].pop("aria-invalid", None)
        return option

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        options = self.options(name, self.format_value(value), self.build_attrs(self.attrs, attrs))
        draw = _pill if self.is_pills else _card
        return mark_safe("\n".join(draw(option) for option in options))  # noqa: S308  # nosec B308 B703


# Each value is escaped by itself: format_html, three times for each of thousands, takes half of a page's time.


def _pill(option: dict[str, Any]) -> str:
    return f"<label>{_input(option)}<span>{conditional_escape(option['label'])}</span></label>"


def _card(option: dict[str, Any]) -> str:
    hint, label = option.get("hint"), conditional_escape(option["label"])
    said = f"<b>{label}</b><small>{conditional_escape(hint)}</small>" if hint else label
    target = conditional_escape(option["attrs"].get("id", ""))
    return f'<div class="choice">{_input(option)}<label for="{target}">{said}</label></div>'


def _input(option: dict[str, Any]) -> str:
    """Its attributes in the order of flatatt: those without a value last."""
    said, flags = "", ""
    own = ((name, option[name]) for name in ("type", "name", "value"))
    for name, value in (*own, *sorted(option["attrs"].items())):
        if value is True:
            flags += f" {name}"
        elif value is not None and value is not False:
            said += f' {name}="{conditional_escape(value)}"'
    return f"<input{said}{flags}>"


class ChoiceCards(_Choices, forms.RadioSelect):
    """Large cards, each with a hint under its label: ChoiceCards(choices_hints={"now": "Alerts everyone."})."""

    def __init__(self, *args: Any, choices_hints: "Mapping[str, StrOrPromise] | None" = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices_hints = choices_hints or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        return {**option, "hint": self.choices_hints.get(str(value), "")}


class CardBoxes(_Choices, forms.CheckboxSelectMultiple):
    """Large cards, of which several can be chosen."""


class Pills(_Choices, forms.RadioSelect):
    """Pills, of which one can be chosen."""

    is_pills = True


class PillBoxes(_Choices, forms.CheckboxSelectMultiple):
    """Pills, of which several can be chosen."""

    is_pills = True
