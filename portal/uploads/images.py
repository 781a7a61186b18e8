"""Photos are decoded and written anew: what is not picture (place, device, hidden data) does not survive."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from portal.uploads.kinds import JPEG, Kind
from portal.uploads.refusals import damaged

LONGEST_SIDE = 4000
MOST_PIXELS = 60_000_000
"""A 48 megapixel telephone passes; a "bomb" of a few kilobytes that unfolds to gigabytes does not."""


def rebuild(content: bytes, kind: Kind) -> bytes:
    try:
        with warnings.catch_warnings():
            # Pillow's own warning threshold; ours is checked on the header, before any pixel is decoded.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _rebuild(content, kind)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise damaged() from error


def _rebuild(content: bytes, kind: Kind) -> bytes:
    format_name = "JPEG" if kind is JPEG else "PNG"
    with Image.open(io.BytesIO(content), formats=[format_name]) as image:
        if image.width * image.height > MOST_PIXELS:
            raise damaged()
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        return _write(upright, format_name)


def _write(image: Image.Image, format_name: str) -> bytes:
    """Copied pixel by pixel into a fresh image, which has no metadata to forget about."""
    plain = image.convert("RGBA" if format_name == "PNG" and image.has_transparency_data else "RGB")
    fresh = Image.new(plain.mode, plain.size)
    fresh.paste(plain)
    output = io.BytesIO()
    options = {"quality": 88, "progressive": True} if format_name == "JPEG" else {}
    fresh.save(output, format_name, optimize=True, **options)
    return output.getvalue()
