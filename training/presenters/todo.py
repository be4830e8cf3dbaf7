"""What training asks of someone, in sentences. The notices say only that something waits."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peersupport.core.plurals import with_number
from peersupport.core.todo import Todo

from ..domain.standing import Standing, Status
from ..domain.states import SessionState
from .formats import in_a_sentence, when_text

if TYPE_CHECKING:
    from ..models import ExternalTraining, Session, Subject
    from ..queries.todo import CoordinatorFigures, MemberFigures

ENTRY = "training:index"  # of the rail


def for_member(figures: "MemberFigures") -> list[Todo]:
    """Lapses, sessions they are enrolled in, and certificates that were sent back.

    A lapsed subject is listed only if some requests require it.
    """
    return [
        *(todo for subject, standing in figures.standings if (todo := _lapse(subject, standing))),
        *map(_session, figures.enrolled),
        *map(_sent_back, figures.sent_back),
    ]


def for_coordinator(figures: "CoordinatorFigures") -> Iterator[Todo]:
    """Certificates to verify and attendance to note, counted at the rail's entry."""
    if figures.certificates:
        yield Todo(
            with_number(
                ngettext("%(number)s certificate to check", "%(number)s certificates to check", figures.certificates),
                figures.certificates,
            ),
            _("The training counts once you've checked it"),
            reverse("training:index"),
            _("Check"),
            entry=ENTRY,
            count=figures.certificates,
        )
    if figures.over:
        yield _attendance(figures.over)


def _attendance(over: list["Session"]) -> Todo:
    if len(over) == 1:
        url = reverse("training:attendance", args=[over[0].pk])
        text = _("Who was at %(session)s?") % {"session": over[0]}
    else:
        sentence = ngettext("%(number)s session needs attendance", "%(number)s sessions need attendance", len(over))
        url = reverse("training:sessions")
        text = with_number(sentence, len(over))
    detail = _("It counts for members once you take attendance")
    return Todo(text, detail, url, _("Take attendance"), entry=ENTRY, count=len(over))


def _lapse(subject: "Subject", standing: Standing) -> Todo | None:
    url = reverse("training:sessions")
    if standing.status == Status.EXPIRING and standing.lapses_on:
        values = {"subject": subject, "day": date_format(standing.lapses_on, "DATE_FORMAT")}
        return Todo(_("%(subject)s lapses on %(day)s") % values, _("See the planned sessions"), url)
    if standing.status == Status.LAPSED and subject.required_for:
        text = _("%(subject)s has lapsed") % {"subject": subject}
        return Todo(text, _("Until you retrain, some requests go to others"), url)
    return None


def _session(session: "Session") -> Todo:
    if session.state == SessionState.CANCELLED:
        sentence = _("%(when)s. This session is canceled.")
    elif session.changes:
        sentence = _("%(when)s. You're enrolled. The session was changed.")
    else:
        sentence = _("%(when)s. You're enrolled.")
    detail = sentence % {"when": when_text(session)}
    return Todo(session.title, detail, reverse("training:session", args=[session.pk]))


def _sent_back(external: "ExternalTraining") -> Todo:
    text = _("Your certificate for %(subject)s was sent back") % {"subject": in_a_sentence(external.subject.name)}
    return Todo(text, external.reason, reverse("training:external_training", args=[external.pk]))
