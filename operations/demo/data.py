"""The demo's sample data, made as real data is: by the rooms' actions."""

from collections.abc import Sequence
from datetime import date
from itertools import chain

from dashboard import actions as dashboard
from peersupport.access.permissions import Role
from peersupport.program import actions as program
from peersupport.program import form_tokens
from peersupport.program import queries as program_queries
from peersupport.program.models import LaunchPaper
from peersupport.sealing import keyring, receipt
from peersupport.team import key_pair
from peersupport.team.actions import invitations
from peersupport.team.models import Member, User
from peersupport.team.queries import member_keys
from requests_app.actions import officer, peer, submission
from requests_app.domain.card import Card, Words
from requests_app.domain.states import Urgency
from requests_app.queries import members as peer_queries
from stats import actions as stats
from stats import queries as stats_queries
from stats.domain import ledger

from . import applications, incident, team, training, years
from .team import MEMBERS, PASSWORD, TERM_YEARS

ACCOUNTS = {
    "coordinator@example.org": "runs the program",
    "director@example.org": "oversees it clinically, reads and publishes the yearly reports",
    **{sample.email: sample.description for sample in MEMBERS},
    "operator@example.org": "runs the server",
}


def make(*, today: date) -> str:
    """Fill an empty installation. Returns the receipt of the one open sample contact."""
    director, coordinator = _program_and_accounts()
    _approve_texts(director)
    this_year = stats_queries.current_period(today).year
    members = _past_years(this_year, today, coordinator, director)
    members["Hal Novak"] = team.join_by_invitation(MEMBERS[-1], coordinator)
    eight = [members[sample.name] for sample in MEMBERS]
    training.record_initial(eight[-1], coordinator, today)
    designated = list(zip(MEMBERS, eight, strict=True))[:-1]
    off_call = [member for sample, member in designated if not sample.is_on_call]
    team.confirm_keys(off_call, coordinator)
    receipt_words = _send_requests(off_call)
    # Only now, so that the sample requests went to the others.
    team.confirm_keys([member for sample, member in designated if sample.is_on_call], coordinator)
    applications.make(coordinator=coordinator, members=[eight[0], eight[4]])
    training.make(members=eight, coordinator=coordinator, today=today)
    stats.open_current_year()
    _launch(coordinator)
    incident.make(members=members, coordinator=coordinator, today=today)
    return " ".join(receipt_words)


def _past_years(this_year: int, today: date, coordinator: User, director: User) -> dict[str, Member]:
    """Make two years in order, so that each report has the team of its time. Returns the members by name."""
    serving: dict[str, Member] = {}
    for years_ago, contacts in ((2, 150), (1, 190)):
        year = this_year - years_ago
        new = [sample for sample in MEMBERS if sample.years_ago == years_ago]
        joined = team.import_team(year, new, coordinator)
        on_call = [member for sample, member in zip(new, joined, strict=True) if sample.is_on_call]
        team.go_on_call(year, on_call)
        training.initial_training(year, joined, coordinator)
        serving |= {sample.name: member for sample, member in zip(new, joined, strict=True)}
        training.past_year(year, serving, coordinator)
        if years_ago == 2:
            training.record_expiring(serving["Frank Huber"], today, coordinator)
        _tally(year, contacts, director)
    stats.publish(year=this_year - 2, shows_concern=False, by=director)
    return serving


def _program_and_accounts() -> tuple[User, User]:
    """The accounts of the three who are not members, and the program's settings."""
    operator = _accept("operator@example.org", "Sample Operator", Role.OPERATOR, by=None)
    director = _accept("director@example.org", "Dr. Dora Sample", Role.CLINICAL_DIRECTOR, by=operator)
    coordinator = _accept("coordinator@example.org", "Sgt. Carla Sample", Role.COORDINATOR, by=operator)
    program.change_settings(
        values={
            "agency": "Sample County Sheriff's Office",
            "name": "Peer Support",
            "coordinator_name": coordinator.name,
            "coordinator_contact": "555-0142, coordinator@example.org (sample)",
            "clinical_director": director.name,
            "on_call_phone": "555-0143",
            "clinical_contact": "555-0177 (sample)",
            "year_starts_month": 1,
            "term_years": TERM_YEARS,
        },
        lines=_crisis_lines(),
        by=coordinator.pk,
    )
    return director, coordinator


def _crisis_lines() -> list[dict[str, str]]:
    names = ("name", "description", "call", "text_to", "text_body")
    return [{name: getattr(line, name) for name in names} for line in program_queries.crisis_lines()]


def _accept(email: str, name: str, role: Role, *, by: User | None) -> User:
    token = invitations.invite(email=email, name=name, roles=[role], by=by)
    return invitations.accept_invitation(token=token, password=PASSWORD).user


def _send_requests(members: Sequence[Member]) -> tuple[str, ...]:
    """Make one open contact, and two offers that wait for an answer. Returns the receipt of the contact."""
    sent = submission.submit(
        token=form_tokens.fresh("request"),
        submission=submission.Submission(
            Card(urgency=Urgency.TODAY, concern="stress_anxiety_sleep"),
            Words(
                message="I have not slept through since I went to nights. I would like to talk to somebody.",
                contact="Here is fine.",
            ),
        ),
    )
    creds = receipt.credentials(keyring.lasting("credentials"), sent.receipt_words)
    member, private_key = _accept_offer(members)
    peer.write(
        member=member, request_id=peer_queries.contacts_of(member)[0].id, private_key=private_key,
        token=form_tokens.fresh("write"),
        text="I am glad that you wrote. I have been there. Would you rather write here, or talk on the phone?",
    )  # fmt: skip
    officer.write(creds=creds, token=form_tokens.fresh("write"), text="Here, for now. Thank you.")
    for concern in ("family", "grief"):
        submission.submit(
            token=form_tokens.fresh("request"),
            submission=submission.Submission(Card(urgency=Urgency.WHEN_YOU_CAN, concern=concern)),
        )
    return sent.receipt_words


def _accept_offer(members: Sequence[Member]) -> tuple[Member, bytes]:
    for member in members:
        key = member_keys.current_key_of(member.user)
        assert key is not None  # noqa: S101
        private_key = key_pair.open_by_password(key.pair, PASSWORD)
        for offer in peer_queries.offers_for(member, private_key):
            peer.accept(member=member, request_id=offer.request_id, private_key=private_key)
            return member, private_key
    raise LookupError("the sample request was offered to nobody")


def _approve_texts(director: User) -> None:
    """Before the first member signs one of them."""
    for name in (program_queries.EXCEPTIONS, program_queries.AGREEMENT, program_queries.DUTY_TO_REPORT):
        shown = program_queries.built_in_text(name)
        program.approve_built_in_text(name=name, digest=shown.digest, by=director.pk)


def _launch(coordinator: User) -> None:
    """After the last item of the launch checklist."""
    program.confirm_crisis_lines(by=coordinator.pk)
    for code in LaunchPaper.Code.values:
        program.record_paper(code=code, is_done=True, by=coordinator.pk)
    dashboard.launch(by=coordinator)


def _tally(year: int, contacts: int, director: User) -> None:
    stats.open_year(year=year, by=director)
    counted = [
        ledger.counters_for_contact(
            first_this_year=sample.is_first, first_referral=sample.is_first_referral, codes=sample.codes
        )
        for sample in years.tallies(year, contacts)
    ]
    sessions = [ledger.counter_for_group_session(session) for session in years.sessions(year)]
    stats.tally_all(year=year, counters=[*chain.from_iterable(counted), *sessions])
    stats.close_year(year=year, by=director)
