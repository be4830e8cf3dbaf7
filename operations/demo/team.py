"""The demo's team. Seven served before the installation and are imported as a real team is; one is in training."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from django.utils import timezone

from peersupport.access.permissions import Role
from peersupport.notices.actions import phone_alerts
from peersupport.program import queries as program
from peersupport.team.actions import agreements, availability, invitations, keys, membership, roster_import
from peersupport.team.domain import roster_rows, terms
from peersupport.team.domain.attributes import Gender, Language
from peersupport.team.domain.states import MEMBER_KIND_LABELS, HoursPurpose, MemberKind
from peersupport.team.models import Member, User
from peersupport.team.queries import member_keys
from peersupport.team.queries import members as members_queries

PASSWORD = "peer-support-demo"  # noqa: S105  # the demo prints it
HEAD = "The Sample Sheriff"
TERM_YEARS = 3
# Month and day: the agreement on paper comes before the designation, and both after the initial training.
SIGNED, DESIGNATED, ON_CALL = (3, 28), (4, 1), (5, 1)


@dataclass(frozen=True)
class SampleMember:
    """One of the eight. years_ago: how many years before this one they were designated; None while in training."""

    name: str
    kind: MemberKind
    unit: str
    about: str
    years_ago: int | None
    agency: str = ""
    is_supervisor: bool = False
    is_on_call: bool = False
    languages: tuple[Language, ...] = ()
    gender: Gender | Literal[""] = ""

    @property
    def email(self) -> str:
        return f"member{MEMBERS.index(self) + 1}@example.org"

    @property
    def description(self) -> str:
        status = "on call" if self.is_on_call else "still in training" if self.years_ago is None else ""
        return ", ".join(filter(None, [self.name, self.agency, self.unit, status]))


MEMBERS = (
    SampleMember(
        "Ana Alvarez", MemberKind.SWORN, "Patrol",
        "Fourteen years on nights. Two children. I was in a shooting in 2016 and got help afterward.",
        2, is_on_call=True, languages=(Language.SPANISH,), gender=Gender.WOMAN,
    ),
    SampleMember(
        "Ben Brandt", MemberKind.PROFESSIONAL_STAFF, "Dispatch",
        "I take the calls. You can tell me the ones that stay with you.",
        2, is_on_call=True, gender=Gender.MAN,
    ),
    SampleMember(
        "Chris Doyle", MemberKind.SWORN, "Investigations",
        "Child cases for nine years. I listen more than I talk.",
        2,
    ),
    SampleMember(
        "Dee Okafor", MemberKind.RETIRED, "",
        "Retired sergeant, 31 years. I have time.",
        2, is_on_call=True, languages=(Language.SIGN,), gender=Gender.WOMAN,
    ),
    SampleMember(
        "Elena Ruiz", MemberKind.FAMILY, "",
        "Married to a deputy. I know the other end of the phone.",
        1, languages=(Language.SPANISH,),
    ),
    SampleMember(
        "Frank Huber", MemberKind.SWORN, "Corrections",
        "Lieutenant. I am asked only if you say that a supervisor is fine with you, or name me.",
        2, is_supervisor=True,
    ),
    SampleMember(
        "Grace Kim", MemberKind.SWORN, "Traffic",
        "From the city next door, for those who would rather talk to somebody from elsewhere.",
        1, agency="Sample City Police Department", languages=(Language.KOREAN,), gender=Gender.WOMAN,
    ),
    SampleMember("Hal Novak", MemberKind.PROFESSIONAL_STAFF, "Records", "", None),
)  # fmt: skip


def import_team(year: int, samples: Sequence[SampleMember], coordinator: User) -> list[Member]:
    """From the coordinator's spreadsheet: the members designated in this year, with an agreement on paper."""
    rows = io.StringIO()
    table = csv.writer(rows)
    table.writerow(roster_rows.COLUMNS)
    on = date(year, *DESIGNATED)
    for number, sample in enumerate(samples, start=1):
        is_supervisor = "yes" if sample.is_supervisor else "no"
        table.writerow([
            sample.email, sample.name, MEMBER_KIND_LABELS[sample.kind], sample.unit, sample.agency, is_supervisor,
            on, HEAD, f"{year}-{number:02}", terms.term_end(on, TERM_YEARS), date(year, *SIGNED),
        ])  # fmt: skip
    roster_import.receive(content=rows.getvalue().encode(), by=coordinator)
    roster_import.confirm(by=coordinator)
    return [join_by_invitation(sample, coordinator) for sample in samples]


def join_by_invitation(sample: SampleMember, coordinator: User) -> Member:
    """By an invitation. Members who serve already also sign the current agreement."""
    token = invitations.invite(
        email=sample.email, name=sample.name, roles=[Role.MEMBER], by=coordinator,
        kind=sample.kind, unit=sample.unit, agency=sample.agency, is_supervisor=sample.is_supervisor,
    )  # fmt: skip
    accepted = invitations.accept_invitation(token=token, password=PASSWORD)
    member = members_queries.member_for(accepted.user)
    assert member is not None and accepted.recovery_code is not None  # noqa: S101  # it was a member's invitation
    keys.check_recovery_code(member_id=member.pk, code=accepted.recovery_code, by=accepted.user)
    membership.update_profile(
        member_id=member.pk, by=accepted.user,
        about=sample.about, languages=list(sample.languages), gender=sample.gender,
    )  # fmt: skip
    if sample.years_ago is not None:
        agreement = program.current_text(program.AGREEMENT)
        agreements.sign_agreement(member_id=member.pk, version=agreement.version, name=sample.name, by=accepted.user)
    return member


def go_on_call(year: int, members: Sequence[Member]) -> None:
    """From May of this year, at every hour."""
    since = datetime.combine(date(year, *ON_CALL), time(), timezone.get_default_timezone())
    for member in members:
        availability.add_hours(member_id=member.pk, purpose=HoursPurpose.ON_CALL, since=since, by=member.user)
        phone_alerts.set_address(user_id=member.user_id, address=f"demo://{member.user.email.partition('@')[0]}")
        membership.update_profile(member_id=member.pk, by=member.user, cap=5)


def confirm_keys(members: Sequence[Member], coordinator: User) -> None:
    """From now on they are offered requests."""
    for member in members:
        key = member_keys.current_key_of(member.user)
        assert key is not None  # noqa: S101  # made when they accepted the invitation
        keys.confirm_key(key_id=key.pk, fingerprint=key.fingerprint, by=coordinator)
