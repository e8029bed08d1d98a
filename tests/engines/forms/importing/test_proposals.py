"""What is proposed: types, places, steps, joins, and what is left out."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from madoguchi.engines.forms.importing import Proposal, ProposedField, propose_form, read_paper_form
from madoguchi.engines.forms.importing.inline import parse
from madoguchi.engines.forms.importing.lexicon import tidy, type_of

PAPERS = Path(__file__).parents[4] / "evals" / "forms_import" / "papers" / "dev"


@pytest.fixture(scope="module")
def greening() -> Proposal:
    return propose_form(read_paper_form(PAPERS / "d01_ryokuka.xlsx"))


def _field(proposal: Proposal, label: str) -> ProposedField:
    return next(item for item in proposal.fields if item.label == label)


def test_title_number_and_addressee(greening: Proposal) -> None:
    assert (greening.title, greening.addressee) == ("緑化助成金交付申請書", "杉並区長")
    assert greening.number.startswith("第１号様式")


def test_sublabels_make_one_answer(greening: Proposal) -> None:
    name = _field(greening, "氏名")
    assert name.type == "person_name"
    assert {str(place) for place in name.places} == {"申請書!AA8", "申請書!AA9"}


def test_units_dates_and_choices_come_from_the_blank(greening: Proposal) -> None:
    assert (_field(greening, "緑化面積").type, _field(greening, "緑化面積").unit) == ("decimal", "㎡")
    assert _field(greening, "交付申請額").type == "yen"
    assert _field(greening, "工事着手予定日").type == "date"
    assert _field(greening, "緑化の種類").options[1] == "屋上緑化"
    assert _field(greening, "過去の助成").type == "yes_no"


def test_rows_make_a_repeating_group(greening: Proposal) -> None:
    group = _field(greening, "植栽の内容")
    assert (group.type, group.rows) == ("group", 4)
    assert [child.label for child in group.children] == ["樹種", "樹高（ｍ）", "本数", "備考"]


def test_office_areas_and_seals_are_left_out_with_the_reason(greening: Proposal) -> None:
    reasons = {item.label: item.reason for item in greening.left_out}
    assert "職員" in reasons["※処理欄"]
    assert "押印" in reasons["印"]
    assert not any("受付番号" in item.label for item in greening.fields)


def test_steps_follow_the_headings(greening: Proposal) -> None:
    steps = list(dict.fromkeys(item.step for item in greening.fields))
    assert steps == ["申請者", "申請の内容", "植栽の内容", "施工業者", "添付書類", "確認と同意"]


def test_papers_to_attach_are_files(greening: Proposal) -> None:
    assert [item.label for item in greening.fields if item.type == "file"] == [
        "案内図",
        "緑化計画図",
        "見積書の写し",
        "現況写真",
    ]


def test_every_field_has_a_place_and_a_confidence() -> None:
    for path in sorted(PAPERS.iterdir()):
        if path.suffix == ".json":
            continue
        proposal = propose_form(read_paper_form(path))
        ids = [each.id for item in proposal.fields for each in (item, *item.children)]
        assert len(ids) == len(set(ids))
        for item in proposal.fields:
            assert item.place
            assert 0 < item.confidence <= 1
        assert proposal.as_dict() == propose_form(read_paper_form(path)).as_dict()


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("令和　　年　　月　　日", ["date"]),
        ("令和　年　月　日から令和　年　月　日まで", ["date", "date"]),
        ("昭・平・令　　年　　月", ["year_month"]),
        ("□男　□女", ["choice"]),
        ("□就労　□その他（　　　　　　）", ["choice", "bracket"]),
        ("１ 区の共催　２ 学校教育　３ 福祉団体", ["choice"]),
        ("有 ・ 無", ["choice"]),
        ("　　　　　円", ["number"]),
        ("〒　　　－", ["address"]),
        ("　　　（　　　）", ["blank"]),
        ("電話：　　　　　　\nメール：　　　　　　", ["blank", "blank"]),
        ("□　課税状況の調査に同意します。", ["consent"]),
        ("氏　名", []),
        ("申請年月日", []),
        ("学校名・学年", []),
    ],
)
def test_what_a_blank_asks(text: str, kinds: list[str]) -> None:
    assert [ask.kind for ask in parse(text)] == kinds


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("氏　　名", "person_name"), ("ふりがな", "kana"), ("携帯電話", "phone"), ("連絡先（メールアドレス）", "email"),
        ("個人番号", "my_number"), ("世帯主との続柄", "relationship"), ("被保険者番号", "insured_number"),
        ("工事費見込額", "yen"), ("参加予定人数", "integer"), ("使用面積", "decimal"), ("申請の理由", "textarea"),
    ],
)  # fmt: skip
def test_what_a_label_says(label: str, kind: str) -> None:
    word = type_of(label)
    assert word is not None
    assert word.type == kind


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("１　事業の名称", "事業の名称"),
        ("■ 申請者", "申請者"),
        ("（フリガナ）", "フリガナ"),
        ("住　　　所", "住所"),
        ("(3) 収入", "収入"),
    ],
)
def test_labels_lose_numbering_and_spread(printed: str, label: str) -> None:
    assert tidy(printed) == label


def _table(tmp_path: Path, rows: list[list[str]]) -> Proposal:
    document = docx.Document()
    document.add_paragraph("支給対象児童")
    table = document.add_table(len(rows), len(rows[0]))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            table.cell(r, c).text = text
    document.save(str(tmp_path / "form.docx"))
    return propose_form(read_paper_form(tmp_path / "form.docx"))


def test_options_at_the_head_of_a_column_are_its_label(tmp_path: Path) -> None:
    proposal = _table(tmp_path, [["氏名", "同居・別居", "続柄"], ["", "同・別", ""], ["", "同・別", ""]])
    (group,) = proposal.fields
    assert (group.label, group.place) == ("支給対象児童", "表1 行2 列1")
    assert [(child.type, child.label) for child in group.children] == [
        ("person_name", "氏名"), ("choice", "同居・別居"), ("relationship", "続柄"),
    ]  # fmt: skip


def test_two_sided_tables_name_both_sides(tmp_path: Path) -> None:
    proposal = _table(tmp_path, [["", "変更前", "変更後"], ["名称", "", ""], ["所在地", "", ""]])
    assert [item.label for item in proposal.fields] == [
        "変更前の名称",
        "変更後の名称",
        "変更前の所在地",
        "変更後の所在地",
    ]


def test_parts_of_an_account_make_one_answer(tmp_path: Path) -> None:
    proposal = _table(tmp_path, [["金融機関名", "", "支店名", ""], ["口座番号", "", "口座名義（カナ）", ""]])
    assert [item.type for item in proposal.fields] == ["bank_account"]
