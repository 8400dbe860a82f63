"""Names of files: whatever was sent, what is shown is short, printable and true to the kind."""

import pytest

from domain.files import NAME_MAX, shown_name


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("leak.jpg", "leak.jpg"),
        ("LEAK.JPEG", "LEAK.jpeg"),
        ("漏水 照片.jpg", "漏水 照片.jpg"),
        ("🚰💦.jpg", "🚰💦.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\me\\photo.jpg", "photo.jpg"),
        ("invoice.pdf", "invoice.pdf.jpg"),
        ("page.html", "page.html.jpg"),
        ("a\0b\r\nc\x1b[31m.jpg", "ab c[31m.jpg"),
        ("invoice\u202egpj.exe", "invoicegpj.exe.jpg"),
        ("half\ud800.jpg", "half?.jpg"),
        ("  many   blanks  .jpg ", "many blanks.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("..", "file.jpg"),
        (".jpg", "jpg.jpg"),
        ("", "file.jpg"),
        ("/", "file.jpg"),
        ("e\u0301.jpg", "é.jpg"),
    ],
)
def test_a_name_is_shown_without_paths_controls_and_foreign_endings(sent: str, shown: str):
    assert shown_name(sent, "image/jpeg") == shown


def test_a_long_name_is_cut_before_its_ending():
    shown = shown_name("很" * 300 + ".pdf", "application/pdf")
    assert shown == "很" * (NAME_MAX - 4) + ".pdf"
    assert shown_name("x" * 100_000_000, "image/webp") == "x" * (NAME_MAX - 5) + ".webp"
