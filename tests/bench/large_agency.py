"""A database as that of a large agency after some years, filled by the thousand and not through the actions.

2,000 members, 5,000 applications in all states, 40,000 training records, 20,000 audit entries and 200 open requests,
the requests as officers submit them. Works on SQLite and PostgreSQL. `start` and `fill` are for the other benches.
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle, islice

MEMBERS, APPLICATIONS, RECORDS, ENTRIES, REQUESTS = 2_000, 5_000, 40_000, 20_000, 200
UNITS = [f"{kind} {number}" for kind in ("Patrol", "Dispatch", "Jail", "Detectives") for number in range(1, 11)]
ESSAY = "It is a long story, and I have told it to few. " * 40


def start(folder: str, database_url: str = "") -> None:
    """Set Django up with the demo's settings in this folder, and launch an empty program."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "peersupport.settings.demo"
    os.environ["PEERSUPPORT_VAR"] = folder
    import django
    import environ
    from django.conf import settings

    if database_url:
        settings.DATABASES = {"default": environ.Env().db_url_config(database_url)}
    django.setup()
    from django.core.management import call_command

    from peersupport.sealing import envelope, keyring

    envelope.PASSWORD_MEMORY_KIB = 64  # as in the tests: what a sign-in takes is measured elsewhere
    keyring.prepare()
    call_command("migrate", verbosity=0)
    launch()


def fill(
    members: int = MEMBERS,
    applications: int = APPLICATIONS,
    records: int = RECORDS,
    entries: int = ENTRIES,
    requests: int = REQUESTS,
) -> None:
    from django.utils import timezone

    from peersupport.access.permissions import Role
    from tests.cast import make_user

    today, office = timezone.localdate(), make_user("Olive Office", Role.COORDINATOR)
    add_members(members, today, office)
    add_availability(today)
    add_service_records(today)
    add_trainings(records, today, office)
    add_applications(applications, today, office)
    add_incidents(today, office)
    add_reports()
    add_entries(entries)
    add_requests(requests)


def launch() -> None:
    from django.utils import timezone

    from peersupport.program import queries as program
    from peersupport.program.models import CrisisLinesConfirmation, Launch

    today = timezone.localdate()
    Launch.objects.create(pk=1, launched_on=today)
    CrisisLinesConfirmation.objects.create(pk=1, confirmed_on=today, lines_digest=program.crisis_lines_digest())


def add_members(number: int, today: date, office) -> None:
    """Of ten members eight are designated, one is in training and one has left; each has had a key confirmed."""
    from django.contrib.auth.hashers import make_password

    from peersupport.team import key_confirmation
    from peersupport.team.models import Member, MemberKey, User
    from tests.cast import CAST_PASSWORD, pair_of

    password = make_password(CAST_PASSWORD)
    users = User.objects.bulk_create(
        User(name=f"Member {n:04} Number", email=f"member{n}@example.org", password=password, is_member=True)
        for n in range(number)
    )
    team = Member.objects.bulk_create(
        Member(user=user, unit=UNITS[n % len(UNITS)], **membership(n, today)) for n, user in enumerate(users)
    )
    pair, _ = pair_of("Member Number")
    keys = MemberKey.objects.bulk_create(
        MemberKey(member=member, **vars(pair), recovery_checked=True, confirmed_by=office, confirmed_on=today)
        for n, member in enumerate(team)
        if n % 20
    )
    for key in keys:
        key.confirmation = key_confirmation.confirmation_of(key.as_confirmed)
    MemberKey.objects.bulk_update(keys, ["confirmation"], batch_size=400)


def membership(n: int, today: date) -> dict[str, object]:
    designated = {"designated_on": today - timedelta(days=n % 2000 + 1), "designated_by": "The sheriff"}
    if n % 10 == 8:
        return {"state": "in_training"}
    if n % 10 == 9:
        return {"state": "ended", **designated, "ended_on": today, "end_reason": "own_wish"}
    leave = {"leave_from": today, "leave_until": today + timedelta(days=20)} if n % 37 == 0 else {}
    return {"state": "designated", **designated, **leave, "term_ends_on": today + timedelta(days=n % 900 + 1)}


def add_availability(today: date) -> None:
    """Each serves one night or day of the week and did so before in other hours; some pause or swap a shift."""
    from peersupport.team.models import Member, Pause, ShiftHandover, WeeklyHours

    began = datetime(2024, 1, 1, tzinfo=UTC)
    serving = list(Member.objects.filter(state="designated").values_list("pk", flat=True))
    hours = WeeklyHours.objects.bulk_create(
        WeeklyHours(
            member_id=pk, purpose=purpose, days=1 << (n + at) % 7,
            starts=time(8 * (n % 3)), ends=time(8 * (n + 1) % 24),
            since=began + timedelta(days=300 * at), until=began + timedelta(days=300) if at == 0 else None,
        )
        for n, pk in enumerate(serving)
        for at, purpose in enumerate(("on_call", "on_call", "available"))
        if purpose == "on_call" or n % 3 == 0
    )  # fmt: skip
    Pause.objects.bulk_create(
        Pause(member_id=pk, since=began, back_on=today + timedelta(days=9 if n % 200 == 0 else -9))
        for n, pk in enumerate(serving)
        if n % 10 == 0
    )
    current = [each for each in hours if each.until is None and each.purpose == "on_call"]
    ShiftHandover.objects.bulk_create(
        ShiftHandover(hours=each, day=next_day(today, each.days), held_by_id=serving[-1]) for each in current[:100]
    )


def next_day(today: date, days: int) -> date:
    return next(day for day in (today + timedelta(days=n) for n in range(7)) if days >> day.weekday() & 1)


def add_service_records(today: date) -> None:
    from django.utils import timezone

    from peersupport.program import queries as program
    from peersupport.team.models import Agreement, EarlierService, Invitation, Member, TermRenewal

    version, now = program.current_text(program.AGREEMENT).version, timezone.now()
    team = list(Member.objects.values_list("pk", flat=True))
    Agreement.objects.bulk_create(
        Agreement(member_id=pk, version=version, text=ESSAY, signed_name="As it is", signed_at=now)
        for n, pk in enumerate(Member.objects.filter(agreements=None).values_list("pk", flat=True))
        if n % 25
    )
    TermRenewal.objects.bulk_create(
        TermRenewal(member_id=pk, on=today - timedelta(days=100), head="The sheriff", order="4") for pk in team[::4]
    )
    EarlierService.objects.bulk_create(
        EarlierService(member_id=pk, ended_on=today - timedelta(days=3000), end_reason="own_wish") for pk in team[::10]
    )
    Invitation.objects.bulk_create(
        Invitation(
            email=f"guest{n}@example.org", name=f"Guest {n}", roles=["member"], token_hash=f"{n:064}",
            valid_until=now + timedelta(days=n % 40 - 10),
        )
        for n in range(200)
    )  # fmt: skip


def add_trainings(number: int, today: date, office) -> None:
    """Fifteen subjects, of which some lapse; sessions with their enrollments, reports, sessions given, imports."""
    from django.utils import timezone

    from peersupport.team.models import Member
    from training.models import (
        Enrollment,
        ExternalTraining,
        GivenSession,
        Import,
        Record,
        Session,
        SessionSubject,
        Subject,
        ValidityRule,
    )

    for n in range(Subject.objects.count(), 15):
        subject = Subject.objects.create(code=f"more_{n}", name=f"Subject {n}")
        ValidityRule.objects.create(subject=subject, applies_from="1950-01-01", valid_months=24)
    team = list(Member.objects.values_list("pk", flat=True))
    subjects, now = list(Subject.objects.values_list("pk", flat=True)), timezone.now()
    sessions = Session.objects.bulk_create(
        Session(
            title=f"Training day {n}", state="planned" if n >= 340 else "held", time_zone="America/New_York",
            starts_at=now + timedelta(days=n - 350), ends_at=now + timedelta(days=n - 350, hours=4), place="Room 2",
        )
        for n in range(400)
    )  # fmt: skip
    SessionSubject.objects.bulk_create(
        SessionSubject(session=session, subject_id=subjects[n % len(subjects)], hours=4)
        for n, session in enumerate(sessions)
    )
    Enrollment.objects.bulk_create(
        Enrollment(session=session, member_id=pk, attended=session.state == "held" or None)
        for n, session in enumerate(sessions)
        for pk in islice(cycle(team), 7 * n, 7 * n + min(50, len(team)))
    )
    Record.objects.bulk_create(
        (
            Record(
                member_id=team[n % len(team)], subject_id=subjects[n // len(team) % len(subjects)], hours=4,
                completed_on=today - timedelta(days=n % 300 + 90 * (n // len(team))), session=sessions[n % 340],
            )
            for n in range(number)
        ),
        batch_size=5_000,
    )  # fmt: skip
    ExternalTraining.objects.bulk_create(
        ExternalTraining(
            member_id=pk, subject_id=subjects[n % len(subjects)], completed_on=today - timedelta(days=n % 500), hours=2,
            provider="State academy", certificate=f"{n:032}", certificate_kind="pdf",
            state="reported" if n % 4 == 0 else "verified",
        )
        for n, pk in enumerate(team[::3])
    )  # fmt: skip
    GivenSession.objects.bulk_create(
        GivenSession(held_on=today - timedelta(days=n), kind="education", topic="Sleep", headcount=20)
        for n in range(600)
    )
    Import.objects.bulk_create(
        Import(state="imported", uploaded_by=office, uploaded_on=today, content=b"", rows_total=90, written=90)
        for _ in range(150)
    )


def add_applications(number: int, today: date, office) -> None:
    """The same number in each state; three of four in the later ones were scored by two, and had an interview."""
    from django.utils import timezone

    from applications.domain.states import MOVES, ApplicationState
    from applications.models import Application, Interview, Move, Reference, Review, Score
    from peersupport.team.models import User

    now, states = timezone.now(), list(ApplicationState)
    made = Application.objects.bulk_create(
        (
            Application(
                name=f"Person {n:04}", email=f"person{n}@example.org", kind="sworn", unit=UNITS[n % len(UNITS)],
                state=states[n % len(states)], since=now - timedelta(hours=n), confirmed_on=today, why=ESSAY,
                qualifications=ESSAY, benefit=ESSAY, assignee=office if n % 3 == 0 else None,
            )
            for n in range(number)
        ),
        batch_size=1_000,
    )  # fmt: skip
    ways = {state: list(way_to(state)) for state in states}
    Move.objects.bulk_create(
        (
            Move(
                application=application, from_state=before, to_state=after, at=application.since,
                mover=(mover := MOVES[before][after] if before else "candidate"),
                by=office if mover == "coordinator" else None,
            )
            for application in made
            for before, after in ways[application.state]
        ),
        batch_size=5_000,
    )  # fmt: skip
    Reference.objects.bulk_create(
        Reference(
            application=application, kind="reference", name="A friend", email="friend@example.org", state="given",
            asked_on=today, answered_on=today, statement=ESSAY,
        )
        for application in made[::2]
    )  # fmt: skip
    later = [each for n, each in enumerate(made) if n % 4 and states.index(each.state) >= 3]
    reviewers = list(User.objects.filter(is_member=True)[:40])
    reviews = Review.objects.bulk_create(
        Review(application=application, reviewer=reviewers[(n + second) % 40], state="given" if second else "asked")
        for n, application in enumerate(later)
        for second in (0, 1)
    )
    Score.objects.bulk_create(
        Score(review=review, criterion=f"Criterion {n}", points=n + 1) for review in reviews[1::2] for n in range(5)
    )
    Interview.objects.bulk_create(
        Interview(application=application, state="agreed", place="Room 2", starts_at=now) for application in later
    )


def way_to(state: str) -> Iterator[tuple[str, str]]:
    """The moves from nothing to this state, the shortest way."""
    from applications.domain.states import MOVES, ApplicationState

    ways: dict[str, list[tuple[str, str]]] = {ApplicationState.DRAFT: [("", ApplicationState.DRAFT)]}
    waiting: list[str] = [ApplicationState.DRAFT]
    while waiting:
        before = waiting.pop(0)
        for after in MOVES[ApplicationState(before)]:
            if after not in ways:
                ways[after] = [*ways[before], (before, after)]
                waiting.append(after)
    return iter(ways[state])


def add_incidents(today: date, office) -> None:
    from peersupport.incidents.models import Activation, CallOut, GroupSession
    from peersupport.team.models import Member

    past = Activation.objects.bulk_create(
        Activation(stage="ended", begun_on=today - timedelta(days=n), ended_on=today, begun_by=office)
        for n in range(2, 1_000, 50)
    )
    called = list(Member.objects.values_list("pk", flat=True)[:300])
    CallOut.objects.bulk_create(
        CallOut(activation=activation, member_id=pk, answer="comes") for activation in past for pk in called
    )
    GroupSession.objects.bulk_create(
        GroupSession(activation=activation, kind="debriefing", starts_at=datetime(2026, 1, 1, n, tzinfo=UTC), place="1")
        for activation in past
        for n in range(3)
    )


def add_reports() -> None:
    from stats import actions as stats

    for year in range(2010, 2020):
        stats.open_year(year=year)
        stats.close_year(year=year)


def add_entries(number: int) -> None:
    """Entries of the audit log about people and things that are there, in the chain."""
    from django.utils import timezone

    from applications.models import Application
    from peersupport.audit import actions, chain
    from peersupport.audit.models import Entry, Link
    from peersupport.sealing import keyring
    from peersupport.team.models import Member, User
    from training.models import Session

    actions.link_new()
    acts = {
        "facts_recorded": [f"member:{pk}" for pk in Member.objects.values_list("pk", flat=True)],
        "application_decided": [f"application:{pk}" for pk in Application.objects.values_list("pk", flat=True)],
        "session_planned": [f"session:{pk}" for pk in Session.objects.values_list("pk", flat=True)],
        "invitation_accepted": [f"invitation:{100_000 + n}" for n in range(2_000)],
    }
    people, now = list(User.objects.values_list("pk", flat=True)), timezone.now()
    entries = [
        Entry(
            at=now - timedelta(minutes=30 * n), by_id=people[n % len(people)], action=action,
            about=abouts[n % len(abouts)],
        )
        for n, (action, abouts) in zip(range(number), cycle(acts.items()), strict=False)
    ]  # fmt: skip
    for entry in entries:
        entry.mark = chain.new_mark(entry)
    key, links, last = keyring.lasting("audit-chain"), [], Link.objects.last()
    position, value = (last.position, last.value) if last else (0, chain.START)
    for entry in Entry.objects.bulk_create(entries, batch_size=2_000):
        position, value = position + 1, chain.link_value(key, value, position + 1, entry)
        links.append(Link(position=position, entry=entry, value=value))
    Link.objects.bulk_create(links, batch_size=2_000)
    actions.link_new()  # notes the head


def add_requests(number: int) -> None:
    from peersupport.program import form_tokens
    from requests_app.actions import submission
    from requests_app.domain.card import Card
    from requests_app.domain.states import Urgency

    for n in range(number):
        card = Card(urgency=Urgency.NOW if n % 5 == 0 else Urgency.TODAY)
        submission.submit(token=form_tokens.fresh("request"), submission=submission.Submission(card))
