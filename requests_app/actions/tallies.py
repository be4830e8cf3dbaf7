"""Tallying: contacts that ended here, contacts elsewhere, group sessions. A tally cannot be taken back."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from peersupport.program import form_tokens
from peersupport.team.models import Member
from stats import actions as stats
from stats import queries as stats_queries

from ..domain.tally import TallyAnswers, UncountedContact
from ..models import PendingTally
from ..queries import members
from . import sealed_rows, submitted_forms

TOKEN_PURPOSE = "tally"  # noqa: S105  # what the tokens of these forms are for


class AlreadyTallied(Exception):
    """This contact or this form was tallied before, and counts once."""


def tally_contact(*, member: Member, tally_id: UUID, answers: TallyAnswers) -> None:
    """Count one contact that ended here. Raises AlreadyTallied, and Refused where the year takes no counts."""
    with transaction.atomic():
        pending_tally, row = _lock(member, tally_id)
        stats.tally(
            year=pending_tally.year,
            first_this_year=answers.first_this_year,
            first_referral=answers.first_referral,
            codes=answers.codes,
        )
        sealed_rows.delete(row)


def skip(*, member: Member, tally_id: UUID) -> None:
    """Delete without counting. Raises AlreadyTallied."""
    with transaction.atomic():
        __, row = _lock(member, tally_id)
        sealed_rows.delete(row)


@transaction.atomic
def tally_others(*, token: str, how_many: int, answers: TallyAnswers) -> None:
    """Count contacts outside this site, several that are alike at once.

    Raises StaleForm, AlreadyTallied and Refused.
    """
    _mark_submitted(token)
    stats.tally(
        year=stats_queries.current_period(timezone.localdate()).year,
        first_this_year=answers.first_this_year,
        first_referral=answers.first_referral,
        codes=answers.codes,
        times=how_many,
    )


@transaction.atomic
def tally_group(*, token: str, code: str) -> None:
    """Count one defusing or debriefing. Raises StaleForm, AlreadyTallied and Refused."""
    _mark_submitted(token)
    stats.tally_group(year=stats_queries.current_period(timezone.localdate()).year, code=code)


def _lock(member: Member, tally_id: UUID) -> tuple[UncountedContact, PendingTally]:
    """Lock one of this member's pending tallies."""
    row = PendingTally.objects.select_for_update().filter(pk=tally_id).first()
    pending_tally = next((each for each in members.pending_tallies_of(member) if each.id == tally_id), None)
    if row is None or pending_tally is None:
        raise AlreadyTallied
    return pending_tally, row


def _mark_submitted(token: str) -> None:
    """The mark leaves out the answers: a form that was confirmed once doesn't count again, whatever is changed."""
    nonce = form_tokens.nonce_of(token, TOKEN_PURPOSE)
    try:
        with transaction.atomic():
            submitted_forms.add_marks(nonce, b"", timezone.now())
    except IntegrityError as error:
        raise AlreadyTallied from error
