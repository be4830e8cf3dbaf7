"""The files of `lasting/` as a backup has them, and which installation they say this is."""

from pathlib import Path

from django.conf import settings

from peersupport.sealing import envelope, keyring
from peersupport.sealing.installation import RESTORED_FROM, SECRET

from . import opening


def name() -> str:
    """A name that two installations never share and that says nothing else. Made at the first backup."""
    secret = keyring.lasting(SECRET)
    return envelope.derive(secret, salt=b"", info=envelope.context("installation")).hex()[:32]


def is_copy_of(installation: str) -> bool:
    """Whether this home was made of a backup of that installation, and is another one."""
    try:
        is_made_of_one = keyring.has_lasting(RESTORED_FROM) and keyring.lasting(RESTORED_FROM) == installation.encode()
    except keyring.KeyringUnavailable:
        return False
    return is_made_of_one and known_name() != installation


def known_name() -> str | None:
    """None where no backup was ever made, or `lasting/` is lost."""
    try:
        return name() if keyring.has_lasting(SECRET) else None
    except keyring.KeyringUnavailable:
        return None


def folder() -> Path:
    return Path(settings.KEYRING) / "lasting"


def all_by_name() -> dict[str, bytes]:
    """All of `lasting/` by file name, its marker too."""
    name()
    return {
        file.name: file.read_bytes()
        for file in sorted(folder().iterdir())
        if opening.is_secret(file.name) and file.is_file()
    }
