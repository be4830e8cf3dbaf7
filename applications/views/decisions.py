"""Deciding: choose, write, look at the letter as it will leave, send."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from peersupport.program.queries import settings_now as program_settings
from peersupport.team.views.access import done, signed_in

from ..actions import decisions
from ..domain import letter_texts
from ..domain.states import DECISIONS, LABELS, MOVES, State
from ..forms.staff import LetterForm
from ..models import Application
from ..queries import applications
from .access import DECIDE, PAGE, application_or_404

SAID = {
    State.CONDITIONAL: "The candidate is told, and invited to choose a password.",
    State.WAITING_LIST: "The candidate is told that they are on the waiting list.",
    State.DECLINED: "The candidate is told.",
}


@DECIDE
@require_safe
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Which decision: each is a link to its letter."""
    one = application_or_404(request, pk)
    choices = [(state.value, LABELS[state]) for state in _possible(one)]
    return render(request, "applications/decide.html", {"application": one, "choices": choices})


@DECIDE
@require_http_methods(PAGE)
def letter(request: HttpRequest, pk: int, decision: str) -> HttpResponse:
    one = application_or_404(request, pk)
    if decision not in DECISIONS:
        raise Http404
    to = State(decision)
    form = LetterForm(request.POST or None, initial=_proposed(one, to))
    if request.POST.get("press") == "send" and done(form, lambda: _decide(request, one, to, form)):
        messages.success(request, SAID[to])
        return redirect("applications:detail", pk)
    is_preview = request.POST.get("press") == "preview" and form.is_valid()
    context = {"application": one, "form": form, "decision": to, "label": LABELS[to], "is_preview": is_preview}
    return render(request, "applications/letter.html", context)


def _decide(request: HttpRequest, one: Application, to: State, form: LetterForm) -> None:
    decisions.decide(application_id=one.pk, decision=to, by=signed_in(request), **form.cleaned_data)


def _possible(one: Application) -> list[State]:
    return [state for state in DECISIONS if state in MOVES[State(one.state)]]


def _proposed(one: Application, to: State) -> dict[str, object]:
    """The program's own letter, filled in, and what whoever writes it has seen."""
    program = program_settings()
    text = applications.settings_now().letter_for(to)
    places = {"name": one.name, "agency": program.agency, "coordinator": program.coordinator_name}
    return {"letter": letter_texts.filled(text, **places), "after_move": applications.last_move(one)}
