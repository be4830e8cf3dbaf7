"""A year after the decision, nothing that anybody wrote is left in the database or in a file."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.apps import apps
from django.utils import timezone

from applications import resumes
from applications.actions import candidate, decisions, interviews, purging, references, reviews
from applications.actions.links import make_link
from applications.counts import by_outcome
from applications.domain.states import OUTCOMES, ApplicationState, ReferenceKind
from applications.models import Application, PastOutcome, PrivateLink, Score
from applications.queries import applications
from peersupport.audit.models import Entry
from peersupport.program import actions as program
from tests.applications.conftest import as_seen, begin_review, decide, link_in, read_mail, sent, status_link
from tests.applications.links import FULL
from tests.training.external_training import pdf

pytestmark = pytest.mark.django_db
CANARY = "canary-4711"
RITA = candidate.NamedReference(ReferenceKind.REFERENCE, f"Rita {CANARY}", f"rita-{CANARY}@example.org")
BEGUN = timezone.make_aware(timezone.datetime(2026, 5, 4, 12))
LATER = BEGUN + timedelta(days=400)


def everywhere(settings) -> str:
    """All rows of all tables, and all private files."""
    rows = [list(model.objects.values_list()) for model in apps.get_models()]
    files = [file.read_bytes() for file in settings.PRIVATE_FILES.rglob("*") if file.is_file()]
    return f"{rows}{files}"


def fill_every_field(coordinator, ana) -> Application:
    """The canary in every text that candidate, reference, reviewer and coordinator can write."""
    essays = {name: f"{name} {CANARY}" for name in ("why", "qualifications", "benefit", "training", "availability")}
    facts = dict.fromkeys(("phone", "languages", "assignment"), CANARY)
    application = sent(RITA, resume=pdf() + CANARY.encode(), **essays, **facts)
    (asked,) = [letter for letter in read_mail() if letter.to == [RITA.email]]
    references.give_reference(link=link_in(asked), statement=f"statement {CANARY}")
    begin_review(application, coordinator)
    reviews.name_reviewer(application_id=application.pk, reviewer=ana.user, by=coordinator)
    scores = [(f"criterion {CANARY}", 3, f"remark {CANARY}")]
    reviews.give_review(application_id=application.pk, scores=scores, remarks=CANARY, by=ana.user)
    interviews.propose_times(
        **as_seen(application), times=[timezone.now() + timedelta(days=2)], place=CANARY, minutes=30, by=coordinator
    )
    read_mail()
    return application


@pytest.fixture
def purge_later(django_capture_on_commit_callbacks) -> Callable[[], int]:
    def purge() -> int:
        with time_machine.travel(LATER), django_capture_on_commit_callbacks(execute=True):
            return purging.purge(now=timezone.now())

    return purge


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_purge_leaves_no_canary_after_each_outcome(settings, coordinator, ana, outcome, purge_later):
    with time_machine.travel(BEGUN, tick=False):
        application = fill_every_field(coordinator, ana)
        if outcome == ApplicationState.WITHDRAWN:
            candidate.withdraw(link=status_link(application))
        elif outcome == ApplicationState.ABANDONED:
            decisions.abandon(**as_seen(application), by=coordinator)
        else:
            decide(application, outcome, coordinator, letter=f"letter {CANARY}")
        read_mail()
    assert everywhere(settings).count(CANARY) >= 10
    before = by_outcome(date(2026, 1, 1), date(2026, 12, 31))
    assert purge_later() == 1
    assert CANARY not in everywhere(settings)
    assert by_outcome(date(2026, 1, 1), date(2026, 12, 31)) == before
    assert not (Score.objects.exists() or PrivateLink.objects.exists())
    kept = list(Application.objects.values_list("name", "state", "erased_on"))
    if outcome == ApplicationState.CONDITIONAL:
        assert kept == [("Cory Candidate", "conditional", LATER.date())]
        assert application.moves.count() == 6 and purge_later() == 0
    else:
        assert kept == []
        assert list(PastOutcome.objects.values_list("year_starts_on", "outcome", "count")) == [
            (date(2026, 1, 1), outcome, 1)
        ]
    assert Entry.objects.filter(about=f"application:{application.pk}").exists(), "the audit stays"


def test_purge_keeps_recent_and_active_applications(coordinator, application, purge_later):
    decided = sent(email="decided@example.org")
    begin_review(decided, coordinator)
    decide(decided, ApplicationState.DECLINED, coordinator)
    Application.objects.update(since=LATER - timedelta(days=360))
    assert purge_later() == 0
    Application.objects.update(since=LATER - timedelta(days=370))
    assert purge_later() == 1
    assert list(Application.objects.all()) == [application]


@pytest.mark.parametrize(
    ("ended_on", "day"),
    [(date(2026, 5, 4), date(2026, 7, 4)), (date(2025, 12, 31), date(2026, 3, 1))],
)
def test_day_of_erasure_is_the_first_on_which_it_is_due(coordinator, change_settings, under_review, ended_on, day):
    decide(under_review, ApplicationState.DECLINED, coordinator)
    change_settings(kept_months=2)
    noon = timezone.datetime.combine(ended_on, timezone.datetime.min.time().replace(hour=12))
    Application.objects.update(since=timezone.make_aware(noon))
    under_review.refresh_from_db()
    assert applications.day_of_erasure(under_review) == day
    at_noon = timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 12))
    assert applications.due_to_be_purged(at_noon).exists()
    assert not applications.due_to_be_purged(at_noon - timedelta(days=1)).exists()


def test_purge_follows_setting_and_statistics_year(coordinator, change_settings, under_review, purge_later):
    program.change_settings(values={"year_starts_month": 7}, lines=[], by=coordinator.pk)
    decide(under_review, ApplicationState.DECLINED, coordinator)
    change_settings(kept_months=2)
    Application.objects.update(since=BEGUN)
    assert purge_later() == 1
    assert PastOutcome.objects.get().year_starts_on == date(2025, 7, 1)


def test_purge_deletes_orphaned_files(settings, application, purge_later):
    orphan, own = resumes.store(pdf()), resumes.store(pdf())
    Application.objects.update(resume=own)
    purging.purge(now=timezone.now())
    assert len(list((settings.PRIVATE_FILES / "resumes").iterdir())) == 2, "its row may not be committed yet"
    purge_later()
    assert [file.name for file in (settings.PRIVATE_FILES / "resumes").iterdir()] == [own]
    assert orphan != own


@pytest.mark.parametrize("purpose", ["draft", "confirm"])
def test_purge_deletes_unconfirmed_after_thirty_days(purpose, purge_later):
    state = {"draft": ApplicationState.DRAFT, "confirm": ApplicationState.UNCONFIRMED}[purpose]
    for days in (29, 31):
        application = Application.objects.create(
            email=f"d{days}@example.org", state=state, since=LATER - timedelta(days=days), **FULL
        )
        make_link(application, purpose)
    assert purge_later() == 1
    assert list(Application.objects.values_list("email", flat=True)) == ["d29@example.org"]
