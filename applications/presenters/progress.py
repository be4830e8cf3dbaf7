"""What the pages say about how far an application is."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from peersupport.core.sentences import gettext_noop as _

from ..domain.onboarding import STAGE_LABELS, OnboardingStage
from ..domain.reminders import is_unresponsive
from ..domain.states import LABELS, REFERENCE, TONES, ApplicationState, ReferenceState, Tone

BADGE_CLASSES = {Tone.WARM: "badge badge--warm", Tone.PLAIN: "badge", Tone.SOFT: "soft"}

# The heading and the next step on the candidate's status page.
STATUS_TEXTS: dict[ApplicationState, tuple[str, str]] = {
    ApplicationState.SUBMITTED: (
        _("We have your application"),
        _("The coordinator will read it next. Until then you can still change what you wrote."),
    ),
    ApplicationState.UNDER_REVIEW: (
        _("We're reading your application"),
        _("You don't need to do anything. We'll write to you."),
    ),
    ApplicationState.INTERVIEW: (
        _("We'd like to meet you"),
        _("Choose a time with the link in our e-mail about the interview."),
    ),
    ApplicationState.WAITING_LIST: (
        _("You're on the waiting list"),
        _("We'd like to work with you and will write as soon as a spot opens up. You don't need to do anything."),
    ),
    ApplicationState.DECLINED: (
        _("We can't offer you a spot"),
        _("What you wrote will be erased on %(day)s. You may apply again."),
    ),
    ApplicationState.WITHDRAWN: (
        _("You withdrew your application"),
        _("What you wrote will be erased on %(day)s. You may apply again."),
    ),
    ApplicationState.ABANDONED: (
        _("We're no longer pursuing this application"),
        _("We hadn't heard from you. What you wrote will be erased on %(day)s. You're welcome to apply again."),
    ),
}
ONBOARDING_TEXTS: dict[OnboardingStage, tuple[str, str]] = {
    OnboardingStage.INVITED: (
        _("You're conditionally accepted"),
        _("A second e-mail has a link to choose your password. After that comes the initial training."),
    ),
    OnboardingStage.TRAINING: (
        _("You're in training"),
        _("When you've finished, you'll sign the confidentiality agreement."),
    ),
    OnboardingStage.AGREEMENT: (
        _("You've finished the initial training"),
        _("Please sign in and sign the confidentiality agreement."),
    ),
    OnboardingStage.DESIGNATION: (_("Nearly there"), _("Next, the head of the agency designates you.")),
    OnboardingStage.DESIGNATED: (_("You're a member of the team"), _("Thank you. Sign in to see what's on your desk.")),
    OnboardingStage.LEFT: (_("You're no longer on the team"), _("If you have a question, ask the coordinator.")),
}


def status_text(state: ApplicationState, stage: OnboardingStage | None, erased_on: date) -> tuple[str, str]:
    """For the candidate: a heading with the state, and a sentence about what happens next.

    stage: how far the onboarding is, once accepted. erased_on: when an application that has ended is erased.
    """
    heading, next_step = ONBOARDING_TEXTS[stage] if stage is not None else STATUS_TEXTS[state]
    return gettext(heading), gettext(next_step) % {"day": date_format(erased_on, "DATE_FORMAT")}


def state_label(state: ApplicationState, stage: OnboardingStage | None) -> str:
    """The state as lists show it; once accepted, how far the onboarding is."""
    return gettext(STAGE_LABELS[stage] if stage is not None else LABELS[state])


def badge_class(state: ApplicationState) -> str:
    return BADGE_CLASSES[TONES[state]]


def reference_label(state: ReferenceState, asked_on: date | None, today: date) -> str:
    """Whether the reference answered, or has kept us waiting too long."""
    if state == ReferenceState.ASKED and is_unresponsive(asked_on, today):
        return gettext("No answer in three weeks")
    return gettext(REFERENCE.labels[state])


def age_text(days: int) -> str:
    """How long an application has been in its state."""
    if days < 1:
        return gettext("since today")
    if days < 14:
        return ngettext("for %(days)s day", "for %(days)s days", days) % {"days": days}
    if days < 61:
        return ngettext("for %(weeks)s week", "for %(weeks)s weeks", days // 7) % {"weeks": days // 7}
    if days < 730:
        return ngettext("for %(months)s month", "for %(months)s months", days // 30) % {"months": days // 30}
    return ngettext("for %(years)s year", "for %(years)s years", days // 365) % {"years": days // 365}
