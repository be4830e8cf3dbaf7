"""What a child's lines become in the log: no word of anybody."""

import pytest

from operations.serve.domain.child_lines import MOST_FRAMES, Broke, ChildLines, Marked, Refusal

MARK = "0123abcd "
CANARY = "canary-of-somebody"


@pytest.fixture
def lines():
    return ChildLines(MARK, is_source=lambda path: path.startswith("/srv/"))


def read(lines, *said):
    return [kept for line in said if (kept := lines.read(line)) is not None]


def test_a_line_of_the_log_passes_as_it_is(lines):
    assert read(lines, MARK + '{"level": "INFO"}') == [Marked('{"level": "INFO"}')]


def test_a_line_that_only_looks_like_the_log_is_left_out(lines):
    assert read(lines, '{"level": "INFO", "message": "' + CANARY + '"}') == []
    assert lines.take_left_out() == 1


def test_why_the_program_does_not_start_passes(lines):
    assert read(lines, f"{MARK}Peer Support does not start: it is not set.") == [Refusal("it is not set.")]


def test_a_line_of_a_library_cannot_pass_for_it(lines):
    assert read(lines, f"Peer Support does not start: {CANARY}") == []


def test_of_a_traceback_the_lines_of_code_and_the_class_remain(lines):
    kept = read(
        lines, "[ERROR] Application callable raised an exception", "Traceback (most recent call last):",
        '  File "/srv/app/views.py", line 12, in page', f"    raise ValueError({CANARY})", "    ~~~~~^^^^^",
        '  File "/srv/app/rules.py", line 3, in rule', f"app.errors.Wrong: {CANARY}", f"and more of {CANARY}",
    )  # fmt: skip
    assert kept == [Broke("app.errors.Wrong at views.py:12 > rules.py:3")]
    assert lines.take_left_out() == 4
    assert lines.take_left_out() == 0


def test_an_exceptions_text_cannot_pass_for_a_traceback(lines):
    kept = read(
        lines, "Traceback (most recent call last):", f'  File "/home/{CANARY}.py", line 12, in page', f"{CANARY}: no"
    )  # fmt: skip
    assert kept == []


def test_a_deep_traceback_stays_one_short_line(lines):
    frames = [f'  File "/srv/app/deep.py", line {number}, in again' for number in range(1000)]
    [kept] = read(lines, "Traceback (most recent call last):", *frames, "RecursionError: too deep")
    assert kept.where.count("deep.py") == MOST_FRAMES and kept.where.endswith("deep.py:999")
