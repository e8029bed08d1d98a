"""Files that cannot be read are refused in Japanese with the mend; odd ones are read without falling over."""

from __future__ import annotations

import contextlib
import random
import time
from pathlib import Path

import docx
import openpyxl
import pytest
import typst
from openpyxl.styles import Border, Side

from madoguchi.engines.forms.importing import PaperError, propose_form, read_paper_form
from madoguchi.engines.forms.importing.inline import parse
from madoguchi.engines.forms.importing.lexicon import gather, tidy

PAPERS = Path(__file__).parents[4] / "evals" / "forms_import" / "papers" / "dev"
ENCRYPTED_PDF = b"""%%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
4 0 obj<</Filter/Standard/V 1/R 2/P -4/O<%b>/U<%b>>>endobj
trailer<</Root 1 0 R/Size 5/Encrypt 4 0 R/ID[<00><00>]>>
%%%%EOF
""" % (b"11" * 32, b"22" * 32)


def _refused(path: Path) -> PaperError:
    with pytest.raises(PaperError) as caught:
        read_paper_form(path)
    assert caught.value.place == path.name
    assert caught.value.mend.endswith("。")
    return caught.value


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert _refused(tmp_path / "none.xlsx").code == "missing"


@pytest.mark.parametrize("name", ["form.txt", "form", "form.xls", "form.doc", "form.jpg"])
def test_another_type_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"anything")
    assert _refused(tmp_path / name).code == "type"


@pytest.mark.parametrize("name", ["form.xlsx", "form.docx"])
def test_a_password_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert _refused(tmp_path / name).code == "encrypted"


def test_a_pdf_under_a_password_is_named(tmp_path: Path) -> None:
    (tmp_path / "form.pdf").write_bytes(ENCRYPTED_PDF)
    assert _refused(tmp_path / "form.pdf").code == "encrypted"


@pytest.mark.parametrize("name", ["form.xlsx", "form.docx", "form.pdf"])
def test_damage_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"%PDF-1.7 broken" if name.endswith("pdf") else b"PK\x03\x04broken")
    assert _refused(tmp_path / name).code in {"damaged", "scanned"}


@pytest.mark.parametrize("source", ["d01_ryokuka.xlsx", "d04_shudan_kaishu.docx", "d07_risai.pdf"])
def test_any_cut_or_flipped_file_is_read_or_refused(tmp_path: Path, source: str) -> None:
    whole = (PAPERS / source).read_bytes()
    dice = random.Random(7)
    for n in range(12):
        data = bytearray(whole[: dice.randrange(100, len(whole))] if n % 2 else whole)
        for _ in range(30):
            data[dice.randrange(len(data))] = dice.randrange(256)
        path = tmp_path / f"{n}{Path(source).suffix}"
        path.write_bytes(bytes(data))
        with contextlib.suppress(PaperError):
            propose_form(read_paper_form(path))


def test_a_file_under_another_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "form.docx").write_bytes((PAPERS / "d01_ryokuka.xlsx").read_bytes())
    assert _refused(tmp_path / "form.docx").code == "damaged"


def test_more_than_twenty_megabytes_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "form.pdf").open("wb") as stream:
        stream.truncate(21 * 1024 * 1024)
    assert _refused(tmp_path / "form.pdf").code == "size"


def test_a_scanned_pdf_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "scan.typ"
    source.write_text("#rect(width: 100%, height: 90%, fill: gray)", encoding="utf-8")
    (tmp_path / "scan.pdf").write_bytes(typst.compile(str(source), format="pdf"))
    error = _refused(tmp_path / "scan.pdf")
    assert error.code == "scanned"
    assert "画像" in error.message_ja


def test_an_empty_workbook_and_document_ask_nothing(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "form.xlsx")
    docx.Document().save(str(tmp_path / "form.docx"))
    for name in ("form.xlsx", "form.docx"):
        assert propose_form(read_paper_form(tmp_path / name)).fields == []


def test_two_hundred_sheets_are_read_in_part_and_said_so(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for n in range(200):
        sheet = book.create_sheet(f"様式{n}")
        sheet["A1"], sheet["A2"] = "氏名", "住所"
    book.save(tmp_path / "form.xlsx")
    proposal = propose_form(read_paper_form(tmp_path / "form.xlsx"))
    assert any("シートが多い" in item.reason for item in proposal.left_out)


def test_merged_chaos_is_read(tmp_path: Path) -> None:
    dice = random.Random(1)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    line = Side(style="thin")
    for n in range(300):
        r, c = dice.randrange(1, 60), dice.randrange(1, 60)
        cell = sheet.cell(r, c)
        try:
            cell.value = dice.choice(
                ["氏名", "住所", "　　年　月　日", "□はい　□いいえ", "（　　　）", "円", "※処理欄", None]
            )
            cell.border = Border(*(line if dice.random() < 0.5 else None for _ in range(4)))
            if n % 3 == 0:
                sheet.merge_cells(
                    start_row=r, start_column=c, end_row=r + dice.randrange(4), end_column=c + dice.randrange(4)
                )
        except AttributeError:  # inside another merged range
            continue
    book.save(tmp_path / "form.xlsx")
    propose_form(read_paper_form(tmp_path / "form.xlsx"))


@pytest.mark.parametrize(
    "text",
    [
        "所在地" + "　" * 3000,
        "（" * 1500 + "　" * 1500,
        "□ - " * 600 + "x",
        "令和　" * 700,
        "年 " * 900,
        "a " * 900,
        "＿" * 4000 + "時",
        "・ " * 800,
        "１　" * 700,
    ],
    ids=lambda text: text[:4],
)
def test_no_text_takes_long(text: str) -> None:
    start = time.process_time()
    parse(text)
    tidy(text)
    gather(text)
    assert time.process_time() - start < 1.0
