"""What the operator reads about the machine."""

from dataclasses import replace

from operations.health import Health
from operations.presenters import health_todos
from peersupport.notices.domain.channels import Channel

WELL = Health(problems=[], stuck_notices={Channel.MAIL: 0, Channel.PHONE: 0}, unverified_keys=0, unreadable_requests=0)


def test_operator_reads_that_all_is_well() -> None:
    (todo,) = health_todos(WELL)
    assert (todo.text, todo.needs_attention) == ("Everything is running", False)


def test_operator_reads_each_problem_and_no_praise() -> None:
    found = health_todos(replace(WELL, problems=[("worker", "silent"), ("statistics", "unheard_of")]))
    assert [todo.text for todo in found] == [
        "The worker isn't running: no notice goes out, and no request is passed on",
        "statistics: unheard_of",
    ]
    assert all(todo.needs_attention for todo in found)


def test_operator_reads_how_many_notices_cannot_be_sent() -> None:
    found = health_todos(replace(WELL, stuck_notices={Channel.MAIL: 1, Channel.PHONE: 12}))
    assert [todo.text for todo in found] == ["One notice can't be sent", "12 phone alerts can't be sent"]


def test_operator_reads_how_many_keys_do_not_verify() -> None:
    (todo,) = health_todos(replace(WELL, unverified_keys=2))
    assert (todo.text, todo.needs_attention) == ("Two members' confirmed keys don't verify", True)
    assert "somebody changed the database" in todo.detail


def test_operator_reads_how_many_requests_do_not_open() -> None:
    (todo,) = health_todos(replace(WELL, unreadable_requests=1))
    assert (todo.text, todo.needs_attention) == ("One open request can't be opened", True)
    assert "another host secret" in todo.detail
