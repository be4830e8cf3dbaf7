"""The pages' appearance: colors that can be read, nothing inline, forms that say what is wrong."""

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template import engines

from peersupport.program.forms.widgets import ChoiceCards, PillBoxes, Pills
from tests.program.html import Page

STATIC = Path(settings.BASE_DIR) / "static"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
CSS = (STATIC / "css/app.css").read_text()


def tokens(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", css))


LIGHT = tokens(CSS.split("@media (prefers-color-scheme: dark)")[0])
DARK = tokens(CSS.split("@media (prefers-color-scheme: dark)")[1].split("/* Page */")[0])


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


GROUNDS = ("paper", "card", "tint", "warm-tint")
WORDS = ("ink", "soft", "accent", "warm")


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_is_readable_on_every_background(theme):
    pairs = [(words, ground) for words in WORDS for ground in GROUNDS] + [("on-accent", "accent")]
    assert [pair for pair in pairs if contrast(theme[pair[0]], theme[pair[1]]) < 4.5] == []


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_edges_of_controls_are_visible(theme):
    assert [ground for ground in GROUNDS if contrast(theme["edge"], theme[ground]) < 3] == []


def test_light_and_dark_name_the_same_colors():
    assert LIGHT.keys() == DARK.keys()


def test_colors_are_named_only_by_tokens():
    rules = CSS.split("/* Page */")[1].split("/* Print")[0]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", rules) == []


@pytest.mark.parametrize("sheet", sorted(STATIC.rglob("*.css")), ids=lambda sheet: sheet.name)
def test_style_sheets_load_nothing(sheet):
    for trap in ("url(", "@import", "sourceMappingURL", "data:"):
        assert trap not in sheet.read_text(), trap


def test_vendored_code_has_its_license():
    assert "MIT" in (STATIC / "vendor/bootstrap/LICENSE").read_text()


def test_templates_have_nothing_inline_and_nothing_from_elsewhere():
    for template in sorted(TEMPLATES.rglob("*.html")):
        text = template.read_text()
        page = Page(re.sub(r"\{[%#].*?[%#]\}", "", text, flags=re.DOTALL))
        assert page.inline == [], template
        assert not re.search(r"https?://", text.replace("http://www.w3.org", "")), template


class Questions(forms.Form):
    soon = forms.ChoiceField(
        label="How soon?",
        choices=[("now", "Now"), ("later", "Later")],
        widget=ChoiceCards(choices_hints={"now": "Rings everyone."}),
    )
    about = forms.ChoiceField(label="What about?", help_text="Or leave it.", choices=[("a", "A & B")], widget=Pills)
    tongues = forms.MultipleChoiceField(
        label="Languages", choices=[("en", "English")], widget=PillBoxes, required=False
    )
    words = forms.CharField(label="Words", help_text="As you like.", widget=forms.Textarea)
    unit = forms.ChoiceField(label="Unit", choices=[("p", "Patrol")])
    read = forms.BooleanField(label="I have read it", error_messages={"required": "Please tick it."})
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def drawn(form: forms.Form) -> tuple[Page, str]:
    html = engines["django"].from_string("{% load crispy_forms_filters %}{{ form|crispy }}").render({"form": form})
    return Page(html), html


def test_form_draws_each_question_with_its_label_and_no_asterisk():
    page, html = drawn(Questions())
    assert "*" not in html and "optional" not in html.lower()
    assert len(page.all("fieldset")) == 3 and len(page.all("legend")) == 3
    assert {label.get("for") for label in page.all("label")} >= {"id_words", "id_unit", "id_read", "id_soon_0"}
    assert page.all("p", id="id_words_helptext", class_="hint")
    assert page.all("textarea", aria_describedby="id_words_helptext")
    assert page.all("fieldset", aria_describedby="id_about_helptext")
    assert page.all("input", type="hidden", name="token")
    assert not page.all("div", class_="error-summary")


def test_form_draws_cards_with_hints_and_pills_as_real_controls():
    page, html = drawn(Questions())
    assert '<label for="id_soon_0"><b>Now</b><small>Rings everyone.</small></label>' in html
    assert '<label for="id_soon_1">Later</label>' in html
    assert re.search('<label><input type="radio" name="about"[^>]*><span>A &amp; B</span></label>', html)
    assert len(page.all("div", class_="pills")) == 2 and len(page.all("div", class_="choice-cards")) == 1
    assert page.all("input", type="radio", name="about") and page.all("input", type="checkbox", name="tongues")


def test_returned_form_shows_errors_beside_the_question_and_on_top():
    page, html = drawn(Questions({"words": "<kept>", "soon": "never"}))
    summary = html.split("</ul>")[0]
    for target in ("id_soon_0", "id_about_0", "id_unit", "id_read"):
        assert f'href="#{target}"' in summary
        assert page.all("input", id=target) or page.all("select", id=target)
    assert 'href="#id_words"' not in summary
    assert page.all("p", id="id_read_error", class_="error")
    assert page.all("input", id="id_read", aria_invalid="true", aria_describedby="id_read_error")
    assert page.all("fieldset", aria_describedby="id_soon_error")
    assert not page.all("input", type="radio", aria_invalid="true"), "the group has the error"
    assert "&lt;kept&gt;</textarea>" in html
