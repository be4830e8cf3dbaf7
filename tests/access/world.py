"""Rows for every address, and the address of every page."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.urls import reverse
from django.utils import timezone

from peersupport.access.permissions import Role
from peersupport.incidents import actions
from peersupport.program import form_tokens
from peersupport.sealing import keyring
from peersupport.sealing.receipt import credentials
from peersupport.team.actions import addresses, cannot_get_in, invitations, lifting
from peersupport.team.domain.states import MembershipState
from peersupport.team.models import Invitation, Member, User
from requests_app.actions import peer, submission
from requests_app.domain.card import Card
from requests_app.domain.states import Urgency
from requests_app.queries import officers
from stats import actions as stats
from tests.applications.links import private_links
from tests.cast import CAST_PASSWORD, give_factor, give_key, make_member, pair_of
from tests.team.own_factors import give_passkey
from tests.training.external_training import report_training
from tests.training.sessions import plan_session
from training.actions import imports, records

CLOSED_YEAR = 2020

OF_A_CLOSED_YEAR = ("report", "report_json", "report_csv", "report_xlsx", "report_pdf", "publish", "withdraw")
PRESSED_FOR_A_MEMBER = (
    "record_facts",
    "renew",
    "take_leave",
    "return_from_leave",
    "end_membership",
    "member_hours",
)

PAGES_OF_A_SESSION = (
    "session", "change_session", "cancel_session", "enroll", "withdraw", "attendance", "attendance_sheet",
    "calendar",
)  # fmt: skip
PAGES_OF_A_TRAINING = ("member", "transcript", "record", "designate")
PAGES_OF_AN_IMPORT = ("import", "confirm_import", "discard_import")
PAGES_OF_EXTERNAL_TRAINING = (
    "external_training", "verify_external_training", "send_back_external_training", "external_certificate",
)  # fmt: skip
PRESSED_FOR_A_SUBJECT = ("subject", "set_validity", "retire_subject", "reinstate_subject")
PAGES_OF_AN_APPLICATION = (
    "detail", "begin_review", "assign", "name_reviewer", "review", "recuse", "propose_times", "cancel_interview",
    "calendar", "decide", "abandon", "invite_again", "resume", "pdf",
)  # fmt: skip
# The pages behind private links, by the purpose of the link.
PRIVATE = {
    "draft": "draft", "delete_draft": "draft", "confirm": "confirm", "status": "status", "correct": "status",
    "withdraw": "status", "reference": "reference", "interview": "interview", "interview_calendar": "interview",
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """Rows for every page, so that a 404 means forbidden and not missing."""

    other: Member
    other_hours: int
    own_hours: int
    key_to_confirm: int
    others_passkey: int
    invitation: int
    invitation_token: str
    address_token: str
    without_password: int
    lift_token: str
    cannot_get_in: dict[str, str]
    offered: object
    contact: object
    open_year: int
    record: int
    session: int
    import_id: int
    report: int
    links: dict[str, str]
    application: int
    activation: int


ARGUMENTS: dict[str, Callable[[World], dict[str, object]]] = {
    "account_reset_password_from_key": lambda world: {"uidb36": "1", "key": "made-up"},
    **{f"program:{name}": lambda world: {"name": "confidentiality_exceptions"} for name in ("text", "write_text")},
    **{f"dashboard:{name}": lambda world: {"code": "counsel"} for name in ("paper", "confirm_paper")},
    "program:approve_text": lambda world: {"name": "confidentiality_exceptions", "version": 1},
    "team:invitation": lambda world: {"token": world.invitation_token},
    **{f"team:{name}": lambda world: {"kind": "csv"} for name in ("roster_template", "export_roster")},
    "apply:done": lambda world: {"what": "thanks"},
    "team:confirm_address": lambda world: {"token": world.address_token},
    "team:correct_account_address": lambda world: {"pk": world.without_password},
    "team:correct_invitation_address": lambda world: {"pk": world.invitation},
    "team:cancel_lift": lambda world: {"token": world.lift_token},
    "confirm_cannot_get_in": lambda world: dict(world.cannot_get_in),
    **{
        f"team:{name}": lambda world: {"pk": world.other.user_id}
        for name in ("lost_factor", "ask_lift", "second_lift", "take_back_lift")
    },
    "team:account": lambda world: {"pk": world.other.user_id},
    "team:cancel_invitation": lambda world: {"pk": world.invitation},
    "team:send_invitation_again": lambda world: {"pk": world.invitation},
    "team:confirm_key": lambda world: {"pk": world.key_to_confirm},
    **{f"team:{name}": lambda world: {"pk": world.other.pk} for name in ("member", *PRESSED_FOR_A_MEMBER)},
    "team:end_member_hours": lambda world: {"pk": world.other.pk, "hours": world.other_hours},
    **{f"team:{name}": lambda world: {"pk": world.others_passkey} for name in ("rename_passkey", "remove_factor")},
    "team:end_own_hours": lambda world: {"pk": world.own_hours},
    "incidents:cancel_group_session": lambda world: {"pk": 1},  # there is none to cancel
    "incidents:acknowledge_follow_up": lambda world: {"pk": world.activation, "follow_up": "year"},
    "requests_app:accept": lambda world: {"request_id": world.offered},
    "requests_app:decline": lambda world: {"request_id": world.offered},
    "requests_app:recuse": lambda world: {"request_id": world.offered},
    "requests_app:contact": lambda world: {"request_id": world.contact},
    "requests_app:suggest_closing": lambda world: {"request_id": world.contact},
    "requests_app:cancel_consultation": lambda world: {"consultation_id": world.contact},
    "requests_app:answer_consultation": lambda world: {"consultation_id": world.contact},
    "requests_app:discard_contact": lambda world: {"request_id": world.contact},
    "requests_app:close_contact": lambda world: {"request_id": world.contact},
    "requests_app:closing_note": lambda world: {"note_id": world.contact},  # no such note: back to the desk
    **{f"stats:{name}": lambda world: {"year": CLOSED_YEAR} for name in OF_A_CLOSED_YEAR},
    "results:year": lambda world: {"year": CLOSED_YEAR},
    **{f"training:{name}": lambda world: {"pk": world.other.pk} for name in PAGES_OF_A_TRAINING},
    "training:designation": lambda world: {"pk": Member.objects.get(user__email="ana@example.org").pk},
    **{f"training:{name}": lambda world: {"pk": world.record} for name in ("record_certificate", "delete_record")},
    **{f"training:{name}": lambda world: {"pk": world.session} for name in PAGES_OF_A_SESSION},
    **{f"training:{name}": lambda world: {"pk": world.import_id} for name in PAGES_OF_AN_IMPORT},
    "training:delete_given_session": lambda world: {"pk": 1},  # one that is gone already is no matter
    **{f"training:{name}": lambda world: {"pk": world.report} for name in PAGES_OF_EXTERNAL_TRAINING},
    **{f"training:{name}": lambda world: {"code": "mediation"} for name in PRESSED_FOR_A_SUBJECT},
    **{
        f"apply:{name}": lambda world, purpose=purpose: {"token": world.links[purpose]}
        for name, purpose in PRIVATE.items()
    },
    **{f"applications:{name}": lambda world: {"pk": world.application} for name in PAGES_OF_AN_APPLICATION},
    "applications:letter": lambda world: {"pk": world.application, "decision": "declined"},
    "stats:close": lambda world: {"year": world.open_year},
    "stats:restart": lambda world: {"year": world.open_year},
}


@pytest.fixture
def world(ana: Member, ana_key: bytes, coordinator: User) -> World:
    return make_world(ana, ana_key, coordinator)


def make_world(ana: Member, ana_key: bytes, coordinator: User) -> World:
    other = make_member("Olga Other", state=MembershipState.IN_TRAINING, designated_on=None)
    key = give_key(other, pair_of("Olga Other")[0], recovery_checked=True)
    token = invitations.invite(email="nora@example.org", name="Nora", roles=[Role.MEMBER], by=coordinator)
    stats.open_year(year=CLOSED_YEAR)
    stats.close_year(year=CLOSED_YEAR)
    stats.publish(year=CLOSED_YEAR, shows_concern=False, by=coordinator)
    stats.open_current_year()
    contact, (links, interviewed) = ask(), private_links()
    peer.accept(member=ana, request_id=contact, private_key=ana_key)
    return World(
        other=other,
        other_hours=other.weekly_hours.get().pk,
        own_hours=ana.weekly_hours.get().pk,
        key_to_confirm=key.pk,
        others_passkey=give_passkey(other.user).pk,
        invitation=Invitation.objects.get().pk,
        invitation_token=token,
        address_token=addresses.request_change(
            user_id=other.user_id, email="olga.new@example.org", password=CAST_PASSWORD
        ),
        without_password=User.objects.create(name="Ivo", email="ivo@example.org", password="!", is_member=True).pk,
        lift_token=ask_to_lift(other.user, by=coordinator),
        cannot_get_in=cannot_get_in.link_parts(other.user),
        offered=ask(),
        contact=contact,
        open_year=timezone.localdate().year,
        record=records.record(
            member_id=other.pk, subject="mediation", completed_on=timezone.localdate(), hours=4, by=coordinator
        ).pk,
        session=plan_session(coordinator).pk,
        report=report_training(other).pk,
        import_id=imports.receive(content=b"not read yet", by=coordinator).pk,
        links=links,
        application=interviewed,
        activation=actions.begin_activation(by=coordinator).pk,
    )


def ask_to_lift(owner: User, by: User) -> str:
    """The secret of the link with which the owner can cancel."""
    give_factor(owner)
    token = lifting.ask(user_id=owner.pk, by=by)
    assert token is not None
    return token


def ask() -> object:
    """The id of a request that is offered to the one member who serves."""
    token = form_tokens.fresh("request")
    sent = submission.submit(token=token, submission=submission.Submission(Card(urgency=Urgency.TODAY)))
    found = officers.request_of(credentials(keyring.lasting("credentials"), sent.receipt_words))
    assert found is not None
    return found.id


def address_of(name: str, world: World) -> str:
    return reverse(name, kwargs=ARGUMENTS[name](world) if name in ARGUMENTS else {})
