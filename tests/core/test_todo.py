from dataclasses import FrozenInstanceError

import pytest

from peersupport.core.todo import Todo


def test_a_todo_needs_a_text_alone_and_is_then_neither_urgent_nor_counted() -> None:
    todo = Todo("A reference has come")
    assert (todo.detail, todo.url, todo.action, todo.entry) == ("", "", "", "")
    assert (todo.needs_attention, todo.count) == (False, 0)


def test_a_todo_is_not_changed_by_who_shows_it() -> None:
    with pytest.raises(FrozenInstanceError):
        Todo("A reference has come").count = 2  # type: ignore[misc]
