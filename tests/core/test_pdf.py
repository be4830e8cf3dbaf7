"""A PDF prints whatever people are called, and runs none of it."""

import io
import sys
import unicodedata

import pypdf
from hypothesis import given, settings
from hypothesis import strategies as st

from peersupport.core import pdf

TEMPLATE = "#show: page-layout\n#data.text"


def text_of(content):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def printed(folder, text):
    template = folder / "one-text.typ"
    template.write_text(TEMPLATE)
    return pdf.to_pdf(template, {"title": "A document", "agency": "An agency", "text": text})


def test_names_are_printed_as_they_are_and_never_read_as_markup(tmp_path):
    names = "Nguyễn Thị Đặng, Łukasz, Ана, José #strong[x] *b* _i_ $x$ \\ @y //z `c` <d> ● ◐ ○"
    assert unicodedata.normalize("NFC", text_of(printed(tmp_path, names))).startswith(names)
    assert text_of(printed(tmp_path, "日本 😀 א \u202e\u0007")).startswith("?? ? ? ??")


def test_every_printable_character_has_a_glyph(tmp_path):
    characters = [chr(number) for number in range(0x20, sys.maxunicode)]
    printable = [character for character in characters if pdf._printable_character(character) != "?"]
    assert len(printable) > 1_000
    printed(tmp_path, " ".join(printable))


@settings(max_examples=20, deadline=None)
@given(text=st.lists(st.text(max_size=30), max_size=40).map(" ".join))
def test_no_text_stops_the_file(tmp_path_factory, text):
    assert printed(tmp_path_factory.getbasetemp(), text).startswith(b"%PDF")
