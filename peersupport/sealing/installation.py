"""Whether this keyring and this database belong together.

The keyring has a secret of its installation, and the database a value derived from it. With another installation's
keyring every key would look like one without a row, and every open request like an erased one: so nothing is destroyed,
taken or called erased then. `actions.check_keyring` notes the two in each other.
"""

from peersupport.core import single_row

from . import envelope, keyring
from .models import Installation

SECRET = "installation"  # noqa: S105  # its name
# A lasting secret that is there once a database has noted this keyring.
NOTED = "installation-noted"
# Where this keyring came out of a backup into a new home: the name of the installation that the backup was of.
RESTORED_FROM = "restored-from"
# They say which installation this is. What is made from its backup is another one, beside it.
OF_ONE_INSTALLATION = (SECRET, NOTED, RESTORED_FROM)


class AnotherKeyring(keyring.KeyringUnavailable):
    """This keyring belongs to another installation than the database."""


def is_noted() -> bool:
    """Whether this database has noted this keyring; False where neither has noted any other.

    Raises AnotherKeyring, and KeyringUnavailable.
    """
    # The file first: it is made after the row's commit, so that whoever sees it sees the row.
    is_taken = keyring.has_lasting(NOTED)
    noted = _noted()
    if noted is None and not is_taken:
        return False
    if noted is None or not keyring.has_lasting(SECRET) or noted != check_value():
        raise AnotherKeyring
    return True


def is_anothers() -> bool:
    """Whether keyring and database both say which installation they are of, and not the same one.

    False where one of them doesn't say: a restore brings back what was lost. Raises KeyringUnavailable.
    """
    noted = _noted()
    return noted is not None and keyring.has_lasting(SECRET) and noted != check_value()


def _noted() -> bytes | None:
    row = single_row.read(Installation, "keyring_check")
    return bytes(row[0]) if row else None


def check_value() -> bytes:
    """What the database notes of this keyring."""
    return envelope.derive(keyring.lasting(SECRET), salt=b"", info=envelope.context("installation check"))
