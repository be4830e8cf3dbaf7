"""The only way an application changes its state: locked, checked against the table, recorded with who and when."""

from django.utils import timezone
from django.utils.translation import gettext as _

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.notices.actions import outbox
from peersupport.team.models import User

from ..domain.states import LABELS, ApplicationState, Mover, check_move
from ..models import Application, Move
from ..queries import applications


def lock(application_id: int) -> Application:
    """Lock the row until the caller's transaction ends."""
    return Application.objects.select_for_update(of=("self",)).get(pk=application_id)


def lock_if_unchanged(application_id: int, after_move: int, by: User) -> Application:
    """Lock the application for a coordinator; raise Refused if it moved on since the page was shown.

    after_move: the id of the last move on that page. Also raises Refused for their own application.
    """
    application = lock(application_id)
    refuse_own_application(application, by)
    last = applications.moves_of(application)[-1]
    if last.pk != after_move:
        raise Refused(_moved_on(last))
    return application


def refuse_own_application(application: Application, by: User) -> None:
    if by.email == application.email:
        raise Refused(_("This is your own application. Someone else has to handle it."))


def _moved_on(last: Move) -> str:
    state = _(LABELS[ApplicationState(last.to_state)])
    if last.by is None:
        text = _("The candidate got here first. Status now: %(state)s. Nothing was saved. Please look at it again.")
        return text % {"state": state}
    text = _("%(name)s got here first. Status now: %(state)s. Nothing was saved. Please look at it again.")
    return text % {"name": last.by.name, "state": state}


def record_start(application: Application) -> None:
    """Record the first move, from nothing to a draft."""
    _record(application, "", ApplicationState.DRAFT, Mover.CANDIDATE)


def move(
    application: Application, to: ApplicationState, mover: Mover, *, by: User | None = None, letter: str = ""
) -> None:
    """Move a locked application. Raises Refused if the table has no such move for this mover."""
    old_state = ApplicationState(application.state)
    check_move(old_state, to, mover)
    application.state, application.since = to, timezone.now()
    application.save()
    _record(application, old_state, to, mover, by=by, letter=letter)


def notify_coordinators(application: Application, *, urgent: bool = False) -> None:
    """Notify the assignee, or everybody who may decide, that something waits."""
    outbox.notify_all(user_ids=applications.responsible_coordinators(application), urgent=urgent)


def _record(
    application: Application,
    old_state: ApplicationState | str,
    to: ApplicationState,
    mover: Mover,
    *,
    by: User | None = None,
    letter: str = "",
) -> None:
    Move.objects.create(
        application=application,
        from_state=old_state,
        to_state=to,
        mover=mover,
        by=by,
        at=application.since,
        letter=letter,
    )
    audit.record(action=f"application_{to}", by=by.pk if by else None, about=f"application:{application.pk}")
