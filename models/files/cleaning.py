"""What a sent file is, by its content alone, and what of it is kept.

Pictures are decoded and encoded anew, upright: what cameras write beside the picture (place, time, owner, thumbnail) goes, and
so does anything that was hidden in the file. Of a film strip only the first picture is kept. A PDF is kept as it is.
"""

from math import ceil
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.sheets import sheet_kind

#: Largest picture, in pixels, by the format that is found: each takes four bytes while it is encoded, and four more where it has
#: to be turned. A JPEG of them takes a fifth of a second; the others take seconds, however small their files are.
PIXELS = {"JPEG": 40_000_000, "MPO": 40_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
Image.MAX_IMAGE_PIXELS = None  # asked below, before anything is decoded
#: Most passes over a picture that a JPEG may come in: ten are usual, thousands would keep a processor busy for an hour.
SCANS = 100
_SCAN = b"\xff\xda"
#: By the format that is found: the one that is written (a telephone's JPEG may hold several pictures) and how.
_FORMATS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "WEBP": "WEBP"}
_QUALITY = {"JPEG": {"quality": 88}, "PNG": {"compress_level": 3}, "WEBP": {"quality": 88, "method": 1}}
#: What belongs to the picture itself.
_KEPT = ("transparency",)
_PDF, _PDF_END, _TAIL = b"%PDF-", b"%%EOF", 2_048
_BROKEN = (OSError, ValueError, TypeError, SyntaxError, EOFError, OverflowError, MemoryError, KeyError, IndexError)


def clean(source: Path, target: Path) -> str:
    """Write what is kept of ``source`` to ``target``; the media type. It takes a processor's time: call it in a thread.

    Refuses (INVALID) what is none of the kinds that are taken, is broken, or has too many pixels.
    """
    if _is_pdf(source):
        source.replace(target)
        return "application/pdf"
    try:
        with Image.open(source, formats=["JPEG", "PNG", "WEBP"]) as image:
            if image.width * image.height > PIXELS[image.format or ""]:
                most = PIXELS[image.format or ""] // 1_000_000
                raise _refused(f"The picture has more than {most} million pixels.", f"图片超过 {most} 百万像素。")
            written = _FORMATS[image.format or ""]
            if written == "JPEG" and source.read_bytes().count(_SCAN) > SCANS:
                raise _refused("The picture comes in too many passes.", "图片的扫描次数过多。")
            ImageOps.exif_transpose(image, in_place=True)
            image.info = {name: image.info[name] for name in _KEPT if name in image.info}
            image.save(target, written, **_QUALITY[written])
            return Image.MIME[written]
    except UnidentifiedImageError:
        raise _refused(
            "Only pictures (JPEG, PNG, WebP) and PDF documents are taken.", "仅接受图片（JPEG、PNG、WebP）和 PDF 文件。"
        ) from None
    except _BROKEN:
        raise _refused("The file is broken or not complete.", "文件已损坏或不完整。") from None


def clean_sheet(source: Path, target: Path) -> str:
    """The same for a sheet (XLSX, CSV), which is kept as it is; what it says is asked by who imports it.

    Refuses (INVALID) what is neither, is broken, or unpacks to too much.
    """
    media_type = sheet_kind(source)
    if media_type is None:
        raise _refused("Only sheets (.xlsx, .csv) are taken.", "仅接受表格文件（.xlsx、.csv）。")
    source.replace(target)
    return media_type


def megapixels(source: Path) -> int:
    """How many millions of pixels, begun ones too, there are to decode; 0 for what is no picture that is taken."""
    try:
        with Image.open(source, formats=["JPEG", "PNG", "WEBP"]) as image:
            return ceil(image.width * image.height / 1_000_000)
    except _BROKEN:
        return 0


def _is_pdf(source: Path) -> bool:
    with source.open("rb") as file:
        if file.read(len(_PDF)) != _PDF:
            return False
        file.seek(max(0, source.stat().st_size - _TAIL))
        return _PDF_END in file.read()


def _refused(en: str, zh: str) -> Refused:
    hint = Text("Telephones send JPEG when they are asked for it.", "手机可选择以 JPEG 格式发送照片。")
    return Refused(RefusalCode.INVALID, Text(en, zh), hint=hint)
