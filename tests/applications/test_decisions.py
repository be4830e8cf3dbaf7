"""Decisions with their letters, onboarding, and the second of two coordinators."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from applications.actions import candidate as candidate_actions
from applications.actions import decisions
from applications.domain.default_texts import LETTERS, fill_in, unknown_placeholder
from applications.domain.onboarding import OnboardingStage, stage_of
from applications.domain.states import ApplicationState
from applications.models import Application
from applications.queries import applications, onboarding
from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.team.actions import invitations
from peersupport.team.domain.states import MembershipState as MemberState
from peersupport.team.models import Invitation, Member
from tests.applications.conftest import as_seen, decide, link_in, read_mail, status_link, text_of
from tests.cast import sign_in
from training.actions import records

IN, OUT = MemberState.IN_TRAINING, MemberState.ENDED


@pytest.mark.parametrize(
    ("member", "is_trained", "has_signed", "stage"),
    [
        (None, False, False, OnboardingStage.INVITED),
        (IN, False, False, OnboardingStage.TRAINING),
        (IN, False, True, OnboardingStage.TRAINING),
        (IN, True, False, OnboardingStage.AGREEMENT),
        (IN, True, True, OnboardingStage.DESIGNATION),
        (MemberState.DESIGNATED, False, False, OnboardingStage.DESIGNATED),
        (OUT, True, True, OnboardingStage.LEFT),
    ],
)
def test_stage_follows_from_member(member, is_trained, has_signed, stage):
    assert stage_of(member, is_trained=is_trained, has_signed=has_signed) == stage


def test_letter_fills_in_placeholders_only():
    text = "{name} {agency} {coordinator} {period} {0} {{x}}"
    filled_in = fill_in(text, name="{agency}", agency="A", coordinator="C", period="12 months")
    assert filled_in == "A A C 12 months {0} {{x}}"


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Dear {name}, from {coordinator} of {agency} for {period}", ""),
        ("{name} {bogus}", "{bogus}"),
        ("Dear {name,\n\nwe of {agency}", "{name"),
        ("Dear {name we of {agency}", "{name"),
        ("Dear name},", "}"),
        ("Dear { name },", "{ name }"),
    ],
)
def test_an_unknown_or_unclosed_placeholder_is_found(text, unknown):
    assert unknown_placeholder(text) == unknown
    assert not any(unknown_placeholder(letter) for letter in LETTERS.values())


@pytest.mark.django_db
@pytest.mark.parametrize("press", ["preview", "send"])
def test_letter_with_a_placeholder_left_is_refused(client, under_review, coordinator, press):
    page = f"/applications/{under_review.pk}/decide/declined/"
    answer = sign_in(client, coordinator).post(page, {**_seen(under_review), "letter": "Dear {nmae},", "press": press})
    assert "“{nmae}” would be sent just like that." in text_of(answer)
    under_review.refresh_from_db()
    assert under_review.state == ApplicationState.UNDER_REVIEW


@pytest.mark.django_db
def test_waiting_list_letter_says_how_long_it_is_kept(client, under_review, coordinator, change_settings):
    sign_in(client, coordinator)
    change_settings(kept_months=6)
    form = client.get(f"/applications/{under_review.pk}/decide/waiting_list/").context["form"]
    assert "You're on our waiting list for six months." in form["letter"].value()


@pytest.mark.django_db
@pytest.mark.parametrize("decision", ["conditional", "waiting_list", "declined"])
def test_letter_is_previewed_before_decision(client, under_review, coordinator, decision):
    read_mail()
    sign_in(client, coordinator)
    assert "Review the letter" in text_of(client.get(f"/applications/{under_review.pk}/decide/"))
    page = f"/applications/{under_review.pk}/decide/{decision}/"
    form = client.get(page).context["form"]
    assert "Dear Cory Candidate," in form["letter"].value()
    typed = {"after_move": form["after_move"].value(), "letter": "Dear Cory,\n\n<i>thank you</i>."}
    preview = client.post(page, {**typed, "press": "preview"})
    assert (
        "&lt;i&gt;thank you&lt;/i&gt;" in preview.content.decode()
        and "This is what Cory Candidate will get." in text_of(preview)
    )
    under_review.refresh_from_db()
    assert (under_review.state, read_mail()) == (ApplicationState.UNDER_REVIEW, [])
    assert client.post(page, {**typed, "press": "edit"}).context["form"]["letter"].value() == typed["letter"]
    assert client.post(page, {**typed, "press": "send"}).status_code == 302
    under_review.refresh_from_db()
    assert under_review.state == decision
    move = applications.moves_of(under_review)[-1]
    assert (move.by, move.letter.replace("\r\n", "\n")) == (coordinator, typed["letter"])
    letters = read_mail()
    assert letters[0].body.replace("\r\n", "\n").startswith(typed["letter"])
    assert [letter.subject for letter in letters[1:]] == (
        ["Your invitation to the peer support team"] if decision == "conditional" else []
    )
    assert client.get(f"/apply/status/{link_in(letters[0])}/").status_code == 200
    assert Entry.objects.filter(action=f"application_{decision}", by=coordinator).count() == 1


@pytest.mark.django_db
def test_decision_requires_letter(client, under_review, coordinator):
    page = f"/applications/{under_review.pk}/decide/declined/"
    answer = sign_in(client, coordinator).post(page, {**_seen(under_review), "letter": " ", "press": "send"})
    assert "Please write one." in text_of(answer)
    assert client.get(f"/applications/{under_review.pk}/decide/withdrawn/").status_code == 404


def _seen(application: Application) -> dict[str, int]:
    return {"after_move": applications.last_move_id(application)}


@pytest.mark.django_db
def test_second_coordinator_is_refused_and_keeps_letter(client, under_review, coordinator):
    sign_in(client, coordinator)
    seen = _seen(under_review)
    decide(under_review, ApplicationState.WAITING_LIST, coordinator)
    page = f"/applications/{under_review.pk}/decide/conditional/"
    answer = client.post(page, {**seen, "letter": "Welcome", "press": "send"})
    assert "Carla Coordinator got here first" in text_of(answer) and "Status now: On the waiting list." in text_of(
        answer
    )
    assert answer.context["form"]["letter"].value() == "Welcome"
    under_review.refresh_from_db()
    assert (under_review.state, Invitation.objects.count()) == (ApplicationState.WAITING_LIST, 0)


@pytest.mark.django_db
def test_onboarding_is_read_from_member(client, candidate, under_review, coordinator):
    def stage() -> OnboardingStage:
        return onboarding.onboarding_by_application([Application.objects.get()])[under_review.pk].stage

    status = f"/apply/status/{status_link(under_review)}/"
    decide(under_review, ApplicationState.CONDITIONAL, coordinator)
    assert stage() == OnboardingStage.INVITED
    assert "You're conditionally accepted" in text_of(candidate.get(status))
    (invitation,) = [mail for mail in read_mail() if "/invitation/" in mail.body]
    invitations.accept_invitation(token=link_in(invitation), password="rain on the old roof")
    member = Member.objects.get(user__email="cory@example.org")
    assert (member.state, member.unit, stage()) == (MemberState.IN_TRAINING, "Patrol", OnboardingStage.TRAINING)
    assert "Withdraw" not in text_of(candidate.get(status))
    for subject in ("mediation", "listening_skills", "conflict_management"):
        records.record(
            member_id=member.pk, subject=subject, completed_on=timezone.localdate() - timedelta(days=1), hours=40,
            by=coordinator,
        )  # fmt: skip
    assert stage() in {OnboardingStage.AGREEMENT, OnboardingStage.DESIGNATION}
    Member.objects.update(state=MemberState.DESIGNATED, designated_on="2026-01-01")
    assert stage() == OnboardingStage.DESIGNATED
    page = sign_in(client, coordinator).get(f"/applications/{under_review.pk}/")
    assert "Conditionally accepted, since today. Onboarding: Designated." in text_of(page)
    for act in (decisions.abandon, candidate_actions.withdraw):
        with pytest.raises(Refused, match="already on the team"):
            if act is candidate_actions.withdraw:
                act(link=status.rstrip("/").rpartition("/")[2])
            else:
                act(**as_seen(under_review), by=coordinator)


@pytest.mark.django_db
def test_unanswered_invitation_is_sent_again_or_abandoned(client, under_review, coordinator):
    decide(under_review, ApplicationState.CONDITIONAL, coordinator)
    first = Invitation.objects.get().token_hash
    sign_in(client, coordinator).post(f"/applications/{under_review.pk}/invite-again/")
    assert Invitation.objects.get().token_hash != first
    client.post(f"/applications/{under_review.pk}/no-longer/", _seen(under_review))
    under_review.refresh_from_db()
    assert (under_review.state, Invitation.objects.count()) == (ApplicationState.ABANDONED, 0)


@pytest.mark.django_db
def test_withdrawing_after_acceptance_cancels_invitation(under_review, coordinator):
    decide(under_review, ApplicationState.CONDITIONAL, coordinator)
    candidate_actions.withdraw(link=status_link(under_review))
    assert not Invitation.objects.exists()


@pytest.mark.django_db
def test_accepting_a_member_is_refused_and_nothing_is_written(under_review, coordinator, ana):
    under_review.email = ana.user.email
    under_review.save()
    with pytest.raises(Refused, match="already belongs to a member"):
        decide(under_review, ApplicationState.CONDITIONAL, coordinator)
    under_review.refresh_from_db()
    assert under_review.state == ApplicationState.UNDER_REVIEW
    assert not [mail for mail in read_mail() if mail.subject == "Your application to the peer support team"][1:]


@pytest.mark.django_db
def test_page_has_one_primary_button_for_coordinator_and_none_for_reader(under_review, coordinator, director):
    page = sign_in(Client(), coordinator).get(f"/applications/{under_review.pk}/").content.decode()
    assert page.count('class="button"') == 1
    page = sign_in(Client(), director).get(f"/applications/{under_review.pk}/").content.decode()
    assert page.count('class="button') == 0
