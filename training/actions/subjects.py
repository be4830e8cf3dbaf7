"""What the team trains, and what it requires of its members."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.program.vocabulary import CONCERN
from peersupport.team.models import User

from ..domain.plausibility import MAX_HOURS, check_year
from ..domain.validity import FIRST_DAY
from ..models import Requirement, Subject, ValidityRule

NAME_IN_USE = gettext_lazy("There is already a subject with that name.")


@transaction.atomic
def add_subject(
    *, name: str, initial_hours: Decimal, valid_months: int | None, required_for: Sequence[str], by: User
) -> Subject:
    """Add a subject. Its code, which never changes, is derived from the name."""
    code = slugify(name).replace("-", "_")[:40].strip("_")
    if not code:
        raise Refused(_("Please use a name with letters in it."))
    subject = Subject(
        code=code, name=name, initial_hours=_quarter_hours(initial_hours), required_for=_concerns(required_for)
    )
    _save(subject)
    ValidityRule.objects.create(subject=subject, applies_from=FIRST_DAY, valid_months=_months(valid_months))
    audit.record(action="subject_added", by=by.pk, about=f"subject:{subject.pk}")
    return subject


@transaction.atomic
def change_subject(*, code: str, name: str, initial_hours: Decimal, required_for: Sequence[str], by: User) -> None:
    subject = _locked(code)
    subject.name, subject.initial_hours = name, _quarter_hours(initial_hours)
    subject.required_for = _concerns(required_for)
    _save(subject)
    audit.record(action="subject_changed", by=by.pk, about=f"subject:{subject.pk}")


@transaction.atomic
def set_validity(*, code: str, valid_months: int | None, applies_from: date, by: User) -> None:
    """Set how long the subject stays valid if completed from that day on. The same day again replaces its rule."""
    subject = _locked(code)
    check_year(applies_from)
    ValidityRule.objects.update_or_create(
        subject=subject, applies_from=applies_from, defaults={"valid_months": _months(valid_months)}
    )
    audit.record(action="validity_set", by=by.pk, about=f"subject:{subject.pk}")


@transaction.atomic
def retire_subject(*, code: str, by: User) -> None:
    """The team no longer trains it; its records stay. Doing it twice is harmless."""
    _set_retired(code, True, "subject_retired", by)


@transaction.atomic
def reinstate_subject(*, code: str, by: User) -> None:
    """The team trains a retired subject again. Doing it twice is harmless."""
    _set_retired(code, False, "subject_taken_up", by)


@transaction.atomic
def set_requirement(
    *, applies_from: date, initial_hours: Decimal, initial_months: int, continuing_hours: Decimal, by: User
) -> None:
    """Set what is required of members from that day on. The same day again replaces its rule."""
    check_year(applies_from)
    if not 1 <= initial_months <= 120:
        raise Refused(_("The initial training can take from 1 to 120 months."))
    Requirement.objects.update_or_create(
        applies_from=applies_from,
        defaults={
            "initial_hours": _quarter_hours(initial_hours),
            "initial_months": initial_months,
            "continuing_hours": _quarter_hours(continuing_hours),
        },
    )
    audit.record(action="requirement_set", by=by.pk, about=f"requirement:{applies_from.isoformat()}")


def _set_retired(code: str, is_retired: bool, action: str, by: User) -> None:
    subject = _locked(code)
    if subject.is_retired != is_retired:
        subject.is_retired = is_retired
        subject.save(update_fields=["is_retired"])
        audit.record(action=action, by=by.pk, about=f"subject:{subject.pk}")


def _save(subject: Subject) -> None:
    """The database refuses a name that is in use, even when two people save at the same moment."""
    try:
        with transaction.atomic():
            subject.save()
    except IntegrityError:
        raise Refused(NAME_IN_USE) from None


def _locked(code: str) -> Subject:
    return Subject.objects.select_for_update().get(code=code)


def _quarter_hours(hours: Decimal) -> Decimal:
    if not 0 <= hours <= MAX_HOURS or hours % Decimal("0.25"):
        raise Refused(_("Please use quarter hours from 0 to 500, such as 1.25 or 1.5."))
    return hours


def _months(months: int | None) -> int | None:
    if months is not None and not 1 <= months <= 600:
        raise Refused(_("Please enter from 1 to 600 months, or leave it blank if training never lapses."))
    return months


def _concerns(codes: Sequence[str]) -> list[str]:
    """In the vocabulary's order."""
    if set(codes) - set(CONCERN.codes):
        raise Refused(_("That concern isn't on the list."))
    return [code for code in CONCERN.codes if code in codes]
