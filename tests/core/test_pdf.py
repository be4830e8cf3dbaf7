"""Paper prints whatever people are called, and runs none of it."""

import io
import sys
import unicodedata

import pypdf
from hypothesis import given, settings
from hypothesis import strategies as st

from peersupport.core import pdf as pdf_core

SAYS = "#show: paper\n#said.words"


def text_of(pdf):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def printed(folder, words):
    template = folder / "says.typ"
    template.write_text(SAYS)
    return pdf_core.to_pdf(template, {"title": "A paper", "agency": "An agency", "words": words})


def test_names_are_printed_as_they_are_and_never_read_as_markup(tmp_path):
    names = "Nguyễn Thị Đặng, Łukasz, Ана, José #strong[x] *b* _i_ $x$ \\ @y //z `c` <d> ● ◐ ○"
    assert unicodedata.normalize("NFC", text_of(printed(tmp_path, names))).startswith(names)
    assert text_of(printed(tmp_path, "日本 😀 א \u202e\u0007")).startswith("?? ? ? ??")


def test_every_letter_that_is_let_through_has_a_type(tmp_path):
    letters = [chr(number) for number in range(0x20, sys.maxunicode) if pdf_core._printable_letter(chr(number)) != "?"]
    assert len(letters) > 1_000
    printed(tmp_path, " ".join(letters))


@settings(max_examples=20, deadline=None)
@given(words=st.lists(st.text(max_size=30), max_size=40).map(" ".join))
def test_no_words_stop_the_file(tmp_path_factory, words):
    assert printed(tmp_path_factory.getbasetemp(), words).startswith(b"%PDF")
