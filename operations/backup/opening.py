"""A backup, opened and checked whole before anything is done with it. Imports no Django, as `archive`."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from pyrage import x25519

from peersupport.core.errors import Refused
from peersupport.settings import home as home_settings

from . import archive, keys, pair

_UPLOAD = re.compile(r"private/([a-z_]{1,40}/[0-9a-f]{32})")
# As the keyring names them: those that were renewed are beside the new ones.
_SECRET = re.compile(r"\.keyring|[a-z][a-z0-9_-]{0,62}(\.before-\d+(\.\d+)?)?")


def is_secret(name: str) -> bool:
    """Whether a file of `lasting/` may have this name."""
    return _SECRET.fullmatch(name) is not None


@dataclass(frozen=True)
class Source:
    """Where a backup is, and what opens it."""

    data: Path
    lasting: Path
    identity: x25519.Identity = field(repr=False)

    @classmethod
    def named(cls, data: Path, lasting: Path, key_file: Path) -> "Source":
        """Raises Refused for a key file that isn't one."""
        try:
            return cls(data, lasting, keys.identity(key_file.read_text()))
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(f"the key file {key_file} can't be read: {getattr(error, 'strerror', error)}.") from None


@dataclass(frozen=True)
class Secrets:
    """What FILE.lasting has. Prints no secret."""

    manifest: archive.Manifest
    files: dict[str, bytes] = field(repr=False)
    variables: dict[str, str] = field(repr=False)


@dataclass(frozen=True)
class Backup:
    """All of a backup but the content of its uploads. uploads: size by path."""

    manifest: archive.Manifest
    database: bytes = field(repr=False)
    uploads: dict[str, int]
    secrets: Secrets


def check(source: Source) -> Backup:
    """Open both files to their ends. Raises Refused for another key, damage, or files that don't belong together."""
    secrets = _secrets(source)
    with archive.read(source.data, source.identity) as members:
        manifest = _manifest(members, source.data, archive.DATA)
        if manifest.id != secrets.manifest.id:
            raise Refused(_not_together(source))
        database, uploads = b"", {}
        for member in members:
            found = _UPLOAD.fullmatch(member.name)
            if member.name == archive.DATABASE:
                database = member.content.read()
            elif found:
                uploads[found[1]] = member.size
            else:
                raise Refused(f"{source.data} has something in it that no backup has.")
    return Backup(manifest, database, uploads, secrets)


def _secrets(source: Source) -> Secrets:
    with archive.read(source.lasting, source.identity) as members:
        manifest = _manifest(members, source.lasting, archive.LASTING)
        files, variables = {}, {}
        for member in members:
            name = member.name.removeprefix(archive.SECRETS)
            if member.name == archive.SETTINGS:
                variables = home_settings.parse(member.content.read().decode())
            elif name != member.name and is_secret(name):
                files[name] = member.content.read()
            else:
                raise Refused(f"{source.lasting} has something in it that no backup has.")
    return Secrets(manifest, files, variables)


def _manifest(members: archive.Members, file: Path, part: str) -> archive.Manifest:
    first = next(members, None)
    if first is None or first.name != archive.MANIFEST:
        raise Refused(f"{file} is no backup of Peer Support.")
    manifest = archive.Manifest.from_bytes(first.content.read())
    if manifest.part != part:
        raise Refused(
            "--from takes the FILE of a backup, and --lasting its FILE.lasting: these are the other way round."
        )
    return manifest


def _not_together(source: Source) -> str:
    sentence = f"{source.data} and {source.lasting} are not of the same backup."
    if pair.is_half_renamed(source.data):
        sentence += f" The backup was stopped before its end: {source.data}.new belongs to these secrets."
    return sentence
