"""A way back for somebody who can't sign in, and to whom no mail comes through."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.formats import date_format

from operations.home_command import HomeCommand
from peersupport.core.errors import Refused
from peersupport.team.actions import recovery


class Command(HomeCommand):
    help = (
        "Mails a link to a new password to an account, and prints it. It lifts no second factor, and a member still "
        "needs the recovery code to keep their key. It is in the audit log."
    )

    needs_home = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("mail", metavar="MAIL", help="the address that the person signs in with")

    def run(self, home: Path, **options: Any) -> bool:
        link = _link(options["mail"])
        self.say("A link to a new password goes to that address. It works once, for 24 hours.")
        self.say("If no mail comes through, give it to that person yourself, and to nobody else:")
        self.say(link)
        return True


def _link(mail: str) -> str:
    try:
        return recovery.send_new_password_link(email=mail)
    except recovery.Invited as invited:
        day = date_format(timezone.localtime(invited.valid_until), "DATE_FORMAT")
        valid = "is valid until" if invited.valid_until > timezone.now() else "ran out on"
        raise Refused(
            f"this person is invited and hasn't accepted; the link {valid} {day}. "
            "Invite them again on the page Invitations, or run setup."
        ) from None
    except recovery.NoSuchAccount:
        raise Refused("no active account has this address. The operator's page Accounts lists them all.") from None
    except recovery.NeverSignedIn:
        raise Refused("this person has never signed in. A coordinator can send them a new invitation.") from None
    except OSError as error:
        raise Refused(f"the keyring can't be read ({type(error).__name__}). Is its disk mounted?") from None
