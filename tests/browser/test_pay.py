"""Paying in a real browser: the resident's page, the provider's page, the staff's pages; axe and reflow at both widths."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bench._histories import CASHIER
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from madoguchi.engines.payments.api import Line, charges_of_case, raise_charge
from madoguchi.engines.payments.models import ChargeLine, LocalSession
from madoguchi.engines.payments.services import reduce_charge, take_cash
from madoguchi.kernel import jobs
from madoguchi.kernel.access import SYSTEM
from tests.browser.checks import looked_at
from tests.rooms.catalogue.conftest import staff, town  # noqa: F401 - fixtures
from tests.support.journeys import definition_of, fill, start, submit, valid_example
from tests.support.payments import hear_here

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house(live_server: object, monkeypatch: pytest.MonkeyPatch, settings: object) -> str:
    """The server's address; the local provider's notifications go into this process."""
    hear_here(monkeypatch)
    settings.BASE_URL = str(live_server)  # type: ignore[attr-defined]
    return str(live_server)


def use(page: Page, client: Client, house: str) -> None:
    """Give the browser the cookies of a test client."""
    page.context.clear_cookies()
    page.context.add_cookies([{"name": key, "value": item.value, "url": house} for key, item in client.cookies.items()])


def test_a_fee_is_paid_late_and_twice_and_half_goes_back(
    page: Page,
    house: str,
    town: None,  # noqa: F811
    staff: Callable[[str], Client],  # noqa: F811
) -> None:
    resident = Client()
    form = definition_of("juminhyo")
    receipt = submit(resident, fill(resident, start(resident, "juminhyo"), form, valid_example(form, "whole_by_mail")))
    use(page, resident, house)
    page.goto(f"/status/{receipt.number}/")
    looked_at(page, "pay-status")
    page.get_by_role("link", name="支払いへ進む").click()
    looked_at(page, "pay-choose")
    page.get_by_role("link", name="指定納付受託者").click()
    expect(page.locator("main")).to_contain_text("見本決済株式会社")
    looked_at(page, "pay-trustees")
    page.go_back()
    page.get_by_role("button", name="600円を支払う").click()
    expect(page.locator("#error-summary")).to_contain_text("支払方法を選んでください")
    looked_at(page, "pay-error")
    page.locator("label", has_text="コンビニの払込票").click()
    page.get_by_role("button", name="600円を支払う").click()
    expect(page.get_by_role("link", name="払込票を開く（PDF）")).to_be_visible()
    looked_at(page, "pay-slip")
    page.locator("label", has_text="JPQR").click()
    page.get_by_role("button", name="600円を支払う").click()
    expect(page.get_by_role("img", name="600円を支払うJPQRのコード")).to_be_visible()
    charge = charges_of_case(receipt.number)[0].charge
    use(page, staff("jumin-chief"), house)
    page.goto(f"/staff/payments/charges/{charge.id}/")
    page.get_by_label("納付書番号").fill("1234-5678-9012-3456-7890")
    page.get_by_role("button", name="記録する").click()
    expect(page.locator("main")).to_contain_text("1234-5678-9012-3456-7890")
    page.get_by_role("button", name="入金を確かめた").click()
    expect(page.locator("#error-summary")).to_contain_text("何で確かめたか")
    looked_at(page, "payments-hand")
    half = Line("写し", "手数料", 600, 1, "", "half", "障害者手帳", "条例第5条", "手帳の写し", 50)
    reduced = raise_charge(
        "half", lines=[half], case_number=receipt.number, procedure_id="juminhyo", section=charge.section, title="写し",
        payer_ref="", due_on=None, actor=SYSTEM, at=charge.raised_at,
    )  # fmt: skip
    page.goto(f"/staff/payments/charges/{reduced.id}/")
    page.get_by_role("button", name="認めない").click()
    expect(page.locator("#error-summary")).to_contain_text("認めない理由")
    looked_at(page, "payments-exemption")
    page.get_by_role("button", name="減免を認める").click()
    reduce_charge(reduced, amount_yen=300, reason="取消し", basis="", actor=CASHIER, at=charge.raised_at)
    use(page, resident, house)
    page.goto(f"/status/{receipt.number}/pay/")
    expect(page.locator("main")).to_contain_text("1234-5678-9012-3456-7890")
    looked_at(page, "pay-code")
    page.locator("label", has_text="クレジットカード（試験用）").click()
    page.get_by_role("button", name="600円を支払う").click()
    expect(page.locator("h1")).to_have_text("試験用の決済")
    page.get_by_text("試験のための設定").click()
    page.get_by_label("役所への通知").select_option("doubled_late")
    looked_at(page, "pay-provider")
    page.get_by_role("button", name="支払う", exact=True).click()
    expect(page.locator("main")).to_contain_text("支払いを確かめています")
    looked_at(page, "pay-waiting")
    jobs.run_pending()
    page.get_by_role("link", name="もう一度見る").click()
    expect(page.locator("main")).to_contain_text("支払いは済んでいます")
    looked_at(page, "pay-done")
    ref = LocalSession.objects.get().ref
    use(page, staff("jumin-chief"), house)
    page.goto("/staff/payments/")
    looked_at(page, "payments-ledger")
    page.get_by_role("link", name=receipt.number).first.click()
    page.get_by_label("減額する額").fill("三百")
    page.get_by_role("button", name="減額する").click()
    expect(page.locator("#error-summary")).to_contain_text("円の整数")
    looked_at(page, "payments-charge-error")
    page.get_by_label("減額する額").fill("300")
    page.get_by_label("理由").fill("1通を取り消したため")
    page.get_by_role("button", name="減額する").click()
    jobs.run_pending()
    page.reload()
    expect(page.locator("main")).to_contain_text("還付済み")
    looked_at(page, "payments-charge")
    for name in ("income", "till"):
        page.goto(f"/staff/payments/{name}/")
        looked_at(page, f"payments-{name}")
    use(page, staff("kaikei"), house)
    page.goto("/staff/payments/settlements/")
    looked_at(page, "payments-settlements")
    rows = f"取引番号,区分,金額,手数料,処理日\n{ref},売上,600,19,2026-11-24\nlp_unknown,売上,100,3,2026-11-24\nlp_bad,売上,百,3,2026-11-24\n"
    page.get_by_label("精算データ（CSV）").set_input_files(
        {"name": "s.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    page.get_by_role("button", name="取り込んで突き合わせる").click()
    expect(page.locator("main")).to_contain_text("心当たりのない取引")
    looked_at(page, "payments-differences")
    cash = raise_charge(
        "cash", lines=[Line("写し", "手数料", 300, 1)], case_number=receipt.number, procedure_id="juminhyo",
        section=charge.section, title="写し", payer_ref="", due_on=None, actor=SYSTEM, at=charge.raised_at,
    )  # fmt: skip
    take_cash(cash, tendered_yen=300, actor=CASHIER, at=charge.raised_at)
    reduce_charge(cash, amount_yen=100, reason="取消し", basis="", actor=CASHIER, at=charge.raised_at)
    page.goto("/staff/payments/refunds/")
    looked_at(page, "payments-refunds")
    page.get_by_role("link", name=receipt.number).click()
    page.get_by_text("口座に振り込む").click()
    page.get_by_role("button", name="振込を予定する").click()
    expect(page.locator("#error-summary")).to_contain_text("振込予定日を入力してください")
    looked_at(page, "payments-transfer-error")
    page.get_by_label("支出命令番号").fill("支-2026-0101")
    page.get_by_label("振込予定日").fill("2026-12-10")
    page.get_by_label("振込で返す理由").fill("受取りに来られないため")
    page.get_by_role("button", name="振込を予定する").click()
    expect(page.locator("main")).to_contain_text("振込の予定")
    looked_at(page, "payments-transfer")
    use(page, resident, house)
    page.goto(f"/status/{receipt.number}/pay/")
    expect(page.locator("main")).to_contain_text("300円を返しました")
    looked_at(page, "pay-refunded")
    assert ChargeLine.objects.filter(charge=charge).count() == 2
    assert settings.PAYMENTS_LOCAL_SECRET
