"""The demo's sample data. It takes the way that real data takes: every line of it is an action."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from peersupport.access.permissions import Role
from peersupport.notices import actions as notices
from peersupport.program import actions as program
from peersupport.program import defaults, form_tokens
from peersupport.program import queries as program_queries
from peersupport.sealing import keyring, receipt
from peersupport.team import actions as team
from peersupport.team import queries as team_queries
from peersupport.team import sealed_pair
from peersupport.team.models import Member, User
from peersupport.team.states import Kind, Purpose
from peersupport.team.traits import Gender, Language
from requests_app import actions as requests
from requests_app import queries as requests_queries
from requests_app.states import Urgency
from stats import actions as stats
from stats import queries as stats_queries
from training import actions as training

from . import demo_applications, demo_training, demo_years

PASSWORD = "peer-support-demo"  # noqa: S105  # the demo prints it
SUBJECTS = {
    "critical_incident_stress": 8,
    "suicide_intervention": 8,
    "listening_skills": 8,
    "sympathetic_stress": 4,
    "conflict_management": 4,
    "mediation": 4,
    "referral_criteria": 4,
}


@dataclass(frozen=True)
class SampleMember:
    """One of the eight. designated_days_ago: None while they are still in training."""

    name: str
    kind: Kind
    unit: str
    about: str
    designated_days_ago: int | None
    trained_days_ago: int
    lapsed: tuple[str, ...] = ()
    agency: str = ""
    is_supervisor: bool = False
    is_on_call: bool = False
    languages: tuple[Language, ...] = ()
    gender: Gender | Literal[""] = ""

    @property
    def in_words(self) -> str:
        standing = "on call" if self.is_on_call else "still in training" if self.designated_days_ago is None else ""
        return ", ".join(filter(None, [self.name, self.agency, self.unit, standing]))


MEMBERS = (
    SampleMember(
        "Ana Alvarez", Kind.SWORN, "Patrol",
        "Fourteen years on nights. Two children. I was in a shooting in 2016 and had help afterwards.",
        690, 300, is_on_call=True, languages=(Language.SPANISH,), gender=Gender.WOMAN,
    ),
    SampleMember(
        "Ben Brandt", Kind.PROFESSIONAL_STAFF, "Dispatch",
        "I take the calls. You can tell me the ones that stay with you.",
        640, 280, is_on_call=True, gender=Gender.MAN,
    ),
    SampleMember(
        "Chris Doyle", Kind.SWORN, "Investigations",
        "Child cases for nine years. I listen more than I talk.",
        520, 500, lapsed=("suicide_intervention",),
    ),
    SampleMember(
        "Dee Okafor", Kind.RETIRED, "",
        "Retired sergeant, 31 years. I have time.",
        610, 200, is_on_call=True, languages=(Language.SIGN,), gender=Gender.WOMAN,
    ),
    SampleMember(
        "Elena Ruiz", Kind.FAMILY, "",
        "Married to a deputy. I know the other end of the phone.",
        330, 320, languages=(Language.SPANISH,),
    ),
    SampleMember(
        "Frank Huber", Kind.SWORN, "Corrections",
        "Lieutenant. If you would rather not talk to a supervisor, say so and you will not be asked.",
        450, 400, is_supervisor=True,
    ),
    SampleMember(
        "Grace Kim", Kind.SWORN, "Traffic",
        "From the city next door, for those who would rather talk to somebody from elsewhere.",
        260, 250, agency="Sample City Police Department", languages=(Language.KOREAN,), gender=Gender.WOMAN,
    ),
    SampleMember(
        "Hal Novak", Kind.PROFESSIONAL_STAFF, "Records",
        "",
        None, 40, lapsed=("mediation", "referral_criteria"),
    ),
)  # fmt: skip


ACCOUNTS = {
    "coordinator@example.org": "runs the program",
    "director@example.org": "oversees it clinically, closes the year",
    **{f"member{number}@example.org": sample.in_words for number, sample in enumerate(MEMBERS, start=1)},
    "operator@example.org": "runs the server",
}


def make(*, today: date) -> str:
    """Fills an empty installation, and returns the receipt of the one open sample contact."""
    director, coordinator = _people()
    _texts(coordinator, director)
    members = [_enroll(number, sample, coordinator, today) for number, sample in enumerate(MEMBERS, start=1)]
    off_call = [sample for sample in zip(MEMBERS, members, strict=True) if not sample[0].is_on_call]
    on_call = [sample for sample in zip(MEMBERS, members, strict=True) if sample[0].is_on_call]
    _begin_to_serve(off_call, coordinator, today)
    words = _requests([member for _, member in off_call])
    # Only now: what was sent before has gone to others.
    _begin_to_serve(on_call, coordinator, today)
    demo_applications.make(coordinator=coordinator, members=[members[0], members[4]])
    demo_training.make(members=members, coordinator=coordinator, today=today)
    _years(today, director)
    _open(coordinator)
    return " ".join(words)


def _people() -> tuple[User, User]:
    """The three who are no members, and what the program is called."""
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
            "term_years": 3,
        },
        lines=_crisis_lines(),
        by=operator.pk,
    )
    return director, coordinator


def _crisis_lines() -> list[dict[str, str]]:
    names = ("name", "words", "call", "text_to", "text_body")
    return [{name: getattr(line, name) for name in names} for line in program_queries.crisis_lines()]


def _accept(email: str, name: str, role: Role, *, by: User | None) -> User:
    token = team.invite(email=email, name=name, roles=[role], by=by)
    return team.accept_invitation(token=token, password=PASSWORD).user


def _enroll(number: int, sample: SampleMember, coordinator: User, today: date) -> Member:
    token = team.invite(
        email=f"member{number}@example.org", name=sample.name, roles=[Role.MEMBER], by=coordinator,
        kind=sample.kind, unit=sample.unit, agency=sample.agency, is_supervisor=sample.is_supervisor,
    )  # fmt: skip
    enrolled = team.accept_invitation(token=token, password=PASSWORD)
    member = team_queries.member_for(enrolled.user)
    assert member is not None and enrolled.recovery_code is not None  # noqa: S101  # it was a member's invitation
    team.check_recovery_code(member_id=member.pk, code=enrolled.recovery_code, by=enrolled.user)
    team.update_profile(
        member_id=member.pk,
        by=enrolled.user,
        about=sample.about,
        languages=list(sample.languages),
        gender=sample.gender,
    )
    if sample.designated_days_ago is not None:
        agreement = program_queries.standing_text(program_queries.AGREEMENT)
        team.sign_agreement(member_id=member.pk, version=agreement.version, name=sample.name, by=enrolled.user)
    for subject, hours in SUBJECTS.items():
        if subject not in sample.lapsed or sample.designated_days_ago is not None:
            days_ago = sample.trained_days_ago + (500 if subject in sample.lapsed else 0)
            training.record(
                member_id=member.pk, subject=subject, completed_on=today - timedelta(days=days_ago), hours=hours,
                by=coordinator,
            )  # fmt: skip
    return member


def _begin_to_serve(whom: Sequence[tuple[SampleMember, Member]], coordinator: User, today: date) -> None:
    for sample, member in whom:
        if sample.designated_days_ago is None:
            continue
        key = team_queries.key_of(member.user)
        assert key is not None  # noqa: S101  # made when they came in
        team.confirm_key(key_id=key.pk, by=coordinator)
        team.designate(
            member_id=member.pk, on=today - timedelta(days=sample.designated_days_ago), head="The Sample Sheriff",
            order=f"Sample order {member.pk}", by=coordinator,
        )  # fmt: skip
        if sample.is_on_call:
            team.add_hours(member_id=member.pk, purpose=Purpose.ON_CALL, by=member.user)
            notices.set_bell(user_id=member.user_id, address=f"demo://{member.user.email.partition('@')[0]}")
            team.update_profile(member_id=member.pk, by=member.user, cap=5)


def _requests(members: Sequence[Member]) -> tuple[str, ...]:
    """One open contact, and two offers that wait for an answer; the receipt of the contact."""
    sent = requests.send(
        token=form_tokens.fresh("ask"),
        typed=requests.Typed(
            Urgency.TODAY,
            concern="stress_anxiety_sleep",
            message="I have not slept through since the night shifts in September. I would like to talk to somebody.",
            contact="Here is fine.",
        ),
    )
    creds = receipt.credentials(keyring.lasting("credentials"), sent.words)
    member, private_key = _accept_offer(members)
    requests.write_as_peer(
        member=member, request_id=requests_queries.contacts_of(member)[0].id, private_key=private_key,
        token=form_tokens.fresh("write"),
        text="I am glad that you wrote. I have been there. Would you rather write here, or talk on the phone?",
    )  # fmt: skip
    requests.write_as_officer(creds=creds, token=form_tokens.fresh("write"), text="Here, for now. Thank you.")
    for concern in ("family", "grief"):
        requests.send(token=form_tokens.fresh("ask"), typed=requests.Typed(Urgency.WHEN_YOU_CAN, concern=concern))
    return sent.words


def _accept_offer(members: Sequence[Member]) -> tuple[Member, bytes]:
    for member in members:
        key = team_queries.key_of(member.user)
        assert key is not None  # noqa: S101
        private_key = sealed_pair.open_by_password(key.pair, PASSWORD)
        for offer in requests_queries.offers_for(member, private_key):
            requests.accept(member=member, request_id=offer.request_id, private_key=private_key)
            return member, private_key
    raise LookupError("the sample request was offered to nobody")


def _texts(coordinator: User, director: User) -> None:
    """Approved before anybody signs one of them."""
    for name, body in defaults.TEXTS.items():
        program.write_text(name=name, body=body, after_version=0, by=coordinator.pk)
        program.approve_text(name=name, version=1, by=director.pk)


def _open(coordinator: User) -> None:
    """What is left of the checklist, and the press."""
    program.confirm_lines(by=coordinator.pk)
    requests.open_program(by=coordinator)


def _years(today: date, director: User) -> None:
    """Two years counted and closed, and the current one open."""
    current = stats_queries.current_period(today).year
    for year, contacts in ((current - 2, 150), (current - 1, 190)):
        stats.open_year(year=year, by=director)
        for sample in demo_years.tallies(year, contacts):
            stats.tally(
                year=year, first_this_year=sample.is_first, first_referral=sample.is_first_referral, codes=sample.codes
            )
        for session in demo_years.sessions(year):
            stats.tally_group(year=year, code=session)
        stats.close_year(year=year, by=director)
    stats.open_current_year()
