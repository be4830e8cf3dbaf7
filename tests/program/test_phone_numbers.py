"""Numbers in typed text become links to call; nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peersupport.program.domain.phone_numbers import split_at_numbers
from peersupport.program.templatetags.page import with_phone_links


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("555-0177", ["tel:5550177"]),
        ("(512) 555-0177, Dr. Lee, day and night", ["tel:5125550177"]),
        ("Dr. Lee: 1-512-555-0177, at night 512.555.0188", ["tel:15125550177", "tel:5125550188"]),
        ("+1 512 555 0177.", ["tel:+15125550177"]),
        ("5125550177 ext. 4", ["tel:5125550177"]),
        ("08-17 555-0177", ["tel:5550177"]),
        ("0800-1700 on weekdays", []),
        ("since 2026-11-28", []),
        ("lee.555-0177@example.org", []),
        ("Room 5, ask for Dr. Lee", []),
        ("", []),
    ],
)
def test_numbers_as_people_write_them_are_found(text, called):
    assert [link for _, link in split_at_numbers(text) if link] == called


@given(st.text(alphabet="0123456789 +-().@ax", max_size=40))
def test_no_word_is_lost(text):
    assert "".join(part for part, _ in split_at_numbers(text)) == text


def test_typed_text_is_escaped():
    assert with_phone_links("<b>555-0177</b>") == '&lt;b&gt;<a href="tel:5550177">555-0177</a>&lt;/b&gt;'
