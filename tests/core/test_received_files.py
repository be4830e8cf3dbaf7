"""Pictures come out as pixels alone; PDFs that do more than paper are refused."""

import io
import struct

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from peersupport.core import received_files
from peersupport.core.errors import Refused
from tests.training.external_training import pdf, photograph, picture_that_says_it_is

pytestmark = pytest.mark.sqlite_only


def segments(jpeg: bytes) -> list[int]:
    """The markers before the pixels, and the last."""
    found, at = [], 2
    while jpeg[at + 1] != 0xDA:
        found.append(jpeg[at + 1])
        at += 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
    return [*found, jpeg[-1]]


def is_dark(image: Image.Image, x: int, y: int) -> bool:
    return sum(image.getpixel((x, y))) < 300


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_nothing_stands_beside_the_pixels_of_a_picture(kind: str) -> None:
    before = photograph(kind)
    assert {word for word in (b"GPS", b"EXIF", b"TEXT", b"XMP", b"TRAIL") if word + b"CANARY" in before} == {
        b"GPS", b"EXIF", b"TEXT", b"XMP", b"TRAIL"
    }  # fmt: skip
    after = received_files.picture_made_anew(before)
    assert b"CANARY" not in after
    jfif, tables, frame, huffman, end = 0xE0, 0xDB, 0xC0, 0xC4, 0xD9
    assert set(segments(after)) == {jfif, tables, frame, huffman, end}
    with Image.open(io.BytesIO(after)) as image:
        assert (image.size, is_dark(image, 3, 5), is_dark(image, 16, 5)) == ((20, 10), True, False)


@pytest.mark.parametrize(
    ("orientation", "dark", "bright"),
    [(3, (16, 5), (3, 5)), (6, (5, 3), (5, 16)), (8, (5, 16), (5, 3)), (99, (3, 5), (16, 5))],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_stands_upright(kind: str, orientation: int, dark: tuple[int, int], bright: tuple[int, int]) -> None:
    after = received_files.picture_made_anew(photograph(kind, orientation))
    with Image.open(io.BytesIO(after)) as image:
        assert (is_dark(image, *dark), is_dark(image, *bright)) == (True, False)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_is_read(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (5_000, 30)).save(out, "PNG")
    with Image.open(io.BytesIO(received_files.picture_made_anew(out.getvalue()))) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (3_300, 20))
        assert is_dark(image, 5, 5) is (mode not in {"LA", "RGBA"}), "what is transparent is white paper"


def test_every_kind_of_jpeg_is_read() -> None:
    for mode, options in {"L": {}, "CMYK": {}, "RGB": {"progressive": True}}.items():
        out = io.BytesIO()
        Image.new(mode, (7_000, 40)).save(out, "JPEG", **options)
        with Image.open(io.BytesIO(received_files.picture_made_anew(out.getvalue()))) as image:
            assert (image.mode, image.width) == ("RGB", 3_300)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (picture_that_says_it_is(40_000, 40_000), "40 million pixels"),
        (picture_that_says_it_is(6_400, 6_400), "40 million pixels"),
        (picture_that_says_it_is(100, 100), "couldn't open this picture"),
        (photograph()[:400], "couldn't open this picture"),
    ],
)
def test_a_picture_that_cannot_be_opened_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        received_files.picture_made_anew(content)


def pdf_with(kind: str) -> bytes:
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf()))), io.BytesIO()
    if kind == "script":
        script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert()")}
        writer.root_object[NameObject("/OpenAction")] = writer._add_object(DictionaryObject(script))
    elif kind == "file":
        writer.add_attachment("more.txt", b"more")
    elif kind == "link":
        writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url="https://example.org"))
    elif kind == "program":
        launch = DictionaryObject({NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("x")})
        writer.root_object[NameObject("/OpenAction")] = writer._add_object(launch)
    else:
        deep = ArrayObject()
        for _ in range(300):
            deep = ArrayObject([deep])
        writer.root_object[NameObject("/Deep")] = deep
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["script", "file", "program"])
def test_a_pdf_that_does_more_than_paper_is_refused(kind: str) -> None:
    with pytest.raises(Refused, match="Please print it to a new PDF"):
        received_files.check_pdf(pdf_with(kind))


@pytest.mark.parametrize("kind", ["link", "deep"])
def test_an_ordinary_pdf_is_taken(kind: str) -> None:
    received_files.check_pdf(pdf_with(kind))
