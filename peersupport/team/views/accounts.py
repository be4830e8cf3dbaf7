"""Accounts and their roles."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission, roles_changeable_by

from ..actions import accounts as accounts_actions
from ..asking_again import asks_again
from ..forms.accounts import AccountForm
from ..forms.base import SearchForm
from ..presenters.accounts import role_names
from ..queries import accounts as accounts_queries
from .access import signed_in, submit
from .search import page_of

MAY_CHANGE = require_permission(Permission.INVITE, Permission.MANAGE_ACCOUNTS)


@MAY_CHANGE
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET, label=_("Name or e-mail address"))
    context = page_of(request, form, accounts_queries.active_accounts(form.query))
    users = [(user, role_names(user.roles) or _("No role")) for user in context["page"]]
    return render(request, "team/accounts.html", {**context, "users": users})


@MAY_CHANGE
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, pk: int) -> HttpResponse:
    me, user = signed_in(request), accounts_queries.active_account(pk)
    if user is None:
        raise Http404
    changeable_roles = roles_changeable_by(me.roles)
    form = AccountForm(request.POST or None, changeable=changeable_roles, user=user)
    if request.method == "POST" and submit(
        form, lambda: accounts_actions.change_account(user_id=pk, by=me, **form.cleaned_data)
    ):
        messages.success(request, _("%(name)s's account was changed.") % {"name": form.cleaned_data["name"]})
        return redirect("team:accounts")
    context = {
        "account": user,
        "form": form,
        "unchangeable_roles": role_names(user.roles - changeable_roles),
        "is_own": user == me,
    }
    return render(request, "team/account.html", context)
