"""A list of staff goes in: the good rows at once, the wrong ones after correction, nothing twice and nothing lost."""

from __future__ import annotations

import csv
import io
import time
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from madoguchi.engines.identity.models import Account, Role, StaffImport, StaffPost
from madoguchi.engines.identity.selectors import actor_for
from madoguchi.engines.identity.services import apply_import, correct_rows, discard_import, open_import
from madoguchi.engines.identity.services.staff_import import Outcome
from madoguchi.engines.identity.staff_file import HEADINGS
from madoguchi.engines.identity.staff_imports import own_import, plan_of
from madoguchi.kernel.access import Actor
from madoguchi.kernel.audit.models import AuditEntry
from madoguchi.kernel.errors import NotAllowed, NotFound

from .conftest import AT

pytestmark = pytest.mark.django_db
HEAD = ",".join(HEADINGS.values())
GOOD = "aoi,見本 葵,aoi@example.jp,jumin,clerk,2026-04-01,"


def content(*lines: str) -> bytes:
    return "\r\n".join([HEAD, *lines]).encode("utf-8-sig")


def many(count: int, *, name: str = "見本") -> bytes:
    return content(*(f"p{n:05d},{name} {n},p{n:05d}@example.jp,jumin,clerk,2026-04-01," for n in range(count)))


def faults(*lines: str, actor: Actor) -> list[tuple[int, str, str]]:
    """Return number, column and message of every fault in these lines."""
    plan = plan_of(open_import(content(*lines), actor=actor, at=AT), actor=actor, day=AT.date())
    return [(wrong.row.number, fault.column, fault.message) for wrong in plan.wrong for fault in wrong.faults]


def test_nothing_changes_before_the_good_rows_are_confirmed(raised: Actor) -> None:
    held = open_import(content(GOOD, "hi,,x,nowhere,clerk,2026-04-01,"), actor=raised, at=AT)
    plan = plan_of(held, actor=raised, day=AT.date())
    assert (len(plan.new), len(plan.changed), len(plan.wrong)) == (1, 0, 1)
    assert not Account.objects.filter(login="aoi").exists()
    assert apply_import(held.pk, actor=raised, at=AT) == Outcome(new=1, changed=0, left=1)
    account = Account.objects.get(login="aoi")
    assert (account.name, account.email, account.is_active, account.has_usable_password()) == (
        "見本 葵",
        "aoi@example.jp",
        True,
        False,
    )
    assert account.posts.get().department_id == "jumin"
    assert own_import(held.pk, actor=raised).rows == [
        [3, dict(zip(HEADINGS, ["hi", "", "x", "nowhere", "clerk", "2026-04-01", ""], strict=True))]
    ]


def test_a_corrected_row_goes_in_and_the_upload_is_forgotten(raised: Actor) -> None:
    held = open_import(content("hi,見本 日,,nowhere,clerk,2026-04-01,", "zz,,,,,,"), actor=raised, at=AT)
    typed = {2: {"login": "hi", "name": "見本 日", "department": "住民課", "role": "clerk", "valid_from": "R8.4.1"}}
    correct_rows(held.pk, typed=typed, dropped={3}, actor=raised, at=AT)
    assert apply_import(held.pk, actor=raised, at=AT) == Outcome(1, 0, 0)
    assert Account.objects.get(login="hi").posts.get().department_id == "jumin"
    assert not StaffImport.objects.exists()
    with pytest.raises(NotFound):
        apply_import(held.pk, actor=raised, at=AT)


def test_the_same_file_again_changes_nothing(raised: Actor) -> None:
    apply_import(open_import(many(30), actor=raised, at=AT).pk, actor=raised, at=AT)
    again = open_import(many(30), actor=raised, at=AT)
    plan = plan_of(again, actor=raised, day=AT.date())
    assert (len(plan.new), len(plan.changed), plan.same) == (0, 0, 30)
    assert apply_import(again.pk, actor=raised, at=AT) == Outcome(0, 0, 0)
    assert StaffPost.objects.filter(account__login__startswith="p").count() == 30


def test_names_addresses_and_last_days_change(raised: Actor) -> None:
    apply_import(open_import(content(GOOD), actor=raised, at=AT).pk, actor=raised, at=AT)
    changed = [
        "AOI,例示 葵,reiji@example.jp,jumin,clerk,2026-04-01,令和9年3月31日",
        "aoi,例示 葵,reiji@example.jp,somu,clerk,2027-04-01,",
    ]
    held = open_import(content(*changed), actor=raised, at=AT)
    assert apply_import(held.pk, actor=raised, at=AT) == Outcome(0, 1, 0)
    account = Account.objects.get(login="aoi")
    assert (account.name, account.email) == ("例示 葵", "reiji@example.jp")
    assert list(account.posts.order_by("valid_from").values_list("department_id", "valid_to")) == [
        ("jumin", date(2027, 3, 31)),
        ("somu", None),
    ]


def test_rows_must_fit_each_other_and_what_is_stored(raised: Actor) -> None:
    Account.objects.filter(login="fukushi").update(is_active=False)
    found = faults(
        GOOD,
        "aoi,違う 名,aoi@example.jp,somu,clerk,2026-04-01,",
        "aoi,見本 葵,aoi@example.jp,jumin,clerk,2026-04-01,2027-03-31",
        "hi,見本 日,AOI@example.jp,jumin,clerk,2026-04-01,",
        "ka,見本 香,jumin@example.jp,jumin,clerk,2026-04-01,",
        "jumin,別の 名,jumin@example.jp,jumin,clerk,2026-04-01,",
        "admin,架空 遥,admin@example.jp,somu,clerk,2026-04-01,",
        "fukushi,仮名 実,fukushi@example.jp,somu,clerk,2026-04-01,",
        f"{GOOD.replace('aoi', 'yo')},余り",
        actor=raised,
    )
    assert [(number, column) for number, column, _ in found] == [
        (3, "name"),
        (4, "valid_to"),
        (5, "email"),
        (6, "email"),
        (7, "name"),
        (8, "login"),
        (9, "login"),
        (10, "extra"),
    ]


def test_the_own_row_may_stand_in_the_list_unchanged(raised: Actor) -> None:
    assert faults("admin,架空 遥,admin@example.jp,somu,administrator,2026-04-01,", actor=raised) == []


def test_a_list_never_takes_the_last_administrator_away(raised: Actor) -> None:
    other = Account.objects.create_staff("other", name="見本 他")
    post = {"role_id": "administrator", "department_id": "somu", "valid_from": date(2026, 4, 1)}
    StaffPost.objects.create(account=other, **post)
    StaffPost.objects.filter(account__login="admin").update(valid_to=date(2027, 3, 31))
    line = "other,見本 他,,somu,administrator,2026-04-01,2026-12-31"
    assert faults(line, actor=raised) == [(2, "valid_to", "職員を管理できる人がいなくなります。")]
    successor = "aoi,見本 葵,,somu,administrator,2027-01-01,"
    assert faults(line, successor, actor=raised) == []


def test_an_upload_is_its_owners_alone(raised: Actor) -> None:
    held = open_import(content(GOOD), actor=raised, at=AT)
    chief = Account.objects.get(login="jumin-chief")
    Role.objects.filter(pk="section_chief").update(permissions=["admin.staff"])
    stranger = actor_for(chief, AT)
    for act in (apply_import, discard_import):
        with pytest.raises(NotFound):
            act(held.pk, actor=stranger, at=AT)
    with pytest.raises(NotAllowed):
        open_import(content(GOOD), actor=actor_for(Account.objects.get(login="jumin"), AT), at=AT)


def test_the_record_holds_numbers_of_accounts_and_no_names(raised: Actor) -> None:
    held = open_import(content(GOOD), actor=raised, at=AT)
    apply_import(held.pk, actor=raised, at=AT)
    entry = AuditEntry.objects.get(action="identity.import_applied")
    account = Account.objects.get(login="aoi")
    assert entry.subject == f"staff_import:{held.pk}"
    assert entry.payload == f'{{"changed":[],"left":0,"new":[{account.pk}]}}'


def statements(count: int, actor: Actor, name: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        apply_import(open_import(many(count, name=name), actor=actor, at=AT).pk, actor=actor, at=AT)
    return len(seen)


def test_the_number_of_statements_does_not_grow_with_the_rows(raised: Actor) -> None:
    few, more = statements(10, raised, "見本"), statements(1500, raised, "例示")
    assert more <= few + 1
    assert Account.objects.filter(login__startswith="p").count() == 1500


@pytest.mark.slow
def test_six_thousand_people_go_in_within_seconds(raised: Actor, elevated_client: Client) -> None:
    begun = time.perf_counter()
    answer = elevated_client.post("/staff/roster/", {"file": SimpleUploadedFile("list.csv", many(6000))})
    page = elevated_client.get(answer["Location"]).content.decode()
    assert "新しく登録 6000人、変更 0人、誤り 0行" in page
    assert elevated_client.post(f"{answer['Location']}apply/").status_code == 302
    assert time.perf_counter() - begun < 20
    assert Account.objects.filter(login__startswith="p").count() == 6000


def upload(client: Client, *lines: str) -> str:
    """Upload lines as a file and return the address of the summary."""
    answer = client.post("/staff/roster/", {"file": SimpleUploadedFile("list.csv", content(*lines))})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_the_pages_lead_from_file_to_correction(elevated_client: Client) -> None:
    assert elevated_client.get("/staff/roster/template.csv").content.decode().startswith("\ufeffログインID,氏名")
    assert elevated_client.post("/staff/roster/").status_code == 422
    path = upload(elevated_client, GOOD, "hi,=SUM(1),x@,nowhere,clerk,春,")
    page = elevated_client.get(path).content.decode()
    assert "新しく登録 1人、変更 0人、誤り 1行" in page
    for value in ("=SUM(1)", "x@", "nowhere", "春"):
        assert f'value="{value}"' in page
    assert elevated_client.post(f"{path}apply/")["Location"] == path
    file = elevated_client.post(f"{path}wrong.csv").content.decode().removeprefix("\ufeff")
    assert next(iter(csv.DictReader(io.StringIO(file))))["氏名"] == "'=SUM(1)"
    assert AuditEntry.objects.get(action="identity.import_downloaded").payload == '{"purpose":"correction","rows":1}'
    typed = {"r3-login": "hi", "r3-name": "見本 日", "r3-department": "jumin", "r3-role": "clerk"}
    assert elevated_client.post(f"{path}rows/", typed)["Location"] == path
    assert "発令日がありません" in elevated_client.get(path).content.decode()
    elevated_client.post(f"{path}rows/", typed | {"r3-valid_from": "2026-04-01"})
    assert "途中の取り込み" in elevated_client.get("/staff/roster/").content.decode()
    assert elevated_client.post(f"{path}apply/")["Location"] == "/staff/people/"
    assert Account.objects.filter(login__in=["aoi", "hi"]).count() == 2
    assert elevated_client.get(path).status_code == 404


def test_wrong_rows_come_twenty_a_page(elevated_client: Client) -> None:
    path = upload(elevated_client, *(f"w{n},,,,,," for n in range(45)))
    first = elevated_client.get(path).content.decode()
    assert first.count('name="drop"') == 20
    assert 'href="?after=21"' in first
    assert elevated_client.get(f"{path}?after=41").content.decode().count('name="drop"') == 5
    assert elevated_client.get(f"{path}?after=x").content.decode().count('name="drop"') == 20
    assert elevated_client.post(f"{path}discard/")["Location"] == "/staff/roster/"
    assert not StaffImport.objects.exists()


@pytest.mark.parametrize("step", ["", "rows/", "apply/", "discard/", "wrong.csv"])
def test_every_write_wants_an_elevation_and_is_recorded(admin_client: Client, raised: Actor, step: str) -> None:
    Role.objects.filter(pk="administrator").update(permissions=["admin.elevate", "admin.staff"])
    held = open_import(content(GOOD), actor=raised, at=AT)

    def write() -> Any:
        if step:
            return admin_client.post(f"/staff/roster/{held.pk}/{step}")
        return admin_client.post("/staff/roster/", {"file": SimpleUploadedFile("list.csv", content(GOOD))})

    before = AuditEntry.objects.count()
    assert write().status_code == 403
    assert AuditEntry.objects.count() == before
    admin_client.post("/staff/elevation/", {"reason": "職員の異動に伴うアカウントの整理のため"})
    before = AuditEntry.objects.count()
    assert write().status_code in (200, 302)
    assert AuditEntry.objects.filter(action__startswith="identity.import_", id__gt=before).exists()
