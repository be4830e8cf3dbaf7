"""What shows whether the program's files are the published ones: manifest, signature, fingerprint."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from peersupport.core import release
from tests.operations.installation import Done, clean_environment, python

pytestmark = pytest.mark.sqlite_only
GIT = ["git", "-c", "user.name=Sample", "-c", "user.email=sample@example.org", "-c", "commit.gpgsign=false"]


def run(root: Path, *options: str, **environment: str) -> Done:
    return python(
        "-B", "manage.py", "release_manifest", *options, environment=clean_environment(**environment), cwd=root
    )


def make_key(folder: Path, name: str) -> Path:
    key = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(key)], check=True)
    return key


def line_for(key: Path) -> str:
    return f'peer-support namespaces="peer-support" {key.with_suffix(".pub").read_text()}'


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("ssh-keygen") is None or shutil.which("git") is None:
        pytest.skip("needs OpenSSH and git")
    return make_key(tmp_path_factory.mktemp("keys"), "maintainers")


@pytest.fixture(scope="module")
def made(key: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release: a clone in which the key is published, with a signed manifest."""
    root = tmp_path_factory.mktemp("release") / "peer-support"
    for part in (*release.PARTS, "SECURITY.md"):
        source, target = release.ROOT / part, root / part
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    with (root / "SECURITY.md").open("a") as security:
        security.write(f"\n```\n{line_for(key)}```\n")
    for command in (["init", "-q"], ["add", "-A", "-f"], ["commit", "-q", "-m", "A release"]):
        subprocess.run([*GIT, *command], cwd=root, check=True)
    done = run(root, "--make", "MANIFEST", "--sign", str(key))
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture
def released(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "peer-support", ignore=shutil.ignore_patterns(".git")))


def test_what_was_released_is_found_the_same_without_any_installation(released: Path) -> None:
    before = {path.name for path in released.iterdir()}
    done = run(released)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("The signature is good.\nAll ")
    assert f"fingerprint {fingerprint_by_shell(released)}." in done.stdout
    assert {path.name for path in released.iterdir()} == before, "it makes nothing"


def fingerprint_by_shell(root: Path) -> str:
    """As docs/changelog.md has it."""
    command = next(
        line for line in (release.ROOT / "docs" / "changelog.md").read_text().splitlines() if "cut -c1-16" in line
    )
    return subprocess.run(["bash", "-c", command], cwd=root, text=True, capture_output=True, check=True).stdout.strip()


def test_one_changed_byte_one_file_more_and_one_less_are_listed(released: Path) -> None:
    changed = released / "peersupport" / "sealing" / "envelope.py"
    changed.write_bytes(changed.read_bytes().replace(b"a", b"b", 1))
    (released / "pypdf.py").write_text("")  # beside manage.py, so that it is imported in place of the library
    (released / "stats" / "vault.py").unlink()
    (released / "templates" / "new.html").symlink_to("/etc/hostname")
    done = run(released)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "The signature is good.",
        "changed: peersupport/sealing/envelope.py",
        "missing: stats/vault.py",
        "added: pypdf.py",
        "added: templates/new.html",
    ]


def test_a_manifest_that_somebody_else_signed_is_refused(released: Path, tmp_path: Path) -> None:
    (released / "MANIFEST.sig").unlink()
    release.sign(released / "MANIFEST", make_key(tmp_path, "other"))
    done = run(released)
    assert done.returncode == 1
    assert done.stdout.startswith("The manifest is not signed by the maintainers' key.\nAll ")


@pytest.mark.parametrize("change", ["unsigned", "rewritten"])
def test_a_manifest_that_is_not_as_it_was_signed_is_refused(released: Path, change: str) -> None:
    """The one file that is changed fits the manifest again."""
    if change == "unsigned":
        (released / "MANIFEST.sig").unlink()
    else:
        changed, manifest = released / "manage.py", released / "MANIFEST"
        old = release.digest_of(changed)
        changed.write_text(changed.read_text() + "\n")
        manifest.write_text(manifest.read_text().replace(old, release.digest_of(changed)))
    done = run(released)
    assert done.returncode == 1
    assert done.stdout.startswith("The manifest is not signed by the maintainers' key.\nAll ")


def test_a_key_from_elsewhere_counts_in_place_of_the_one_beside_the_files(
    released: Path, key: Path, tmp_path: Path
) -> None:
    signers = tmp_path / "signers"
    signers.write_text(line_for(make_key(tmp_path, "other")))
    assert run(released, "--signers", str(signers)).returncode == 1
    signers.write_text(line_for(key))
    assert run(released, "--signers", str(signers)).returncode == 0


def test_a_home_in_the_folder_is_no_part_of_the_program(released: Path) -> None:
    home = released / "home"
    home.mkdir()
    (home / "settings.env").write_text("")
    assert run(released).returncode == 1
    assert run(released, "--home", str(home)).returncode == 0


def test_without_a_manifest_it_says_so(released: Path) -> None:
    (released / "MANIFEST").unlink()
    done = run(released)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "There is no MANIFEST beside manage.py. It comes with a release.\n"


def test_a_manifest_is_made_of_what_is_committed(made: Path, tmp_path: Path) -> None:
    new = made / "stats" / "new.py"
    new.write_text("")
    try:
        done = run(made, "--make", str(tmp_path / "MANIFEST"))
    finally:
        new.unlink()
    assert (done.returncode, done.stderr) == (2, "Commit first: a release has what git has.\n")


def test_no_key_is_published_that_nobody_has() -> None:
    """As long as SECURITY.md says that no release is signed."""
    says_so = "No key has been published yet" in (release.ROOT / "SECURITY.md").read_text()
    assert says_so is (release.published_signers() == "")


def test_the_fingerprint_changes_with_every_file_that_runs() -> None:
    files = {"manage.py": "0" * 64, "stats/vault.py": "1" * 64, "docs/glossary.md": "2" * 64}
    same = release.fingerprint_of({**files, "docs/glossary.md": "3" * 64})
    assert release.fingerprint_of(files) == same
    assert len({release.fingerprint_of({**files, name: "4" * 64}) for name in files} | {same}) == 3


@pytest.fixture
def no_longer_known() -> Iterator[None]:
    release.fingerprint.cache_clear()
    yield
    release.fingerprint.cache_clear()


@pytest.mark.django_db
def test_anybody_can_read_version_and_fingerprint(client: Client, no_longer_known: None) -> None:
    page = client.get("/what-we-keep/").content.decode()
    assert f"Peer Support {release.version()}" in page
    assert f'<code translate="no">{release.fingerprint()}</code>' in page


def test_the_changelog_begins_with_this_version() -> None:
    changelog = (release.ROOT / "docs" / "changelog.md").read_text()
    headings = [line for line in changelog.splitlines() if line.startswith("## ") and line[3].isdigit()]
    assert headings[0].split()[1] == release.version()
