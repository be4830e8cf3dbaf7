"""What has to be right before anything is started. Each raises Refused with what to do."""

import os
from pathlib import Path

from django.utils import timezone

from operations.home_command import ANOTHERS
from peersupport.core.errors import Refused
from peersupport.sealing import actions as sealing
from peersupport.sealing import host_secret, installation, keyring


def check_home(home: Path) -> None:
    """Nobody else may put files into it: settings, and the sockets of the program, lie there."""
    found = home.stat()
    if found.st_uid != os.geteuid():
        raise Refused(f"{home} belongs to another user than the one that this runs as.")
    if found.st_mode & 0o022:
        raise Refused(f"other users of this machine can write to {home}. Run: chmod go-w {home}")


def check_keyring() -> None:
    try:
        keyring.shred_ids()
        host_secret.check()
        sealing.check_keyring(now=timezone.now())
    except installation.AnotherKeyring:
        raise Refused(ANOTHERS) from None
    except host_secret.AnotherHostSecret:
        raise Refused("PEERSUPPORT_HOST_SECRET is not the one that this keyring was used with.") from None
    except (OSError, RuntimeError):
        raise Refused("the keyring can't be read. Is its volume mounted?") from None
