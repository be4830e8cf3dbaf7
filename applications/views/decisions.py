"""Deciding an application: choose, write the letter, preview it, send it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from peersupport.core.http import FORM_METHODS
from peersupport.program.queries import settings_now as program_settings
from peersupport.team.views.access import signed_in, submit

from ..actions import decisions
from ..domain import default_texts
from ..domain.states import DECISIONS, ApplicationState
from ..forms.staff import LetterForm
from ..models import Application
from ..presenters import decisions as presenter
from ..queries import applications
from .access import DECIDE, application_or_404


@DECIDE
@require_safe
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a decision; each is a link to its letter."""
    application = application_or_404(request, pk)
    state = ApplicationState(application.state)
    context = {
        "application": application,
        "choices": presenter.choices_in(state),
        "empty_text": presenter.nothing_to_decide(state),
    }
    return render(request, "applications/decide.html", context)


@DECIDE
@require_http_methods(FORM_METHODS)
def letter(request: HttpRequest, pk: int, decision: str) -> HttpResponse:
    application = application_or_404(request, pk)
    if decision not in DECISIONS:
        raise Http404
    to = ApplicationState(decision)
    form = LetterForm(request.POST or None, initial=_initial(application, to))
    if request.POST.get("press") == "send" and submit(form, lambda: _decide(request, application, to, form)):
        messages.success(request, presenter.confirmation(to))
        return redirect("applications:detail", pk)
    is_preview = request.POST.get("press") == "preview" and form.is_valid()
    context = {
        "application": application,
        "form": form,
        "label": presenter.label(to),
        "is_invited": to == ApplicationState.CONDITIONAL,
    }
    return render(request, f"applications/letter{'_preview' if is_preview else ''}.html", context)


def _decide(request: HttpRequest, application: Application, to: ApplicationState, form: LetterForm) -> None:
    decisions.decide(application_id=application.pk, decision=to, by=signed_in(request), **form.cleaned_data)


def _initial(application: Application, to: ApplicationState) -> dict[str, object]:
    """The program's letter with its placeholders filled in, and the last move on the page."""
    program, settings = program_settings(), applications.settings_now()
    filled_in = default_texts.fill_in(
        settings.letter_for(to),
        name=application.name,
        agency=program.agency,
        coordinator=program.coordinator_name,
        period=presenter.period_text(settings.kept_months),
    )
    return {"letter": filled_in, "after_move": applications.last_move_id(application)}
