"""From a new working copy to a resident's application: built by posts, approved by another, published, kept by a load."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
import yaml
from django.test import Client
from tests.support import journeys

from madoguchi.engines.forms.api import FormVersion
from madoguchi.kernel import municipality
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.audit.models import AuditEntry
from madoguchi.rooms.catalogue.models import Procedure as Row
from madoguchi.rooms.studio.models import StudioDraft, StudioEvent

from .conftest import HOME, NOW, Desk, texts

FOLDER = Path(__file__).resolve().parents[3] / "municipalities" / "sample-town"
Staff = Callable[[str], Client]


def build(clerk: Client) -> Desk:
    """Build a small procedure with a branch, a paper, a new fee with a reduction, and its examples."""
    post = {"title": "緑化助成金の交付申請", "kana": "りょっかじょせいきん", "department": "jumin"}
    assert clerk.post(f"{HOME}new/", post).status_code == 302
    desk = Desk(clerk, StudioDraft.objects.get())
    step = desk.document["form"]["steps"][0]["id"]

    def add(label: str, kind: str) -> str:
        desk.post("change/", {"op": "add", "part": "field", "key": step, "label": label, "type": kind, "step": step})
        return str(desk.document["form"]["steps"][0]["fields"][-1]["id"])

    house = add("住民税が非課税の世帯ですか", "yes_no")
    photo = add("施工前の写真", "file")
    kind = add("緑化の種類", "choice")
    values = desk.fields(f"parts/field/{kind}/")
    values |= {"options.value": ["o1", "o2", ""], "options.label": ["生け垣", "屋上緑化", "花壇"]}
    desk.post(f"parts/field/{kind}/", values)
    rule = {"field.0": kind, "comparison.0": "one_of", "value.0": ["o1", "o3"]}
    desk.post(f"rules/field/{photo}/shown_if/", rule)
    desk.post("fees/new/", {
        "title": "緑化の現地確認手数料", "amount": "3,000", "unit": "件", "account": "使用料及び手数料（手数料）", "source": "町手数料条例別表",
        "cut_title": ["住民税非課税世帯", ""], "cut_percent": ["50", ""], "cut_source": ["同条例第5条", ""],
    })  # fmt: skip
    line = desk.document["form"]["fees"][0]
    assert line["reduction"][0]["exemption"] == "cut_1"
    desk.post(f"rules/reduction/{line['id']}.cut_1/when/", {"field.0": house, "comparison.0": "is", "value.0": "1"})
    basics = desk.fields("parts/basics/-/") | {"payment.when": "review", "workflow": "general"}
    desk.post("parts/basics/-/", basics)
    desk.post("examples/change/", {"deed": "cover"})
    return desk


def approve_and_publish(desk: Desk, chief: Client, day: dt.date) -> None:
    """Submit, have the chief approve, and publish from a day."""
    desk.post("act/", {"deed": "submit"})
    other = Desk(chief, desk.draft)
    other.post("act/", {"deed": "approve"})
    other.post("act/", {"deed": "publish", "effective_on": day.isoformat()})


def test_a_new_procedure_is_built_approved_published_and_applied_for(staff: Staff) -> None:
    desk = build(staff("jumin"))
    page = desk.get()
    assert "誤りはありません" in page, texts(page)
    assert desk.document["form"]["steps"][0]["fields"][-2]["shown_if"]["in"][1] == ["o1", "o3"]
    titles = [example["title"]["ja"] for example in desk.document["form"]["examples"]]
    assert "質問『施工前の写真』の条件が当てはまらない" in titles
    approve_and_publish(desk, staff("jumin-chief"), NOW.date())
    procedure_id = desk.draft.procedure_id
    resident = Client()
    assert "緑化助成金" in resident.get("/search/", {"q": "緑化"}).content.decode()
    definition = journeys.definition_of(procedure_id)
    example = next(item for item in definition.examples if item.expect.valid and item.expect.fee_yen == 1500)
    summary = journeys.fill(resident, journeys.start(resident, procedure_id), definition, example)
    assert "1,500円" in resident.get(summary).content.decode()
    assert journeys.submit(resident, summary).number
    assert Row.objects.get(pk=procedure_id).active
    done = list(AuditEntry.objects.filter(action__startswith="studio.").values_list("action", flat=True))
    assert done == ["studio.created", "studio.submitted", "studio.approved", "studio.published"]


def test_a_day_in_the_future_shows_nothing_before_it(staff: Staff) -> None:
    desk = build(staff("jumin"))
    day = NOW.date() + dt.timedelta(days=7)
    approve_and_publish(desk, staff("jumin-chief"), day)
    url = f"/procedures/{desk.draft.procedure_id}/"
    assert Client().get(url).status_code == 404
    with time_machine.travel(NOW + dt.timedelta(days=7), tick=False):
        assert Client().get(url).status_code == 200
        journeys.start(Client(), desk.draft.procedure_id)


def test_nobody_approves_their_own_work(staff: Staff) -> None:
    chief = staff("jumin-chief")
    desk = build(chief)
    desk.post("act/", {"deed": "submit"})
    assert "自分が編集した写しは承認できません" in desk.get()
    desk.post("act/", {"deed": "approve"}, status=403)
    desk.post("act/", {"deed": "return", "note": "直す"}, status=403)
    assert Desk(staff("jumin"), desk.draft).client.post(f"{desk.url}act/", {"deed": "approve"}).status_code == 403


def test_a_returned_copy_says_why_and_may_be_written_again(staff: Staff) -> None:
    desk = build(staff("jumin"))
    desk.post("act/", {"deed": "submit"})
    step = desk.document["form"]["steps"][0]["id"]
    before = desk.draft.revision
    answer = desk.client.post(f"{desk.url}change/", {"op": "add", "part": "step", "label": "別の画面", "_base": before})
    assert answer.status_code == 409
    chief = Desk(staff("jumin-chief"), desk.draft)
    chief.post("act/", {"deed": "return"}, status=422)
    chief.post("act/", {"deed": "return", "note": "写真の説明を足してください。"})
    assert "写真の説明を足してください。" in desk.get()
    desk.post("change/", {"op": "duplicate", "part": "field", "key": "phone", "step": step})
    assert desk.draft.revision == before
    assert desk.document["form"]["steps"][0]["fields"][3]["id"] == "phone_2"


def test_faults_keep_a_copy_from_being_submitted(staff: Staff) -> None:
    desk = build(staff("jumin"))
    fields = desk.document["form"]["steps"][0]["fields"]
    kind = next(field["id"] for field in fields if field["type"] == "choice")
    desk.post("change/", {"op": "delete", "part": "field", "key": kind, "step": "applicant_step"})
    page = desk.get()
    assert "直すところが" in page
    photo = next(field["id"] for field in fields if field["type"] == "file")
    assert f"rules/field/{photo}/shown_if/" in page
    desk.post("act/", {"deed": "submit"}, status=422)
    assert not StudioEvent.objects.filter(kind="submitted").exists()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the sample town's folder."""
    return Path(shutil.copytree(FOLDER, tmp_path / "sample-town"))


def change_title(desk: Desk, title: str) -> None:
    desk.post("parts/basics/-/", desk.fields("parts/basics/-/") | {"title.ja": title})


def test_a_load_of_the_folder_keeps_what_was_published(staff: Staff, dog: Desk, folder: Path) -> None:
    change_title(dog, "住民票の写しをとる")
    approve_and_publish(dog, staff("jumin-chief"), NOW.date())
    procedures = folder / "procedures" / "town.yaml"
    procedures.write_text(procedures.read_text().replace("転出", "町からの転出", 1))
    result = municipality.load_folder(folder, actor=SYSTEM, at=NOW)
    assert set(result.kept) == {"procedures/juminhyo", "forms/juminhyo"}
    assert "住民票の写しをとる" in Client().get("/procedures/juminhyo/").content.decode()
    assert FormVersion.objects.filter(form_id="juminhyo").count() == 2
    assert Row.objects.get(pk="juminhyo").title == "住民票の写しをとる"


def test_the_folder_takes_over_again_when_it_holds_the_same(staff: Staff, dog: Desk, folder: Path) -> None:
    change_title(dog, "住民票の写しをとる")
    approve_and_publish(dog, staff("jumin-chief"), NOW.date())
    exported = yaml.safe_load(staff("jumin").get(f"{HOME}procedures/juminhyo/export/").content)
    (folder / "forms" / "juminhyo.yaml").write_text(yaml.safe_dump(exported["form"], allow_unicode=True))
    path = folder / "procedures" / "town.yaml"
    rows = [exported["procedure"] if row["id"] == "juminhyo" else row for row in _rows(path)]
    path.write_text(yaml.safe_dump({"procedures": rows}, allow_unicode=True))
    assert municipality.load_folder(folder, actor=SYSTEM, at=NOW).kept == ()
    versions = FormVersion.objects.filter(form_id="juminhyo").count()
    text = (folder / "forms" / "juminhyo.yaml").read_text()
    (folder / "forms" / "juminhyo.yaml").write_text(text + "\nsource: 町の規則\n" if "source:" not in text else text)
    municipality.load_folder(folder, actor=SYSTEM, at=NOW)
    assert FormVersion.objects.filter(form_id="juminhyo").count() == versions + ("source:" not in text)


def _rows(path: Path) -> list[dict[str, Any]]:
    from madoguchi.kernel.folder import read_yaml

    rows: list[dict[str, Any]] = read_yaml(path.read_text(), "").data["procedures"]
    return rows


def test_a_retired_procedure_accepts_nothing_from_its_day(staff: Staff) -> None:
    day = NOW.date() + dt.timedelta(days=3)
    client = staff("jumin-chief")
    post = {"since": day.isoformat(), "note": "来年度に新しい制度が始まります。"}
    assert client.post(f"{HOME}procedures/juminhyo/retire/", post).status_code == 302
    resident = Client()
    url = journeys.start(resident, "juminhyo")
    with time_machine.travel(NOW + dt.timedelta(days=3), tick=False):
        page = Client().get("/procedures/juminhyo/").content.decode()
        assert "この手続の受付は終了しました" in page
        assert "来年度に新しい制度が始まります。" in page
        assert Client().post("/apply/start/juminhyo/").status_code == 409
        assert "/procedures/juminhyo/" not in Client().get("/procedures/").content.decode()
        definition = journeys.definition_of("juminhyo")
        summary = journeys.fill(resident, url, definition, journeys.valid_example(definition))
        assert resident.post(summary, {"_submit": "1"}).status_code == 409
    assert staff("jumin").post(f"{HOME}procedures/juminhyo/retire/", post).status_code == 403


def test_what_was_published_meanwhile_is_not_overwritten(staff: Staff, dog: Desk) -> None:
    change_title(dog, "住民票の写しをとる")
    dog.post("act/", {"deed": "submit"})
    chief = Desk(staff("jumin-chief"), dog.draft)
    chief.post("act/", {"deed": "approve"})
    data = municipality.newest_item("procedures", "juminhyo")
    assert data is not None
    changed = {**data[0], "keywords": ["よそで変えた"]}
    municipality.put_items([("procedures", "juminhyo", changed)], origin="folder", actor=SYSTEM, at=NOW)
    chief.post("act/", {"deed": "publish", "effective_on": NOW.date().isoformat()}, status=409)
    assert "別の内容が公開されました" in chief.get()
    chief.post("act/", {"deed": "take_base"})
    chief.post("act/", {"deed": "publish", "effective_on": NOW.date().isoformat()})
