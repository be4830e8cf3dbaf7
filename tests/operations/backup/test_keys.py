import pytest
from pyrage import decrypt, encrypt

from operations.backup import keys
from peersupport.core.errors import Refused


def test_what_the_public_half_seals_the_private_half_opens():
    private, public = keys.make()
    assert decrypt(encrypt(b"rows", [keys.recipient(public)]), [keys.identity(private)]) == b"rows"


def test_a_key_file_may_have_the_comments_of_age_keygen():
    private, public = keys.make()
    assert str(keys.identity(f"# created: 2026-01-15\n# public key: {public}\n{private}\n")) == private


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "age1abc", "AGE-SECRET-KEY-1ABC", "AGE-SECRET-KEY-1A\nAGE-SECRET-KEY-1B"]
)
def test_what_is_no_private_key_is_refused_in_one_line(text):
    with pytest.raises(Refused, match="AGE-SECRET-KEY-1"):
        keys.identity(text)


@pytest.mark.parametrize("text", ["", "age1abc", "AGE-SECRET-KEY-1ABC"])
def test_what_is_no_public_key_is_refused_in_one_line(text):
    with pytest.raises(Refused, match=keys.VARIABLE):
        keys.recipient(text)
