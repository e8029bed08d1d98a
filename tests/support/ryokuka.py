"""An invented but realistic paper form: 緑化助成金交付申請書（第1号様式） as an Excel sheet, the way an office draws one."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side

LINE = Side(style="thin")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
ROWS = [
    ("施工場所", "杉並区"),
    ("緑化の種類", "□ 生け垣　□ 植樹帯　□ 屋上緑化　□ 壁面緑化"),
    ("緑化の延長（m）", ""),
    ("緑化の面積（㎡）", ""),
    ("工事の見積額（円）", "円"),
    ("着工予定日", "令和　　年　　月　　日"),
    ("完了予定日", "令和　　年　　月　　日"),
    ("住民税非課税世帯", "□ はい　□ いいえ"),
]
BANK = [("金融機関名", ""), ("支店名", ""), ("預金種別", "□ 普通　□ 当座"), ("口座番号", ""), ("口座名義（カナ）", "")]


def write_paper(path: Path) -> Path:
    """Write the form to *path* and return it."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "申請書"
    for column, width in zip("ABCD", (18, 20, 16, 26), strict=True):
        sheet.column_dimensions[column].width = width
    sheet["A1"] = "第1号様式（第6条関係）"
    sheet["A3"], sheet["A3"].font = "緑化助成金交付申請書", Font(size=16, bold=True)
    sheet.merge_cells("A3:D3")
    sheet["A3"].alignment = Alignment(horizontal="center")
    sheet["D4"] = "令和　　年　　月　　日"
    sheet["A5"] = "杉並区長　宛"
    sheet["A6"] = "緑化助成金の交付を受けたいので、次のとおり申請します。"
    row = 8
    for label, blank in (
        ("申請者氏名", ""),
        ("フリガナ", ""),
        ("住所", "〒"),
        ("電話番号", ""),
        ("メールアドレス", ""),
    ):
        row = _line(sheet, row, label, blank)
    for label, blank in ROWS:
        row = _line(sheet, row, label, blank)
    for label, blank in BANK:
        row = _line(sheet, row, label, blank)
    row += 1
    for text in ("【添付書類】", "1　施工前の写真（2枚）", "2　見積書の写し"):
        sheet.cell(row=row, column=1, value=text)
        row += 1
    book.save(path)
    return path


def _line(sheet: object, row: int, label: str, blank: str) -> int:
    """Draw a label with its blank; return the next row."""
    cells = sheet
    cells.cell(row=row, column=1, value=label)  # type: ignore[attr-defined]
    cells.cell(row=row, column=2, value=blank or None)  # type: ignore[attr-defined]
    cells.merge_cells(start_row=row, start_column=2, end_row=row, end_column=4)  # type: ignore[attr-defined]
    for column in range(1, 5):
        cells.cell(row=row, column=column).border = BOX  # type: ignore[attr-defined]
    return row + 1
