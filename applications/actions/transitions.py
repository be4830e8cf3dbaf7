"""The one way from state to state: held, checked against the table, written down with who and when."""

from django.utils import timezone

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.notices.actions import outbox
from peersupport.team.models import User

from ..domain.states import Mover, State, check_move
from ..models import Application, Move
from ..queries import applications


def locked(application_id: int) -> Application:
    return Application.objects.select_for_update(of=("self",)).get(pk=application_id)


def read_again(application_id: int, after_move: int, by: User) -> Application:
    """Held for a coordinator who has seen everything up to that move, and is not the candidate. Raises Refused."""
    application = locked(application_id)
    refuse_own(application, by)
    last = applications.moves_of(application)[-1]
    if last.pk != after_move:
        who = last.by.name if last.by else "The candidate"
        raise Refused(
            f"{who} was quicker: this application is in another state by now, {last.get_to_state_display().lower()}. "
            "Nothing was written. Please look at it again."
        )
    return application


def refuse_own(application: Application, by: User) -> None:
    if by.email == application.email:
        raise Refused("Somebody else has to look after your own application.")


def begin(application: Application) -> None:
    """The first move, from nothing to a draft."""
    _write_down(application, "", State.DRAFT, Mover.CANDIDATE)


def move(application: Application, to: State, mover: Mover, *, by: User | None = None, letter: str = "") -> None:
    """Raises Refused for a move that the table does not have. The application has to be held already."""
    now = State(application.state)
    check_move(now, to, mover)
    application.state, application.since = to, timezone.now()
    application.save()
    _write_down(application, now, to, mover, by=by, letter=letter)


def tell_coordinators(application: Application, *, urgent: bool = False) -> None:
    """The one who looks after it; everybody who may decide, where it is nobody. They learn that something waits."""
    outbox.notify_all(user_ids=applications.who_looks_after(application), urgent=urgent)


def _write_down(
    application: Application, now: State | str, to: State, mover: Mover, *, by: User | None = None, letter: str = ""
) -> None:
    Move.objects.create(
        application=application, from_state=now, to_state=to, mover=mover, by=by, at=application.since, letter=letter
    )
    audit.record(action=f"application_{to}", by=by.pk if by else None, about=f"application:{application.pk}")
