"""What every page of the team does with a form: obey the form, then the rules."""

from collections.abc import Callable
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse

from peersupport.core.errors import Refused

from ..forms.base import PageForm
from ..models import Member, User
from ..queries import members


def done(form: PageForm, act: Callable[[], object]) -> bool:
    """Whether the form was good and the team's rules said yes; otherwise the form says what is wrong."""
    if not form.is_valid():
        return False
    try:
        act()
    except Refused as refused:
        form.obey(refused)
        return False
    return True


def signed_in(request: HttpRequest) -> User:
    return cast(User, request.user)


def own_member(request: HttpRequest) -> Member:
    """The member that the signed-in person is."""
    member = members.member_for(signed_in(request))
    if member is None:
        raise Http404
    return member


def download(content: bytes | str, content_type: str, name: str) -> HttpResponse:
    """A file to be kept; nothing is shown as a page of this site."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=disposition)


def member_or_404(pk: int) -> Member:
    found = members.member_by_id(pk)
    if found is None:
        raise Http404
    return found
