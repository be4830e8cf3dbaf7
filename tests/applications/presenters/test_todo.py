"""What the home and the desk say about applications."""

from applications.presenters import todo
from applications.queries.todo import CoordinatorFigures, NamedApplication

CORY = NamedApplication(7, "Cory Candidate")
NONE = CoordinatorFigures(new=0, without_suitable_time=(), fully_reviewed=(), withdrawn=0)


def texts(figures: CoordinatorFigures) -> list[tuple[str, str]]:
    return [(entry.text, entry.detail) for entry in todo.for_coordinator(figures)]


def test_nothing_to_do_says_nothing():
    assert todo.for_coordinator(NONE) == []
    assert todo.for_reviewer([]) == []


def test_one_of_each_is_said_in_order():
    assert texts(CoordinatorFigures(1, (CORY,), (CORY,), 1)) == [
        ("One new application", "Nobody has started reviewing it"),
        ("None of the interview times work for Cory Candidate", "Propose other times"),
        ("All reviews of Cory Candidate's application are in", "You can decide now"),
        ("One application was withdrawn", "In the last seven days"),
    ]


def test_several_are_counted():
    assert texts(CoordinatorFigures(2, (), (), 12)) == [
        ("Two new applications", "Nobody has started reviewing them"),
        ("12 applications were withdrawn", "In the last seven days"),
    ]


def test_the_rail_counts_what_must_be_done():
    counts = [(entry.entry, entry.count) for entry in todo.for_coordinator(CoordinatorFigures(3, (CORY,), (CORY,), 5))]
    assert counts == [("applications:list", 3), ("applications:list", 1), ("applications:list", 1), ("", 0)]


def test_reviewer_is_led_to_each_application():
    (entry,) = todo.for_reviewer([CORY])
    assert (entry.text, entry.url) == ("You've been asked to review Cory Candidate's application", "/applications/7/")
