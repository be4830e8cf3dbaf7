"""One's own second factor: adding, naming and removing one, and the backup codes."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from peersupport.core.http import FORM_METHODS
from peersupport.sealing.envelope import CannotOpen

from .. import app_codes, asking_again, factor_seals, passkeys, second_factor
from ..actions import factors as actions
from ..documents import qr_codes
from ..domain.second_factor import Step, in_groups, may_remove
from ..forms.factors import AddAppForm, AddPasskeyForm, KeptForm, NewCodesForm, OwnFactorForm, PasskeyNameForm
from ..presenters import factors as presenter
from ..presenters.own_page import notes_of_lift
from ..queries import factors as queries
from ..queries import lifting
from ..session_ends import sign_in_of
from ..throttling import forgive, rate_limited
from .access import signed_in, submit

APP, PASSKEY = "app", "passkey"  # kinds of what a page carries sealed
APPS_ADDED = "apps_added"  # in the session: how many since the sign-in
RATE_LIMITED = rate_limited("own_secret")  # somebody at a browser left open must not guess the password


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    me, step = signed_in(request), second_factor.step_of(request)
    own, is_lifted = queries.factors_of(me), lifting.open_lift_of(me) is not None
    removable = may_remove(is_required=settings.SECOND_FACTOR_IS_REQUIRED, factors=own.count)
    rows = [presenter.app_factor(own.app.pk, may_remove=removable)] if own.app else []
    rows += [presenter.passkey(each.pk, each.data["name"], may_remove=removable) for each in own.passkeys]
    context: dict[str, object] = {
        "lead": presenter.lead(step, is_enrolled=bool(own.count)),
        "notes": notes_of_lift(is_under_way=is_lifted and step is Step.THROUGH),
        "factors": rows,
        "ways": [] if step is Step.TO_KEEP_CODES else presenter.ways(
            has_app=own.app is not None, has_passkey=bool(own.passkeys)
        ),
        "ways_title": presenter.ways_title(is_enrolled=bool(own.count)),
        "codes": presenter.backup_codes(own.codes_left, are_kept=own.are_codes_kept) if own.count else None,
        "back": presenter.way_on(step),
    }  # fmt: skip
    return _page(request, "second_factor", context)


@require_http_methods(FORM_METHODS)
@sensitive_post_parameters()
@RATE_LIMITED
def add_app(request: HttpRequest) -> HttpResponse:
    me, codes = signed_in(request), list[str]()
    form, secret = AddAppForm(request.POST or None, user=me), _from_page(request, APP)
    if secret and submit(form, lambda: codes.extend(_add_app(request, form, secret))):
        request.session[APPS_ADDED] = _apps_added(request) + 1
        return _added(request, codes, _("Your app is set up. From now on you're asked for its code when you sign in."))
    secret = secret or _secret_to_add(request)
    matrix = qr_codes.modules(app_codes.app_address(me, secret))
    context = {
        "form": form,
        "setup": factor_seals.seal_on_page(secret, kind=APP, user_id=me.pk),
        "secret": in_groups(secret),
        "app_address": app_codes.app_address(me, secret),
        "qr_path": presenter.qr_path(matrix),
        "qr_size": len(matrix),
        "is_replaced": queries.factors_of(me).app is not None,
    }
    return _page(request, "add_app", context)


@require_http_methods(FORM_METHODS)
@sensitive_post_parameters()
@RATE_LIMITED
def add_passkey(request: HttpRequest) -> HttpResponse:
    me, codes = signed_in(request), list[str]()
    challenge, answer = _from_page(request, PASSKEY), request.POST.get("credential", "")
    key = passkeys.new_key(answer, challenge=challenge)
    form = AddPasskeyForm(request.POST or None, user=me, key=key, initial={"name": passkeys.suggested_name(me)})
    if submit(form, lambda: codes.extend(_add_passkey(request, form))):
        return _added(request, codes, _("Added. From now on you can sign in with it, after your password."))
    options, fresh = passkeys.ask_for_new(me, queries.factors_of(me).passkeys)
    context = {
        "form": form,
        "options": passkeys.as_json(options),
        "setup": factor_seals.seal_on_page(challenge if key else fresh, kind=PASSKEY, user_id=me.pk),
        "credential": answer if key else "",  # kept, so that a mistyped password doesn't take a second passkey
        "site": passkeys.site_origin(),
    }
    return _page(request, "add_passkey", context)


@require_http_methods(FORM_METHODS)
def rename_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    me, factor = signed_in(request), _own_or_404(request, pk)
    if factor.type != Authenticator.Type.WEBAUTHN:
        raise Http404
    form = PasskeyNameForm(request.POST or None, initial={"name": factor.data["name"]})
    if submit(form, lambda: actions.rename_passkey(by=me, factor_id=pk, name=form.cleaned_data["name"])):
        return _done(request, _("Renamed."))
    return _page(request, "rename", {"form": form})


@require_http_methods(FORM_METHODS)
@sensitive_post_parameters()
@RATE_LIMITED
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    me, factor = signed_in(request), _own_or_404(request, pk)
    form, count = OwnFactorForm(request.POST or None, user=me), queries.factors_of(me).count
    if submit(form, lambda: actions.remove(by=me, factor_id=pk)):
        return _done(request, _("Removed. It no longer opens your account."))
    removable = may_remove(is_required=settings.SECOND_FACTOR_IS_REQUIRED, factors=count)
    context = {
        "form": form if removable else None,
        "name": factor.data.get("name") or _("App with codes"),
        "lead": presenter.before_removing(is_last=count == 1, may_remove=removable),
    }
    return _page(request, "remove", context)


@require_http_methods(FORM_METHODS)
@sensitive_post_parameters()
@RATE_LIMITED
def new_backup_codes(request: HttpRequest) -> HttpResponse:
    me, codes = signed_in(request), list[str]()
    shown_id = queries.factors_of(me).codes_id
    form = NewCodesForm(request.POST or None, user=me, initial={"replaced_id": shown_id})
    if submit(form, lambda: codes.extend(_new_codes(request, form))):
        return _backup_codes(request, codes)
    return _page(request, "new_backup_codes", {"form": form})


@require_http_methods(FORM_METHODS)
def keep_backup_codes(request: HttpRequest) -> HttpResponse:
    """Also for somebody who left the page of the codes before they said it."""
    if queries.factors_of(signed_in(request)).codes_left is None:
        return redirect("team:backup_codes")
    form = KeptForm(request.POST if request.method == "POST" else None)
    if submit(form, lambda: actions.keep_backup_codes(by=signed_in(request))):
        is_at_the_gate = second_factor.step_of(request) is Step.TO_KEEP_CODES
        second_factor.codes_are_kept(request)
        messages.success(request, _("Good. Your second factor is set up."))
        return redirect(settings.LOGIN_REDIRECT_URL if is_at_the_gate else "team:second_factor")
    return _page(request, "kept", {"form": form})


def _new_codes(request: HttpRequest, form: NewCodesForm) -> list[str]:
    return actions.new_backup_codes(by=signed_in(request), replaced_id=form.cleaned_data["replaced_id"] or 0)


def _add_app(request: HttpRequest, form: AddAppForm, secret: str) -> list[str]:
    return actions.add_app(
        by=signed_in(request),
        secret=secret,
        code=form.cleaned_data["code"],
        now=timezone.now(),
        has_passed=second_factor.has_passed(request),
    )


def _secret_to_add(request: HttpRequest) -> str:
    """Within ten minutes of a password or passkey the same once more; otherwise nobody sees again what was shown."""
    me, confirmed_at = signed_in(request), asking_again.confirmed_at(request)
    if confirmed_at is None:
        return app_codes.new_secret()
    added = _apps_added(request)
    return app_codes.secret_to_add(me, sign_in=sign_in_of(request), confirmed_at=confirmed_at, added=added)


def _apps_added(request: HttpRequest) -> int:
    return int(request.session.get(APPS_ADDED, 0))


def _add_passkey(request: HttpRequest, form: AddPasskeyForm) -> list[str]:
    return actions.add_passkey(
        by=signed_in(request),
        key=form.key or {},
        name=form.cleaned_data["name"],
        has_passed=second_factor.has_passed(request),
    )


def _from_page(request: HttpRequest, kind: str) -> str:
    """What the page has carried sealed; empty if nothing was sent, or it isn't from this person's page."""
    try:
        return factor_seals.open_from_page(request.POST.get("setup", ""), kind=kind, user_id=signed_in(request).pk)
    except CannotOpen:
        return ""


def _added(request: HttpRequest, codes: list[str], sentence: str) -> HttpResponse:
    """The first factor: this session has it now, and the backup codes are shown, once."""
    if second_factor.has_passed(request):
        return _done(request, sentence)
    request.session.cycle_key()
    second_factor.mark(request, user_id=signed_in(request).pk, has_codes_to_keep=bool(codes))
    return _backup_codes(request, codes)


def _backup_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """Held nowhere: the answer to the press that made them is the one page that has them."""
    forgive(request, "own_secret")
    return _page(request, "backup_codes", {"codes": [in_groups(code) for code in codes], "form": KeptForm()})


def _done(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("team:second_factor")


def _page(request: HttpRequest, name: str, context: dict[str, object]) -> HttpResponse:
    """Before the gate, without the rail: its counts are behind it."""
    is_through = second_factor.step_of(request) is Step.THROUGH
    layout = {"layout": "staff.html" if is_through else "public.html", "leaves_by_sign_out": not is_through}
    return render(request, f"team/factors/{name}.html", {**layout, "back": presenter.back(), **context})


def _own_or_404(request: HttpRequest, pk: int) -> Authenticator:
    factor = queries.factor_of(signed_in(request), pk)
    if factor is None:
        raise Http404
    return factor
