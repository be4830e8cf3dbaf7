"""The list: order, filters, search, exports; the same number of queries for 2 and for 30."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from applications.actions import candidate, reviews
from applications.domain.states import ApplicationState
from applications.models import Application
from tests.applications.conftest import CORY, sent, status_link, text_of
from tests.applications.links import FULL
from tests.cast import sign_in
from tests.dashboard.homes import home_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_coordinator(coordinator) -> Client:
    return sign_in(Client(), coordinator)


def make(
    number: int, state: ApplicationState = ApplicationState.SUBMITTED, days: int = 1, **changed: object
) -> Application:
    since = timezone.now() - timedelta(days=days)
    fields = {**FULL, "name": f"Person {number}", **changed}
    return Application.objects.create(email=f"person{number}@example.org", state=state, since=since, **fields)


def names(client, query: str = "") -> list[str]:
    return [application.name for application in client.get(f"/applications/{query}").context["page"].object_list]


def test_list_shows_longest_wait_first_and_hides_ended(as_coordinator, coordinator):
    make(1, days=2)
    make(2, ApplicationState.UNDER_REVIEW, days=9)
    make(3, ApplicationState.DECLINED, days=20)
    make(4, ApplicationState.DRAFT, days=30)
    make(5, ApplicationState.INTERVIEW, days=5, assignee=coordinator, unit="Dispatch")
    assert names(as_coordinator) == ["Person 2", "Person 5", "Person 1"]
    assert "for 9 days" in text_of(as_coordinator.get("/applications/"))
    assert names(as_coordinator, "?state=all") == ["Person 3", "Person 2", "Person 5", "Person 1"]
    assert names(as_coordinator, "?state=declined") == ["Person 3"]
    assert names(as_coordinator, f"?state=all&assignee={coordinator.pk}") == ["Person 5"]
    assert names(as_coordinator, "?assignee=nobody&state=waiting") == ["Person 2", "Person 1"]
    assert names(as_coordinator, "?q=dispatch") == names(as_coordinator, "?q=person5@+disp") == ["Person 5"]


@pytest.mark.parametrize(
    "query", ["?state=nothing", "?assignee=x", "?page=99&state=all", "?page=x", "?q=%00", "?draft"]
)
def test_invalid_filter_is_ignored(as_coordinator, query):
    make(1)
    for page in ("", "list.csv", "list.xlsx"):
        assert as_coordinator.get(f"/applications/{page}{query}").status_code == 200


@pytest.mark.usefixtures("reads_anew")
def test_list_query_count_is_constant(as_coordinator):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert as_coordinator.get("/applications/?state=all").status_code == 200
        return len(queries)

    make(0, ApplicationState.CONDITIONAL)
    make(99)
    with_few = count()
    for number in range(1, 30):
        make(number, ApplicationState.CONDITIONAL if number % 3 else ApplicationState.SUBMITTED)
    assert count() == with_few


def test_empty_list_says_so(as_coordinator):
    assert "No applications need our attention." in text_of(as_coordinator.get("/applications/"))
    assert "Clear filters" in text_of(as_coordinator.get("/applications/?q=nobody"))


def test_exports_match_list_without_formulas(as_coordinator):
    make(1, name="=cmd('x')", unit="+1", why="CANARY")
    make(2, ApplicationState.DECLINED)
    csv = as_coordinator.get("/applications/list.csv").content.decode("utf-8-sig").splitlines()
    assert csv[0] == "Name,E-mail,Role,Unit,Status,Since,Assigned to"
    assert len(csv) == 2 and csv[1].startswith("'=cmd('x'),person1@example.org,Sworn,'+1,New,")
    book = load_workbook(io.BytesIO(as_coordinator.get("/applications/list.xlsx?state=all").content))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert [row[0] for row in cells] == ["Name", "=cmd('x')", "Person 2"]
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n"}
    assert "CANARY" not in "".join(csv)


def test_pdf_has_answers(as_coordinator, under_review):
    pdf = as_coordinator.get(f"/applications/{under_review.pk}/application.pdf")
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
    assert pdf["Content-Disposition"].startswith("attachment")
    for name in ("name", "why", "qualifications", "benefit"):
        assert CORY[name] in " ".join(text.split())


def test_typed_text_is_escaped(as_coordinator):
    application = sent(name="<script>alert(1)</script>", why="<b>bold</b>\n\n- <i>x</i>", unit="{{ unit }}")
    pages = [as_coordinator.get(f"/applications/{rest}") for rest in ("", f"{application.pk}/")]
    for page in pages:
        assert "<script>alert" not in page.content.decode() and "<b>bold" not in page.content.decode()
    assert "{{ unit }}" in pages[0].content.decode()


def test_settings_are_saved_and_duplicate_criteria_refused(as_coordinator):
    form = as_coordinator.get("/applications/settings/").context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    typed = {name: value for name, value in typed.items() if value not in (False, None)}
    answer = as_coordinator.post(
        "/applications/settings/", {**typed, "criterion_2": form["criterion_1"].value().upper()}
    )
    assert "This criterion is already listed above." in text_of(answer)
    as_coordinator.post("/applications/settings/", {**typed, "has_panel": "on", "criterion_2": " Is\r\ncalm "})
    changed = as_coordinator.get("/applications/settings/").context["form"]
    assert (changed["has_panel"].value(), changed["criterion_2"].value()) == (True, "Is calm")


@pytest.mark.parametrize(("typed", "found"), [("Dear {bogus},", "{bogus}"), ("Dear {name,", "{name")])
def test_letter_with_an_unknown_placeholder_is_not_saved(as_coordinator, typed, found):
    answer = as_coordinator.post("/applications/settings/", {"kept_months": 12, "letter_declined": typed})
    expected = f"“{found}” can't be filled in. You can use {{name}}, {{agency}}, {{coordinator}} and {{period}}."
    assert [*answer.context["form"].errors["letter_declined"]] == [expected]


def test_home_counts_new_applications(coordinator):
    today = timezone.localdate()
    assert "application" not in str(home_for(coordinator, today).todos)
    make(1)
    make(2)
    assert "Two new applications" in str(home_for(coordinator, today).todos)


def test_home_and_desk_show_pending_work(under_review, coordinator, ana):
    def home() -> str:
        return str(home_for(coordinator, timezone.localdate()).todos)

    reviews.name_reviewer(application_id=under_review.pk, reviewer=ana.user, by=coordinator)
    as_ana = sign_in(Client(), ana)
    assert "You've been asked to review Cory Candidate's application" in text_of(as_ana.get("/desk/"))
    assert "are in" not in home()
    reviews.recuse(application_id=under_review.pk, by=ana.user)
    assert "been asked to review" not in text_of(as_ana.get("/desk/"))
    assert "All reviews of Cory Candidate's application are in" in home()
    under_review.interviews.create(place="Here", state="none_suits")
    assert "None of the interview times work for Cory Candidate" in home()
    candidate.withdraw(link=status_link(under_review))
    assert "One application was withdrawn" in home() and "interview times" not in home()


def test_a_private_telephone_number_is_in_no_export_and_its_page_says_who_may_get_a_copy(as_coordinator, under_review):
    number = "201-555-0177"
    Application.objects.filter(pk=under_review.pk).update(phone=number)
    page = text_of(as_coordinator.get(f"/applications/{under_review.pk}/"))
    assert number in page and "Ask counsel before anyone outside the agency gets a copy." in page
    pdf = PdfReader(io.BytesIO(as_coordinator.get(f"/applications/{under_review.pk}/application.pdf").content))
    book = load_workbook(io.BytesIO(as_coordinator.get("/applications/list.xlsx?state=all").content))
    exported = [page.extract_text() for page in pdf.pages] + [str(cell.value) for row in book.active for cell in row]
    exported.append(as_coordinator.get("/applications/list.csv?state=all").content.decode())
    assert number not in " ".join(exported)
    Application.objects.filter(pk=under_review.pk).update(phone="")
    assert "Ask counsel" not in text_of(as_coordinator.get(f"/applications/{under_review.pk}/"))
