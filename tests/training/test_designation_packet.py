"""The designation packet: the letter, what was signed, and the transcript; what is not on record is not claimed."""

from datetime import date

import pytest
from django.utils import timezone

from peersupport.program.domain import defaults
from peersupport.program.models import ProgramSettings
from peersupport.team.actions import membership, terms
from peersupport.team.domain.states import EndReason
from peersupport.team.models import Agreement, Member
from tests.training.test_documents import text_of
from training.documents.designation import designation_pdf

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)
DESIGNATED = date(2026, 1, 15)


def packet(member, today=TODAY):
    member.refresh_from_db()
    return text_of(designation_pdf(member, DESIGNATED, today))


def test_letter_agreement_and_transcript_are_in_one_file(ana, coordinator, trained):
    ProgramSettings(pk=1, agency="River County", term_years=3).save()
    Agreement.objects.filter(member=ana).update(text=defaults.AGREEMENT, version=2)
    Member.objects.filter(pk=ana.pk).update(designation_order="2026-7", term_ends_on="2029-01-15")
    terms.renew(member_id=ana.pk, on=date(2026, 3, 1), head="Sheriff New", order="2026-9", by=coordinator)
    trained(ana, "mediation", date(2026, 2, 1), 4)
    text = packet(ana)
    assert "River County maintains an organized peer support team" in text
    assert "Ana Alvarez was designated a member of this team by The sheriff on January 15, 2026" in text
    assert "by order 2026-7." in text and "The term ends on January 15, 2032." in text
    assert "Renewed on March 1, 2026 by Sheriff New, by order 2026-9, until January 15, 2032." in text
    assert "Signed on screen by Ana Alvarez" in text and "version 2" in text
    assert "I keep what I learn as a member of the team to myself." in text
    assert "February 1, 2026 Mediation techniques 4" in text


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("paper", "Signed on paper on May 1, 2020, before this program was used."),
        ("none", "No agreement is on record."),
        ("past", "No agreement is on record."),
    ],
)
def test_letter_claims_only_what_was_signed(ana, how, sentence):
    if how == "past":
        ana.agreements.update(is_past=True)
    else:
        ana.agreements.all().delete()
    if how == "paper":
        Agreement.objects.create(member=ana, on_paper_on=date(2020, 5, 1))
    text = packet(ana)
    assert sentence in text and "Signed on screen" not in text


def test_earlier_agreements_are_listed_too(ana):
    """Whoever came from paper was designated by it; the wording on screen came later."""
    Agreement.objects.create(member=ana, on_paper_on=date(2020, 5, 1))
    text = packet(ana)
    assert text.index("Signed on paper on May 1, 2020") < text.index("Before that: Signed on screen by Ana Alvarez")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "The designation has no end date."),
        ({"term_ends_on": TODAY}, "The term ended on March 10, 2026."),
        ("left", "The membership ended on March 9, 2026."),
    ],
)
def test_letter_states_the_term(ana, coordinator, fields, sentence):
    if fields == "left":
        membership.end_membership(member_id=ana.pk, reason=EndReason.OWN_WISH, on=date(2026, 3, 9), by=coordinator)
    else:
        Member.objects.filter(pk=ana.pk).update(**fields)
    assert sentence in packet(ana)


def test_packet_is_reproducible_and_hidden_from_other_members(as_ana, ana, ben):
    address = "/training/members/{}/designation.pdf"
    answer = as_ana.get(address.format(ana.pk))
    assert answer["Content-Type"] == "application/pdf"
    ana.refresh_from_db()
    assert answer.content == designation_pdf(ana, DESIGNATED, timezone.localdate())
    assert as_ana.get(address.format(ben.pk)).status_code == 404


def test_never_designated_members_have_no_packet(as_coordinator, ana):
    assert as_coordinator.get(f"/training/members/{ana.pk}/designation.pdf").status_code == 200
    Member.objects.filter(pk=ana.pk).update(state="in_training", designated_on=None)
    assert as_coordinator.get(f"/training/members/{ana.pk}/designation.pdf").status_code == 404
