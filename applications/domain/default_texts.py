"""The default decision letters and review criteria, which a coordinator may change."""

import re

from peersupport.core.sentences import gettext_noop as _

from .states import ApplicationState

# From the program's brochure: members have coped, have the respect of their peers, and listen without judging.
CRITERIA = (
    _("Has coped with something hard and knows what helped"),
    _("Is respected by co-workers"),
    _("Listens without judging"),
    _("Keeps confidences and knows the limits"),
    _("Has the time, and has support at home and at work"),
)


CONDITIONAL = _("""\
Dear {name},

Thank you for your application. We'd like to have you on the peer support team of {agency}.

This offer has conditions: you finish the initial training, you sign the confidentiality agreement, and then the head \
of the agency designates you. Nobody will be sent to you before that day.

You'll get a second e-mail with a link to choose your password. The link works for 30 days.

{coordinator}""")


WAITING_LIST = _("""\
Dear {name},

Thank you for your application. We'd like to work with you, but there's no open spot on the team right now.

You're on our waiting list for {period}. You don't need to do anything: we'll write to you when a spot opens up. If \
you'd rather not wait, you can use your private link to withdraw at any time.

{coordinator}""")


DECLINED = _("""\
Dear {name},

Thank you for your application, and for the thought you put into it. We read it carefully. We can't offer you a spot \
on the team.

This says nothing about your work or your worth, and it isn't kept in any personnel file. You're welcome to apply again.

{coordinator}""")


LETTERS: dict[ApplicationState, str] = {
    ApplicationState.CONDITIONAL: CONDITIONAL,
    ApplicationState.WAITING_LIST: WAITING_LIST,
    ApplicationState.DECLINED: DECLINED,
}


PLACEHOLDERS = ("{name}", "{agency}", "{coordinator}", "{period}")
# Something in braces, and what is left of it where one of them is missing.
IN_BRACES = re.compile(r"\{[^{}\n]*\}|\{\w*|\}")


def unknown_placeholder(text: str) -> str:
    """The first thing in braces that would reach the candidate as typed, or ""."""
    return next((found for found in IN_BRACES.findall(text) if found not in PLACEHOLDERS), "")


def fill_in(text: str, *, name: str, agency: str, coordinator: str, period: str) -> str:
    """Replace the letter's placeholders; other braces stay as typed. period: how long an application is kept."""
    for placeholder, value in zip(PLACEHOLDERS, (name, agency, coordinator, period), strict=True):
        text = text.replace(placeholder, value)
    return text
