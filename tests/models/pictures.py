"""Small files of every kind that is taken, and what a camera leaves in them."""

from io import BytesIO
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

#: What must not be kept: it would tell where and by whom a picture was made.
SECRET = b"PLACE-29.35-105.93"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def a_picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **more: Any) -> bytes:
    """A picture whose left half is red and right half blue (or dark and light)."""
    red, blue = Image.new("RGB", size, (220, 20, 20)), Image.new("RGB", (size[0] // 2, size[1]), (20, 20, 220))
    red.paste(blue, (size[0] // 2, 0))
    sent = BytesIO()
    red.convert(mode).save(sent, kind, **more)
    return sent.getvalue()


def with_a_place(kind: str) -> bytes:
    """A picture that tells its place in every way that its kind knows, and that a camera held upright."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by a quarter
    exif[0x010E] = SECRET.decode()
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[29] = "N", (29.0, 21.0, 0.0), SECRET.decode()
    if kind == "PNG":
        text = PngInfo()
        text.add_text("Comment", SECRET.decode())
        text.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET.decode()}</x>")
        return a_picture(kind, exif=exif, pnginfo=text) + SECRET
    more: dict[str, Any] = {"comment": SECRET} if kind == "JPEG" else {}
    return a_picture(kind, exif=exif, xmp=b"<x>" + SECRET + b"</x>", icc_profile=SECRET * 10, **more) + SECRET


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))
