"""All that changes who serves. Each action is one transaction and stands in the audit, but for signing in and out."""

from .accounts import change_account
from .activating import (
    activate,
    answer_call,
    call_out,
    end_activation,
    plan_group_session,
    put_notice,
    raise_caps,
    remind_of_activations,
    see_to_activation,
    take_back_group_session,
)
from .agreeing import ask_to_sign, sign_agreement
from .coming_in import Enrolled, InvitationNotFound, accept_invitation, hash_of, invite, take_back_invitation
from .handing import decline_shift, offer_shift, take_shift
from .hours import add_hours, end_hours, end_pause, pause
from .mailing import post, send_letters, write_letter
from .renewing import renew, tell_of_ending_terms
from .roster_file import confirm_roster, forget_roster_files, leave_roster, receive_roster
from .secrecy import change_password, check_recovery_code, confirm_key, renew_recovery_code, reset_password
from .serving import (
    de_select,
    designate,
    record_facts,
    return_from_leave,
    take_leave,
    update_profile,
)

__all__ = [
    "Enrolled",
    "InvitationNotFound",
    "accept_invitation",
    "activate",
    "add_hours",
    "answer_call",
    "ask_to_sign",
    "call_out",
    "change_account",
    "change_password",
    "check_recovery_code",
    "confirm_key",
    "confirm_roster",
    "de_select",
    "decline_shift",
    "designate",
    "end_activation",
    "end_hours",
    "end_pause",
    "forget_roster_files",
    "hash_of",
    "invite",
    "leave_roster",
    "offer_shift",
    "pause",
    "plan_group_session",
    "post",
    "put_notice",
    "raise_caps",
    "receive_roster",
    "record_facts",
    "remind_of_activations",
    "renew",
    "renew_recovery_code",
    "reset_password",
    "return_from_leave",
    "see_to_activation",
    "send_letters",
    "sign_agreement",
    "take_back_group_session",
    "take_back_invitation",
    "take_leave",
    "take_shift",
    "tell_of_ending_terms",
    "update_profile",
    "write_letter",
]
