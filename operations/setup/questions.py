"""What setup wants to know: as flags, as lines of an answers file, and as questions."""

import argparse
import configparser
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from peersupport.core.errors import Refused
from peersupport.core.site import is_trial

from . import probes, rules

Answers = dict[str, str]


def _nothing_to_check(answer: str) -> None:
    pass


@dataclass(frozen=True)
class Question:
    """read: an answer as typed to what is kept. check: whether the world agrees, for a new home alone.

    default: offered to whoever is asked. is_certain: whether it may be taken without asking.
    """

    name: str
    asked: str
    example: str
    read: Callable[[str], str]
    check: Callable[[str], None] = _nothing_to_check
    default: Callable[[Answers], str | None] = lambda answers: None
    is_certain: Callable[[Answers], bool] = lambda answers: True

    @property
    def flag(self) -> str:
        return f"--{self.name.replace('_', '-')}"


def _host(answers: Answers) -> str:
    return answers["site"].partition("://")[2].partition(":")[0]


def _is_trial(answers: Answers) -> bool:
    return is_trial(answers["site"])


def machine_time_zone(localtime: Path = Path("/etc/localtime")) -> str:
    """The machine's own if it is one of the United States, else none: a server's clock often runs on UTC."""
    __, __, found = str(localtime.resolve()).partition("/zoneinfo/")
    return found if found in rules.US_TIME_ZONES else ""


ABOUT_HOME = (
    Question(
        "site", "At which address will people find it? http://localhost:8000 is a trial on this machine.",
        "https://peer.example.org", rules.site, probes.port,
    ),
    Question(
        "database", "Which PostgreSQL database? Without one, the data is in a file in the home.",
        "postgresql://USER:PASSWORD@HOST/NAME", rules.database, probes.database, lambda answers: "",
    ),
    Question(
        "redis", "Which Redis? Without one, files in the home do what it would do.",
        "redis://localhost:6379/0", rules.redis, probes.redis, lambda answers: "",
    ),
    Question(
        "mail", "Which mail server? With \"files\", mail is written into the home and not sent.",
        "smtp+tls://USER:PASSWORD@mail.example.org:587", rules.mail_server, probes.mail_server,
        lambda answers: rules.FILES, is_certain=_is_trial,
    ),
    Question(
        "mail_from", "Which address do its mails come from?", "peer-support@example.org", rules.mail_address,
        default=lambda answers: f"peer-support@{_host(answers)}",
    ),
    Question(
        "time_zone", "In which time zone is the agency?", "America/New_York", rules.time_zone,
        default=lambda answers: machine_time_zone() or "America/Chicago",
        is_certain=lambda answers: _is_trial(answers) or bool(machine_time_zone()),
    ),
)  # fmt: skip
ABOUT_PROGRAM = (
    Question("agency", "Which agency's program is it?", "Example Police Department", rules.agency),
    Question(
        "program", "What is the program called?", "Peer Support", rules.program,
        default=lambda answers: "Peer Support",
    ),
    Question(
        "operator", "Who runs this server? They see that it works, and nothing that anybody writes.",
        "Sam Rivera <sam@example.org>", rules.person,
    ),
    Question("coordinator", "Who coordinates the team?", "Jo Park <jo@example.org>", rules.person),
    Question("director", "Who is the clinical director?", "Dr. Lee Moss <lee@example.org>", rules.person),
)  # fmt: skip
EVERY = ABOUT_HOME + ABOUT_PROGRAM


def add_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-input", action="store_true", help="Ask nothing: what is missing is an error.")
    parser.add_argument(
        "--answers", metavar="FILE", help="Answers from a file of lines `name = value`; - reads standard input."
    )
    for question in EVERY:
        parser.add_argument(question.flag, metavar="ANSWER", help=f"{question.asked} Such as: {question.example}")


def given(options: Mapping[str, str | None]) -> Answers:
    """The answers of flags and file, read and not yet checked; a flag counts more. Raises Refused."""
    typed = _in_file(str(options["answers"])) if options.get("answers") else {}
    typed |= {each.name: str(options[each.name]) for each in EVERY if options.get(each.name) is not None}
    answers = {each.name: _read(each, typed[each.name]) for each in EVERY if each.name in typed}
    rules.check_roles(answers)
    return answers


def _read(question: Question, typed: str) -> str:
    try:
        return question.read(typed.strip())
    except Refused as refused:
        raise Refused(f"{question.flag}: {refused}") from None


def _in_file(file: str) -> Answers:
    reader = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    try:
        text = sys.stdin.read() if file == "-" else Path(file).expanduser().read_text()
        reader.read_string(f"[answers]\n{text}")
    except OSError as error:
        raise Refused(f"{file} can't be read ({error.strerror}).") from None
    except (configparser.Error, UnicodeDecodeError):
        raise Refused(f"{file} has lines that aren't `name = value`. docs/settings.md has a sample.") from None
    answers = {name.replace("-", "_"): _unquoted(value) for name, value in reader["answers"].items()}
    if unknown := sorted(answers.keys() - {each.name for each in EVERY}):
        raise Refused(f"{file} answers what isn't asked: {unknown[0]}. docs/settings.md has a sample.")
    return answers


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value


def complete(answers: Answers, *, needed: Collection[Question], may_ask: bool) -> Answers:
    """All that is needed: what was given, what somebody types now, or the default. Raises Refused."""
    known = {"site": "", **answers}
    missing = [
        each.flag
        for each in needed
        if each.name not in answers and (each.default(known) is None or not each.is_certain(known))
    ]
    if missing and not may_ask:
        raise Refused(f"{', '.join(missing)}: missing. Say it by flag or with --answers FILE.")
    answers = dict(answers)
    for question in needed:
        if question.name in answers:
            continue
        default = question.default(answers)
        answers[question.name] = _ask(question, default, answers) if may_ask else question.read(default or "")
    return answers


def _ask(question: Question, default: str | None, answers: Answers) -> str:
    """Ask until the answer holds. Raises Refused where nobody is there to answer."""
    shown = "" if default is None else f" [{default or 'none'}]"
    while True:
        sys.stdout.write(f"\n{question.asked}\n  Such as {question.example}{shown}\n> ")
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            raise Refused(f"nobody answers: the input ended at {question.flag}.")
        try:
            answer = question.read(line.strip() or default or "")
            rules.check_roles({**answers, question.name: answer})
            question.check(answer)
        except Refused as refused:
            sys.stdout.write(f"  That doesn't work: {refused}\n")
        else:
            return answer


def check_all(answers: Answers) -> None:
    """Whether the world agrees with every answer."""
    for question in EVERY:
        if question.name in answers:
            try:
                question.check(answers[question.name])
            except Refused as refused:
                raise Refused(f"{question.flag}: {refused}") from None
