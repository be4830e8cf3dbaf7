"""Why a member can't serve on a day. Pure: what is known of them comes in, the reasons come out."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from peersupport.core.sentences import gettext_noop as _

from .states import KeyState


class NotServing(StrEnum):
    """One reason. Of several that apply, a page that says one says the first of these."""

    ACCOUNT = "account"
    INVITED = "invited"
    UNREACHABLE = "unreachable"
    IN_TRAINING = "in_training"
    PAUSING = "pausing"
    ON_LEAVE = "on_leave"
    TERM_ENDED = "term_ended"
    NO_KEY = "no_key"
    KEY_UNCHECKED = "key_unchecked"
    KEY_UNCONFIRMED = "key_unconfirmed"
    KEY_UNVERIFIED = "key_unverified"


NOT_SERVING_LABELS: dict[NotServing, str] = {
    NotServing.ACCOUNT: _("Can't sign in anymore"),
    NotServing.INVITED: _("Invited, hasn't signed in yet"),
    NotServing.UNREACHABLE: _("Unavailable"),
    NotServing.IN_TRAINING: _("Not designated yet"),
    NotServing.PAUSING: _("Paused"),
    NotServing.ON_LEAVE: _("On leave"),
    NotServing.TERM_ENDED: _("Term ended"),
    NotServing.NO_KEY: _("No key"),
    NotServing.KEY_UNCHECKED: _("Recovery code not checked yet"),
    NotServing.KEY_UNCONFIRMED: _("Key not confirmed yet"),
    NotServing.KEY_UNVERIFIED: _("Key to confirm again"),
}

# Of these the public must not read: a name that is gone would tell of it.
QUIETLY_AWAY = frozenset({NotServing.UNREACHABLE, NotServing.PAUSING})
# Nor of these: they have signed in, and their key waits for somebody.
KEY_TO_SEE_TO = frozenset({NotServing.KEY_UNCHECKED, NotServing.KEY_UNCONFIRMED, NotServing.KEY_UNVERIFIED})
# Who is away alone has all that serving takes.
AWAY = QUIETLY_AWAY | {NotServing.ON_LEAVE}
# Of these a figure about the team's year must not depend.
PASSING = AWAY | KEY_TO_SEE_TO
# With these a member can still open what was sealed to their confirmed key.
KEPT_BY_THEIR_PEER = QUIETLY_AWAY | {NotServing.KEY_UNCHECKED, NotServing.KEY_UNVERIFIED}


@dataclass(frozen=True)
class ServiceFacts:
    """What decides whether a current member can serve on a day.

    has_account: they may sign in, and as a member. has_password: they have chosen one, which is how an invitation is
    accepted; nobody records when somebody signs in. is_pausing: until a day that they chose. is_unreachable: they
    can't get in, until they say that they are back.
    """

    key: KeyState
    is_designated: bool = True
    has_account: bool = True
    has_password: bool = True
    has_term_ended: bool = False
    is_on_leave: bool = False
    is_unreachable: bool = False
    is_pausing: bool = False


@cache  # a team has few of the possible combinations
def reasons_not_to_serve(facts: ServiceFacts) -> tuple[NotServing, ...]:
    """All that apply, in the order of NotServing; none for somebody who can serve."""
    has_no_key = facts.key is KeyState.NONE
    applies = (
        (not facts.has_account, NotServing.ACCOUNT),
        (has_no_key and not facts.has_password, NotServing.INVITED),
        (facts.is_unreachable, NotServing.UNREACHABLE),
        (not facts.is_designated, NotServing.IN_TRAINING),
        (facts.is_pausing, NotServing.PAUSING),
        (facts.is_on_leave, NotServing.ON_LEAVE),
        (facts.has_term_ended, NotServing.TERM_ENDED),
        (has_no_key and facts.has_password, NotServing.NO_KEY),
        (facts.key is KeyState.UNCHECKED, NotServing.KEY_UNCHECKED),
        (facts.key is KeyState.UNCONFIRMED, NotServing.KEY_UNCONFIRMED),
        (facts.key is KeyState.UNVERIFIED, NotServing.KEY_UNVERIFIED),
    )
    return tuple(reason for is_so, reason in applies if is_so)
