"""What hangs on a wall and lies in a wallet: where to ask, and the numbers that are answered now. Names nobody."""

import io
from pathlib import Path

import qrcode
from qrcode.image.svg import SvgPathImage

from peersupport.core import pdf

from ..models import CrisisLine, ProgramSettings

FOLDER = Path(__file__).parent
LINES_ON_A_CARD = 2


def poster_pdf(program: ProgramSettings, lines: list[CrisisLine], address: str) -> bytes:
    """One sheet for a wall."""
    return pdf.to_pdf(FOLDER / "poster.typ", _said(program, lines, address, "Poster"))


def pocket_card_pdf(program: ProgramSettings, lines: list[CrisisLine], address: str) -> bytes:
    """Ten cards on a sheet, of the size of a business card."""
    return pdf.to_pdf(FOLDER / "pocket_card.typ", _said(program, lines[:LINES_ON_A_CARD], address, "Pocket card"))


def _said(program: ProgramSettings, lines: list[CrisisLine], address: str, title: str) -> dict[str, object]:
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
    """An SVG picture of the address and nothing else: whoever scans it is nobody in particular."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0)
    code.add_data(address)
    picture = io.BytesIO()
    code.make_image(image_factory=SvgPathImage).save(picture)
    return picture.getvalue().decode()
