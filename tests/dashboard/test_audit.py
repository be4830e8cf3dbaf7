"""The audit log on a page: who did what on the team plane, for those who answer for the team."""

import ast
import csv
import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.domain.states import ApplicationState, InterviewState, ReferenceState, ReviewState
from dashboard.forms.audit import AuditFilterForm
from dashboard.presenters import audit as presenter
from dashboard.presenters.audit_acts import LABELS
from dashboard.queries import audit as queries
from dashboard.queries.audit import Chain
from peersupport.access.permissions import PERMISSIONS_OF, Permission, Role
from peersupport.audit import actions
from peersupport.audit.models import Entry
from peersupport.incidents.domain.activation import Answer, FollowUp
from peersupport.program.models import LaunchPaper
from peersupport.team.actions import invitations
from peersupport.team.domain.states import HoursPurpose
from peersupport.team.models import Member, User
from tests.cast import sign_in
from tests.requests_app.conftest import submit_request
from tests.training.external_training import report_training

pytestmark = pytest.mark.django_db


def record(action: str, by: User | None = None, about: str = "", *, days_ago: int = 0) -> Entry:
    """The moment stands in the entry from the start, and can't be changed later."""
    entry = Entry(at=timezone.now() - timedelta(days=days_ago), by=by, action=action, about=about, mark="")
    entry.save(force_insert=True)
    return entry


def found(**chosen: object) -> list[str]:
    """The acts that the page lists with these filters, newest first."""
    return [entry.action for entry in queries.entries(AuditFilterForm(chosen).filter())]


@pytest.fixture
def log(ana: Member, ben: Member, coordinator: User) -> None:
    record("member_designated", coordinator, f"member:{ana.pk}", days_ago=40)
    record("leave_taken", coordinator, f"member:{ben.pk}", days_ago=3)
    record("member_enrolled", coordinator, f"session:7:member:{ana.pk}", days_ago=2)
    record("password_changed", ana.user, f"user:{ana.user_id}", days_ago=1)
    record("application_draft", None, "application:5")


def test_entries_are_found_by_person_act_and_day(log: None, ana: Member, ben: Member, coordinator: User) -> None:
    everything = ["application_draft", "password_changed", "member_enrolled", "leave_taken", "member_designated"]
    assert found() == everything
    assert found(person=ana.user_id) == ["password_changed", "member_enrolled", "member_designated"]
    assert found(person=ben.user_id) == ["leave_taken"]
    assert found(person=coordinator.pk) == ["member_enrolled", "leave_taken", "member_designated"]
    assert found(act="leave_taken") == ["leave_taken"]
    today = timezone.localdate()
    assert found(since=today - timedelta(days=3), until=today - timedelta(days=2)) == ["member_enrolled", "leave_taken"]
    assert found(person=ana.user_id, since=today - timedelta(days=1)) == ["password_changed"]


def test_a_record_of_a_member_is_theirs(ana: Member, coordinator: User) -> None:
    report = report_training(ana)
    record("report_verified", coordinator, f"report:{report.pk}")
    assert found(person=ana.user_id) == ["report_verified", "training_reported"]


def test_the_page_has_names_and_sentences_and_no_codes(client: Client, log: None, ana: Member, director: User) -> None:
    page = sign_in(client, director).get(reverse("dashboard:audit")).content.decode()
    rows = [re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", row)) for row in page.split("<tbody>")[1].split("</tr>")[:-1]]
    assert len(rows) == 5
    assert "Carla Coordinator" in rows[4] and "Designated a member" in rows[4] and "Ana Alvarez" in rows[4]
    assert "Session 7, Ana Alvarez" in rows[2], "there is no such session"
    assert "No account" in rows[0] and "Application 5" in rows[0]
    assert reverse("team:member", args=[ana.pk]) in page
    assert "member_designated" not in page.split("<tbody>")[1]


def test_a_filter_that_cannot_be_taken_says_so_and_keeps_what_was_typed(
    client: Client, log: None, director: User
) -> None:
    typed = {"since": "2026-03-31", "until": "2026-03-30", "person": "nobody", "act": "<b>"}
    page = sign_in(client, director).get(reverse("dashboard:audit"), typed).content.decode()
    assert "This day is before the first one." in page and 'value="2026-03-31"' in page
    for odd in ({"since": "x"}, {"since": "0001-01-01"}, {"until": "9999-12-31"}, {"page": "x"}, {"person": "9" * 30}):
        assert client.get(reverse("dashboard:audit"), odd).status_code == 200
        assert client.get(reverse("dashboard:audit_csv"), odd).status_code == 200


def test_days_the_wrong_way_round_show_nothing(log: None) -> None:
    assert found(since="2026-03-31", until="2026-03-30") == []


def test_what_an_entry_is_about_is_said_in_words(client: Client, director: User) -> None:
    invitations.invite(email="iris@example.org", name="Iris Ito", roles=[Role.DESIGNEE], by=None)
    record("telephone_only_begun", about="hours:2")
    record("telephone_only_begun", about="hours:1")
    record("person_invited", about="invitation:100004")
    record("an_act_of_a_later_version")
    page = sign_in(client, director).get(reverse("dashboard:audit")).content.decode()
    assert "For two hours" in page and "For one hour" in page
    assert "Iris Ito" in page.split("<tbody>")[1] and "Invitation 100004" in page
    assert "an act of a later version" in page


def test_the_page_says_who_has_no_account_and_what_was_checked(client: Client, log: None, director: User) -> None:
    page = " ".join(sign_in(client, director).get(reverse("dashboard:audit")).content.decode().split())
    for part in ("whoever used a link in an e-mail", "on its schedule", "a command on the server"):
        assert part in page
    said = presenter.chain_sentence(Chain(3, date(2026, 3, 1), True))
    assert said.startswith("Checked just now") and "last written on March 1, 2026" in said and "cut off" in said


def test_an_empty_log_says_what_will_be_here(client: Client, director: User) -> None:
    page = sign_in(client, director).get(reverse("dashboard:audit"), {"act": "year_closed"}).content.decode()
    assert "Nothing on record matches" in page and "Clear filters" in page
    assert "Nothing is on record yet" in sign_in(client, director).get(reverse("dashboard:audit")).content.decode()


@pytest.mark.usefixtures("reads_anew")
def test_many_entries_have_pages_and_cost_no_more_queries(client: Client, ana: Member, director: User) -> None:
    sign_in(client, director)

    def queries_of_page(page: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(reverse("dashboard:audit"), {"page": page}).status_code == 200
        return len(captured)

    record("pause_begun", ana.user, f"member:{ana.pk}")
    queries_of_page(1)
    one = queries_of_page(1)
    for number in range(120):
        record("pause_ended", ana.user, f"session:{number}:member:{ana.pk}")
    assert queries_of_page(1) == queries_of_page(3) == one
    page = client.get(reverse("dashboard:audit"), {"page": 2, "act": "pause_ended"}).content.decode()
    assert "Page 2 of 3, 120 in all" in page
    assert "act=pause_ended" in page, "the next page keeps the filter"


def test_the_file_has_what_the_page_shows_and_no_formula(
    client: Client, log: None, ana: Member, coordinator: User
) -> None:
    ana.user.name = "=HYPERLINK(1)"
    ana.user.save()
    answer = sign_in(client, coordinator).get(reverse("dashboard:audit_csv"), {"person": ana.user_id})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["act"] for row in rows] == ["password_changed", "member_enrolled", "member_designated"]
    assert (rows[0]["by_name"], rows[2]["about_name"]) == ("'=HYPERLINK(1)", "'=HYPERLINK(1)")
    assert answer["Content-Disposition"].startswith("attachment")


def test_only_those_who_answer_for_the_team_see_it() -> None:
    seen_by = {role for role in Role if Permission.SEE_AUDIT in PERMISSIONS_OF[role]}
    assert seen_by == {Role.COORDINATOR, Role.CLINICAL_DIRECTOR, Role.DESIGNEE}


def test_the_page_says_how_the_chain_stands(own_keyring: Path) -> None:
    assert queries.chain() == Chain(0, None, True)
    actions.record(action="member_designated", by=None)
    actions.link_new()
    assert queries.chain() == Chain(1, timezone.localdate(), True)
    Path(settings.AUDIT_HEAD).write_text("2026-03-31 9 ab\n")
    assert queries.chain().is_whole is False
    Path(settings.AUDIT_HEAD).write_text("nonsense\n")
    assert queries.chain().is_whole is None


def literals(node: ast.AST) -> list[str]:
    """The codes that an argument can be; of one with something in it, its beginning and a star."""
    if isinstance(node, ast.IfExp):
        return [*literals(node.body), *literals(node.orelse)]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return []


def codes_in_the_program() -> set[str]:
    found_codes: set[str] = set()
    for file in Path(settings.BASE_DIR).glob("*/**/actions*/**/*.py"):
        found_codes |= codes_in(file)
    for file in Path(settings.BASE_DIR).glob("*/**/actions.py"):
        found_codes |= codes_in(file)
    return found_codes


def codes_in(file: Path) -> set[str]:
    calls = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    found_codes: set[str] = set()
    for call in calls:
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        arguments = [each.value for each in call.keywords if each.arg == "action"]
        if name in {"_record", "_set_retired", "_update"}:
            arguments += call.args
        found_codes |= {code for argument in arguments for code in literals(argument)}
    return found_codes


def test_every_code_made_from_parts_is_looked_at() -> None:
    """An action of an f-string isn't found by reading: whoever writes one adds its codes to `made` below."""
    parts = {
        part.value
        for file in Path(settings.BASE_DIR).glob("*/**/actions*")
        for source in ([file] if file.suffix == ".py" else file.rglob("*.py"))
        for call in ast.walk(ast.parse(source.read_text()))
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "action" and isinstance(keyword.value, ast.JoinedStr)
        for part in keyword.value.values
        if isinstance(part, ast.Constant)
    }
    assert parts and not [part for part in parts if not any(part in code for code in LABELS)]


def test_every_act_has_a_label() -> None:
    made = {
        *(f"application_{state}" for state in ApplicationState),
        *(f"review_{state}" for state in ReviewState if state != ReviewState.ASKED),
        *(f"reference_{state}" for state in (ReferenceState.GIVEN, ReferenceState.DECLINED)),
        *(f"interview_{state}" for state in InterviewState),
        *(f"role_{role.value}_{change}" for role in Role for change in ("given", "taken")),
        *(f"{purpose}_hours_{change}" for purpose in HoursPurpose for change in ("added", "ended")),
        *(f"call_answered_{answer}" for answer in Answer if answer != Answer.NONE),
        *(f"follow_up_acknowledged_{follow_up}" for follow_up in FollowUp),
        *(f"paper_{code}_{change}" for code in LaunchPaper.Code.values for change in ("confirmed", "taken_back")),
        "shift_offer_declined", "shift_offer_withdrawn", "backup_restored", "secret_rotated",
        "factor_lifted", "factor_lift_canceled", "factor_lift_canceled_by_link", "factor_lift_lapsed",
    }  # fmt: skip
    written = {code for code in codes_in_the_program() if code.isidentifier()}
    assert len(written) > 70
    assert written | made == set(LABELS)


def test_nothing_of_a_request_is_ever_in_it(ana: Member, ben: Member) -> None:
    """Sending a request adds no entry, and of the room of requests two modules alone can: what is set for all."""
    before = Entry.objects.count()
    submit_request()
    assert Entry.objects.count() == before
    recording = [
        file.relative_to(settings.BASE_DIR).as_posix()
        for file in (Path(settings.BASE_DIR) / "requests_app").rglob("*.py")
        if "peersupport.audit.actions" in file.read_text()
    ]
    assert sorted(recording) == ["requests_app/actions/settings.py", "requests_app/actions/telephone_only.py"]


@pytest.mark.parametrize(
    "typed", ["since=2026-13-45", "until=9999-12-31", "since=0001-01-01", "person=x", "act=no_such_act"]
)
def test_a_filter_that_cannot_be_taken_shows_nothing_and_nothing_is_in_the_file(
    log: None, client: Client, coordinator: User, typed: str
) -> None:
    sign_in(client, coordinator)
    page = client.get(f"/audit/?{typed}").content.decode()
    assert 'class="error"' in page and "<tbody>" not in page
    assert list(queries.entries(AuditFilterForm(QueryDict(typed)).filter())) == []
