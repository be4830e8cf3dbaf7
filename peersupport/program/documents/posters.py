"""Poster and pocket card as PDFs: where to ask for support, and the crisis lines. They name nobody."""

import io
from pathlib import Path

from django.utils.translation import gettext as _

from peersupport.core import pdf

from ..models import CrisisLine, ProgramSettings
from ..presenters.crisis_lines import ways_on_paper

FOLDER = Path(__file__).parent
LINES_ON_A_CARD = 2


def poster_pdf(program: ProgramSettings, lines: list[CrisisLine], address: str) -> bytes:
    """One letter-size sheet."""
    words = {
        "lead": _(
            "Someone who does this work too and is trained to listen. No account, no name, and what you write is "
            "erased when you're done."
        ),
        "how": _("With your own phone, off the station's Wi-Fi, scan the code or type"),
        "enough": _("You don't need the right words. “Please, somebody” is enough."),
        "word_label": _("To see who is on the team, use this word:"),
        "lines_title": _("If it can't wait"),
        "limit": _(
            "We cannot see who or where you are, so we cannot send help. If you may act on thoughts of suicide, call "
            "or text 988 now."
        ),
    }
    return pdf.to_pdf(FOLDER / "poster.typ", _contents(program, lines, address, _("Poster")) | words)


def pocket_card_pdf(program: ProgramSettings, lines: list[CrisisLine], address: str) -> bytes:
    """Ten cards of business-card size on one letter-size sheet, to cut out."""
    words = {
        "lead": _("Someone who does this work too. No account, no name."),
        "word_label": _("Word for the team's names:"),
        "how": _("Use your own phone."),
    }
    contents = _contents(program, lines[:LINES_ON_A_CARD], address, _("Pocket card"))
    return pdf.to_pdf(FOLDER / "pocket_card.typ", contents | words)


def _contents(program: ProgramSettings, lines: list[CrisisLine], address: str, title: str) -> dict[str, object]:
    shown_address = address.partition("://")[2].rstrip("/")
    return {
        "title": f"{title}: {program.name}",
        "agency": program.agency,
        "program": program.name,
        "heading": _("You can talk to someone"),
        "address": shown_address,
        "qr_text": _("Leads to %(address)s") % {"address": shown_address},
        "qr": _qr_code(address),
        "word": program.program_word,
        "lines": [(line.name, ways_on_paper(line)) for line in lines],
    }


def _qr_code(address: str) -> str:
    """An SVG of the address alone: nothing in it tells one scan from another."""
    import qrcode  # slow to load
    from qrcode.image.svg import SvgPathImage

    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0)
    code.add_data(address)
    picture = io.BytesIO()
    code.make_image(image_factory=SvgPathImage).save(picture)
    return picture.getvalue().decode()
