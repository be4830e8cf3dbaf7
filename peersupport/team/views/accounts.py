"""Who signs in, and in which roles."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import ROLE_LABELS, Permission, Role, changeable_by

from ..actions import accounts as accounts_actions
from ..forms.base import SearchForm
from ..forms.members import AccountForm
from ..queries import members
from .access import done, signed_in
from .search import page_of

MAY_CHANGE = require_permission(Permission.INVITE, Permission.MANAGE_ACCOUNTS)


@MAY_CHANGE
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET, label="Name or e-mail address")
    context = page_of(request, form, members.living_accounts(form.typed))
    people = [(user, _labels(user.roles)) for user in context["page"]]
    return render(request, "team/accounts.html", {**context, "people": people})


@MAY_CHANGE
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, pk: int) -> HttpResponse:
    me, user = signed_in(request), members.living_account(pk)
    if user is None:
        raise Http404
    may_change = changeable_by(me.roles)
    form = AccountForm(request.POST or None, changeable=may_change, user=user)
    if request.method == "POST" and done(
        form, lambda: accounts_actions.change_account(user_id=pk, by=me, **form.cleaned_data)
    ):
        messages.success(request, f"The account of {form.cleaned_data['name']} is changed.")
        return redirect("team:accounts")
    context = {"user_shown": user, "form": form, "stays": _labels(user.roles - may_change), "is_own": user == me}
    return render(request, "team/account.html", context)


def _labels(roles: frozenset[Role]) -> str:
    return ", ".join(ROLE_LABELS[role] for role in Role if role in roles)
