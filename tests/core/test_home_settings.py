"""A home's settings.env: how a line may be written, and what no sentence may quote."""

from pathlib import Path

import pytest

from peersupport.core.errors import Refused
from peersupport.settings import home

NAME = "PEERSUPPORT_EMAIL_URL"
SECRET = "smtp+tls://user:the-secret@mail:587"


@pytest.mark.parametrize(
    "line",
    [
        f"{NAME}={SECRET}", f"{NAME} = {SECRET}", f"  {NAME}={SECRET}  ", f"export {NAME}={SECRET}",
        f"export\t{NAME}\t=\t{SECRET}", f"{NAME}='{SECRET}'", f'{NAME} = "{SECRET}"', f"\ufeff{NAME}={SECRET}\r",
        f"{NAME}=old\n{NAME} = {SECRET}",
    ],
)  # fmt: skip
def test_a_line_counts_however_it_is_written_and_is_replaced_whole(tmp_path: Path, line: str) -> None:
    (tmp_path / "settings.env").write_text(f"{line}\n# a comment\n\nA=b\n")
    assert home.read(tmp_path) == {NAME: SECRET, "A": "b"}
    home.write(tmp_path, {NAME: "files"})
    assert (tmp_path / "settings.env").read_text() == f"{NAME}=files\n# a comment\n\nA=b\n"
    home.write(tmp_path, {NAME: None})
    assert home.read(tmp_path) == {"A": "b"}


@pytest.mark.parametrize("value", ["", "a b", " a ", "'a", '"a"', "a'b\"c", "\\n", "a=b#c", "'\"a\"'", "\ta"])
def test_what_is_written_is_read(tmp_path: Path, value: str) -> None:
    home.write(tmp_path, {"A": value})
    assert home.read(tmp_path) == {"A": value}


@pytest.mark.parametrize("value", ["a\nb", "a\n", "a\rb", "a\u2028b"])
def test_a_value_of_two_lines_is_not_written(tmp_path: Path, value: str) -> None:
    with pytest.raises(ValueError, match=r"^A: a setting"):
        home.write(tmp_path, {"A": value})


@pytest.mark.parametrize("line", [SECRET, f"MAIL-URL={SECRET}", f": {SECRET}", f"export {SECRET}"])
def test_a_line_that_sets_nothing_is_named_by_its_number_alone(tmp_path: Path, line: str) -> None:
    (tmp_path / "settings.env").write_text(f"A=b\n\n{line}\n")
    with pytest.raises(Refused) as refused:
        home.read(tmp_path)
    assert str(refused.value) == "line 3 of settings.env is no NAME=value. Correct it, or begin it with #."


def test_what_is_set_twice_is_found(tmp_path: Path) -> None:
    (tmp_path / "settings.env").write_text("A=1\nB=1\nexport A = 2\n")
    assert home.set_twice(tmp_path) == ["A"]
