"""Hypothesis strategies for the property tests."""

from hypothesis import settings
from hypothesis import strategies as st

from peersupport.sealing import receipt

modest = settings(max_examples=60, deadline=None)
keys = st.binary(min_size=32, max_size=32)
data = st.binary(max_size=300)
words = st.tuples(*[st.sampled_from(receipt.WORDS)] * receipt.LENGTH)
parts = st.one_of(st.binary(max_size=12), st.text(max_size=12), st.integers())

# What gets between and into words when people copy, dictate or print them.
gaps = st.text(st.sampled_from(" \t\n\r,;.-–—_/0123456789•\"'()\u00a0\u2003\u202f\u3000"), min_size=1, max_size=6)
marks = st.text(st.sampled_from("\u00ad\u200b\u200d\u200e\u200f\u202e\ufeff\u0301\u0308\u20dd"), max_size=3)


@st.composite
def renderings(draw, chosen):
    """The words as somebody might type them: any case, any gaps, invisible marks, wide letters."""
    written = [draw(gaps) if draw(st.booleans()) else ""]
    for word in chosen:
        for letter in word:
            shape = draw(st.sampled_from("abcde"))
            written.append({"a": letter.upper(), "b": chr(ord(letter) + 0xFEE0)}.get(shape, letter))
            written.append(draw(marks) if shape == "c" else "")
        written.append(draw(gaps) if draw(st.booleans()) else "")
    return "".join(written)
