"""Fills in the forms of a page in three ways: not at all, with what can't be right, and as somebody might."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.bench.demo_pages import masked

NOT_SENT = ("/sign-out/", "/my-page/sign-out-everywhere/", "/exit/")
TRAP = "website"  # no person fills it in
PLAUSIBLE = {
    "email": "x.y@example.org",
    "number": "1",
    "date": "2031-05-06",
    "time": "09:00",
    "datetime-local": "2031-05-06T09:00",
}


@dataclass(frozen=True)
class Field:
    """One field of a form. options: what can be chosen, where it is a list, a radio button or a checkbox."""

    name: str
    kind: str
    value: str = ""
    options: tuple[str, ...] = ()


@dataclass
class Form:
    """A form that a page sends with POST."""

    action: str
    fields: list[Field] = field(default_factory=list)

    @property
    def shape(self) -> tuple[str, ...]:
        """What it has in common with the same form of another row."""
        numberless = re.sub(r"\d+", "0", masked("", self.action))
        return (numberless, *sorted({each.name for each in self.fields}))


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self._options: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        if tag == "form" and values.get("method", "").lower() == "post":
            self._form = Form(values.get("action") or self.path)
        elif self._form is not None and values.get("name") and tag in {"input", "textarea", "button"}:
            kind = values.get("type", "text") if tag != "textarea" else "textarea"
            options = (values.get("value", "on"),) if kind in {"radio", "checkbox"} else ()
            self._form.fields.append(Field(values["name"], kind, values.get("value", ""), options))
        elif self._form is not None and tag == "select":
            self._select, self._options = values.get("name", ""), []
        elif self._select and tag == "option":
            self._options.append(values.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if self._form is not None and tag == "select" and self._select:
            self._form.fields.append(Field(self._select, "select", options=tuple(self._options)))
            self._select = ""
        elif self._form is not None and tag == "form":
            self.forms.append(self._form)
            self._form = None


def forms_of(page: str, path: str) -> list[Form]:
    """The forms that a page sends with POST, but for those that end the visit."""
    reader = _Reader(path)
    reader.feed(page)
    return [form for form in reader.forms if not form.action.startswith(NOT_SENT)]


def blank(form: Form) -> dict[str, str]:
    return {each.name: each.value for each in form.fields if each.kind in {"hidden", "submit"}}


def wrong(form: Form) -> dict[str, str]:
    typed = {each.name: "x" for each in form.fields if each.kind not in {"hidden", "submit", "file"}}
    return {**typed, **blank(form)}


def plausible(form: Form) -> dict[str, str]:
    """The first of what can be chosen, which is nothing where that is allowed; one line in every other field."""
    chosen: dict[str, str] = {}
    for each in form.fields:
        if each.kind not in {"hidden", "submit", "file"} and each.name != TRAP:
            typed = PLAUSIBLE.get(each.kind, each.value or "xx")
            chosen.setdefault(each.name, each.options[0] if each.options else typed)
    return {**chosen, **blank(form)}


WAYS: tuple[Callable[[Form], dict[str, str]], ...] = (blank, wrong, plausible)
