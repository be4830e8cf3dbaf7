"""Counting: contacts that have ended here, contacts elsewhere, sessions. What is counted cannot be taken back."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from peersupport.program import form_tokens
from peersupport.sealing import keyring
from peersupport.team.models import Member
from stats import actions as stats
from stats import queries as stats_queries

from .. import vault
from ..models import PendingTally, SubmittedForm
from ..queries import members
from .sweep_rows import drop
from .transitions import HALF_DAY, Gone

TOKEN = "tally"  # noqa: S105  # what its tokens are for


class CountedAlready(Exception):
    """This form was confirmed before: it counts once."""


def tally(*, member: Member, owed_id: UUID, first_this_year: bool, first_referral: bool, codes: dict[str, str]) -> None:
    """Counts one contact that has ended. Raises Gone when it was counted before, and what statistics refuse."""
    with transaction.atomic():
        row = PendingTally.objects.select_for_update().filter(pk=owed_id).first()
        owed = next((o for o in members.owed_by(member) if row and o.id == row.pk), None)
        if row is None or owed is None:
            raise Gone
        stats.tally(year=owed.year, first_this_year=first_this_year, first_referral=first_referral, codes=codes)
        drop(row)


def skip_tally(*, member: Member, owed_id: UUID) -> None:
    """Lets a contact go uncounted. Raises Gone when it was counted before."""
    with transaction.atomic():
        row = PendingTally.objects.select_for_update().filter(pk=owed_id).first()
        if row is None or owed_id not in {owed.id for owed in members.owed_by(member)}:
            raise Gone
        drop(row)


@transaction.atomic
def tally_others(
    *, token: str, how_many: int, first_this_year: bool, first_referral: bool, codes: dict[str, str]
) -> None:
    """Counts contacts in person or by phone, several alike at once. Raises StaleForm, CountedAlready, Refused."""
    _spend(token)
    stats.tally(
        year=stats_queries.current_period(timezone.localdate()).year,
        first_this_year=first_this_year,
        first_referral=first_referral,
        codes=codes,
        times=how_many,
    )


@transaction.atomic
def tally_group(*, token: str, code: str) -> None:
    """Counts one defusing or debriefing. Raises StaleForm, CountedAlready, Refused."""
    _spend(token)
    stats.tally_group(year=stats_queries.current_period(timezone.localdate()).year, code=code)


def _spend(token: str) -> None:
    """Whatever is changed on the page before it: the form that was confirmed once does not count again."""
    mark = vault.spent_mark(keyring.lasting("spent"), form_tokens.nonce_of(token, TOKEN), b"")
    try:
        with transaction.atomic():
            SubmittedForm.objects.create(mark=mark, half_day=int(timezone.now().timestamp()) // HALF_DAY)
    except IntegrityError as error:
        raise CountedAlready from error
