"""Which installation this is, and its lasting secrets."""

from pathlib import Path

from django.conf import settings

from peersupport.sealing import envelope, keyring
from peersupport.sealing.installation import SECRET
from peersupport.settings import home

PREFIX = "PEERSUPPORT_"


def name() -> str:
    """A name that two installations never share and that says nothing else. Made at the first backup."""
    return name_from(keyring.lasting(SECRET))


def known_name() -> str | None:
    """None where no backup was ever made, or `lasting/` is lost."""
    try:
        return name() if keyring.has_lasting(SECRET) else None
    except keyring.KeyringUnavailable:
        return None


def name_from(secret: bytes) -> str:
    return envelope.derive(secret, salt=b"", info=envelope.context("installation")).hex()[:32]


def lasting_folder() -> Path:
    return Path(settings.KEYRING) / "lasting"


def lasting_secrets() -> dict[str, bytes]:
    """All of `lasting/` by file name, its marker too."""
    name()
    return {
        file.name: file.read_bytes()
        for file in sorted(lasting_folder().iterdir())
        if file.is_file() and (file.name == keyring.FOLDER_MARKER or not file.name.startswith("."))
    }


def variables() -> dict[str, str]:
    """All settings of this installation, whether they stand in its file or came with the environment."""
    given = home.environment()
    return {key: given[key] for key in sorted(given) if key.startswith(PREFIX) and key != home.VARIABLE}
