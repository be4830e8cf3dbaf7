"""What can't be left to whoever finds a browser open: the password, or a passkey, is asked for again.

An answer counts for ten minutes, in this browser and for this sign-in. It stands in a signed cookie and in no row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from peersupport.access.same_origin import previous_page

from . import own_passkey, throttling
from .actions import tries
from .browser_marks import CONFIRMED
from .domain.asking_again import Answer, is_fresh
from .models import User
from .presenters.asking_again import refusal
from .session_ends import sign_in_of

View = Callable[..., HttpResponse]
PASSWORD, PASSKEY = "own_password", "own_passkey"  # the fields of the question
STARTS = "starts"  # in the address of a file: a page from which its download starts
NOT_KEPT = {PASSWORD, PASSKEY, "csrfmiddlewaretoken"}


@dataclass(frozen=True)
class Question:
    """passkey: what the browser needs to ask for one; empty for somebody who has none."""

    passkey: str
    refusal: str = ""


def asks_again(view: View) -> View:
    """For a view that does something: it is done with the answer, in the same request. Below `require_permission`."""
    return _asking(view, is_reading=False)


def asks_before_reading(view: View) -> View:
    """For a file that names people: opening its address asks, and the answer leads to its download."""
    return _asking(view, is_reading=True)


def confirm(request: HttpRequest, response: HttpResponse) -> None:
    """The person has just shown who they are: for ten minutes nothing asks."""
    CONFIRMED.set(response, *_bound_to(request))


def confirmed_at(request: HttpRequest) -> datetime | None:
    """The minute in which the person showed who they are; None if that doesn't count anymore."""
    minute = CONFIRMED.read(request, *_bound_to(request))
    return minute if is_fresh(minute, timezone.now()) else None


def is_confirmed(request: HttpRequest) -> bool:
    return confirmed_at(request) is not None


def question(request: HttpRequest, answer: Answer = Answer.NOT_ASKED) -> Question:
    return Question(own_passkey.options(_user(request), sign_in_of(request)), refusal(answer))


def check(request: HttpRequest, *, action: str) -> Answer:
    """What the form of this request answers. action: what the try is counted as."""
    user, password, passkey = _user(request), request.POST.get(PASSWORD, ""), request.POST.get(PASSKEY, "")
    if not (password or passkey):
        return Answer.EMPTY if PASSWORD in request.POST else Answer.NOT_ASKED
    try:
        attempt = throttling.own_try(request, action)
    except tries.MustWait:
        return Answer.TOO_MANY
    with throttling.taken_back_if_busy(attempt):
        if passkey:
            answer = (
                Answer.RIGHT if own_passkey.is_answered(user, sign_in_of(request), passkey) else Answer.WRONG_PASSKEY
            )
        else:
            answer = Answer.RIGHT if user.check_password(password) else Answer.WRONG_PASSWORD
    if answer is Answer.RIGHT:
        tries.succeed(attempt)
    return answer


def _asking(view: View, *, is_reading: bool) -> View:
    @wraps(view)
    def asking(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        is_act = request.method == "POST"
        if is_reading and PASSWORD in request.POST and is_confirmed(request):  # another tab was answered meanwhile
            return redirect(_of_file(request, STARTS))
        if is_reading and STARTS in request.GET and is_confirmed(request):
            return render(request, "team/download_starts.html", {"address": _of_file(request)})
        if is_confirmed(request) or not (is_act or is_reading):
            return view(request, *args, **kwargs)
        answer = check(request, action="asked_again") if is_act else Answer.NOT_ASKED
        if answer is not Answer.RIGHT:
            return _ask(request, answer, is_reading=is_reading)
        _drop_answer(request)
        response = redirect(_of_file(request, STARTS)) if is_reading else view(request, *args, **kwargs)
        confirm(request, response)
        return response

    asking.asks_again = True  # type: ignore[attr-defined]
    return asking


def _ask(request: HttpRequest, answer: Answer, *, is_reading: bool) -> HttpResponse:
    """The form once more, with everything that was typed in it, and the question. Nothing is kept on the server."""
    page = previous_page(request)
    context = {
        "question": question(request, answer),
        "kept": [(name, value) for name, values in _kept(request) for value in values],
        "is_reading": is_reading,
        "address": _of_file(request) if is_reading else request.get_full_path(),
        "page": page if page != request.path else "",  # the question's own, after a wrong answer
    }
    return render(request, "team/ask_again.html", context, status=403)


def _kept(request: HttpRequest) -> list[tuple[str, list[str]]]:
    return [(name, values) for name, values in request.POST.lists() if name not in NOT_KEPT]


def _of_file(request: HttpRequest, *further: str) -> str:
    """The file's address or, with STARTS, that of the page which starts its download and has no password in it.

    A download changes no page: the question would stay, with what was typed.
    """
    query = request.GET.copy()
    query.pop(STARTS, None)
    for name in further:
        query[name] = ""
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _drop_answer(request: HttpRequest) -> None:
    """The view's own forms, and an error page that gives back what was typed, see no password."""
    posted = request.POST.copy()
    for name in (PASSWORD, PASSKEY):
        posted.pop(name, None)
    request.POST = posted  # type: ignore[assignment]


def _bound_to(request: HttpRequest) -> tuple[object, ...]:
    user = _user(request)
    return sign_in_of(request), user.pk, user.session_generation


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)
