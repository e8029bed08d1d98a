"""Bringing in: a paper form question by question, and a procedure as one file from one municipality to another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.support.ryokuka import write_paper

from madoguchi.engines.forms.api import current_fees
from madoguchi.kernel.errors import InvalidInput
from madoguchi.kernel.folder import check_folder, plain
from madoguchi.rooms.studio import sharing
from madoguchi.rooms.studio.models import StudioDraft, StudioIntake

from .conftest import HOME, Desk, form_values, texts

SUGINAMI = Path(__file__).resolve().parents[3] / "municipalities" / "suginami"


def upload(client: Client, path: str, content: bytes, name: str, **more: str) -> Any:
    return client.post(f"{HOME}{path}", {"file": SimpleUploadedFile(name, content), **more})


def test_a_paper_form_becomes_a_working_copy_question_by_question(clerk: Client, tmp_path: Path) -> None:
    paper = write_paper(tmp_path / "様式.xlsx")
    answer = upload(clerk, "intake/", paper.read_bytes(), "緑化助成金.xlsx")
    assert answer.status_code == 302
    page = clerk.get(answer["Location"]).content.decode()
    for words in ("緑化助成金交付申請書", "確信 95%", "場所 申請書!B10", "施工前の写真（2枚）"):
        assert words in page
    keys = [item["id"] for item in StudioIntake.objects.get().proposal["fields"]]
    chosen = [key for key in keys if key not in {"applied_on", "completion"}]
    post: dict[str, Any] = {f"accept.{key}": "1" for key in chosen} | {f"required.{key}": "1" for key in chosen}
    post |= {"label.greening_kind": "緑化の方法", "_begin": "1", "title": "緑化助成金の交付申請", "department": "jumin"}
    begun = clerk.post(answer["Location"], post)
    assert begun.status_code == 302, texts(begun.content.decode())
    desk = Desk(clerk, StudioDraft.objects.get())
    asked = {field["id"]: field for step in desk.document["form"]["steps"] for field in step["fields"]}
    assert list(asked) == chosen
    assert asked["greening_kind"]["label"]["ja"] == "緑化の方法"
    assert [paper["field"] for paper in desk.document["form"]["papers"]] == ["photo_file", "estimate_file"]
    assert "誤りはありません" in desk.get()


def test_all_above_a_confidence_are_accepted_at_once(clerk: Client, tmp_path: Path) -> None:
    url = upload(clerk, "intake/", write_paper(tmp_path / "a.xlsx").read_bytes(), "a.xlsx")["Location"]
    clerk.post(url, {"_sure": "1", "sure": "0.9"})
    taken = StudioIntake.objects.get()
    for item in taken.proposal["fields"]:
        assert taken.decisions[item["id"]]["accept"] == (item["confidence"] >= 0.9)


@pytest.mark.parametrize(
    ("name", "words"), [("a.xls", "xlsx"), ("a.pdf", "壊れている"), ("a.exe", "この種類"), ("", "ファイルがありません")]
)
def test_what_cannot_be_read_is_refused_with_the_mend(clerk: Client, name: str, words: str) -> None:
    answer = upload(clerk, "intake/", b"nothing", name) if name else clerk.post(f"{HOME}intake/")
    assert answer.status_code == 422
    assert words in answer.content.decode()


def suginami_file() -> bytes:
    """Return a procedure of Suginami as one file: a permit with a fee, a workflow and a section the town does not have."""
    folder, _ = check_folder(SUGINAMI)
    procedure = next(p for entry in folder.of("procedures") for p in entry.value.procedures if p.id == "doro_senyo")
    form = next(entry.value for entry in folder.of("forms") if entry.value.id == "doro_senyo")
    fees = {fee.id: fee for fee in folder.one("fees").fees}
    return sharing.to_file({"procedure": plain(procedure), "form": plain(form)}, fees=fees, origin="杉並区").encode()


def test_what_the_other_municipality_lacks_is_said_and_nothing_is_lost(clerk: Client) -> None:
    content = suginami_file()
    answer = upload(clerk, "import/", content, "doro.yaml", department="jumin")
    desk = Desk(clerk, StudioDraft.objects.get())
    page = clerk.get(answer["Location"]).content.decode()
    for words in (
        "「doro」という課はありません",
        "「license」という業務の流れはありません",
        "はここにないので、写しと一緒に",
    ):
        assert words in page, texts(page)
    brought = yaml.safe_load(content)
    assert desk.document["procedure"] == brought["procedure"]
    assert desk.document["form"]["steps"] == brought["form"]["steps"]
    assert [fee["id"] for fee in desk.document["fees"]] == [fee["id"] for fee in brought["fees"]]
    values = desk.fields("parts/basics/-/")
    assert values["department"] == "doro"
    desk.post("parts/basics/-/", values | {"department": "jumin", "workflow": "general"})
    assert "という課はありません" not in desk.get()


def test_a_file_written_out_and_read_in_is_the_same(dog: Desk) -> None:
    content = dog.client.get(f"{HOME}procedures/juminhyo/export/").content
    brought = sharing.from_file(content, fees=current_fees())
    assert brought.document["procedure"] == dog.document["procedure"]
    assert brought.document["form"] == dog.document["form"]
    assert brought.remarks == ()


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"a: [", b"format: other", b"format: madoguchi-procedure\nversion: 9\n", b"a: &x 1\nb: *x\n",
     b"format: madoguchi-procedure\nversion: 1\nprocedure: {id: x}\nform: {}\n"],
)  # fmt: skip
def test_a_file_that_is_none_is_refused(town: None, content: bytes) -> None:
    with pytest.raises(InvalidInput):
        sharing.from_file(content, fees={})


def test_the_preview_takes_answers_shows_branches_and_makes_an_example(dog: Desk) -> None:
    form = dog.document["form"]
    first = form["steps"][0]
    example = next(item for item in form["examples"] if item.get("expect", {}).get("valid", True))
    dog.post("preview/reset/", {"example": example["id"]})
    page = dog.get(f"preview/{first['id']}/")
    assert "この答えでは" in page
    assert f"合計 <strong>{example['expect']['fee_yen']:,}円" in page
    dog.post("examples/change/", {"deed": "from_trial", "title": "試しに入れた方"})
    made = dog.document["form"]["examples"][-1]
    assert made["title"]["ja"] == "試しに入れた方"
    assert made["expect"]["fee_yen"] == example["expect"]["fee_yen"]
    assert "期待と違います" not in dog.get("examples/")


def test_a_half_filled_preview_answers_only_when_something_else_is_to_be_seen(dog: Desk) -> None:
    step = dog.document["form"]["steps"][0]
    chosen = next(field for field in step["fields"] if field["type"] == "choice")
    url = f"preview/{step['id']}/?auto=1"
    dog.post(url, {}, status=204)
    answers = [dog.client.post(dog.url + url, {chosen["id"]: option["value"]}) for option in chosen["options"]]
    drawn = [answer for answer in answers if answer.status_code == 200]
    assert drawn
    assert all(answer["HX-Retarget"] == "#page" for answer in drawn)


def test_translations_are_saved_side_by_side_and_what_is_missing_is_counted(dog: Desk) -> None:
    path = "texts/procedure/"
    page = dog.get(path)
    before = int(page.split("한국어 ")[1].split("<")[0].split("、")[0])
    dog.post(path, {"procedure/title|ko": "주민표 사본", "procedure/title|zh": "住民票复印件"})
    assert dog.document["procedure"]["title"]["ko"] == "주민표 사본"
    assert int(dog.get(path).split("한국어 ")[1].split("<")[0].split("、")[0]) == before - 1
    dog.post(path, {"procedure/title|ko": ""})
    assert "ko" not in dog.document["procedure"]["title"]


def test_a_text_that_is_hard_to_read_is_marked_beside_it(dog: Desk) -> None:
    path = "texts/procedure/"
    assert "言い換えの例：見る" not in dog.get(path)
    dog.post(path, {"procedure/title|easy": "窓口（まどぐち）を ご覧ください。"})
    assert "やさしい日本語「ご覧くだ」" in dog.get(path)
    assert "言い換えの例：見る" in dog.get(path)


def test_what_cannot_be_said_as_a_sentence_is_kept(dog: Desk, staff: Callable[[str], Client]) -> None:
    document = dog.document
    rule = {"<": [{"age": [{"var": "birth"}, {"var": "@today"}]}, 18]}
    step = document["form"]["steps"][0]
    step["fields"].append({"id": "kept", "type": "text", "label": {"ja": "保たれる質問"}, "shown_if": rule})
    dog.draft.revisions.filter(number=dog.draft.revision).update(document=document)
    page = dog.get("rules/field/kept/shown_if/")
    assert "文の形では編集できません" in page
    assert 'name="field.0"' not in page
    path = "parts/field/kept/"
    dog.post(path, form_values(dog.get(path)) | {"label.ja": "名前を変えた質問"})
    field = dog.document["form"]["steps"][0]["fields"][-1]
    assert (field["label"]["ja"], field["shown_if"]) == ("名前を変えた質問", rule)
