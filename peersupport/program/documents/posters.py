"""Poster and pocket card as PDFs: where to ask for support, and the crisis lines. They name nobody."""

import io
from pathlib import Path

import qrcode
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathImage

from peersupport.core import pdf

from ..models import CrisisLine, ProgramSettings

FOLDER = Path(__file__).parent
LINES_ON_A_CARD = 2


def poster_pdf(program: ProgramSettings, lines: list[CrisisLine], address: str) -> bytes:
    """One letter-size sheet."""
    return pdf.to_pdf(FOLDER / "poster.typ", _contents(program, lines, address, "Poster"))


def pocket_card_pdf(program: ProgramSettings, lines: list[CrisisLine], address: str) -> bytes:
    """Ten cards of business-card size on one letter-size sheet, to cut out."""
    return pdf.to_pdf(
        FOLDER / "pocket_card.typ", _contents(program, lines[:LINES_ON_A_CARD], address, _("Pocket card"))
    )


def _contents(program: ProgramSettings, lines: list[CrisisLine], address: str, title: str) -> dict[str, object]:
    return {
        "title": f"{title}: {program.name}",
        "agency": program.agency,
        "program": program.name,
        "address": address.partition("://")[2].rstrip("/"),
        "qr": _qr_code(address),
        "word": program.program_word,
        "lines": [(line.name, _ways(line)) for line in lines],
    }


def _ways(line: CrisisLine) -> str:
    call = line.call and f"call {line.call}"
    text = line.text_to and " ".join(filter(None, ["text", line.text_body, line.text_body and "to", line.text_to]))
    return ", ".join(filter(None, [call, text]))


def _qr_code(address: str) -> str:
    """An SVG of the address alone: nothing in it tells one scan from another."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0)
    code.add_data(address)
    picture = io.BytesIO()
    code.make_image(image_factory=SvgPathImage).save(picture)
    return picture.getvalue().decode()
