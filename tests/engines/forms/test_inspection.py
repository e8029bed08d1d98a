"""Files judged by content: pictures turned, shrunk and freed of their metadata; what is locked, packed or oversized refused."""

from __future__ import annotations

import gzip
import io

import pytest
from PIL import Image
from tests.support.files import EICAR, EXE, HEIC, JPEG, PDF, PNG, located_jpeg, office, pdf, picture

from madoguchi.engines.forms.inspection import Limits, Refused, draw_preview, inspect

ALL = frozenset({"pdf", "jpeg", "png", "docx", "xlsx"})
SMALL = Limits(max_pages=3, max_side=100, max_pixels=1_000_000, max_unpacked=3_000_000, max_ratio=50)


def opened(body: bytes) -> Image.Image:
    return Image.open(io.BytesIO(body))


def test_a_photo_is_turned_and_says_nothing_about_where_it_was_taken() -> None:
    sent = located_jpeg((48, 32), orientation=6)
    assert dict(opened(sent).getexif().get_ifd(0x8825))
    kept = inspect(sent, "photo.jpg", ALL, SMALL)
    assert (kept.width, kept.height) == (32, 48) == opened(kept.body).size
    assert not dict(opened(kept.body).getexif())
    assert b"SECRETPHONE" not in kept.body
    assert kept.original_size == len(sent)
    assert kept.original_sha256 != ""


def test_a_large_picture_is_shrunk_and_a_plain_one_is_left_alone() -> None:
    assert max(opened(inspect(picture("PNG", (400, 200)), "a.png", ALL, SMALL).body).size) == 100
    assert inspect(JPEG, "a.jpg", ALL, SMALL).body == JPEG
    assert inspect(PNG, "a.png", ALL, SMALL).body == PNG


def test_heic_becomes_jpeg_wherever_jpeg_is_taken() -> None:
    kept = inspect(HEIC, "IMG_0001.HEIC", {"jpeg"}, SMALL)
    assert kept.kind == "jpeg"
    assert opened(kept.body).format == "JPEG"
    with pytest.raises(Refused, match="file_type"):
        inspect(HEIC, "IMG_0001.HEIC", {"pdf"}, SMALL)


def test_pages_are_counted() -> None:
    assert inspect(pdf(3), "a.pdf", ALL, SMALL).pages == 3


ENCRYPTED = PDF.replace(
    b"trailer<<",
    b"trailer<</Encrypt<</Filter/Standard/V 1/R 2/P -4/O<" + b"00" * 32 + b">/U<" + b"00" * 32 + b">>>/ID[<00><00>]",
)


@pytest.mark.parametrize(
    ("body", "name", "code"),
    [
        (b"", "a.pdf", "file_empty"),
        (EXE, "a.pdf", "file_type"),
        (EICAR, "a.pdf", "file_type"),
        (pdf(4), "a.pdf", "file_pages"),
        (ENCRYPTED, "a.pdf", "file_locked"),
        (b"%PDF-1.4\n% nothing more\n", "a.pdf", "file_broken"),
        (JPEG[: len(JPEG) // 2], "a.jpg", "file_broken"),
        (picture("PNG", (1200, 1200)), "a.png", "file_pixels"),
        (gzip.compress(PDF), "a.pdf", "file_archive"),
        (b"PK\x03\x04" + bytes(40) + b"mimetype", "a.zip", "file_archive"),
        (b"Rar!\x1a\x07\x00" + bytes(40), "a.rar", "file_archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old.doc", "file_archive"),
        (office("word", **{"vbaProject.bin": b"x"}), "a.docx", "file_macro"),
        (office("xl", **{"big.xml": bytes(2_000_000)}), "a.xlsx", "file_bomb"),
        (office("xl", **{"big.xml": bytes(4_000_000)}), "a.xlsx", "file_bomb"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_by_its_reason(body: bytes, name: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        inspect(body, name, ALL, SMALL)
    assert refused.value.code == code


def test_previews_are_small_jpegs_or_nothing() -> None:
    for body, kind in ((picture("PNG", (2000, 900)), "image/png"), (PDF, "application/pdf")):
        drawn = draw_preview(body, kind)
        assert drawn is not None
        assert max(opened(drawn).size) <= 640
    assert draw_preview(b"a,b", "text/csv") is None
    assert draw_preview(b"%PDF-broken", "application/pdf") is None
