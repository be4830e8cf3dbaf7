import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from peersupport.audit.models import Entry
from peersupport.program import actions, queries
from peersupport.program.models import CrisisLine, ProgramSettings
from tests.cast import sign_in
from tests.program.html import Page

pytestmark = pytest.mark.django_db

VALUES = {
    "agency": "River County",
    "name": "Side by Side",
    "coordinator_name": "Sgt. Reyes",
    "coordinator_contact": "555-0100",
    "clinical_director": "Dr. Chen",
    "on_call_phone": "555-0143",
    "year_starts_month": 9,
    "term_years": 3,
    "breakdown_years": 2,
}
LINE = {"name": "988", "words": "Day and night.", "call": "988", "text_to": "988", "text_body": ""}  # as typed
SAVED_LINE = {"name": "988", "description": "Day and night.", "call": "988", "text_to": "988", "text_body": ""}


def typed(*lines: dict[str, str], **values: object) -> dict[str, object]:
    data = {**VALUES, **values, "line-TOTAL_FORMS": len(lines), "line-INITIAL_FORMS": 0}
    return data | {f"line-{number}-{field}": word for number, line in enumerate(lines) for field, word in line.items()}


def saved(client, *lines: dict[str, str], **values: object) -> Page:
    answer = client.post(reverse("program:settings"), typed(*lines, **values), follow=True)
    assert answer.status_code == 200
    return Page(answer.content.decode())


@pytest.fixture
def editor(client, coordinator):
    return sign_in(client, coordinator)


def test_coordinator_changes_the_settings_and_every_page_says_so(editor, coordinator):
    assert "Saved." in saved(editor, LINE, {**LINE, "name": "", "words": "", "call": "", "text_to": ""}).words
    now = queries.settings_now()
    assert {field: getattr(now, field) for field in VALUES} == VALUES
    assert [line.name for line in queries.crisis_lines()] == ["988"]
    assert set(Entry.objects.values_list("action", "by_id")) == {("settings_changed", coordinator.pk)}
    assert {"setting:agency", "setting:crisis_lines"} < set(Entry.objects.values_list("about", flat=True))
    about = Page(editor.get(reverse("program:about")).content.decode()).words
    for word in ("River County", "Side by Side", "Sgt. Reyes", "555-0100", "Dr. Chen"):
        assert word in about


def test_description_of_a_crisis_line_is_saved_on_one_line(editor):
    saved(editor, {**LINE, "words": "Day and night.\r\nIn English\nand Spanish. "})
    assert queries.crisis_lines()[0].description == "Day and night. In English and Spanish."


def test_crisis_lines_keep_the_order_of_the_page(editor):
    saved(editor, *({**LINE, "name": name} for name in ("Third", "First", "Second")))
    assert [(line.order, line.name) for line in queries.crisis_lines()] == [(1, "Third"), (2, "First"), (3, "Second")]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({**LINE, "name": ""}, "A line needs a name and a number"),
        ({**LINE, "call": "", "text_to": ""}, "A line needs a name and a number"),
        ({**LINE, "call": "javascript:alert(1)"}, "Use digits"),
        ({**LINE, "text_to": "()"}, "Use digits"),
        ({**LINE, "text_body": "two words"}, "one word"),
        ({**LINE, "call": ""}, "it needs a number to call"),
        ({**LINE, "name": "n" * 81}, "at most 80 characters"),
    ],
)
def test_unreachable_crisis_line_is_refused_and_kept_as_typed(editor, line, said):
    page = saved(editor, line)
    assert said in page.words
    assert page.all("textarea", name="line-0-words") and "Day and night." in page.words
    assert not CrisisLine.objects.exists() and not ProgramSettings.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("agency", ""),
        ("name", ""),
        ("year_starts_month", 0),
        ("term_years", 0),
        ("term_years", "x"),
        ("year_starts_month", "x"),
        ("breakdown_years", 4),
        ("agency", "a" * 121),
    ],
)
def test_invalid_settings_get_a_message(editor, field, value):
    assert "Please look at this again" in saved(editor, LINE, **{field: value}).words
    assert not ProgramSettings.objects.exists()


def test_form_without_its_lines_is_refused(editor):
    answer = editor.post(reverse("program:settings"), VALUES)
    assert answer.status_code == 200
    assert not ProgramSettings.objects.exists()


@pytest.mark.parametrize("who", ["operator", "director", "designee", "ana"])
def test_settings_are_for_the_coordinator_only(client, request, who):
    sign_in(client, request.getfixturevalue(who))
    assert client.get(reverse("program:settings")).status_code == 404
    assert client.post(reverse("program:settings"), typed(LINE)).status_code == 404
    assert not ProgramSettings.objects.exists()


def test_database_refuses_a_second_program_and_invalid_settings():
    actions.change_settings(values=VALUES, lines=[SAVED_LINE], by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgramSettings.objects.create(pk=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgramSettings.objects.update(year_starts_month=13)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgramSettings.objects.update(breakdown_years=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        CrisisLine.objects.update(call="", text_to="")


@pytest.mark.parametrize(
    ("call", "link"),
    [("988", "tel:988"), ("1-800-267-5463", "tel:18002675463"), ("+1 (206) 459 3020", "tel:+12064593020")],
)
def test_call_link_has_what_a_telephone_dials(call, link):
    assert CrisisLine(call=call).call_link == link


def test_text_link_carries_its_word():
    assert CrisisLine(text_to="741741", text_body="BADGE").text_link == "sms:741741?body=BADGE"
    assert CrisisLine(text_to="988").text_link == "sms:988"


@pytest.mark.parametrize("number", ["ask Carla", "555-0143 x2", "-"])
def test_number_that_cannot_be_dialed_is_refused(editor, number):
    page = saved(editor, LINE, on_call_phone=number)
    assert "Use digits, like 1-800-267-5463." in page.words
    assert ("input", number) in [(tag, attrs.get("value")) for tag, attrs in page.tags], "what was typed is kept"
    assert not ProgramSettings.objects.exists()


def test_error_in_a_crisis_line_is_said_at_the_top_too(editor):
    page = saved(editor, LINE | {"call": "ask Carla"})
    top, line = page.words.index("One of the crisis lines below"), page.words.index("Use digits")
    assert top < page.words.index("Which agency's program is it?") < line


def test_request_page_shows_the_programs_own_number(client, editor, ana):
    """Nobody on call has phone alerts set up here, so "now" is not offered."""
    saved(editor, LINE)
    asking = client.get(reverse("requests_app:new_request")).content.decode()
    assert 'href="tel:5550143"' in asking


def test_clinical_contact_can_be_called_with_one_press(ana, client):
    ProgramSettings.objects.create(pk=1, clinical_contact="Dr. Chen, 555-0177 <day and night>")
    sign_in(client, ana)
    for name in ("program:duty_to_report", "requests_app:request_consultation"):
        page = client.get(reverse(name)).content.decode()
        assert 'Dr. Chen, <a href="tel:5550177">555-0177</a> &lt;day and night&gt;' in page
