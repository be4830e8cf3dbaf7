"""Which program this is: its version, a fingerprint of the files that run, and the manifest of a release.

A manifest has one line for each file of the release, as `sha256sum` writes and checks it.
"""

import hashlib
import re
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What runs. Tests and documents are in the manifest, and not in the fingerprint.
PARTS = (
    "manage.py", "pyproject.toml", "requirements.txt", "applications", "dashboard", "operations", "peersupport",
    "requests_app", "static", "stats", "templates", "training",
)  # fmt: skip
# What a folder of the program has besides, by the name of a file or folder anywhere in it.
NOT_RELEASED = {
    ".git", ".venv", "var", "node_modules", "staticfiles", "test-results", "__pycache__", ".pytest_cache",
    ".mypy_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis", "MANIFEST", "MANIFEST.sig",
}  # fmt: skip
COMPILED = "__pycache__"
MANIFEST, SIGNATURE = "MANIFEST", "MANIFEST.sig"
NAMESPACE = SIGNER = "peer-support"
FINGERPRINT_DIGITS = 16
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


class Unreadable(Exception):
    """This is no manifest."""


@dataclass(frozen=True)
class Differences:
    """Between the files on the disk and a manifest, by path."""

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    added: tuple[str, ...]


@cache
def version() -> str:
    """Such as "1.2.0", from pyproject.toml."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


@cache
def fingerprint() -> str:
    """Of the files that run, as they were when this process first asked: 16 hex digits, the start of a SHA-256."""
    return fingerprint_of(dict(digests()))


def fingerprint_of(files: dict[str, str]) -> str:
    """files: the digest of each by its path; those that don't run are left out.

    The same from a manifest and a shell: see docs/changelog.md.
    """
    ours = {name: digest for name, digest in files.items() if name.partition("/")[0] in PARTS}
    return hashlib.sha256(lines(ours).encode()).hexdigest()[:FINGERPRINT_DIGITS]


def lines(files: dict[str, str]) -> str:
    """The text of a manifest, sorted by the bytes of the paths."""
    return "".join(f"{files[name]}  {name}\n" for name in sorted(files, key=str.encode))


def digests() -> Iterator[tuple[str, str]]:
    """Each file that runs by its path from the root, with its digest."""
    for part in PARTS:
        for path in _files(ROOT / part):
            yield path.relative_to(ROOT).as_posix(), digest_of(path)


def digest_of(path: Path) -> str:
    """The hex SHA-256 of a file's content; of a link, that of where it leads, since no release has one."""
    if path.is_symlink():
        return hashlib.sha256(f"link to {path.readlink()}".encode()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(text: str) -> dict[str, str]:
    """The digest of each file by its path. Raises Unreadable."""
    found = [_LINE.fullmatch(line) for line in text.splitlines()]
    files = {each[2]: each[1] for each in found if each}
    if not files or len(files) != len(found):
        raise Unreadable
    return files


def differences(manifest: dict[str, str], *, beside: Path | None = None) -> Differences:
    """What on the disk is not as the manifest has it. beside: a folder in the program's that is not part of it."""
    there = {path.relative_to(ROOT).as_posix(): path for path in _all_files(beside)}
    return Differences(
        changed=tuple(name for name in sorted(manifest) if name in there and digest_of(there[name]) != manifest[name]),
        missing=tuple(sorted(manifest.keys() - there.keys())),
        added=tuple(sorted(there.keys() - manifest.keys())),
    )


def is_signed_by(signers: str, signature: Path, manifest: Path, folder: Path) -> bool:
    """Whether one of these keys signed the manifest. folder: where a file may be written for `ssh-keygen`."""
    allowed = folder / "allowed-signers"
    allowed.write_text(signers)
    command = ["ssh-keygen", "-Y", "verify", "-f", str(allowed), "-I", SIGNER, "-n", NAMESPACE, "-s", str(signature)]
    with manifest.open("rb") as text:
        return subprocess.run(command, stdin=text, capture_output=True, check=False).returncode == 0


def sign(manifest: Path, key: Path) -> Path:
    """Sign with an SSH key; returns where the signature is. Raises CalledProcessError."""
    subprocess.run(["ssh-keygen", "-Y", "sign", "-f", str(key), "-n", NAMESPACE, str(manifest)], check=True)
    return manifest.with_name(f"{manifest.name}.sig")


def published_signers() -> str:
    """The lines of SECURITY.md with the maintainers' keys; empty until they have published one."""
    found = re.findall(rf"^{SIGNER} .*\bssh-ed25519 \S+.*$", (ROOT / "SECURITY.md").read_text(), re.MULTILINE)
    return "".join(f"{line}\n" for line in found)


def _all_files(beside: Path | None) -> Iterator[Path]:
    for path in ROOT.iterdir():
        if path.name not in NOT_RELEASED and path != beside:
            yield from _files(path)


def _files(path: Path) -> Iterator[Path]:
    """Links count as files: they are not followed."""
    if path.is_dir() and not path.is_symlink():
        for each in path.iterdir():
            if each.name != COMPILED:
                yield from _files(each)
    elif path.is_symlink() or path.is_file():
        yield path
