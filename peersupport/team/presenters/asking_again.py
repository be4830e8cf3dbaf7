"""What is said where the password is asked for again."""

from django.utils.translation import gettext as _

from ..domain.asking_again import Answer


def refusal(answer: Answer) -> str:
    """Why the answer didn't do; empty before there was one."""
    return {
        Answer.NOT_ASKED: "",
        Answer.EMPTY: _("Please type your password."),
        Answer.WRONG_PASSWORD: _("This isn't your password. Nothing was done yet."),
        Answer.WRONG_PASSKEY: _("The passkey wasn't accepted. Try it again, or type your password."),
        Answer.TOO_MANY: _("There were too many tries. Wait a minute, then try again. Nothing was done yet."),
        Answer.RIGHT: "",
    }[answer]


def not_accepted(answer: Answer) -> str:
    """On the desk, after Accept was pressed on a phone that stays signed in for a shift."""
    why = {
        Answer.WRONG_PASSWORD: _("This isn't your password, so you didn't accept it yet. Try again."),
        Answer.WRONG_PASSKEY: _(
            "The passkey wasn't read, so you didn't accept it yet. Try it again, or type your password."
        ),
        Answer.TOO_MANY: _("There were too many tries, so you didn't accept it yet. Wait a minute, then try again."),
    }
    return why.get(answer, _("You didn't accept it yet. Type your password beside “Accept”, then press it again."))
