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


def pdf_of(*objects: str, catalog: str = "", page: str = "") -> bytes:
    """A PDF of one page as somebody types it. The objects are numbered from 4."""
    numbered = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] {page} >>",
        *objects,
    ]
    content, places = b"%PDF-1.7\n", []
    for number, body in enumerate(numbered, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(content)
    head = f"xref\n0 {len(numbered) + 1}\n0000000000 65535 f \n{table}"
    return content + f"{head}trailer\n<< /Size {len(numbered) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()


ON_OPENING = {
    "program, its kind elsewhere": pdf_of("/Launch", catalog="/OpenAction << /S 4 0 R /F (x) >>"),
    "program, spelled in numbers": pdf_of(catalog="/OpenAction << /S /L#61unch /F (x) >>"),
    "form that is sent": pdf_of("/SubmitForm", catalog="/OpenAction << /S 4 0 R /F () >>"),
    "another file": pdf_of(catalog="/OpenAction << /S /GoToR /F () /D [0 /Fit] >>"),
    "address": pdf_of(catalog="/OpenAction << /S /URI /URI () >>"),
    "address, elsewhere": pdf_of("<< /S 5 0 R /URI () >>", "/URI", catalog="/OpenAction 4 0 R"),
    "address of a page": pdf_of(page="/AA << /O << /S /URI /URI () >> >>"),
    "address of the PDF": pdf_of("<< /WC 5 0 R >>", "<< /S /URI /URI () >>", catalog="/AA 4 0 R"),
    "address after a page": pdf_of(catalog="/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next [<< /S /URI /URI () >>] >>"),
    "address of a slide": pdf_of(page="/PresSteps << /NA << /S /URI /URI () >> >>"),
    "address under the pointer": pdf_of(
        page="/Annots [<< /Subtype /Link /Rect [0 0 9 9] /AA << /E << /S /URI /URI () >> >> >>]"
    ),
    "film": pdf_of(page="/Annots [<< /Subtype /Movie /Rect [0 0 9 9] /Movie << /F () >> >>]"),
    "contents elsewhere": pdf_of("<< /Length 0 /F () >>\nstream\n\nendstream", page="/Contents 4 0 R"),
}
HARMLESS = {
    "page to begin with": pdf_of(catalog="/OpenAction [3 0 R /Fit]"),
    "page to turn to": pdf_of("<< /S /GoTo /D [3 0 R /Fit] >>", catalog="/OpenAction 4 0 R"),
    "printing": pdf_of(catalog="/OpenAction << /S /Named /N /Print >>"),
    "link on the first page": pdf_of(
        "<< /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI () /Next << /S /GoTo /D [3 0 R /Fit] >> >> >>",
        catalog="/OpenAction << /S /GoTo /D [3 0 R /Fit] >>",
        page="/Annots [4 0 R]",
    ),
    "circle": pdf_of("<< /S /GoTo /D [3 0 R /Fit] /Next 4 0 R >>", catalog="/OpenAction 4 0 R"),
}


@pytest.mark.parametrize("content", ON_OPENING.values(), ids=ON_OPENING)
def test_a_pdf_that_does_something_by_itself_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="Please print it to a new PDF"):
        received_files.check_pdf(content)


@pytest.mark.parametrize("content", HARMLESS.values(), ids=HARMLESS)
def test_a_pdf_that_turns_to_its_own_pages_or_has_a_link_is_taken(content: bytes) -> None:
    received_files.check_pdf(content)


@pytest.mark.parametrize("end", ["/Launch", "4 0 R"])
def test_a_pdf_with_a_reference_to_a_reference_is_refused(end: str) -> None:
    link = "/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << /S 4 0 R /F (x) >> >>]"
    with pytest.raises(Refused):
        received_files.check_pdf(pdf_of("5 0 R", end, page=link))
