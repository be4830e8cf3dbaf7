"""What a candidate does, without an account: save, send, confirm, correct, withdraw."""

from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.program import form_tokens
from peersupport.team.actions import tries

from .. import resumes
from ..domain.states import CORRECTABLE, UNDER_WAY, WITH_THE_CANDIDATE, ApplicationState, Mover, ReferenceKind
from ..models import Application, LinkPurpose, Reference
from ..queries import applications
from . import acceptance, interviews, links, mail_limit, mails, purging, references, transitions

TOKEN_PURPOSE = "apply"  # noqa: S105  # what the tokens of the application form are for
LINKS_TO_SEND_AGAIN = {
    ApplicationState.DRAFT: (mails.ApplicationMailKind.DRAFT, LinkPurpose.DRAFT),
    ApplicationState.UNCONFIRMED: (mails.ApplicationMailKind.CONFIRM, LinkPurpose.CONFIRM),
}


@dataclass(frozen=True)
class NamedReference:
    """Somebody whom the candidate names as a reference, or as their supervisor."""

    kind: ReferenceKind
    name: str
    email: str


@dataclass(frozen=True)
class TypedApplication:
    """The form's values. resume: None where no file was chosen, which keeps the one already stored."""

    answers: dict[str, Any]
    references: tuple[NamedReference, ...] = ()
    resume: bytes | None = field(default=None, repr=False)


@transaction.atomic
def save_new(*, token: str, typed: TypedApplication) -> str:
    """Save a draft and mail its private link; returns the link's secret. Raises StaleForm, Refused."""
    application, is_new = _application_of_form(token, typed)
    if application.state != ApplicationState.DRAFT:  # the same form was sent from another window: start a second one
        application, is_new = _get_or_start(None, typed)
    _save_typed(application, typed)
    if is_new:
        _mail_link(mails.ApplicationMailKind.DRAFT, application, LinkPurpose.DRAFT)
    return links.make_link(application, LinkPurpose.DRAFT)


@transaction.atomic
def save_draft(*, link: str, typed: TypedApplication) -> None:
    """Save a draft for another thirty days. A new address gets a link, and the old address's links are revoked.

    Raises InvalidLink, Refused.
    """
    draft_link = links.resolve(link, LinkPurpose.DRAFT)
    application, old_address = draft_link.application, draft_link.application.email
    application.since = timezone.now()
    _save_typed(application, typed)
    if application.email != old_address:
        application.links.exclude(pk=draft_link.pk).delete()
        _mail_link(mails.ApplicationMailKind.DRAFT, application, LinkPurpose.DRAFT)


@transaction.atomic
def send_new(*, token: str, typed: TypedApplication) -> None:
    """Send the form; pressing twice sends it once. Raises StaleForm, Refused."""
    application, __ = _application_of_form(token, typed)
    if application.state in WITH_THE_CANDIDATE:
        _save_typed(application, typed)
    if application.state == ApplicationState.DRAFT:
        _send(application)
    elif application.state == ApplicationState.UNCONFIRMED and not application.links.exists():
        _mail_confirmation_link(application)


@transaction.atomic
def send_draft(*, link: str, typed: TypedApplication) -> None:
    """Raises InvalidLink, Refused."""
    application = links.resolve(link, LinkPurpose.DRAFT).application
    _save_typed(application, typed)
    _send(application)


@transaction.atomic
def confirm(*, link: str) -> str:
    """Route the application, now that the address is confirmed; returns the status link's secret.

    If one from this address is under way already, that one is kept and this one deleted. Raises InvalidLink, Refused.
    """
    application = links.resolve(link, LinkPurpose.CONFIRM).application
    under_way = applications.application_under_way(application.email)
    if under_way is not None:
        mails.queue(
            mails.ApplicationMailKind.UNDER_WAY, under_way.email, link=links.new_url(under_way, LinkPurpose.STATUS)
        )
        purging.delete_application(application)
        return links.make_link(under_way, LinkPurpose.STATUS)
    application.confirmed_on = timezone.localdate()
    application.assignee = applications.settings_now().assignee
    try:
        with transaction.atomic():
            transitions.move(application, ApplicationState.SUBMITTED, Mover.CANDIDATE)
    except IntegrityError:
        raise Refused(
            _("Another application from this address arrived at the same moment. Please try again.")
        ) from None
    links.revoke(application, LinkPurpose.CONFIRM)
    references.ask_references(application)
    transitions.notify_coordinators(application, urgent=True)
    mails.queue(
        mails.ApplicationMailKind.RECEIVED, application.email, link=links.new_url(application, LinkPurpose.STATUS)
    )
    return links.make_link(application, LinkPurpose.STATUS)


@transaction.atomic
def send_link_again(*, email: str) -> None:
    """Mail a link to the address, if it has an application: each time the same. Once in a quarter of an hour.

    The caller learns neither whether it has one nor whether a limit is reached.
    """
    # Before the daily limit: who presses again and again in a quarter of an hour uses up nothing.
    is_within_limit = tries.may_mail(kind=mails.ApplicationMailKind.AGAIN, email=email) and mail_limit.count_mail(email)
    application = applications.latest_application_for(email)
    if is_within_limit and application is not None:
        kind, purpose = LINKS_TO_SEND_AGAIN.get(
            ApplicationState(application.state), (mails.ApplicationMailKind.AGAIN, LinkPurpose.STATUS)
        )
        mails.queue(kind, email, link=links.url_sent_again(application, purpose))


@transaction.atomic
def correct(*, link: str, typed: TypedApplication) -> None:
    """Change what was sent, until the review begins. The confirmed address stays. Raises InvalidLink, Refused."""
    application = links.resolve(link, LinkPurpose.STATUS).application
    if application.state not in CORRECTABLE:
        raise Refused(_("Someone has started reading your application, so you can't change it anymore."))
    _save_typed(application, TypedApplication({**typed.answers, "email": application.email}, resume=typed.resume))
    audit.record(action="application_corrected", by=None, about=f"application:{application.pk}")


@transaction.atomic
def withdraw(*, link: str, purpose: str = LinkPurpose.STATUS) -> None:
    """Withdraw the application and notify the coordinators; one that the team never saw is deleted at once.

    Raises InvalidLink, Refused.
    """
    application = links.resolve(link, purpose).application
    old_state = ApplicationState(application.state)
    if old_state == ApplicationState.CONDITIONAL:
        acceptance.refuse_if_member(application)
        acceptance.cancel_invitation(application, by=None)
    interviews.cancel_current_interview(application)
    transitions.move(application, ApplicationState.WITHDRAWN, Mover.CANDIDATE)
    links.revoke(application, LinkPurpose.REFERENCE, LinkPurpose.INTERVIEW)
    if old_state in UNDER_WAY:
        transitions.notify_coordinators(application)
    else:
        purging.delete_application(application)


def _application_of_form(token: str, typed: TypedApplication) -> tuple[Application, bool]:
    """The application that this form made, and whether it is new. Raises StaleForm."""
    return _get_or_start(form_tokens.hash_of(token, TOKEN_PURPOSE), typed)


def _get_or_start(form_token_hash: str | None, typed: TypedApplication) -> tuple[Application, bool]:
    """The locked application of that form, made if need be, and whether it is new; None always makes one."""
    first = {"email": typed.answers["email"], "since": timezone.now()}
    if form_token_hash is None:
        application, is_new = Application.objects.create(**first), True
    else:
        application, is_new = Application.objects.get_or_create(form_token_hash=form_token_hash, defaults=first)
    application = transitions.lock(application.pk)
    if is_new:
        transitions.record_start(application)
    return application, is_new


def _save_typed(application: Application, typed: TypedApplication) -> None:
    """Save the form's values. A changed address was mistyped before, so the old one's confirmation link is revoked."""
    if application.email != typed.answers["email"]:
        links.revoke(application, LinkPurpose.CONFIRM)
    for name, value in typed.answers.items():
        setattr(application, name, value)
    if typed.resume is not None:
        _replace_resume(application, typed.resume)
    application.save()
    if application.state in WITH_THE_CANDIDATE:
        application.references.all().delete()
        Reference.objects.bulk_create(
            [Reference(application=application, **vars(reference)) for reference in typed.references]
        )


def _replace_resume(application: Application, content: bytes) -> None:
    old, application.resume = application.resume, resumes.store(content)
    if old:
        purging.delete_resume(old)


def _send(application: Application) -> None:
    transitions.move(application, ApplicationState.UNCONFIRMED, Mover.CANDIDATE)
    links.revoke(application, LinkPurpose.DRAFT)
    _mail_confirmation_link(application)


def _mail_confirmation_link(application: Application) -> None:
    _mail_link(mails.ApplicationMailKind.CONFIRM, application, LinkPurpose.CONFIRM)


def _mail_link(kind: mails.ApplicationMailKind, application: Application, purpose: str) -> None:
    """Raises Refused at a limit of the address's mails, which rolls the whole action back."""
    mail_limit.count_mail_or_refuse(kind=kind, email=application.email)
    mails.queue(kind, application.email, link=links.new_url(application, purpose))
