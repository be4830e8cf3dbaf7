"""What a candidate does, without an account: save, send, confirm, correct, withdraw."""

from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.program import form_tokens

from .. import letters, resumes
from ..domain.states import CORRECTABLE, UNDER_WAY, WITH_THE_CANDIDATE, Mover, ReferenceKind, State
from ..models import Application, Reference
from ..queries import applications
from .acceptance import refuse_members, take_back
from .interviews import call_off
from .links import Purpose, drop_links, follow, make_link, new_address
from .mail_limit import count_mail_to, may_write_to
from .purging import forget, forget_file
from .references import ask_references
from .transitions import begin, locked, move, tell_coordinators

FORM = "apply"
AGAIN = {
    State.DRAFT: (letters.Kind.DRAFT, Purpose.DRAFT),
    State.UNCONFIRMED: (letters.Kind.CONFIRM, Purpose.CONFIRM),
}


@dataclass(frozen=True)
class Named:
    """Somebody whom the candidate names."""

    kind: ReferenceKind
    name: str
    email: str


@dataclass(frozen=True)
class Typed:
    """What stands in the form. resume: none where no file was chosen; then the one that is there stays."""

    answers: dict[str, Any]
    named: tuple[Named, ...] = ()
    resume: bytes | None = field(default=None, repr=False)


@transaction.atomic
def save_new(*, token: str, typed: Typed) -> str:
    """A draft, and the secret of its private link, which is mailed too. Raises StaleForm, Refused."""
    application, is_new = _pressed(token, typed)
    if application.state != State.DRAFT:  # sent from another window: what is saved now is another one
        application, is_new = _begun(None, typed)
    _write(application, typed)
    if is_new:
        _mail(letters.Kind.DRAFT, application, Purpose.DRAFT)
    return make_link(application, Purpose.DRAFT)


@transaction.atomic
def save_draft(*, link: str, typed: Typed) -> None:
    """Lives for thirty days from now on. A new address gets a link, and those to the old one are void.

    Raises LinkGone, Refused.
    """
    found = follow(link, Purpose.DRAFT)
    application, old_address = found.application, found.application.email
    application.since = timezone.now()
    _write(application, typed)
    if application.email != old_address:
        application.links.exclude(pk=found.pk).delete()
        _mail(letters.Kind.DRAFT, application, Purpose.DRAFT)


@transaction.atomic
def send_new(*, token: str, typed: Typed) -> None:
    """The same press twice sends once. Raises StaleForm, Refused."""
    application, _ = _pressed(token, typed)
    if application.state in WITH_THE_CANDIDATE:
        _write(application, typed)
    if application.state == State.DRAFT:
        _send(application)
    elif application.state == State.UNCONFIRMED and not application.links.exists():
        _ask_to_confirm(application)


@transaction.atomic
def send_draft(*, link: str, typed: Typed) -> None:
    """Raises LinkGone, Refused."""
    application = follow(link, Purpose.DRAFT).application
    _write(application, typed)
    _send(application)


@transaction.atomic
def confirm(*, link: str) -> str:
    """The address is theirs, so the application is routed. The secret of the status link. Raises LinkGone, Refused."""
    application = follow(link, Purpose.CONFIRM).application
    known = applications.under_way_for(application.email)
    if known is not None:
        letters.post(letters.Kind.UNDER_WAY, known.email, link=new_address(known, Purpose.STATUS))
        forget(application)
        return make_link(known, Purpose.STATUS)
    application.confirmed_on = timezone.localdate()
    application.assignee = applications.settings_now().assignee
    try:
        with transaction.atomic():
            move(application, State.SUBMITTED, Mover.CANDIDATE)
    except IntegrityError:
        raise Refused("Another application from this address arrived at this very moment. Press once more.") from None
    drop_links(application, Purpose.CONFIRM)
    ask_references(application)
    tell_coordinators(application, urgent=True)
    letters.post(letters.Kind.RECEIVED, application.email, link=new_address(application, Purpose.STATUS))
    return make_link(application, Purpose.STATUS)


@transaction.atomic
def send_link_again(*, email: str) -> None:
    """To the address alone, if anything is known of it. Whoever asks is told neither that nor how often it was."""
    is_within_limit, known = may_write_to(email), applications.newest_for(email)
    if is_within_limit and known is not None:
        kind, purpose = AGAIN.get(State(known.state), (letters.Kind.AGAIN, Purpose.STATUS))
        letters.post(kind, email, link=new_address(known, purpose))


@transaction.atomic
def correct(*, link: str, typed: Typed) -> None:
    """Until somebody reads it. The address stays: it is confirmed. Raises LinkGone, Refused."""
    application = follow(link, Purpose.STATUS).application
    if application.state not in CORRECTABLE:
        raise Refused("Somebody has begun to read your application, so it can no longer be changed.")
    _write(application, Typed({**typed.answers, "email": application.email}, resume=typed.resume))
    audit.record(action="application_corrected", by=None, about=f"application:{application.pk}")


@transaction.atomic
def withdraw(*, link: str, purpose: str = Purpose.STATUS) -> None:
    """What nobody has seen is forgotten at once; all else is told to the coordinator. Raises LinkGone, Refused."""
    application = follow(link, purpose).application
    was = State(application.state)
    if was == State.CONDITIONAL:
        refuse_members(application)
        take_back(application, by=None)
    call_off(application)
    move(application, State.WITHDRAWN, Mover.CANDIDATE)
    drop_links(application, Purpose.REFERENCE, Purpose.INTERVIEW)
    if was in UNDER_WAY:
        tell_coordinators(application)
    else:
        forget(application)


def _pressed(token: str, typed: Typed) -> tuple[Application, bool]:
    """The application that this press of the form made, and whether it did so now or a moment ago."""
    return _begun(form_tokens.press_of(token, FORM), typed)


def _begun(press: str | None, typed: Typed) -> tuple[Application, bool]:
    first = {"email": typed.answers["email"], "since": timezone.now()}
    if press is None:
        made, is_new = Application.objects.create(**first), True
    else:
        made, is_new = Application.objects.get_or_create(press=press, defaults=first)
    application = locked(made.pk)
    if is_new:
        begin(application)
    return application, is_new


def _write(application: Application, typed: Typed) -> None:
    """Whoever sends the same form again with another address had mistyped it: the link to the first is void."""
    if application.email != typed.answers["email"]:
        drop_links(application, Purpose.CONFIRM)
    for name, value in typed.answers.items():
        setattr(application, name, value)
    if typed.resume is not None:
        _replace_resume(application, typed.resume)
    application.save()
    if application.state in WITH_THE_CANDIDATE:
        application.references.all().delete()
        Reference.objects.bulk_create([Reference(application=application, **vars(one)) for one in typed.named])


def _replace_resume(application: Application, content: bytes) -> None:
    old, application.resume = application.resume, resumes.store(content)
    if old:
        forget_file(old)


def _send(application: Application) -> None:
    move(application, State.UNCONFIRMED, Mover.CANDIDATE)
    drop_links(application, Purpose.DRAFT)
    _ask_to_confirm(application)


def _ask_to_confirm(application: Application) -> None:
    _mail(letters.Kind.CONFIRM, application, Purpose.CONFIRM)


def _mail(kind: letters.Kind, application: Application, purpose: str) -> None:
    """Raises Refused, so that nothing is written, where enough mail went to this address today."""
    count_mail_to(application.email)
    letters.post(kind, application.email, link=new_address(application, purpose))
