"""Paper: tagged, titled, with every name as it was typed."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from madoguchi.kernel.documents import qr_svg, render_pdf
from madoguchi.kernel.documents.pdf import RenderingFailed
from madoguchi.kernel.errors import NotFound

AT = datetime(2026, 11, 23, 1, 15, tzinfo=UTC)
NAME = "葛\U000e0100城 髙﨑 渡邊 𠮷田 ᅠ花子"


def receipt(**changes) -> dict:
    """Return the data of a receipt."""
    return {
        "title": "受付控え",
        "municipality": "見本町",
        "number": "R08-0012345-4",
        "received_on": "令和8年11月23日",
        "received_time": "10時15分",
        "procedure": "転出届",
        "facts": [{"label": "お名前", "value": NAME}],
        "sections": [{"title": "届け出た内容", "rows": [{"label": "住所", "value": ["一行目", "二行目"]}]}],
        "next": ["担当の課が確認します。"],
        "contact": [{"label": "電話", "value": "03-0000-0001"}],
        "notes": ["証明書ではありません。"],
        "qr": qr_svg("http://localhost/status/"),
        "qr_text": "状況確認ページのQRコード",
        "sample": True,
        **changes,
    }


def test_a_receipt_is_tagged_titled_and_in_japanese():
    pdf = render_pdf("receipt", receipt(), at=AT)
    assert pdf.startswith(b"%PDF-")
    for mark in (b"/StructTreeRoot", b"/MarkInfo", b"/Marked true", b"/Lang", b"/DisplayDocTitle true", b"pdfuaid"):
        assert mark in pdf


def test_the_same_receipt_gives_the_same_bytes():
    assert render_pdf("receipt", receipt(), at=AT) == render_pdf("receipt", receipt(), at=AT)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
def test_the_text_can_be_read_back_with_variant_kanji(tmp_path: Path):
    path = tmp_path / "receipt.pdf"
    path.write_bytes(render_pdf("receipt", receipt(), at=AT))
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    for words in ("R08-0012345-4", "令和8年11月23日", "髙﨑", "渡邊", "𠮷田", "葛", "一行目", "サンプル"):
        assert words in text


def test_what_was_typed_is_never_run_as_markup():
    pdf = render_pdf(
        "receipt", receipt(facts=[{"label": "#panic()", "value": '*x* $y$ #read("/etc/passwd") </x>'}]), at=AT
    )
    assert pdf.startswith(b"%PDF-")


def test_a_receipt_without_the_optional_parts_is_made():
    bare = receipt(facts=[], sections=[], next=[], contact=[], notes=[], qr="", sample=False)
    assert render_pdf("receipt", bare).startswith(b"%PDF-")


def test_a_template_of_a_room_may_lie_anywhere(tmp_path: Path):
    own = tmp_path / "own.typ"
    own.write_text(
        '#set document(title: "紙")\n#set text(lang: "ja")\n= #json(bytes(sys.inputs.data)).a', encoding="utf-8"
    )
    assert render_pdf(own, {"a": "本文"}).startswith(b"%PDF-")


def test_a_faulty_template_is_a_fault_with_a_name(tmp_path: Path):
    broken = tmp_path / "broken.typ"
    broken.write_text("#unknown-function()", encoding="utf-8")
    with pytest.raises(RenderingFailed) as caught:
        render_pdf(broken, {})
    assert caught.value.context == {"template": "broken.typ"}
    with pytest.raises(NotFound):
        render_pdf("nothing", {})


def test_a_picture_without_words_is_refused(tmp_path: Path):
    silent = tmp_path / "silent.typ"
    silent.write_text(
        '#set document(title: "紙")\n#set text(lang: "ja")\n#image(bytes(json(bytes(sys.inputs.data)).qr), format: "svg")',
        encoding="utf-8",
    )
    with pytest.raises(RenderingFailed):
        render_pdf(silent, {"qr": qr_svg("x")})
