"""Certificates as the tests make them, and a report with one."""

import io
import struct
import zlib
from datetime import timedelta

from django.utils import timezone
from PIL import Image, ImageCms
from PIL.ExifTags import GPS, IFD, Base
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfWriter

from peersupport.team.models import Member
from training.actions import external_training
from training.models import ExternalTraining


def picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(out, kind)
    return out.getvalue()


def photograph(kind: str = "JPEG", orientation: int = 1) -> bytes:
    """20 by 10 pixels, the left half black, with everything that a telephone or a program writes beside them."""
    image, out, exif, words = Image.new("RGB", (20, 10), "white"), io.BytesIO(), Image.Exif(), PngInfo()
    image.paste("black", (0, 0, 10, 10))
    exif[Base.Orientation], exif[Base.Make], exif[Base.DateTime] = orientation, "EXIFCANARY", "2026:03:31 03:00:00"
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (30.0, 16.0, 2.0)
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSAreaInformation] = b"ASCII\0\0\0GPSCANARY"
    words.add_text("Comment", "TEXTCANARY", zip=False)
    words.add_itxt("XML:com.adobe.xmp", "<x>XMPCANARY</x>")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + b"ICCCANARY"
    beside = {"exif": exif, "icc_profile": profile}
    if kind == "PNG":
        image.save(out, kind, **beside, pnginfo=words)
    else:
        image.save(out, kind, **beside, quality=95, comment=b"TEXTCANARY", xmp=b"<x>XMPCANARY</x>")
    return out.getvalue() + b"<script>TRAILCANARY</script>"


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
