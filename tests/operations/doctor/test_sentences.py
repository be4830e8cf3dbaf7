"""Every finding has its sentence, and what isn't well has a remedy."""

import ast
import re
from pathlib import Path

import pytest

from operations import presenters as health
from operations.doctor import presenters
from operations.doctor.checks import CHECKS
from operations.doctor.domain.findings import Finding, Level, see_to, well
from peersupport.core.variables import VARIABLES, Needed

ROOT = Path(__file__).parents[3]
DOCTOR = ROOT / "operations" / "doctor"
MAKERS = {"well", "see_to", "cannot_serve"}


def made() -> set[tuple[str, str, str]]:
    """Every finding that the source names word for word: maker, check and code."""
    found = set()
    for path in DOCTOR.rglob("*.py"):
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Name) and call.func.id in MAKERS:
                words = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
                if len(call.args) == len(words) and words:
                    found.add((call.func.id, *(words if len(words) == 2 else [*words, "ok"])))
    return found


def test_there_are_findings_to_look_at() -> None:
    assert len(made()) > 40


@pytest.mark.parametrize(("maker", "check", "code"), sorted(made()))
def test_every_finding_has_its_sentence_and_every_problem_a_remedy(maker: str, check: str, code: str) -> None:
    if code in presenters.SAID_ON_HOME:
        return
    says, remedy = presenters.SENTENCES[check, code]
    assert says
    assert remedy or maker == "well"
    assert check in presenters.TITLES


def test_every_check_has_a_title() -> None:
    assert {check.name for check in CHECKS} <= set(presenters.TITLES)


def test_no_check_stands_under_two_subjects() -> None:
    checks = [check for subject in presenters.SUBJECTS for check in subject.TITLES]
    assert len(checks) == len(set(checks))
    for subject in presenters.SUBJECTS:
        assert {check for check, _ in subject.SENTENCES} <= set(subject.TITLES)


def test_every_word_of_health_has_its_sentence_and_its_remedy() -> None:
    assert set(health.HEALTH_LABELS) == set(health.HEALTH_REMEDIES)
    for part, code in health.HEALTH_LABELS:
        [line] = presenters.lines([see_to(part, code)])
        assert line.says and line.remedy
    for part in {part for part, _ in health.HEALTH_LABELS} - {"room", "stored"}:  # which have checks of their own
        assert presenters.lines([well(part)])[0].remedy == ""


def test_home_and_doctor_say_the_same() -> None:
    [line] = presenters.lines([see_to("requests", "unverified_keys", number=2)])
    assert (line.says.rstrip("."), line.remedy) == health.unverified_keys(2)


def test_remedy_is_a_command_that_can_be_copied() -> None:
    [line] = presenters.lines([see_to("modes", "open", path="/h/keyring", mode="755", wanted="700")])
    assert line.remedy == "chmod 700 /h/keyring"


def test_what_could_not_be_checked_is_said_without_the_errors_text() -> None:
    [line] = presenters.lines([Finding("clock", "not_done", Level.SEE_TO, {"error": "OSError"})])
    assert line.says == "This couldn't be checked (OSError)."


NAME = r"`(PEERSUPPORT_[A-Z_]+[A-Z])`"


def test_every_variable_stands_in_the_docs_where_it_belongs() -> None:
    """What is needed in the first table, what isn't in the second, and the rest in the sentences about it."""
    text = (ROOT / "docs" / "settings.md").read_text()
    needed, optional = text.split("## What is optional")
    rows = [re.findall(NAME, " ".join(re.findall(r"^\| (`.+?`) \|", part, re.M))) for part in (needed, optional)]
    by_serve = re.search(r"`serve` sets(.*?)\n\n", text, re.S)
    for_tests = re.search(r"For tests only:(.*?)\n\n", text, re.S)
    assert by_serve and for_tests
    ours = {each.name for each in VARIABLES}
    assert set(rows[0]) == {each.name for each in VARIABLES if each.needed is not Needed.NO}
    assert set(re.findall(NAME, by_serve[1])) == {each.name for each in VARIABLES if each.is_set_by_serve}
    assert set(re.findall(NAME, for_tests[1])) == {each.name for each in VARIABLES if each.is_for_tests}
    told = {each.name for each in VARIABLES if each.is_set_by_serve or each.is_for_tests}
    assert set(rows[1]) == ours - set(rows[0]) - told - {"PEERSUPPORT_HOME"}
    assert set(re.findall(NAME, text)) == ours
