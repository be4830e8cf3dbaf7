"""Whether the program's files are those of a release; and for its maintainers, how that is written down and signed."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from peersupport.core import release
from peersupport.settings import home

from ...exit_status import COULD_NOT_RUN, FOUND_SOMETHING


def begin(arguments: list[str], go_on: Callable[[list[str]], None]) -> None:
    """Run without the settings of any installation: it is about the program's files alone."""
    settings.configure()
    Command().run_from_argv(arguments)


class Command(BaseCommand):
    help = (
        "Compares every file of the program with the manifest of its release, and the manifest's signature with the "
        "key in SECURITY.md. Exits 0 if they are the same, 1 if anything differs, 2 if there is no manifest. It needs "
        "no installation."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--signers", type=Path, help="A file with the maintainers' keys, in place of SECURITY.md.")
        parser.add_argument("--make", type=Path, metavar="FILE", help="For maintainers: writes the manifest.")
        parser.add_argument("--sign", type=Path, metavar="KEYFILE", help="For maintainers: signs what --make wrote.")

    def handle(self, *args: Any, make: Path | None, sign: Path | None, signers: Path | None, **options: Any) -> None:
        if make is not None:
            self._make(make, sign)
        elif not (release.ROOT / release.MANIFEST).is_file():
            self._stop(f"There is no {release.MANIFEST} beside manage.py. It comes with a release.")
        else:
            is_signed = self._check_signature(signers)
            is_same = self._compare()
            if not (is_signed and is_same):
                sys.exit(FOUND_SOMETHING)

    def _make(self, file: Path, key: Path | None) -> None:
        if self._git("status", "--porcelain"):
            self._stop("Commit first: a release has what git has.")
        names = [name for name in self._git("ls-files", "-z").split("\0") if name]
        files = {name: release.digest_of(release.ROOT / name) for name in names}
        file.write_text(release.lines(files))
        self.stdout.write(
            f"{len(files)} files. Version {release.version()}, fingerprint {release.fingerprint_of(files)}."
        )
        if key is not None:
            self.stdout.write(f"Signed: {release.sign(file, key)}")

    def _git(self, *arguments: str) -> str:
        command = ["git", "-C", str(release.ROOT), *arguments]
        try:
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout
        except (OSError, subprocess.CalledProcessError):
            self._stop("git does not answer here. A manifest is made in a clone of the repository.")
            raise

    def _check_signature(self, file: Path | None) -> bool:
        manifest, signature = release.ROOT / release.MANIFEST, release.ROOT / release.SIGNATURE
        signers = file.read_text() if file else release.published_signers()
        if not signers and not signature.exists():
            self.stdout.write("The manifest is not signed: the maintainers have published no key yet.")
            return True
        if not signers:
            self.stdout.write("The manifest is signed, and SECURITY.md has no key to check it with.")
            return False
        with TemporaryDirectory() as folder:
            is_good = signature.exists() and release.is_signed_by(signers, signature, manifest, Path(folder))
        self.stdout.write(
            "The signature is good." if is_good else "The manifest is not signed by the maintainers' key."
        )
        return is_good

    def _compare(self) -> bool:
        try:
            manifest = release.read_manifest((release.ROOT / release.MANIFEST).read_text())
        except (release.Unreadable, UnicodeDecodeError):
            self.stdout.write(f"{release.MANIFEST} is damaged.")
            return False
        found = release.differences(manifest, beside=home.folder())
        for word, names in (("changed", found.changed), ("missing", found.missing), ("added", found.added)):
            for name in names:
                self.stdout.write(f"{word}: {name}")
        if found.changed or found.missing or found.added:
            return False
        self.stdout.write(
            f"All {len(manifest)} files are those of the manifest. Version {release.version()}, fingerprint "
            f"{release.fingerprint()}."
        )
        return True

    def _stop(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(COULD_NOT_RUN)
