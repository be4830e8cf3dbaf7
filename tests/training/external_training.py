"""Certificates as the tests make them, and a report with one."""

import io
import struct
import zlib
from datetime import timedelta

from django.utils import timezone
from PIL import Image
from pypdf import PdfWriter

from peersupport.team.models import Member
from training.actions import external_training
from training.models import ExternalTraining


def picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(out, kind)
    return out.getvalue()


def picture_that_says_it_is(width: int, height: int) -> bytes:
    """Its head alone, with these sizes: whatever unpacks it finds it cut short."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return picture()[:12] + head + struct.pack(">I", zlib.crc32(head)) + struct.pack(">I4s", 0, b"IDAT")


def pdf() -> bytes:
    out, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(out)
    return out.getvalue()


def report_training(member: Member, certificate: bytes | None = None, **fields: object) -> ExternalTraining:
    facts = {"subject": "mediation", "completed_on": timezone.localdate(), "hours": 4, "provider": "A college"}
    # The day before, so that it is not what is on record already.
    facts["completed_on"] -= timedelta(days=1)
    return external_training.report(
        member=member, certificate=certificate or picture(), by=member.user, **{**facts, **fields}
    )
