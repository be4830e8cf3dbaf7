"""What the team trains, and what it requires of its members."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.http import FORM_METHODS
from peersupport.team.forms.base import PageForm
from peersupport.team.views.access import signed_in, submit

from ..actions import subjects as subjects_actions
from ..forms.subjects import NewSubjectForm, RequirementForm, SubjectForm, ValidityForm
from ..models import Subject
from ..presenters import subjects as subjects_texts
from ..queries import subjects as subjects_queries
from .access import may, subject_or_404

MANAGE = require_permission(Permission.MANAGE_TRAINING)


@require_permission(Permission.SEE_TRAINING)
@require_safe
def subjects(request: HttpRequest) -> HttpResponse:
    return render(request, "training/subjects.html", {"subjects": subjects_queries.all_subjects(timezone.localdate())})


@MANAGE
@require_http_methods(FORM_METHODS)
def add(request: HttpRequest) -> HttpResponse:
    form = NewSubjectForm(request.POST or None)
    if submit(form, lambda: subjects_actions.add_subject(by=signed_in(request), **form.cleaned_data)):
        messages.success(request, _("%(subject)s was added.") % {"subject": form.cleaned_data["name"]})
        return redirect("training:subjects")
    return render(request, "training/add_subject.html", {"form": form})


@MANAGE
@require_http_methods(FORM_METHODS)
def subject(request: HttpRequest, code: str) -> HttpResponse:
    subject = subject_or_404(code)
    form = SubjectForm(request.POST) if request.method == "POST" else SubjectForm.of(subject)
    if submit(form, lambda: subjects_actions.change_subject(code=code, by=signed_in(request), **form.cleaned_data)):
        messages.success(request, _("Saved."))
        return redirect("training:subjects")
    return _page(request, subject, details=form)


@MANAGE
@require_POST
def set_validity(request: HttpRequest, code: str) -> HttpResponse:
    subject, form = subject_or_404(code), ValidityForm(request.POST)
    if submit(form, lambda: subjects_actions.set_validity(code=code, by=signed_in(request), **form.cleaned_data)):
        messages.success(request, _("The rule is set. Training completed before that day keeps its old rule."))
        return redirect("training:subject", code)
    return _page(request, subject, validity=form)


@MANAGE
@require_POST
def retire(request: HttpRequest, code: str) -> HttpResponse:
    subject = subject_or_404(code)
    subjects_actions.retire_subject(code=code, by=signed_in(request))
    sentence = _("%(subject)s was retired. Its records stay, and nothing requires it anymore.")
    messages.success(request, sentence % {"subject": subject})
    return redirect("training:subjects")


@MANAGE
@require_POST
def reinstate(request: HttpRequest, code: str) -> HttpResponse:
    subject = subject_or_404(code)
    subjects_actions.reinstate_subject(code=code, by=signed_in(request))
    messages.success(request, _("%(subject)s was brought back.") % {"subject": subject})
    return redirect("training:subjects")


@require_permission(Permission.SEE_TRAINING)
@require_http_methods(FORM_METHODS)
def requirements(request: HttpRequest) -> HttpResponse:
    rules, is_post = subjects_queries.requirements(), request.method == "POST"
    if is_post and not may(request, Permission.MANAGE_TRAINING):
        raise Http404
    form = RequirementForm(request.POST) if is_post else RequirementForm.after(rules[0])
    if is_post and submit(form, lambda: subjects_actions.set_requirement(by=signed_in(request), **form.cleaned_data)):
        messages.success(request, _("The rule is set. Earlier years keep their old rule."))
        return redirect("training:requirements")
    return render(
        request, "training/requirements.html", {"rules": subjects_texts.requirement_rules(rules), "form": form}
    )


def _page(request: HttpRequest, subject: Subject, **returned: PageForm) -> HttpResponse:
    forms = {"details": SubjectForm.of(subject), "validity": ValidityForm(), **returned}
    rules = subjects_texts.validity_rules(subjects_queries.validity_rules(subject))
    return render(request, "training/subject.html", {"subject": subject, "forms": forms, "rules": rules})
