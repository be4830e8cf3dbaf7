"""The public page of the team; behind the word on its posters, where the program has set one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from peersupport.program.context_processors import ProgramContext
from peersupport.program.forms.settings import ProgramWordForm

from ..presenters.members import public_details, public_lead
from ..queries import eligibility


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest) -> HttpResponse:
    """The word is asked for each time: nothing in the browser remembers that somebody knew it."""
    program = ProgramContext()
    word = program.settings.program_word
    form = ProgramWordForm(request.POST or None, word=word)
    if word and not (request.method == "POST" and form.is_valid()):
        return render(request, "team/program_word.html", {"form": form, "program": program})
    members = [(member, public_details(member)) for member in eligibility.public_roster(timezone.localdate())]
    typed = request.POST.get("program_word", "")
    context = {
        "members": members,
        "lead": public_lead(is_anybody_named=bool(members), is_before_launch=program.is_before_launch),
        "typed": typed,
        "program": program,
    }
    return render(request, "team/public_roster.html", context)
