"""What the operator reads about the machine."""

from operations.presenters import health_todos
from peersupport.notices.domain.channels import Channel

NONE_STUCK = {Channel.MAIL: 0, Channel.PHONE: 0}


def test_operator_reads_that_all_is_well() -> None:
    (todo,) = health_todos([], NONE_STUCK, 0, 0)
    assert (todo.text, todo.needs_attention) == ("Everything is running", False)


def test_operator_reads_each_problem_and_no_praise() -> None:
    found = list(health_todos([("worker", "silent"), ("statistics", "unheard_of")], NONE_STUCK, 0, 0))
    assert [todo.text for todo in found] == [
        "The worker isn't running: no notice goes out, and no request is passed on",
        "statistics: unheard_of",
    ]
    assert all(todo.needs_attention for todo in found)


def test_operator_reads_how_many_notices_cannot_be_sent() -> None:
    found = [todo.text for todo in health_todos([], {Channel.MAIL: 1, Channel.PHONE: 12}, 0, 0)]
    assert found == ["One notice can't be sent", "12 phone alerts can't be sent"]


def test_operator_reads_how_many_keys_do_not_verify() -> None:
    (todo,) = health_todos([], NONE_STUCK, 2, 0)
    assert (todo.text, todo.needs_attention) == ("Two members' confirmed keys don't verify", True)
    assert "somebody changed the database" in todo.detail


def test_operator_reads_how_many_requests_do_not_open() -> None:
    (todo,) = health_todos([], NONE_STUCK, 0, 1)
    assert (todo.text, todo.needs_attention) == ("One open request can't be opened", True)
    assert "another host secret" in todo.detail
