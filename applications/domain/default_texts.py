"""The default decision letters and review criteria, which a coordinator may change."""

from peersupport.core.sentences import gettext_noop as _

from .states import ApplicationState

# From the program's brochure: members have coped, have the respect of their peers, and listen without judging.
CRITERIA = (
    _("Has coped with something hard, and knows what helped"),
    _("Has the respect of co-workers"),
    _("Listens without judging"),
    _("Keeps a confidence, and knows where it ends"),
    _("Has the time, and support at home and at work"),
)


CONDITIONAL = _("""\
Dear {name},

Thank you for your application. We would like to have you on the peer support team of {agency}.

There are conditions: first the initial training, then you sign the confidentiality agreement, and then the head of \
the agency designates you. Only from that day on will anybody be sent to you.

You will get a second e-mail with a link to choose your own password. It works for seven days.

{coordinator}""")


WAITING_LIST = _("""\
Dear {name},

Thank you for your application. We would like to work with you, and there is no place on the team at this moment.

You are on our waiting list for a year. You need not do anything: we will write to you when a place is free. If you \
would rather not wait, you can withdraw with your private link at any time.

{coordinator}""")


DECLINED = _("""\
Dear {name},

Thank you for your application, and for the thought that went into it. We have read it with care. We cannot offer you \
a place on the team.

This says nothing about your work or your worth, and it is kept in no personnel file. You are welcome to apply again.

{coordinator}""")


LETTERS: dict[ApplicationState, str] = {
    ApplicationState.CONDITIONAL: CONDITIONAL,
    ApplicationState.WAITING_LIST: WAITING_LIST,
    ApplicationState.DECLINED: DECLINED,
}


def fill_in(text: str, *, name: str, agency: str, coordinator: str) -> str:
    """Replace the letter's three placeholders in braces; other braces stay as typed."""
    values = {"{name}": name, "{agency}": agency, "{coordinator}": coordinator}
    for placeholder, value in values.items():
        text = text.replace(placeholder, value)
    return text
