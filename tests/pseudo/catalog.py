"""Makes the catalog of the pseudo-locale from the sentences that `makemessages` finds, and from those of libraries."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import allauth
import crispy_forms
import django
from django.contrib import auth, humanize

from tests.test_house import ROOMS, ROOT

LOCALE = "en_XA"
PLURALS = "nplurals=2; plural=(n != 1);"
ACCENTS = str.maketrans("aeiouyAEIOUY", "áéíóúýÁÉÍÓÚÝ")
# What stays as it is in a translated sentence: placeholders, tags, entities, addresses, and line breaks.
KEPT = re.compile(r"%\(\w+\)[\d.]*[a-z]|%[sd%]|{\w*}|<[^>]*>|&#?\w+;|\]\([^)]*\)|https?://[^\s\"]+|\\[nrt\"\\]")
TOOLS = ("xgettext", "msgen", "msgcat", "msgfmt")


def pseudo(sentence: str) -> str:
    """A sentence as the pseudo-locale has it."""
    parts, position = [], 0
    for kept in KEPT.finditer(sentence):
        parts += [sentence[position : kept.start()].translate(ACCENTS), kept.group()]
        position = kept.end()
    return "".join([*parts, sentence[position:].translate(ACCENTS)])


def _translated(po: str) -> str:
    """A catalog in which each sentence stands for itself, with its translations made pseudo."""
    header, blank, entries = po.partition("\n\n")
    lines, is_translation = [], False
    for line in entries.splitlines():
        if not line.startswith('"'):
            is_translation = line.startswith("msgstr")
        head, quote, rest = line.partition('"')
        lines.append(head + quote + pseudo(rest) if is_translation else line)
    header = header.replace("#, fuzzy\n", "").replace("nplurals=INTEGER; plural=EXPRESSION;", PLURALS)
    return header + blank + "\n".join(lines) + "\n"


def _run(*command: str | Path, cwd: Path | None = None) -> None:
    done = subprocess.run([str(part) for part in command], cwd=cwd, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr


def write_catalog(folder: Path) -> Path:
    """Fill this empty folder, and return the one that `LOCALE_PATHS` takes."""
    tree, messages = folder / "tree", folder / "locale" / LOCALE / "LC_MESSAGES"
    for part in (*ROOMS, "templates"):
        shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
    (tree / "locale").mkdir()
    messages.mkdir(parents=True)
    options = ("--locale", LOCALE, "--no-wrap", "--no-location", "--verbosity", "0")
    _run(sys.executable, "-m", "django", "makemessages", *options, cwd=tree)
    libraries = [Path(module.__file__).parent for module in (django, auth, humanize, allauth, crispy_forms)]
    libraries[0] /= "conf"
    found = [tree / "locale" / LOCALE, *(library / "locale/en" for library in libraries)]
    catalogs = [path / "LC_MESSAGES/django.po" for path in found if (path / "LC_MESSAGES/django.po").exists()]
    _run("msgcat", "--use-first", "--no-wrap", *catalogs, "-o", folder / "all.po")
    _run("msgen", "--no-wrap", folder / "all.po", "-o", folder / "english.po")
    (folder / "pseudo.po").write_text(_translated((folder / "english.po").read_text()))
    _run("msgfmt", "--check-format", folder / "pseudo.po", "-o", messages / "django.mo")
    return folder / "locale"
