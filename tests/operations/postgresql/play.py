"""Pieces of the program that are played on PostgreSQL, in a process of their own and as the program's own role."""

from datetime import timedelta
from typing import Any

from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import import_string

CANARY = "kanari7f3ak9"
ADDRESS = f"{CANARY}@example.org"
# What is never erased, what is only there sealed, and the framework's own list.
NOT_SWEPT = ("audit_entry", "audit_link", "requests_app_request", "requests_app_message", "django_migrations")


def demo() -> None:
    """All rooms, by their actions: accounts, years that are closed, applications, training, an incident, requests."""
    from operations.demo import data

    data.make(today=timezone.localdate())


def officer_and_peer() -> str:
    """From the form to the end, by the officer's pages and the peer's actions. Returns the last page."""
    from peersupport.sealing import keyring
    from peersupport.sealing.receipt import credentials
    from requests_app.queries import officers
    from tests.requests_app.test_submission import FORM, receipt_on, token_on

    browser = Client()
    page = browser.get("/request/").content
    typed = {**FORM, "token": token_on(page), "message": CANARY, "contact": CANARY}
    words = receipt_on(browser.post("/request/", typed).content)
    creds = credentials(keyring.lasting("credentials"), tuple(words))
    _accept(creds)
    browser = Client()
    browser.post("/request/return/", {"receipt": " ".join(words)})
    token = token_on(browser.get("/request/thread/").content)
    browser.post("/request/thread/", {"token": token, "text": f"{CANARY} again"})
    thread = browser.get("/request/thread/").content
    assert f"{CANARY} again" in thread.decode()
    answer = browser.post("/request/close/", {"token": token_on(thread)}, follow=True)
    assert officers.request_of(creds) is None
    return answer.content.decode()


def _accept(creds: Any) -> None:
    """Whoever of the demo's members was offered it."""
    from operations.demo.team import PASSWORD
    from peersupport.team import key_pair
    from peersupport.team.models import MemberKey
    from requests_app.actions import peer
    from requests_app.queries import officers

    request = officers.request_of(creds)
    assert request is not None
    for key in MemberKey.objects.exclude(confirmed_on=None).select_related("member__user"):
        private_key = key_pair.open_by_password(key.pair, PASSWORD)
        outcome = peer.accept(member=key.member, request_id=request.id, private_key=private_key)
        if outcome == peer.AcceptOutcome.ACCEPTED:
            return
    raise AssertionError("nobody was offered it")


def fill() -> None:
    """The canary in what is going to be erased: applications, an invitation, files on their way in, a queued mail."""
    from applications.actions import candidate
    from applications.domain.states import ApplicationState, ReferenceKind
    from peersupport.access.permissions import Role
    from peersupport.program import form_tokens
    from peersupport.team.actions import invitations, mails, membership, roster_import
    from peersupport.team.documents.mails import MailKind
    from peersupport.team.domain import roster_rows
    from peersupport.team.models import Member, User
    from tests.applications.conftest import begin_review, decide, sent, typed_application
    from training.actions import imports

    coordinator = User.objects.filter(is_coordinator=True)[0]
    words = ("why", "qualifications", "benefit", "name", "phone", "unit", "assignment", "languages", "training")
    typed: dict[str, Any] = {**dict.fromkeys(words, CANARY), "availability": CANARY, "email": ADDRESS}
    reference = candidate.NamedReference(next(iter(ReferenceKind)), CANARY, f"ref.{ADDRESS}")
    candidate.save_new(token=form_tokens.fresh("apply"), typed=typed_application(reference, **typed))
    application = sent(reference, **(typed | {"email": f"second.{ADDRESS}"}))
    begin_review(application, coordinator)
    decide(application, ApplicationState.DECLINED, coordinator, letter=f"Dear {CANARY}, thank you.")
    invitations.invite(email=f"third.{ADDRESS}", name=CANARY, roles=[Role.MEMBER], by=coordinator, unit=CANARY)
    row = dict.fromkeys(roster_rows.COLUMNS, "") | {"Name": CANARY, "E-mail": f"fifth.{ADDRESS}"}
    roster_import.receive(content=f"{','.join(row)}\n{','.join(row.values())}\n".encode(), by=coordinator)
    imports.receive(content=CANARY.encode(), by=coordinator)
    mails.queue_notice(kind=MailKind.INVITATION, email=f"fourth.{ADDRESS}")
    member = Member.objects.select_related("user").earliest("pk")
    membership.update_profile(member_id=member.pk, by=member.user, about=CANARY)


def backup_and_export() -> None:
    """What goes through long tables: the rows of a backup, and the file of the audit."""
    from dashboard.queries import audit
    from operations.backup import databases, tables

    with databases.snapshot() as snapshot, databases.in_memory() as copy, transaction.atomic(using=copy):
        tables.empty(tables.all_models(), copy)
        assert tables.copy_rows(tables.backed_up(), snapshot, copy) > 500
    assert len(list(audit.entries(audit.Filter()).iterator())) > 50


def erase() -> None:
    """As it is erased in time, but for the calendar, which is told to be years ahead; and a year is rolled up."""
    from applications.actions import purging
    from applications.models import Application
    from peersupport.team.actions import invitations, mails, membership, roster_import
    from peersupport.team.models import Invitation, Member, User
    from stats import actions as stats
    from stats.models import StatsYear
    from training.actions import imports
    from training.models import Import

    coordinator = User.objects.filter(is_coordinator=True)[0]
    assert purging.purge(now=timezone.now() + timedelta(days=20 * 365)) >= 2
    assert not Application.objects.filter(name=CANARY).exists()
    invitations.cancel_invitation(invitation_id=Invitation.objects.get(name=CANARY).pk, by=coordinator)
    roster_import.discard(by=coordinator)
    imports.discard(import_id=Import.objects.latest("pk").pk, by=coordinator)
    mails.send_mails()
    member = Member.objects.select_related("user").earliest("pk")
    membership.update_profile(member_id=member.pk, by=member.user, about="")
    year = StatsYear.objects.get().year
    stats.tally(year=year, first_this_year=True, codes={"concern": "grief"})
    stats.reseal()


def sweep() -> None:
    """Into each column of words, of one row of each table, and out of it again. Prints where it fits."""
    done = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, attname, typname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
            "JOIN pg_type ON pg_type.oid = atttypid WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
            "AND attnum > 0 AND typname IN ('varchar', 'text', 'jsonb', 'bytea') AND relname <> ALL(%s) ORDER BY 1, 2",
            [list(NOT_SWEPT)],
        )
        for table, column, kind in cursor.fetchall():
            cursor.execute(f'SELECT ctid, "{column}" FROM "{table}" LIMIT 1')
            row = cursor.fetchone()
            if row and _swept(cursor, table, column, kind, *row):
                done.append(f"{table}.{column}")
    print(" ".join(done))


def _swept(cursor: Any, table: str, column: str, kind: str, place: str, before: Any) -> bool:
    """Whether the column takes it: some are too short, or closed lists."""
    value = {"jsonb": f'["{CANARY}"]', "bytea": CANARY.encode()}.get(kind, CANARY)
    try:
        cursor.execute(f'UPDATE "{table}" SET "{column}" = %s WHERE ctid = %s RETURNING ctid', [value, place])
    except Error:
        return False
    (place,) = cursor.fetchone()
    cursor.execute(f'UPDATE "{table}" SET "{column}" = %s WHERE ctid = %s', [before, place])
    return True


def rounds() -> None:
    """Every round of the worker, once."""
    from peersupport.celery import ROUNDS

    for task in ROUNDS:
        import_string(task)()


def rewrite_tables() -> None:
    from operations import housekeeping

    print(housekeeping.rewrite_tables())
