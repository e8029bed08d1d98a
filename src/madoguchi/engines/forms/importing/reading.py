"""The door for files: what may be read at all, and which reader takes it.

Owns the refusals (size, type, password, damage), each with the mend. Knows no format's inside.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from madoguchi.engines.forms.importing.paper import PaperError, PaperForm

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SUFFIXES = (".xlsx", ".xlsm", ".docx", ".pdf")


def read_paper_form(path: Path | str) -> PaperForm:
    """Read a paper form from an Excel, Word or PDF file. Raises PaperError when it cannot be read."""
    file = Path(path)
    suffix = file.suffix.lower()
    head = _head(file)
    if suffix in {".xls", ".doc"}:
        raise PaperError(
            f"古い形式（{suffix}）は読めません。",
            code="type",
            mend=f"Office で開き、{suffix}x 形式で保存し直してください。",
            path=file,
        )
    if suffix not in _SUFFIXES:
        raise PaperError(
            f"この種類のファイルは読めません（{suffix or '拡張子なし'}）。",
            code="type", mend="xlsx・docx・pdf のどれかにしてください。", path=file,
        )  # fmt: skip
    if suffix == ".pdf":
        from madoguchi.engines.forms.importing.read_pdf import read_pdf

        if b"%PDF-" not in head:
            raise damaged(file, "PDF")
        return read_pdf(file)
    _check_package(file, head, suffix)
    if suffix == ".docx":
        from madoguchi.engines.forms.importing.read_docx import read_docx

        return read_docx(file)
    from madoguchi.engines.forms.importing.read_xlsx import read_xlsx

    return read_xlsx(file)


def damaged(file: Path, what: str) -> PaperError:
    """Return the refusal of a file whose inside is not what its name says."""
    return PaperError(
        f"ファイルが壊れているか、中身が{what}ではありません。", code="damaged",
        mend="元のソフトで開けるか確かめ、保存し直してください。", path=file,
    )  # fmt: skip


def locked(file: Path) -> PaperError:
    """Return the refusal of a file under a password."""
    return PaperError(
        "パスワードで保護されているため、読めません。",
        code="encrypted",
        mend="パスワードを外して保存し直してください。",
        path=file,
    )


def _head(file: Path) -> bytes:
    try:
        size = file.stat().st_size
        if size > MAX_BYTES:
            raise PaperError(
                f"ファイルが大きすぎます（{size / 1024 / 1024:.1f} MB）。", code="size",
                mend="20 MB までです。画像を外すか、様式のページだけにしてください。", path=file,
            )  # fmt: skip
        with file.open("rb") as stream:
            return stream.read(1024)
    except OSError as error:
        raise PaperError(
            "ファイルを開けません。", code="missing", mend="場所と名前を確かめてください。", path=file
        ) from error


def _check_package(file: Path, head: bytes, suffix: str) -> None:
    """Refuse what is no Office package: encrypted (an OLE container), damaged, unpacking without bound, mislabelled."""
    what = "Word 文書" if suffix == ".docx" else "Excel ブック"
    if head.startswith(_OLE):
        raise locked(file)
    try:
        with zipfile.ZipFile(file) as package:
            infos = package.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise damaged(file, what) from error
    if sum(info.file_size for info in infos) > MAX_UNPACKED_BYTES:
        raise PaperError(
            "開くと大きくなりすぎるファイルです。",
            code="size",
            mend="様式のシートやページだけのファイルにしてください。",
            path=file,
        )
    wanted = "word/" if suffix == ".docx" else "xl/"
    if not any(info.filename.startswith(wanted) for info in infos):
        raise damaged(file, what)
