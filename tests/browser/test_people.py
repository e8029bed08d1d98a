"""Pages about staff in a browser: an administrator registers, changes and takes over staff; an invited person comes in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from madoguchi.kernel import clock
from tests.browser.checks import looked_at
from tests.browser.conftest import PHONE
from tests.browser.houses import PASSWORD, House, press

pytestmark = [pytest.mark.django_db(transaction=True)]
REASON = "職員の異動に伴うアカウントの整理のため"
NEW_PASSWORD = "an unusual passphrase 7"
HEAD = "ログインID,氏名,メールアドレス,所属ID,役割ID,発令日,終了日"


def raise_rights(house: House, page: Page) -> None:
    """Sign the administrator in and raise the rights."""
    house.sign_in(page, "admin")
    page.goto("/staff/elevation/")
    if page.get_by_label("パスワード").count():
        page.get_by_label("パスワード").fill(PASSWORD)
        press(page, page.get_by_role("button", name="確認する"))
    if page.get_by_label("理由").count():
        page.get_by_label("理由").fill(REASON)
        press(page, page.get_by_role("button", name="30分間昇格する"))
    expect(page.get_by_role("button", name="昇格を終える")).to_be_visible()


def button(page: Page, name: str) -> None:
    """Press the button of this name and wait for the answer."""
    press(page, page.get_by_role("button", name=name))


def register(page: Page, login: str, name: str) -> str:
    """Register somebody by hand and return the address of the invitation."""
    page.goto("/staff/invite/")
    page.get_by_label("ログインID").fill(login)
    page.get_by_label("氏名").fill(name)
    page.get_by_label("メールアドレス").fill(f"{login}@example.jp")
    page.get_by_label("所属").select_option("jumin")
    page.get_by_label("役割").select_option("clerk")
    button(page, "登録して招待する")
    return page.locator("#invitation-address").inner_text().strip()


def code_of(secret: str) -> str:
    """Return what an authenticator app with this secret shows now."""
    return format_hotp_value(hotp_value(secret, int(clock.now().timestamp()) // 30))


def test_an_administrator_finds_people_and_switches_one_off(town_house: House) -> None:
    page = town_house.open_page()
    raise_rights(town_house, page)
    looked_at(page, "people-elevation")
    page.get_by_role("link", name="職員", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("職員")
    looked_at(page, "people-list")
    address = register(page, "taishoku", "見本 退")
    assert "/staff/account/welcome/" in address
    page.goto("/staff/people/?q=taishoku")
    page.get_by_role("link", name="見本 退").click()
    looked_at(page, "people-one")
    button(page, "アカウントを停止する")
    expect(page.locator("#error-summary")).to_contain_text("理由を選んでください")
    looked_at(page, "people-fault")
    page.get_by_label("理由").select_option("left")
    button(page, "アカウントを停止する")
    expect(page.locator("main")).to_contain_text("アカウントを停止しました")
    expect(page.get_by_role("heading", name="利用の再開")).to_be_visible()
    looked_at(page, "people-off")
    stranger = town_house.open_page()
    stranger.goto(re.sub(r"^https?://[^/]+", "", address))
    expect(stranger.locator("h1")).to_have_text("この招待は使えません")


def test_an_invited_person_comes_in(town_house: House) -> None:
    page = town_house.open_page()
    raise_rights(town_house, page)
    page.goto("/staff/invite/")
    looked_at(page, "people-invite")
    page.get_by_label("氏名").fill("見本 新")
    button(page, "登録して招待する")
    expect(page.locator("#error-summary")).to_contain_text("ログインIDがありません")
    expect(page.get_by_label("氏名")).to_have_value("見本 新")
    looked_at(page, "people-invite-fault")
    address = register(page, "shinnin", "見本 新")
    looked_at(page, "people-invited")

    theirs = town_house.open_page(viewport=PHONE, has_touch=True)
    theirs.goto(re.sub(r"^https?://[^/]+", "", address))
    looked_at(theirs, "people-welcome")
    theirs.get_by_label("新しいパスワード", exact=True).fill(NEW_PASSWORD)
    theirs.get_by_label("新しいパスワード（もう一度）").fill(NEW_PASSWORD)
    button(theirs, "設定する")
    theirs.get_by_label("ログインID").fill("shinnin")
    theirs.get_by_label("パスワード").fill(NEW_PASSWORD)
    press(theirs, theirs.get_by_role("button", name="サインイン", exact=True))
    expect(theirs.locator("h1")).to_have_text("アカウント")
    looked_at(theirs, "account-first")
    theirs.get_by_role("link", name="認証アプリを登録する").click()
    looked_at(theirs, "account-totp")
    secret = theirs.locator(".wd-number").inner_text().strip()
    theirs.get_by_label("確認コード").fill(code_of(secret))
    button(theirs, "登録する")
    expect(theirs.locator("h1")).to_have_text("回復コード")
    looked_at(theirs, "account-codes")
    theirs.goto("/staff/")
    expect(theirs).to_have_url(re.compile("/desk/"))


def test_posts_are_given_and_ended(town_house: House) -> None:
    page = town_house.open_page()
    raise_rights(town_house, page)
    register(page, "ido", "見本 移")
    page.goto("/staff/people/ido/")
    page.get_by_role("link", name="職を加える").click()
    looked_at(page, "people-post-new")
    page.get_by_label("発令日").fill("春")
    button(page, "職を加える")
    expect(page.locator("#valid_from")).to_have_value("春")
    looked_at(page, "people-post-fault")
    page.get_by_label("所属").select_option("fukushi")
    page.get_by_label("役割").select_option("section_chief")
    page.get_by_label("発令日").fill("令和8年12月1日")
    button(page, "職を加える")
    expect(page.locator("main")).to_contain_text("R8.12.1から")
    page.locator("tbody tr", has_text="住民課").get_by_role("link").click()
    looked_at(page, "people-post-end")
    page.get_by_label("終了日").fill("2026-11-30")
    button(page, "終了日を登録する")
    expect(page.locator("main")).to_contain_text("R8.11.30まで")
    looked_at(page, "people-posts")


def test_a_lost_factor_is_reset(town_house: House) -> None:
    page = town_house.open_page()
    raise_rights(town_house, page)
    page.goto("/staff/people/jumin-chief/")
    page.get_by_role("link", name="二段階認証をリセットする").click()
    looked_at(page, "people-factors")
    button(page, "二段階認証をリセットする")
    expect(page.locator("#reason-error")).to_be_visible()
    looked_at(page, "people-factors-fault")
    page.get_by_label("理由").select_option("lost")
    button(page, "二段階認証をリセットする")
    expect(page.locator("main")).to_contain_text("本人にメールで知らせました")
    expect(page.locator(".wd-dl")).to_contain_text(re.compile(r"二段階認証\s*なし"))


def test_a_list_is_taken_over_and_its_wrong_rows_corrected(town_house: House, tmp_path: Path) -> None:
    page = town_house.open_page()
    raise_rights(town_house, page)
    page.goto("/staff/people/")
    page.get_by_role("link", name="CSVで取り込む").click()
    looked_at(page, "roster")
    button(page, "内容を確かめる")
    expect(page.locator("#error-summary")).to_contain_text("ファイルがありません")
    looked_at(page, "roster-fault")
    file = tmp_path / "shokuin.csv"
    lines = [
        HEAD,
        "k001,髙橋 見本,k001@example.jp,jumin,clerk,2026-04-01,",
        "k002,例示 次,k002@,みなと課,clerk,2026-04-01,",
        "k003,,k003@example.jp,fukushi,clerk,春,",
        "k004,不要 行,,fukushi,clerk,2026-04-01,2025-03-31",
    ]
    file.write_bytes("\r\n".join(lines).encode("cp932"))
    page.get_by_label("CSVファイル").set_input_files(str(file))
    button(page, "内容を確かめる")
    expect(page.locator(".wd-lead")).to_contain_text("新しく登録 1人、変更 0人、誤り 3行")
    looked_at(page, "roster-summary")
    button(page, "正しい1人を取り込む")
    expect(page.locator("main")).to_contain_text("1人を新しく登録し")
    looked_at(page, "roster-left")
    with page.expect_download() as download:
        page.get_by_role("button", name="誤りのある行をCSVで保存する").click()
    assert "k002" in download.value.path().read_text(encoding="utf-8-sig")
    page.locator("#r3-email").fill("k002@example.jp")
    page.locator("#r3-department").fill("住民課")
    page.locator("#r4-name").fill("例示 三")
    page.locator('label[for="drop-5"]').click()
    button(page, "直した内容を確かめる")
    expect(page.locator(".wd-lead")).to_contain_text("新しく登録 1人、変更 0人、誤り 1行")
    expect(page.locator("#r4-name")).to_have_value("例示 三")
    page.locator("#r4-valid_from").fill("R8.4.1")
    button(page, "直した内容を確かめる")
    expect(page.locator(".wd-lead")).to_contain_text("新しく登録 2人、変更 0人、誤り 0行")
    looked_at(page, "roster-good")
    button(page, "正しい2人を取り込む")
    expect(page.locator("h1")).to_have_text("職員")
    page.goto("/staff/people/?q=k00")
    expect(page.locator("tbody tr")).to_have_count(3)


def test_the_account_pages_of_staff(town_house: House) -> None:
    page = town_house.open_page()
    town_house.sign_in(page, "admin")
    for name, path in (
        ("home", ""),
        ("password", "password/"),
        ("app-remove", "app/remove/"),
        ("passkeys", "passkeys/"),
        ("passkey-add", "passkeys/add/"),
        ("codes-new", "codes/new/"),
        ("confirm-password", "confirm/password/"),
        ("confirm-code", "confirm/code/"),
    ):
        page.goto(f"/staff/account/{path}")
        looked_at(page, f"account-{name}")
    page.goto("/staff/account/password/")
    page.get_by_label("今のパスワード").fill("wrong")
    button(page, "変更する")
    expect(page.locator("#error-summary")).to_be_visible()
    looked_at(page, "account-password-fault")
    page.goto("/staff/elevation/")
    page.get_by_label("パスワード").fill(PASSWORD)
    button(page, "確認する")
    looked_at(page, "elevation-ask")
    page.get_by_label("理由").fill("短い")
    button(page, "30分間昇格する")
    looked_at(page, "elevation-fault")
