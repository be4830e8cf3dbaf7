"""Makes a picture anew from its pixels alone. Only in the sandbox: nothing here bounds time or memory."""

import contextlib
import io
from typing import cast

from PIL import Image, ImageOps

# What decoding would load: nothing can be loaded once a file is read.
from PIL import ImageColor, ImageFile, ImageFilter, ImagePalette  # noqa: F401  # isort: skip
from PIL import MpoImagePlugin, TiffImagePlugin  # noqa: F401  # isort: skip

from peersupport.core.sentences import gettext_noop as _

from ..errors import Refused

Image.preinit()
MAX_PIXELS = 40_000_000  # a letter-size page at 600 dpi has 34 million
LONGEST_SIDE = 3_300  # pixels: a letter-size page at 300 dpi
QUALITY = 85
UNREADABLE = _("We couldn't open this picture. Please save it again as PNG or JPEG.")
TOO_MANY_PIXELS = _("This picture has more than 40 million pixels. Please save it smaller, or as a PDF.")


def read(content: bytes, formats: list[str]) -> tuple[object, bytes]:
    """A JPEG without a word about camera, place, time or person, upright, and of a bounded size."""
    try:
        with Image.open(io.BytesIO(content), formats=formats) as image:
            if image.width * image.height > MAX_PIXELS:  # known before any pixel is decoded
                raise Refused(TOO_MANY_PIXELS)
            return None, _made_anew(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(TOO_MANY_PIXELS) from None
    except (Refused, MemoryError):
        raise
    except Exception as error:  # the parsers raise all kinds of errors for damaged files
        raise Refused(UNREADABLE) from error


def _made_anew(image: Image.Image) -> bytes:
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG's decoder can leave pixels out at once
    image.load()
    pixels = _on_white(image)
    pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    turned = _upright(pixels, image)
    fresh = Image.frombytes("RGB", turned.size, turned.tobytes())  # takes nothing along that stood beside the pixels
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return _in_mode("RGB", image)
    clear = _in_mode("RGBA", image)
    white = Image.new("RGB", clear.size, "white")
    white.paste(clear, mask=clear.getchannel("A"))
    return white


def _in_mode(mode: str, image: Image.Image) -> Image.Image:
    """Without a copy where it is in this mode: of the largest that takes 160 MB."""
    return image if image.mode == mode else image.convert(mode)


def _upright(pixels: Image.Image, image: Image.Image) -> Image.Image:
    """As the camera says it was held. One that says so in a damaged way is left as it is."""
    with contextlib.suppress(Exception):
        pixels.getexif()[0x0112] = image.getexif()[0x0112]
        return cast(Image.Image, ImageOps.exif_transpose(pixels))
    return pixels
